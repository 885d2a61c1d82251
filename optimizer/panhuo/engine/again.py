"""Clusters as a proof states them, to be solved by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.engine.certificate import Charged, Proof
from panhuo.engine.cutting import cut
from panhuo.engine.decompose.around import Turned
from panhuo.engine.decompose.inequalities import Inequalities
from panhuo.engine.decompose.lean import Lean, lean
from panhuo.engine.decompose.parted import part
from panhuo.engine.decompose.partition import Ground, alone
from panhuo.engine.keep import keep, scale_of
from panhuo.engine.people import fair_pairs, serving_pairs
from panhuo.engine.program import Answer, Floats, Limits, Program, Watch
from panhuo.engine.prove import labels
from panhuo.engine.second import solve_scip
from panhuo.engine.settle import Settler
from panhuo_models.data import Ints

_CLOSE = 1e-6
"""Share by which two solvers may differ on one program: they hold rows to a millionth."""
_SECONDS = 30.0
"""Most seconds for a cluster."""
_HALF = 0.5


@dataclass(frozen=True)
class Confirmation:
    """What another solver says of the clusters of one stage.

    Parameters
    ----------
    constant : float
        What the bound is made of beside the clusters, worked out again.
    confirmed : tuple of bool
        Of each cluster, whether it adds no more than stated.
    refuted : tuple of int
        Clusters of which the other solver holds a point that adds more.
    kept : tuple of bool
        Of each inequality across clusters, whether it is confirmed that all whole points keep it.
    missed : tuple of int
        Inequalities of which the other solver holds a point that does not.
    """

    constant: float
    confirmed: tuple[bool, ...]
    refuted: tuple[int, ...]
    kept: tuple[bool, ...]
    missed: tuple[int, ...]


def confirm_clusters(
    settler: Settler, stage: int, proof: Proof, watch: Watch, told: Callable[[int, int], object] | None = None
) -> Confirmation | None:
    """Solve every cluster of a stage with SCIP.

    Parameters
    ----------
    settler : Settler
        The programs.
    stage : int
        Which stage.
    proof : Proof
        Its prices and clusters.
    watch : Watch
        Its ``stop`` ends the work; what is left is not confirmed.
    told : callable, optional
        Is told how many clusters are done, and of how many.

    Returns
    -------
    Confirmation or None
        None where the proof has no clusters.
    """
    if proof.parts is None or proof.across is None:
        return None
    reduced, row = _priced(settler, stage, proof.across)
    program, parts = reduced.program, proof.parts
    site = settler.compiled.site[reduced.kept]
    ground = Ground.of(program, site, row)
    inequalities = known(reduced.kept, parts.charged)
    parted = part(
        program, ground, parts.cluster[: len(ground.size)], row, known=inequalities, price=parts.charged.price
    )
    small = around(program, site, inequalities)
    total, said = len(parts.bounds) + len(inequalities), list[bool | None]()
    tasks = [(parted.of(program, k), *pair) for k, pair in enumerate(zip(parts.bounds, parts.values, strict=True))]
    tasks += [(own, limit, -np.inf) for own, limit in zip(small, inequalities.upper, strict=True)]
    for n, (own, stated, value) in enumerate(tasks):
        if told is not None:
            told(n, total)
        said.append(_confirmed(own, float(stated), float(value), watch))
    first = len(parts.bounds)
    return Confirmation(
        parted.constant + program.offset, tuple(one is True for one in said[:first]),
        tuple(n for n, one in enumerate(said[:first]) if one is False), tuple(one is True for one in said[first:]),
        tuple(n for n, one in enumerate(said[first:]) if one is False),
    )  # fmt: skip


def known(kept: Ints, charged: Charged) -> Inequalities:
    """Give inequalities on the columns that are kept of a program; one on others bounds nothing.

    Parameters
    ----------
    kept : (n,) int
        The columns kept, ascending.
    charged : Charged
        The inequalities, on all its columns.
    """
    place = np.full(int(np.max(kept, initial=-1)) + 2, -1)
    place[kept] = np.arange(len(kept))
    column = place[np.minimum(charged.column, len(place) - 1)]
    lost = np.zeros(len(charged.upper), dtype=bool)
    lost[np.repeat(np.arange(len(lost)), np.diff(charged.start))[column < 0]] = True
    value = np.where(np.repeat(lost, np.diff(charged.start)), 0.0, charged.value)
    shape = len(charged.upper), len(kept)
    matrix = sp.csr_matrix((value, np.maximum(column, 0), charged.start), shape)
    return Inequalities(matrix, np.where(lost, np.inf, charged.upper))


def around(program: Program, site: Ints, inequalities: Inequalities) -> list[Program]:
    """Give, for each inequality, a program that says how much its left-hand side can come to.

    It has the rows of the columns that follow, and of the sites whose columns stand in one of those or in itself.

    Parameters
    ----------
    program : Program
        The whole.
    site : (columns,) int
        Site of each integer column, -1 for the others.
    inequalities : Inequalities
        On its columns.
    """
    matrix, turned = program.matrix.tocsr(), Turned.of(program.matrix.tocsr())
    of = np.where(program.integer, site, -1)
    of_row = alone(matrix.indptr, matrix.indices, of)
    order, ordered = np.argsort(of, kind="stable"), np.argsort(of_row, kind="stable")
    found = []
    for row in inequalities.matrix:
        mine = row.indices
        rows = np.unique(turned.rows_of(mine[~program.integer[mine]]))
        beside = np.unique(np.append(matrix[rows].indices, mine))
        sites = np.unique(of[beside])
        sites = sites[sites >= 0]
        own, within = _of(order, of[order], sites), _of(ordered, of_row[ordered], sites)
        columns, cost = np.union1d(beside, own), np.zeros(len(program.cost))
        cost[mine] = row.data
        found.append(cut(program, np.union1d(rows, within), columns, cost[columns]))
    return found


def _of(items: Ints, of: Ints, wanted: Ints) -> Ints:
    """Give those of sorted items that are of some sites."""
    first, last = np.searchsorted(of, wanted), np.searchsorted(of, wanted, side="right")
    return np.concatenate([items[:0], *(items[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True))])


def _priced(settler: Settler, stage: int, proof: Proof) -> tuple[Lean, Floats]:
    """Give the reduced program of a stage and the prices of its rows."""
    compiled = settler.compiled
    kept = [keep(compiled, s, least, hair=False) for s, least in enumerate(proof.least.tolist())]
    program = compiled.program(stage, kept)
    scale = [scale_of(compiled, s) for s in range(stage)]
    row = np.append(_merged_prices(settler, proof), proof.kept * scale)
    left = lean(lambda: program, compiled.defined)
    reduced = left.substituted
    sign = 1.0 if program.maximise else -1.0
    rest = (sign * program.cost - program.matrix.T @ row)[reduced.out]
    found = np.where(reduced.rows >= 0, row[reduced.rows], 0.0)
    found[reduced.rows < 0] = rest[reduced.loose]
    return left, found[left.reduced.rows]


def _merged_prices(settler: Settler, proof: Proof) -> Floats:
    """Give the prices of the merged program's rows: those that were handed to the data's own rows, put together."""
    data, merged, compiled = settler.data, settler.merged, settler.compiled
    tiers = len(merged.tiers)
    by_name: dict[tuple[str, bool], float] = {}
    for name, price in zip(proof.names, proof.planning.tolist(), strict=True):
        by_name[name, price > 0] = by_name.get((name, price > 0), 0.0) + price
    upper, lower = np.isfinite(compiled.row_upper), np.isfinite(compiled.row_lower)
    planning = [
        (by_name.get((name, True), 0.0) if upper[n] else 0.0) + (by_name.get((name, False), 0.0) if lower[n] else 0.0)
        for n, name in enumerate(labels(merged, compiled))
    ]
    of = settler.merged_rows()
    demand = np.zeros(len(merged.flow) + 1)
    demand[of] = proof.flow
    by_door = dict(
        zip((compiled.doors.of[proof.outlet] * tiers + proof.tier).tolist(), proof.serving.tolist(), strict=True)
    )
    door, tier = serving_pairs(merged, compiled.doors)
    serving = [by_door.get(key, 0.0) for key in (door * tiers + tier).tolist()]
    share = np.maximum(data.flow.demand[proof.needy], data.flow.demand[proof.other]) / data.flow.demand[proof.other]
    pairs = zip(of[proof.needy].tolist(), of[proof.other].tolist(), strict=True)
    by_pair = dict(zip(pairs, (proof.fair * share).tolist(), strict=True))
    needy, other = fair_pairs(merged.flow, compiled.doors, merged.tier_need)
    compared = np.array([by_pair.get(pair, 0.0) for pair in zip(needy.tolist(), other.tolist(), strict=True)])
    fair = compared * merged.flow.demand[other] / np.maximum(merged.flow.demand[needy], merged.flow.demand[other])
    reach = settler.gathered(proof.reach) * merged.reach.demand
    return np.concatenate([planning, reach, demand[:-1], serving, fair, proof.counting])


def _confirmed(own: Program, stated: float, value: float, watch: Watch) -> bool | None:
    """Say whether a cluster adds no more than stated; None where that is not found out."""
    close = _CLOSE * max(1.0, abs(stated))
    at_most = float(np.where(own.cost > 0, own.cost * own.upper, own.cost * own.lower).sum())
    if np.isinf(stated):  # says nothing
        return None
    if at_most <= stated + close:  # its columns alone say so
        return True
    near = max(stated - value, 0.0) / abs(value) if np.isfinite(value) and value else 0.0
    for gap in (_HALF * near, 0.0):
        if watch.stop.is_set():
            return None
        answer: Answer = solve_scip(own, Limits(gap=gap, time_limit=_SECONDS), watch, interruptible=False)
        if answer.reason == "infeasible" or (answer.bound is not None and answer.bound <= stated + close):
            return True
        if answer.objective is not None and answer.objective > stated + close:
            return False
    return None
