"""run.json against the plan: totals, shares, stages, bounds and gaps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from panhuo.instance import Instance
from panhuo.instance.policy import Stage
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.stock import Offer
from panhuo.words import T

FILE = "run.json"

_FIGURES = {
    "before": "before_persons", "after": "after_persons", "new_persons": "new_persons", "lost_persons": "lost_persons",
    "base_persons": "base_persons", "unreachable_persons": "unreachable_persons",
}  # fmt: skip
_CLOSE = 1e-6
"""Relative; what a solver reports agrees with what is counted to this."""


def check_record(
    instance: Instance,
    offers: list[Offer],
    counted: pd.DataFrame,
    ledger: pd.DataFrame,
    run: Mapping[str, Any],
    findings: Findings,
) -> None:
    """Check the figures of run.json.

    Parameters
    ----------
    counted : DataFrame
        Coverage by circle and service, as counted here.
    ledger : DataFrame
        The rows of ledger.csv, amounts in fen (checked by themselves before).
    """
    capital, yearly = (
        sum(sum(costs.values()) for costs in c) for c in ([o.capital for o in offers], [o.yearly for o in offers])
    )
    _equal(findings, "capital_cny", run.get("capital_cny"), capital / 100)
    _equal(findings, "yearly_cny", run.get("yearly_cny"), yearly / 100)
    _equal(findings, "new_person_services", run.get("new_person_services"), counted["new_persons"].sum())
    coverage = run.get("coverage") or {}
    for service in instance["services"]["service"]:
        rows = counted[counted["service"] == service]
        for key, column in _FIGURES.items():
            _equal(findings, f"coverage.{service}.{key}", (coverage.get(service) or {}).get(key), rows[column].sum())
    for service in set(coverage) - set(instance["services"]["service"]):
        findings.add(FILE, None, f"coverage.{service}", None, None, T("no such service"))
    by_party: dict[str, int] = {}
    for party, fen in zip(ledger["party"], ledger["amount_cny"], strict=True):
        by_party[party] = by_party.get(party, 0) + fen
    total = sum(by_party.values())
    shares = (run.get("shares") or {}).get("capital") or {}
    for party in sorted({*by_party, *shares}):
        share = by_party.get(party, 0) / total if total else 0.0
        _equal(findings, f"shares.capital.{party}", shares.get(party), share, 1e-8)
    _funds(instance, ledger, capital, run, findings)
    _stages(instance, counted, capital, by_party, run, findings)


def _funds(instance: Instance, ledger: pd.DataFrame, capital: int, run: Mapping[str, Any], findings: Findings) -> None:
    """Check what each fund pays; nothing is known of it where the plan has no ledger."""
    used = {row.get("fund"): row.get("used_cny") for row in run.get("funds") or []}
    for fund in instance["funds"]["fund"]:
        if ledger.empty and capital:
            if used.get(fund) is not None:
                findings.add(FILE, None, f"funds.{fund}", used[fund], None, T("without a ledger no fund pays anything"))
            continue
        paid = sum(ledger["amount_cny"][ledger["fund"] == fund])
        _equal(findings, f"funds.{fund}", used.get(fund), paid / 100)


def _stages(
    instance: Instance,
    counted: pd.DataFrame,
    capital: int,
    by_party: Mapping[str, int],
    run: Mapping[str, Any],
    findings: Findings,
) -> None:
    stages = run.get("stages") or []
    stated = {stage["name"]: stage for stage in stages}
    known = {stage.name: stage for stage in instance.settings.policy.objectives}
    for name in stated:
        if name not in known:
            findings.add(FILE, None, f"stages.{name}", None, None, T("the policy has no such stage"))
    for name, stage in known.items():
        value = _value(instance, stage, counted, capital, by_party)
        if value is None:
            continue
        if name in stated:
            _stage(stage, stated[name], value, findings)
        elif run.get("status") in ("optimal", "within_gap"):
            findings.add(
                FILE, None, f"stages.{name}", None, None, T("the stage is missing, but the run claims to be complete")
            )
    for key in ("objective", "bound", "gap"):
        if stages and run.get(key) != stages[0][key]:
            findings.add(FILE, None, key, run.get(key), stages[0][key], T("what the first stage says"))


def _stage(stage: Stage, stated: Mapping[str, Any], value: float, findings: Findings) -> None:
    key = f"stages.{stage.name}"
    sense = "max" if stage.maximise else "min"
    if stated["sense"] != sense:
        findings.add(FILE, None, f"{key}.sense", stated["sense"], sense, T("the measure of the stage"))
    slack = 0.005 if stage.measure in ("capital", "party_capital") else 5e-6
    _equal(findings, f"{key}.objective", stated["objective"], value, slack)
    objective, bound, gap = stated["objective"], stated["bound"], stated["gap"]
    if objective is None or bound is None:
        if gap is not None:
            findings.add(FILE, None, f"{key}.gap", gap, None, T("without a bound there is no gap"))
        return
    above = bound - objective if stage.maximise else objective - bound
    if above < -_CLOSE * max(1.0, abs(objective)):
        findings.add(FILE, None, f"{key}.bound", bound, None, T("no plan surpasses a bound, but this one does"))
    if objective == 0:
        right = gap == 0 if bound == 0 else gap is None
    else:
        right = gap is not None and abs(gap - max(0.0, above) / abs(objective)) <= 1e-9
    if not right:
        should = None if objective == 0 else max(0.0, above) / abs(objective)
        findings.add(FILE, None, f"{key}.gap", gap, should, T("the gap follows from objective and bound"))


def _value(
    instance: Instance, stage: Stage, counted: pd.DataFrame, capital: int, by_party: Mapping[str, int]
) -> float | None:
    """Count what the plan reaches in a stage; ``None`` where the stage is about nothing."""
    if stage.measure == "capital":
        return capital / 100
    if stage.measure == "party_capital":
        return by_party.get(stage.party, 0) / 100
    services = instance["services"]
    weights = {
        service: weight
        for service, weight, rank in zip(services["service"], services["weight"], services["class"], strict=True)
        if (not stage.services or service in stage.services) and (not stage.classes or rank in stage.classes)
    }
    rows = [row for row in counted.itertuples() if row.service in weights]
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


def _equal(findings: Findings, key: str, found: Any, expected: float, slack: float = 5e-6) -> None:
    expected = float(expected)
    number = isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)
    if not number or abs(Fraction(found) - Fraction(expected)) > slack:
        findings.add(FILE, None, key, found, round(expected, 9), T("derived from the inputs"))
