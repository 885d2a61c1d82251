"""Clusters solved again by another solver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from panhuo.engine import Quiet, Watch
from panhuo.engine.again import Confirmation, confirm_clusters
from panhuo.engine.certificate import Charged, Parts, Proof
from panhuo.engine.settle import Settler
from panhuo.result.bound import Parts as Stated
from panhuo.result.bound import Stored
from panhuo.result.verify.findings import Findings
from panhuo.words import T, Text
from panhuo_models.data import SitingData
from panhuo_models.money import UNIT

_CLOSE = 1e-6
_MONEY = ("capital", "party_capital", "party_yearly")


@dataclass(frozen=True)
class Confirmed:
    """How many clusters of a stage SCIP confirmed.

    Parameters
    ----------
    name : str
        The stage.
    confirmed, clusters : int
        So many of so many.
    kept, inequalities : int
        Of the inequalities across clusters, so many of so many.
    bound : float
        What the clusters add up to, in persons, shares, CNY or points.
    """

    name: str
    confirmed: int
    clusters: int
    kept: int
    inequalities: int
    bound: float


def confirm(
    data: SitingData,
    prices: Mapping[int, Stored],
    run: Mapping[str, Any],
    findings: Findings,
    watch: Watch | None = None,
    tell: Callable[[Text], object] | None = None,
) -> list[Confirmed]:
    """Solve the clusters of every stage again with SCIP.

    Parameters
    ----------
    data : SitingData
        The data, from the inputs.
    prices : mapping of int to Stored
        By stage.
    run : mapping
        run.json.
    findings : Findings
        Is told of bounds that claim more than the clusters say, and of clusters that add more than stated.
    watch : Watch, optional
        Its ``stop`` ends the work.
    tell : callable, optional
        Is told how many clusters are done.
    """
    settler, found = Settler(data), []
    stated = {said["name"]: said.get("bound") for said in run.get("stages") or []}
    for s, stored in prices.items():
        name = data.objectives[s].name
        proof = _proof(data, stored)

        def told(done: int, of: int, name: str = name) -> None:
            if tell is not None:
                tell(T("Solving clusters again: {stage}, {done} of {count}", stage=name, done=done, count=of))

        said = confirm_clusters(settler, s, proof, Quiet() if watch is None else watch, told)
        if said is not None and proof.parts is not None:
            found.append(_held(data, s, proof.parts, said, stated.get(name), findings))
    return found


def _held(
    data: SitingData, s: int, parts: Parts, said: Confirmation, stated: float | None, findings: Findings
) -> Confirmed:
    """Hold what is stated of a stage against its clusters."""
    stage = data.objectives[s]
    sign, unit = 1.0 if stage.maximise else -1.0, UNIT if stage.measure in _MONEY else 1.0
    size = float(np.abs(parts.bounds).sum()) + abs(said.constant) + 1.0
    if not said.constant <= parts.constant + _CLOSE * size:
        rule = T("what the prices add to the clusters, worked out again")
        findings.add("certificate.npz", None, f"stage{s}_constant", parts.constant, said.constant, rule)
    for k in said.refuted:
        rule = T("SCIP found a choice in this cluster that adds more than is stated")
        findings.add("certificate.npz", str(k), f"stage{s}_cluster_bounds", float(parts.bounds[k]), None, rule)
    for k in said.missed:
        rule = T("SCIP found a choice that does not keep this inequality")
        findings.add("certificate.npz", str(k), f"stage{s}_charged_upper", float(parts.charged.upper[k]), None, rule)
    bound = sign * (parts.constant + float(parts.bounds.sum())) * unit
    if stated is None or sign * (stated - bound) < -_CLOSE * size * unit:
        rule = T("what the clusters add up to")
        findings.add("run.json", None, f"stages.{stage.name}.bound", stated, bound, rule)
    return Confirmed(stage.name, sum(said.confirmed), len(said.confirmed), sum(said.kept), len(said.kept), bound)


def _proof(data: SitingData, stored: Stored) -> Proof:
    """Turn names into places."""
    outlets, tiers = ({name: n for n, name in enumerate(names)} for names in (data.outlets.names, data.tiers))
    parts = None if stored.parts is None else _parts(stored.parts)
    return Proof(
        tuple(stored.rows.tolist()),
        stored.prices,
        stored.reach,
        stored.flow,
        np.array([outlets[outlet] for outlet, _ in stored.serving_rows.tolist()], dtype=np.int64),
        np.array([tiers[tier] for _, tier in stored.serving_rows.tolist()], dtype=np.int64),
        stored.serving,
        stored.fair_rows[:, 0],
        stored.fair_rows[:, 1],
        stored.fair,
        stored.counting,
        stored.least,
        stored.kept,
        parts,
        None if stored.parts is None else _proof(data, stored.parts.across),
    )


def _parts(stated: Stated) -> Parts:
    charged = stated.charged
    return Parts(
        stated.cluster, stated.bounds, stated.values, stated.constant,
        Charged(charged.start, charged.column, charged.value, charged.upper, charged.price),
    )  # fmt: skip
