"""What a choice is worth, counted from the data and not from a solver's variables."""

from __future__ import annotations

import numpy as np

from panhuo.engine.compile import Compiled
from panhuo_models.data import Bools, Floats, Objective, SitingData


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
    (O + E,) bool
        Chosen options, then existing facilities that no used project closes.
    """
    if use is None:
        use = np.zeros(len(data.projects), dtype=bool)
        use[data.option_project[choose]] = True
    closed = np.asarray(data.closing_by.astype(np.int64) @ use.astype(np.int64)).ravel() > 0
    return np.concatenate([choose, ~closed])


def reached_people(data: SitingData, choose: Bools) -> Floats:
    """Count the people that a choice reaches beside the fixed ones.

    Parameters
    ----------
    data : SitingData
        The data; its reach rows may be merged or not.
    choose : (O,) bool
        The chosen options.

    Returns
    -------
    (T,) float [persons]
        reached[t].
    """
    reach = data.reach
    covered = np.asarray(reach.within.astype(np.int64) @ open_columns(data, choose).astype(np.int64)).ravel() > 0
    people = np.where(covered, reach.demand, 0.0)
    return np.bincount(reach.tally, weights=people, minlength=len(data.tallies)).astype(np.float64)


def capital(data: SitingData, choose: Bools) -> float:
    """Add up the capital cost of a choice [CNY]."""
    return float(np.asarray(data.money.cost.sum(axis=0)).ravel()[choose].sum())


def lifted(data: SitingData, compiled: Compiled, point: Floats) -> Floats:
    """Raise what a point says of coverage to all that its choice is worth.

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
        The same choice, use and payments; stays_open, covered, reached and smallest as high as they go.
    """
    options, projects, closing = len(data.options), len(data.projects), len(data.closing)
    raised = point.copy()
    columns = open_columns(data, point[:options] > 0.5, point[options : options + projects] > 0.5)
    first = options + projects
    raised[first : first + closing] = columns[options:]
    covered = np.asarray(data.reach.within.astype(np.int64) @ columns.astype(np.int64)).ravel() > 0
    raised[len(compiled.names) :] = covered
    reached = np.bincount(data.reach.tally, weights=data.reach.demand * covered, minlength=len(data.tallies))
    raised[first + closing : first + closing + len(reached)] = reached
    shares = [stage for stage in data.objectives if stage.measure == "smallest_share"]
    for n, stage in enumerate(shares):
        share = (data.tallies.fixed + reached)[stage.tallies] / stage.base
        raised[len(compiled.names) - len(shares) + n] = np.clip(np.min(share, initial=1.0), 0.0, 1.0)
    return raised


def stage_value(data: SitingData, stage: Objective, choose: Bools) -> float:
    """Value a choice in a stage that needs no ledger.

    Parameters
    ----------
    data : SitingData
        The data.
    stage : Objective
        Any stage but one of the measure party_capital.
    choose : (O,) bool
        The chosen options.

    Returns
    -------
    float
        Newly covered person-services (weighted), smallest share, or CNY.
    """
    if stage.measure == "capital":
        return capital(data, choose)
    people = data.tallies.fixed + reached_people(data, choose)
    if stage.measure == "coverage":
        return float(stage.weight @ (people - data.tallies.before)[stage.tallies])
    if stage.measure == "smallest_share":
        return float(np.min(people[stage.tallies] / stage.base, initial=1.0))
    raise ValueError(f"a choice alone has no {stage.measure}")
