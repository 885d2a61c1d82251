"""What a decision is worth, counted from the data and not from a solver's variables."""

from __future__ import annotations

import numpy as np

from panhuo.engine.compile import Compiled
from panhuo.engine.program import Decision
from panhuo.engine.purse import built
from panhuo_models.data import Bools, Floats, Objective, SitingData


def offered(data: SitingData, choose: Bools) -> Bools:
    """Say which offers a choice makes, (S,) bool."""
    offers = np.zeros(len(data.offers), dtype=bool)
    offers[data.option_offer[choose]] = True
    return offers


def open_columns(data: SitingData, choose: Bools, use: Bools | None = None) -> Bools:
    """Say which reach columns are open.

    Parameters
    ----------
    data : SitingData
        The data.
    choose : (O,) bool
        The chosen options.
    use : (P,) bool, optional
        The used projects; those of the chosen options where not given.

    Returns
    -------
    (S + E,) bool
        Offers of the chosen options, then existing facilities that no used project closes.
    """
    if use is None:
        use = np.zeros(len(data.projects), dtype=bool)
        use[data.option_project[choose]] = True
    closed = np.asarray(data.closing_by.astype(np.int64) @ use.astype(np.int64)).ravel() > 0
    return np.concatenate([offered(data, choose), ~closed])


def covered_rows(data: SitingData, columns: Bools) -> Bools:
    """Say which reach rows the open columns cover, (R,) bool."""
    covered: Bools = np.asarray(data.reach.within.astype(np.int64) @ columns.astype(np.int64)).ravel() > 0
    return covered


def counted_people(data: SitingData, covered: Bools, assigned: Floats) -> Floats:
    """Count people by tally.

    Parameters
    ----------
    data : SitingData
        The data.
    covered : (R,) bool
        The covered reach rows.
    assigned : (X,) float [persons]
        People assigned.

    Returns
    -------
    (T,) float [persons]
        Σ_{r of t} d[r]·covered[r] + Σ_{g of t} Σ_n uptake[g,n]·assigned[g,n].
    """
    reach, flow, tallies = data.reach, data.flow, len(data.tallies)
    people = np.bincount(reach.tally, weights=np.where(covered, reach.demand, 0.0), minlength=tallies)
    served = np.bincount(flow.tally[flow.row], weights=flow.uptake * assigned, minlength=tallies)
    return (people + served).astype(np.float64)


def reached_people(data: SitingData, decision: Decision) -> Floats:
    """Count the people that a decision reaches beside the fixed ones.

    Parameters
    ----------
    data : SitingData
        The data; its reach rows may be merged or not, its flow rows are those the decision speaks of.
    decision : Decision
        Chosen options, and who goes where.

    Returns
    -------
    (T,) float [persons]
        reached[t].
    """
    return counted_people(data, covered_rows(data, open_columns(data, decision.choose)), decision.assigned)


def capital(data: SitingData, choose: Bools) -> float:
    """Add up the capital cost of a choice and of the shared works it needs [CNY]."""
    return float(np.asarray(data.money.cost.sum(axis=0)).ravel()[built(data, choose)].sum())


def linked(data: SitingData, choose: Bools) -> Floats:
    """Give the points that each link earns under a choice, (links,) float; 0 for links without a bonus."""
    offers = offered(data, choose)
    earned = [
        link.bonus * (offers[link.offer] and (link.held or offers[list(link.others)].any())) for link in data.links
    ]
    return np.array(earned, dtype=np.float64)


def lifted(data: SitingData, compiled: Compiled, point: Floats) -> Floats:
    """Raise what a point says of coverage and links to all that its choice is worth.

    A solver leaves uncounted what no objective asks for; a later stage starts better from the full count.

    Parameters
    ----------
    data : SitingData
        The data the program was compiled from.
    compiled : Compiled
        The program.
    point : (columns,) float
        A point of it, integer columns whole.

    Returns
    -------
    (columns,) float
        The same choice, tariffs, assignment and payments; stays_open, covered, reached, both and smallest as high as
        they go.
    """
    raised, families = point.copy(), compiled.families
    choose = point[families["choose"]] > 0.5
    columns = open_columns(data, choose, point[families["use"]] > 0.5)
    covered = covered_rows(data, columns)
    reached = counted_people(data, covered, compiled.assigned(data, point))
    raised[families["stays_open"]] = columns[len(data.offers) :]
    raised[families["covered"]] = covered
    raised[families["reached"]] = reached
    bonus = np.array([link.kind == "bonus" for link in data.links], dtype=bool)
    raised[families["both"]] = linked(data, choose)[bonus] > 0
    shares = [stage for stage in data.objectives if stage.measure == "smallest_share"]
    raised[families["smallest"]] = [
        np.clip(np.min((data.tallies.fixed + reached)[stage.tallies] / stage.base, initial=1.0), 0.0, 1.0)
        for stage in shares
    ]
    return raised


def stage_value(data: SitingData, stage: Objective, decision: Decision) -> float:
    """Value a decision in a stage that needs no ledger.

    Parameters
    ----------
    data : SitingData
        The data.
    stage : Objective
        Any stage but one of the measures party_capital and party_yearly.
    decision : Decision
        Chosen options, and who goes where.

    Returns
    -------
    float
        Newly covered person-services (weighted), smallest share, CNY, or points.
    """
    if stage.measure == "capital":
        return capital(data, decision.choose)
    if stage.measure == "links":
        return float(linked(data, decision.choose).sum())
    people = data.tallies.fixed + reached_people(data, decision)
    if stage.measure == "coverage":
        return float(stage.weight @ (people - data.tallies.before)[stage.tallies])
    if stage.measure == "smallest_share":
        return float(np.min(people[stage.tallies] / stage.base, initial=1.0))
    raise ValueError(f"a decision alone has no {stage.measure}")
