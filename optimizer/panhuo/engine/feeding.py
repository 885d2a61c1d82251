"""Who feeds whom under a choice: every point to the nearest kitchen that has enough, counted in whole millionths."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from panhuo.engine.errors import SolverError
from panhuo.engine.highs import solve_highs
from panhuo.engine.measure import open_columns
from panhuo.engine.program import Bools, Floats, Limits, Program, Quiet
from panhuo_models.data import Ints, SitingData

_MICRO = 1e6


def feed(data: SitingData, choose: Bools, *, partly: bool = False) -> Ints | None:
    """Give every chosen option that needs a supplier one, with the least delivery minutes in sum.

    Everyone goes to the nearest open supplier where that leaves all within what they can supply; else a small integer
    program says who goes where, its capacities checked in whole numbers: a set that a supplier cannot feed is cut off.

    Parameters
    ----------
    data : SitingData
        Its supply.
    choose : (O,) bool
        The chosen options.
    partly : bool
        Feed as many as can be, where not all can; else that is no feeding at all.

    Returns
    -------
    (O,) int or None
        The pair z that feeds each option; -1 for options that are not chosen, need no supplier or, partly, have none.
        None where suppliers cannot feed all.
    """
    supply = data.supply
    found = np.full(len(choose), -1)
    asked = np.flatnonzero(choose & supply.needs)
    if not len(asked):
        return found
    room = supplying(data, choose)
    live = np.flatnonzero(choose[supply.option] & (room >= 0)[supply.supplier])
    if not partly and not np.isin(asked, supply.option[live]).all():
        return None
    nearest = live[np.lexsort((supply.supplier[live], supply.minutes[live], supply.option[live]))]
    nearest = nearest[np.unique(supply.option[nearest], return_index=True)[1]]
    if _over(data, nearest, room) is not None:
        shared = _shared(data, live, room, partly=partly)
        if shared is None:
            return None
        nearest = shared
    found[supply.option[nearest]] = nearest
    return found


def supplying(data: SitingData, choose: Bools) -> Ints:
    """Say what each supplier can supply under a choice.

    Parameters
    ----------
    data : SitingData
        Its supply.
    choose : (O,) bool
        The chosen options.

    Returns
    -------
    (V,) int [millionths]
        -1 where it is not chosen, or closed.
    """
    supply = data.supply
    columns, offers = open_columns(data, choose), len(data.offers)
    chosen = np.append(columns[:offers], False)[supply.offer]
    stands = np.append(columns[offers:], True)[supply.closing]
    output = np.bincount(data.option_offer[choose], weights=_micro(supply.output)[choose], minlength=offers + 1)
    room = np.where(supply.offer >= 0, output[supply.offer], _micro(supply.held)).astype(np.int64)
    there: Ints = np.where(np.where(supply.offer >= 0, chosen, stands), room, -1)
    return there


def _micro(amount: Floats) -> Ints:
    return np.rint(amount * _MICRO).astype(np.int64)


def _over(data: SitingData, pairs: Ints, room: Ints) -> Ints | None:
    """Give the pairs of a supplier that cannot feed all of them, if there is one."""
    supply = data.supply
    taken = np.zeros(len(room), dtype=np.int64)
    np.add.at(taken, supply.supplier[pairs], _micro(supply.need)[supply.option[pairs]])
    over = np.flatnonzero((taken > room) & (taken > 0))
    return pairs[supply.supplier[pairs] == over[0]] if len(over) else None


def _shared(data: SitingData, live: Ints, room: Ints, *, partly: bool) -> Ints | None:
    """Find the pairs with the least minutes in sum that no supplier is overburdened by; partly: of as many options."""
    supply = data.supply
    options, row = np.unique(supply.option[live], return_inverse=True)
    suppliers, column = np.unique(supply.supplier[live], return_inverse=True)
    each, ones = np.arange(len(live)), np.ones(len(live))
    shape = len(options), len(live)
    matrix = sp.vstack(
        [
            sp.csr_matrix((ones, (row, each)), shape=shape),
            sp.csr_matrix((supply.need[supply.option[live]], (column, each)), shape=(len(suppliers), len(live))),
        ],
        format="csr",
    )
    lower = np.append(np.full(len(options), 0.0 if partly else 1.0), np.full(len(suppliers), -np.inf))
    upper = np.append(np.ones(len(options)), room[suppliers] / _MICRO)
    minutes = supply.minutes[live]
    cost = minutes - (float(minutes.sum()) + 1.0 if partly else 0.0)
    while True:
        program = Program(
            matrix, lower, upper, np.zeros(len(live)), ones, np.ones(len(live), dtype=bool), cost, 0.0, maximise=False
        )
        answer = solve_highs(program, Limits(gap=0.0, threads=1), Quiet())
        if answer.reason == "infeasible":
            return None
        if answer.x is None:
            raise SolverError(f"feeding ended with {answer.reason}")
        pairs = live[answer.x > 0.5]
        over = _over(data, pairs, room)
        if over is None:
            return pairs
        matrix = sp.vstack([matrix, sp.csr_matrix(np.isin(live, over).astype(float)[None, :])], format="csr")
        lower, upper = np.append(lower, -np.inf), np.append(upper, len(over) - 1.0)
