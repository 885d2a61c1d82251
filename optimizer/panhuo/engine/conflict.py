"""Why no plan exists: an irreducible set of what is at odds, in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from panhuo.engine.compile import Compiled, compile_plan
from panhuo.engine.demands import Demand, demands, people
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Limits, Program, Quiet
from panhuo.words import T, Text
from panhuo_models.data import Bools, Reach, SitingData

_SECONDS = 10.0


def impossible(data: SitingData) -> tuple[Text, ...]:
    """Name what no plan can do, whatever else it does: seen without solving anything.

    Parameters
    ----------
    data : SitingData
        The data.

    Returns
    -------
    tuple of Text
        Pins that no option meets; floors above what can be reached; more complexes than there can be.
    """
    empty = [
        T("required site {site}: no service may open there", site=pin.name)
        if pin.name in data.sites
        else T("pin {pin}: there is no such option, or none is left", pin=pin.name)
        for pin in data.pins
        if not pin.options
    ]
    high = [
        T(
            "floor {floor}: {persons} people are asked for, {reachable} can be reached",
            floor=floor.name,
            persons=people(floor.persons),
            reachable=people(float(data.tallies.reachable[floor.tally])),
        )
        for floor in data.floors
        if floor.persons > data.tallies.reachable[floor.tally] + 1e-6
    ]
    return (*empty, *high, *_complexes(data))


def _complexes(data: SitingData) -> list[Text]:
    """Compare the complexes asked for with the projects that hold enough services to be one."""
    what = data.complexes
    if what is None:
        return []
    largest = np.zeros((len(data.projects), len(data.services)))
    np.maximum.at(largest, (data.option_project, data.option_service), data.option_area)
    there = largest > 0
    able = (
        (np.minimum(largest.sum(axis=1), data.project_area) > what.area - 0.005)
        & (there.sum(axis=1) >= what.functions)
        & (there[:, what.named].sum(axis=1) >= what.named_functions)
    )
    sites = len(np.unique(data.project_site[able]))
    if what.least <= sites:
        return []
    return [
        T(
            "embedded complexes: {least} are asked for, {possible} sites can hold one",
            least=what.least,
            possible=sites,
        )
    ]


def conflicts(data: SitingData) -> tuple[Text, ...]:
    """Name an irreducible set of demands that no plan meets together.

    The set is found by dividing (QuickXplain: Junker 2004, Proceedings of AAAI-04): without any one of its members a
    plan exists. Linear relaxations make the set small where they can, integer programs make it irreducible; where these
    run out of time the set is still at odds, but may be larger than it need be.

    Parameters
    ----------
    data : SitingData
        Data without any plan.

    Returns
    -------
    tuple of Text
        The members, in the order of :func:`panhuo.engine.demands.demands`.
    """
    # Reach rows that nobody asks for are left out; people who are assigned also pay, and stay.
    needed = np.isin(data.reach.tally, [floor.tally for floor in data.floors]) | data.reach.mandatory
    reach = data.reach
    data = replace(
        data, reach=Reach(reach.within[needed], reach.demand[needed], reach.tally[needed], reach.mandatory[needed])
    )
    compiled = compile_plan(data)
    asked = demands(data, compiled)
    until = time.monotonic() + _SECONDS
    always = np.ones(len(compiled.row_lower), dtype=bool)
    always[[n for demand in asked for n in demand.rows]] = False
    for whole in (False, True):
        possible = partial(_possible, compiled, always, whole=whole, until=until)
        if not possible(asked):
            asked = _at_odds([], False, asked, possible)
    return tuple(demand.text for demand in asked)


def _at_odds(
    given: list[Demand], added: bool, asked: list[Demand], possible: Callable[[list[Demand]], bool]
) -> list[Demand]:
    """Find a smallest part of the demands that, with what is given, allows no plan; all of them allow none."""
    if added and not possible(given):
        return []
    if len(asked) <= 1:
        return asked
    half = len(asked) // 2
    first, second = asked[:half], asked[half:]
    later = _at_odds([*given, *first], True, second, possible)
    return [*_at_odds([*given, *later], bool(later), first, possible), *later]


def _possible(compiled: Compiled, always: Bools, given: list[Demand], *, whole: bool, until: float) -> bool:
    """Whether some plan (or a fraction of one) meets the demands; what is not decided in time counts as possible."""
    left = until - time.monotonic()
    if left <= 0:
        return True
    asked = always.copy()
    asked[[n for demand in given for n in demand.rows]] = True
    lower = compiled.lower.copy()
    if not any(demand.mandatory for demand in given):
        lower[compiled.families["covered"]] = 0.0
    program = Program(
        matrix=compiled.matrix(),
        row_lower=np.where(asked, compiled.row_lower, -np.inf),
        row_upper=np.where(asked, compiled.row_upper, np.inf),
        lower=lower,
        upper=compiled.upper,
        integer=compiled.integer if whole else np.zeros_like(compiled.integer),
        cost=np.zeros(len(compiled.lower)),
        offset=0.0,
        maximise=True,
    )
    return solve_highs(program, Limits(gap=0.0, time_limit=left), Quiet()).reason != "infeasible"
