"""Bounds that hold a choice: what is chosen, and all that follows from it without solving anything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from panhuo.engine.compile import Compiled
from panhuo.engine.cutting import taken
from panhuo.engine.feeding import feed
from panhuo.engine.highs import solve_highs
from panhuo.engine.measure import open_columns
from panhuo.engine.packed import Packed
from panhuo.engine.program import Bools, Floats, Limits, Program, Watch
from panhuo.engine.purse import built
from panhuo_models.complexes import complex_projects, complex_units
from panhuo_models.data import Ints, SitingData
from panhuo_models.doors import load_pairs

_ROUNDING = 1e-6
_HALF_CENT = 0.005


def pinned(data: SitingData, compiled: Compiled, choose: Bools, level: Bools) -> tuple[Floats, Floats]:
    """Give the bounds of all columns under a choice.

    Parameters
    ----------
    data : SitingData
        The data the program was compiled from.
    compiled : Compiled
        The program.
    choose : (O,) bool
        The chosen options.
    level : (N,) bool
        The outlets kept. A chosen account of which no outlet is marked keeps its only one, or is free to take any.

    Returns
    -------
    lower, upper : (columns,) float
        Fixed: choose, use, offer, stays_open, build, fed, complex, level and covered. Left: people and money. A
        mandatory row that the choice does not cover has a lower bound above the upper one; where suppliers cannot feed
        all that is chosen, nobody is fed, against the rows.
    """
    lower, upper = compiled.lower.copy(), compiled.upper.copy()

    def fix(family: str, values: Bools) -> None:
        columns = compiled.families[family]
        lower[columns] = upper[columns] = values.astype(float)

    use = np.zeros(len(data.projects), dtype=bool)
    use[data.option_project[choose]] = True
    columns, offers = open_columns(data, choose), len(data.offers)
    covered = np.asarray(data.reach.within.astype(bool, copy=False) @ columns).ravel()  # of bools: whether any is
    fix("choose", choose)
    fix("use", use)
    fix("offer", columns[:offers])
    fix("stays_open", columns[offers:])
    fix("build", built(data, choose)[len(choose) :])
    fix("fed", _fed(data, choose))
    must = compiled.lower[compiled.families["covered"]]
    fix("covered", covered)
    lower[compiled.families["covered"]] = np.maximum(must, covered)
    sure, possible = outlets_kept(data, choose, level)
    decided = data.outlets.account >= 0
    levels, assigned, load = (compiled.families[name] for name in ("level", "assigned", "load"))
    lower[levels], upper[levels] = sure[decided], possible[decided]
    closing = data.outlets.closing
    opened = possible & np.append(columns[offers:], True)[closing]
    door = np.zeros(len(data.outlets), dtype=bool)
    door[compiled.doors.of[opened]] = True
    upper[assigned] = np.where(door[compiled.doors.door], upper[assigned], 0.0)
    upper[load] = np.where(opened[load_pairs(data.flow, len(data.tiers))[0]], upper[load], 0.0)
    if data.complexes is not None:
        whole = complexes(data, choose)
        fix("complex", whole[complex_projects(data)])
        inside, inside_works = complex_units(data)
        fix("inside", choose[inside] & whole[data.option_project[inside]])
        fix("inside_work", built(data, choose)[len(choose) + inside_works] & whole[data.work_project[inside_works]])
    return lower, upper


def _fed(data: SitingData, choose: Bools) -> Bools:
    """Say which pairs of option and supplier are used, (Z,)."""
    fed, found = np.zeros(len(data.supply.option), dtype=bool), feed(data, choose)
    if found is not None:
        fed[found[found >= 0]] = True
    return fed


def complexes(data: SitingData, choose: Bools) -> Bools:
    """Say which projects a choice makes embedded complexes, (P,) bool; none where nothing says what that is."""
    what, project = data.complexes, data.option_project[choose]
    if what is None:
        return np.zeros(len(data.projects), dtype=bool)
    count = len(data.projects)
    area = np.bincount(project, weights=data.option_area[choose], minlength=count)
    functions = np.bincount(project, minlength=count)
    named = np.bincount(project[what.named[data.option_service[choose]]], minlength=count)
    # Areas are whole hundredths of a square metre: half of one tells less from equal.
    enough: Bools = (
        (functions > 0)
        & (area > what.area - _HALF_CENT)
        & (functions >= what.functions)
        & (named >= what.named_functions)
    )
    return enough


def outlets_kept(data: SitingData, choose: Bools, level: Bools) -> tuple[Bools, Bools]:
    """Say which outlets are kept for sure and which may be, (N,) bool each; existing facilities are both."""
    account = data.outlets.account
    existing = account < 0
    chosen, marked = np.zeros(len(data.accounts) + 1, dtype=bool), np.zeros(len(data.accounts) + 1, dtype=bool)
    chosen[data.option_account[choose]] = True
    marked[account[level & ~existing]] = True
    several = np.bincount(account[~existing], minlength=len(data.accounts) + 1) > 1
    sure = existing | (chosen[account] & np.where(marked[account], level, ~several[account]))
    possible = sure | (chosen[account] & ~marked[account])
    return sure, possible


def solve_pinned(program: Program, lower: Floats, upper: Floats, limits: Limits, watch: Watch) -> Floats | None:
    """Solve what a choice leaves open, and give the whole point.

    Columns that the bounds fix are taken out first, and rows that hold nothing else are checked by themselves: what is
    left is small.

    Parameters
    ----------
    program : Program
        The program; its matrix packed or not.
    lower, upper : (columns,) float
        Bounds of its columns under the choice.
    limits : Limits
        Seconds, threads, seed and, where integers are left, the gap.
    watch : Watch
        Its ``stop`` ends the solve.

    Returns
    -------
    (columns,) float or None
        None where nothing is found.
    """
    if np.any(lower > upper):
        return None
    fixed = lower == upper
    point = np.where(fixed, lower, 0.0)
    activity = program.matrix @ point
    left = _cut(program.matrix, np.flatnonzero(~fixed))
    left.sort_indices()
    live = np.diff(left.indptr) > 0
    over = (activity < program.row_lower - _ROUNDING) | (activity > program.row_upper + _ROUNDING)
    if np.any(over & ~live):
        return None
    small = replace(
        program,
        matrix=left[live],
        row_lower=(program.row_lower - activity)[live],
        row_upper=(program.row_upper - activity)[live],
        lower=lower[~fixed],
        upper=upper[~fixed],
        integer=program.integer[~fixed],
        cost=program.cost[~fixed],
        offset=0.0,
        implied=None,
    )
    found = solve_highs(small, limits, watch).x
    if found is None:
        return None
    point[~fixed] = found
    return point


def _cut(matrix: sp.csr_matrix | Packed, columns: Ints) -> sp.csr_matrix:
    """Give some columns."""
    return matrix.cut(columns) if isinstance(matrix, Packed) else taken(matrix, np.arange(matrix.shape[0]), columns)
