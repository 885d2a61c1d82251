"""Clusters as a proof states them, to be solved by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo.engine.certificate import Charged, Proof
from panhuo.engine.cutting import cut
from panhuo.engine.decompose.around import Turned
from panhuo.engine.decompose.clusters import part
from panhuo.engine.decompose.inequalities import Inequalities
from panhuo.engine.decompose.lean import Lean, lean
from panhuo.engine.decompose.partition import Ground, spanned
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
    known = _known(reduced, parts.charged)
    prices = np.append(row, parts.charged.price)
    parted = part(program, ground, parts.cluster[: len(ground.size)], prices, known=known)
    small = _around(program, site, known)
    total, said = len(parts.bounds) + len(known), list[bool | None]()
    tasks = [(parted.of(program, k), *pair) for k, pair in enumerate(zip(parts.bounds, parts.values, strict=True))]
    tasks += [(own, limit, -np.inf) for own, limit in zip(small, known.upper, strict=True)]
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


def _known(reduced: Lean, charged: Charged) -> Inequalities:
    """Give the inequalities on the columns of the reduced program; one that names others bounds nothing."""
    place = np.full(int(max(reduced.kept.max(initial=-1), charged.column.max(initial=-1))) + 1, -1)
    place[reduced.kept] = np.arange(len(reduced.kept))
    column = place[charged.column]
    lost = np.zeros(len(charged.upper), dtype=bool)
    lost[np.repeat(np.arange(len(lost)), np.diff(charged.start))[column < 0]] = True
    shape = len(charged.upper), len(reduced.program.cost)
    matrix = sp.csr_matrix((np.where(column < 0, 0.0, charged.value), np.maximum(column, 0), charged.start), shape)
    return Inequalities(matrix, np.where(lost, np.inf, charged.upper))


def _around(program: Program, site: Ints, known: Inequalities) -> list[Program]:
    """Give, for each inequality, the program of what it touches: the most that its left-hand side comes to."""
    matrix = program.matrix.tocsr()
    turned = Turned.of(matrix)
    least, most, _ = spanned(matrix.indptr, matrix.indices, np.where(program.integer, site, -1))
    order = np.argsort(site, kind="stable")
    starts = np.searchsorted(site[order], np.arange(int(site.max(initial=-1)) + 2))
    found = []
    for n in range(len(known)):
        mine = known.matrix.indices[known.matrix.indptr[n] : known.matrix.indptr[n + 1]]
        rows = np.unique(turned.rows_of(mine[~program.integer[mine]]))
        beside = np.unique(np.append(matrix[rows].indices, mine))
        sites = np.unique(site[beside[program.integer[beside]]])
        of_sites = [order[starts[j] : starts[j + 1]] for j in sites[sites >= 0].tolist()]
        columns = np.unique(np.concatenate([beside, *of_sites]))
        touched = np.unique(turned.rows_of(columns[program.integer[columns]]))
        alone = touched[(least[touched] == most[touched])]
        alone = alone[np.isin(least[alone], sites)]
        inside = np.isin(matrix[alone].indices, columns)
        count = np.diff(matrix[alone].indptr)
        whole = np.bincount(np.repeat(np.arange(len(alone)), count), inside, len(alone)) == count
        rows = np.union1d(rows, alone[whole])
        cost = np.zeros(len(program.cost))
        cost[mine] = known.matrix[[n]].data
        found.append(cut(program, rows, columns, cost[columns]))
    return found


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
