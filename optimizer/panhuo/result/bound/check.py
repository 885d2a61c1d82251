"""Bounds as stated against what the prices say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from panhuo.result.bound.derive import derive
from panhuo.result.bound.file import FILE, Stored
from panhuo.result.bound.model import lay_out
from panhuo.result.verify.findings import Findings
from panhuo.words import T
from panhuo_models.data import Objective, SitingData
from panhuo_models.money import UNIT

RECORD = "run.json"
_MONEY = ("capital", "party_capital", "party_yearly")
_GIVEN_UP = 1e-4
"""Share of a kept value that a plan may lack: paying in whole fen may take a little."""


@dataclass(frozen=True)
class Derived:
    """One stage's bound, derived again.

    Parameters
    ----------
    name, sense : str
        Of the stage.
    stated, derived : float or None
        The certified bound as run.json has it, and what the prices say; in persons, shares, CNY or points.
    keeps : mapping of str to float
        What a plan must keep of the earlier stages for the bound to be one.
    """

    name: str
    sense: str
    stated: float | None
    derived: float | None
    keeps: Mapping[str, float]


def check(data: SitingData, prices: Mapping[int, Stored], run: Mapping[str, Any], findings: Findings) -> list[Derived]:
    """Derive the certified bounds of a run again, and hold what it states against them.

    Whatever the prices are, what they bound is a bound: a stated one fails only if it claims more.

    Parameters
    ----------
    data : SitingData
        The data, from the inputs.
    prices : mapping of int to Stored
        By stage.
    run : mapping
        run.json.
    findings : Findings
        Is told what is claimed too much.
    """
    model = lay_out(data)
    stages = {stage.name: n for n, stage in enumerate(data.objectives)}
    found = []
    for said in run.get("stages") or []:
        s = stages.get(said["name"])
        if s is None:
            continue  # verification names it
        stage, stated = data.objectives[s], said.get("bound_certified")
        bound = derive(model, s, prices[s], findings) if s in prices else None
        derived = None if bound is None else _in_units(stage, bound)
        if stated is not None and (derived is None or _claims_more(stage, stated, derived)):
            rule = T("what the prices alone bound, derived again from the inputs")
            findings.add(RECORD, None, f"stages.{stage.name}.bound_certified", stated, derived, rule)
        elif stated is None and derived is not None:
            rule = T("the certificate bounds this stage, but run.json does not say so")
            findings.add(RECORD, None, f"stages.{stage.name}.bound_certified", None, derived, rule)
        keeps = _kept(data, prices[s], run, findings) if s in prices else {}
        found.append(Derived(stage.name, said["sense"], stated, derived, keeps))
    return found


def _claims_more(stage: Objective, stated: float, derived: float) -> bool:
    return stated < derived if stage.maximise else stated > derived


def _in_units(stage: Objective, value: float) -> float:
    """Turn units of the model into persons, shares, CNY or points, rounded outward."""
    if stage.measure not in _MONEY:
        return value
    return float(np.nextafter(value * UNIT, np.inf if stage.maximise else -np.inf))


def _kept(data: SitingData, prices: Stored, run: Mapping[str, Any], findings: Findings) -> dict[str, float]:
    """Say what must be kept of earlier stages, and check that the plan itself does."""
    objectives = {said["name"]: said.get("objective") for said in run.get("stages") or []}
    found = {}
    for e, value in enumerate(prices.least.tolist()):
        stage = data.objectives[e]
        least, reached = _in_units(stage, value), objectives.get(stage.name)
        found[stage.name] = least
        if reached is None:
            continue
        lacking = least - reached if stage.maximise else reached - least
        if lacking > _GIVEN_UP * max(1.0, abs(least)):
            rule = T("a later stage's bound is of plans that keep more than this plan does")
            findings.add(FILE, None, f"stages.{stage.name}", reached, least, rule)
    return found
