"""Verification: everything a result states, derived again from the inputs by code of its own.

Nothing here knows the model, the solver, or how the engine derives options and catchments: what they share is
the instance as read, and the words. Distances are worked out pair by pair, money in exact fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from panhuo.instance import Instance, InstanceError
from panhuo.result.verify import folder
from panhuo.result.verify.findings import Discrepancy, Findings, Verification
from panhuo.result.verify.meaning import meanings
from panhuo.result.verify.minutes import check_minutes
from panhuo.result.verify.money import check_money
from panhuo.result.verify.people import Choice, assigned, check_people, check_promises, positions, reached, rows
from panhuo.result.verify.record import check_record
from panhuo.result.verify.siting import check_plan
from panhuo.result.verify.stages import Reckoning, check_stages
from panhuo.result.verify.stock import Stock
from panhuo.result.verify.story import check_sites
from panhuo.result.verify.supply import check_supply
from panhuo.result.verify.tidy import tidy
from panhuo.result.verify.ties import check_ties

__all__ = ["Discrepancy", "Verification", "verify", "verify_tables"]


def verify(out: str | Path, *, step: Callable[[str], object] | None = None) -> Verification:
    """Verify the result in a folder against the inputs it holds; no solver is called.

    Parameters
    ----------
    out : str or Path
        What ``solve`` or ``evaluate`` wrote.
    step : callable, optional
        Is told the name of each step as it begins.

    Raises
    ------
    InstanceError
        The folder holds no result.
    """
    out = Path(out)
    run, findings = folder.record(out), Findings()
    folder.inputs(out, run.get("inputs") or {}, findings)
    tables = folder.tables(out, findings)
    try:
        instance = folder.instance(out)
    except InstanceError as error:
        for fault in error.faults:
            findings.add(f"{folder.INPUTS}/{fault.file}", None, fault.column, fault.value, None, fault.rule)
        return findings.verification(solved=True)
    if step is not None:
        step("verify")
    return _verified(instance, tables, run, findings)


def verify_tables(instance: Instance, tables: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Verification:
    """Verify the tables and figures of a result before they are written.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Those of :data:`panhuo.result.verify.tidy.TABLES`.
    run : mapping
        What run.json will hold.
    """
    return _verified(instance, tables, run, Findings())


def _verified(
    instance: Instance, tables: Mapping[str, pd.DataFrame], run: Mapping[str, Any], findings: Findings
) -> Verification:
    solved = run.get("status") != "evaluated"
    given = not solved and bool((run.get("arguments") or {}).get("plan"))
    findings.known = meanings(instance)
    found = tidy(tables, findings)
    if found is None:
        return findings.verification(solved, given)
    stock = Stock(instance)
    plan = check_plan(stock, found["plan"], found["allocation"], findings)
    points = check_ties(instance, stock, plan, findings)
    choice, in_need = Choice.of(instance, found["plan"]), rows(instance, stock.menu)
    at = [positions(instance, stock, found[name]) for name in ("allocation", "allocation_before")]
    sent = assigned(instance, stock, found["allocation"], at[0])
    people = reached(instance, stock, choice, sent, at)
    counted = check_people(instance, stock, plan, choice, in_need, people, found, findings)
    check_promises(instance, stock, people, counted, findings)
    money = check_money(instance, stock, plan, counted, in_need, people, found, findings)
    closed = frozenset(instance["existing"]["id"][choice.closed])
    check_supply(stock, plan, closed, found["supply"], run, findings)
    check_sites(stock, plan, people, found["sites"], findings)
    check_record(instance, stock, plan, counted.coverage, money, run, findings)
    check_minutes(people, run, findings)
    check_stages(Reckoning(instance, stock, plan, counted.coverage, money, points), run, findings)
    return findings.verification(solved, given)
