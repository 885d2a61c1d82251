"""What a choice is worth, counted from the data and not from a solver's variables."""

from __future__ import annotations

import numpy as np

from panhuo_models.data import Bools, Floats, Objective, SitingData


def open_columns(data: SitingData, choose: Bools) -> Bools:
    """Say which reach columns are open.

    Parameters
    ----------
    data : SitingData
        The data.
    choose : (O,) bool
        The chosen options.

    Returns
    -------
    (O + E,) bool
        Chosen options, then existing facilities that no used project closes.
    """
    used = np.zeros(len(data.projects), dtype=bool)
    used[data.option_project[choose]] = True
    closed = np.asarray(data.closing_by.astype(np.int64) @ used.astype(np.int64)).ravel() > 0
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
