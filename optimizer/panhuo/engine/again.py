"""Clusters as a proof states them, to be solved by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from panhuo.engine.certificate import Proof
from panhuo.engine.decompose.clusters import part
from panhuo.engine.decompose.lean import Lean, lean
from panhuo.engine.decompose.partition import Ground
from panhuo.engine.keep import keep, scale_of
from panhuo.engine.people import fair_pairs, serving_pairs
from panhuo.engine.program import Answer, Floats, Limits, Program, Watch
from panhuo.engine.prove import labels
from panhuo.engine.second import solve_scip
from panhuo.engine.settle import Settler

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
    """

    constant: float
    confirmed: tuple[bool, ...]
    refuted: tuple[int, ...]


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
    if proof.parts is None:
        return None
    reduced, row = _priced(settler, stage, proof)
    program, parts = reduced.program, proof.parts
    ground = Ground.of(program, settler.compiled.site[reduced.kept], row)
    parted = part(program, ground, parts.cluster[: len(ground.size)], row)
    confirmed, refuted = list[bool](), list[int]()
    for k, (stated, value) in enumerate(zip(parts.bounds.tolist(), parts.values.tolist(), strict=True)):
        if told is not None:
            told(k, len(parts.bounds))
        said = _confirmed(parted.of(program, k), stated, value, watch)
        confirmed.append(said is True)
        if said is False:
            refuted.append(k)
    return Confirmation(parted.constant + program.offset, tuple(confirmed), tuple(refuted))


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
