"""The stages of run.json: what the plan reaches in each, bounds and gaps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from panhuo.instance import Instance
from panhuo.instance.policy import Stage
from panhuo.instance.tabular import tuples
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.money import Money
from panhuo.result.verify.record import FILE, by_party, equal
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Stock
from panhuo.words import T

_CLOSE = 1e-6
"""Relative; what a solver reports agrees with what is counted to this."""


@dataclass(frozen=True)
class Reckoning:
    """What stages are counted from.

    Parameters
    ----------
    coverage : DataFrame
        By circle and service.
    points : Fraction
        Points of links.
    """

    instance: Instance
    stock: Stock
    plan: Plan
    coverage: pd.DataFrame
    money: Money
    points: Fraction

    def value(self, stage: Stage) -> float | None:
        """Count what the plan reaches in a stage; ``None`` where the stage is about nothing."""
        match stage.measure:
            case "capital":
                return self.plan.capital / 100
            case "party_capital":
                return by_party(self.money.books.capital)[stage.party] / 100
            case "party_yearly":
                run = any(option.operating for option in self.stock.options.values())
                return by_party(self.money.books.yearly)[stage.party] / 100 if run else None
            case "links":
                return float(self.points) if self._can_earn() else None
        return self._of_people(stage)

    def _can_earn(self) -> bool:
        """Whether any offer could ever earn the bonus of a link."""
        places: dict[str, set[str]] = {}
        for option in self.stock.options.values():
            places.setdefault(option.service, set()).add(option.site)
        near = self.stock.neighbours
        return any(
            near.existing(link, site) or any(near.near(link, site, other) for other in places.get(link.b, ()))
            for link in near.links
            if link.kind == "bonus"
            for site in places.get(link.a, ())
        )

    def _of_people(self, stage: Stage) -> float | None:
        services = self.instance["services"]
        services = services[services["counts_as"] == ""]  # the others have no people of their own
        weights = {
            service: weight
            for service, weight, rank in zip(services["service"], services["weight"], services["class"], strict=True)
            if (not stage.services or service in stage.services) and (not stage.classes or rank in stage.classes)
        }
        rows = [row for row in tuples(self.coverage) if row.service in weights]
        if stage.measure == "coverage":
            gains = (weights[row.service] * (row.after_persons - row.before_persons) for row in rows)
            return math.fsum(gains) if weights else None
        shares = [
            row.after_persons / (row.base_persons - row.unreachable_persons)
            for row in rows
            if (not stage.circle_types or row.circle_type in stage.circle_types)
            and row.base_persons - row.unreachable_persons > 1e-9
        ]
        return min(shares, default=None)


def check_stages(reckoning: Reckoning, run: Mapping[str, Any], findings: Findings) -> None:
    """Check objective, bound and gap of every stage, and that none is missing."""
    stages = run.get("stages") or []
    stated = {stage["name"]: stage for stage in stages}
    known = {stage.name: stage for stage in reckoning.instance.settings.policy.objectives}
    for name in stated:
        if name not in known:
            findings.add(FILE, None, f"stages.{name}", None, None, T("the policy has no such stage"))
    for name, stage in known.items():
        value = reckoning.value(stage)
        if value is None:
            continue
        if name in stated:
            _stage(stage, stated[name], value, findings)
        elif run.get("status") in ("optimal", "within_gap"):
            findings.add(
                FILE, None, f"stages.{name}", None, None, T("the stage is missing, but the run claims to be complete")
            )
    for key in ("objective", "bound", "bound_certified", "gap"):
        if stages and run.get(key) != stages[0].get(key):
            findings.add(FILE, None, key, run.get(key), stages[0].get(key), T("what the first stage says"))


def _stage(stage: Stage, stated: Mapping[str, Any], value: float, findings: Findings) -> None:
    key = f"stages.{stage.name}"
    sense = "max" if stage.maximise else "min"
    if stated["sense"] != sense:
        findings.add(FILE, None, f"{key}.sense", stated["sense"], sense, T("the measure of the stage"))
    slack = 0.005 if stage.measure in ("capital", "party_capital", "party_yearly") else 5e-6
    equal(findings, f"{key}.objective", stated["objective"], value, slack)
    objective, bound, gap = stated["objective"], stated["bound"], stated["gap"]
    if objective is None or bound is None:
        if gap is not None:
            findings.add(FILE, None, f"{key}.gap", gap, None, T("without a bound there is no gap"))
        return
    for name, stated_bound in (("bound", bound), ("bound_certified", stated.get("bound_certified"))):
        if stated_bound is not None and _behind(stage, objective, stated_bound):
            rule = T("no plan surpasses a bound, but this one does")
            findings.add(FILE, None, f"{key}.{name}", stated_bound, None, rule)
    above = bound - objective if stage.maximise else objective - bound
    if objective == 0:
        right = gap == 0 if bound == 0 else gap is None
    else:
        right = gap is not None and abs(gap - max(0.0, above) / abs(objective)) <= 1e-9
    if not right:
        should = None if objective == 0 else max(0.0, above) / abs(objective)
        findings.add(FILE, None, f"{key}.gap", gap, should, T("the gap follows from objective and bound"))


def _behind(stage: Stage, objective: float, bound: float) -> bool:
    """Whether a plan lies beyond a bound, by more than rounding."""
    above = bound - objective if stage.maximise else objective - bound
    return above < -_CLOSE * max(1.0, abs(objective))
