"""supply.csv: who feeds whom, within the delivery standard and what every supplier has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import MICRO
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.people.places import ROUNDED
from panhuo.result.verify.record import FILE as RECORD
from panhuo.result.verify.record import equal
from panhuo.result.verify.siting import Plan, called
from panhuo.result.verify.stock import Option, Stock
from panhuo.words import T
from panhuo.words.names import name

FILE = "supply.csv"
_Name = tuple[str, str]
"""Kind (chosen or existing) and name of a supplier: its option, or its id."""


@dataclass(frozen=True)
class _Supplier:
    """An open supplier: its service, its place, and what it can supply [millionths]."""

    service: str
    place: str
    most: int


def check_supply(
    stock: Stock, plan: Plan, closed: frozenset[str], table: pd.DataFrame, run: Mapping[str, Any], findings: Findings
) -> None:
    """Check that every chosen place that needs a supplier has one that is open, near enough and has enough.

    Parameters
    ----------
    closed : frozenset of str
        Existing facilities that the plan closes.
    table : DataFrame
        The rows of supply.csv.
    run : mapping
        run.json, which sums them up by supplier.
    """
    suppliers = _open(stock, plan, closed)
    asked = {o.key: o for o in plan.options if o.service in stock.supplies.supplier_of}
    taken: dict[_Name, Counter[str]] = {at: Counter() for at in suppliers}
    again = table.duplicated("option")
    for row, repeated in zip(tuples(table), again, strict=True):
        if repeated:
            findings.add(FILE, row.option, None, None, None, T("the row stands there more than once"))
        elif row.option not in asked:
            findings.add(FILE, row.option, None, None, None, T("the row must not be there"))
        elif _fits(stock, asked[row.option], suppliers, row, findings):
            taken[row.kind, row.supplier][row.option] = row.supply
    for at, own in taken.items():
        if sum(own.values()) > suppliers[at].most:
            found, most = sum(own.values()) / MICRO, suppliers[at].most / MICRO
            rule = T("no supplier gives more than it has")
            findings.add(FILE, at[1], "supply", found, f"<= {most}", rule)
    for option in (o for key, o in asked.items() if key not in set(table["option"])):
        _unfed(stock, option, suppliers, taken, findings)
    _check_record(stock, suppliers, taken, run, findings)


def _open(stock: Stock, plan: Plan, closed: frozenset[str]) -> dict[_Name, _Supplier]:
    """List the suppliers that are chosen, and those that stand and stay."""
    supplies = stock.supplies
    found = {
        ("chosen", o.key): _Supplier(o.service, o.site, o.gives)
        for o in plan.options
        if o.service in supplies.supplier_of.values()
        and any(p.offer == o.offer and p.gives for p in stock.options.values())
    }
    for place, (service, own) in supplies.standing.items():
        most = supplies.gives(service, min(stock.sizes(service).values()), own)
        if most > 0 and place not in closed:
            found["existing", place] = _Supplier(service, place, most)
    return found


def _fits(stock: Stock, option: Option, suppliers: dict[_Name, _Supplier], row: Any, findings: Findings) -> bool:
    """Check a row by itself; gives whether its supplier is one of those that are open and may supply it."""
    supplier = suppliers.get((row.kind, row.supplier))
    wanted = stock.supplies.supplier_of[option.service]
    if row.site != option.site:
        findings.add(FILE, row.option, "site", row.site, option.site, T("derived from the plan"))
    if row.supply != option.takes:
        found, expected = row.supply / MICRO, option.takes / MICRO
        findings.add(FILE, row.option, "supply", found, expected, T("derived from the inputs"))
    if supplier is None or supplier.service != wanted:
        rule = T("the supplier must be open and give the service {service}", service=wanted)
        findings.add(FILE, row.option, "supplier", row.supplier, None, rule)
        return False
    minutes = stock.supplies.minutes(supplier.place, option.site)
    if not abs(row.delivery_min - minutes) < ROUNDED:
        findings.add(
            FILE, row.option, "delivery_min", row.delivery_min, round(minutes, 3), T("derived from the inputs")
        )
    if not stock.supplies.near(option.service, supplier.place, option.site):
        rule = T("the supplier must lie within the delivery standard")
        findings.add(FILE, row.option, "supplier", row.supplier, None, rule)
    return True


def _unfed(
    stock: Stock,
    option: Option,
    suppliers: dict[_Name, _Supplier],
    taken: dict[_Name, Counter[str]],
    findings: Findings,
) -> None:
    """Note a place without a supplier: a fault where one could feed it, else the plan asks for too much."""
    wanted = stock.supplies.supplier_of[option.service]
    for at, supplier in suppliers.items():
        left = supplier.most - sum(taken[at].values())
        near = supplier.service == wanted and stock.supplies.near(option.service, supplier.place, option.site)
        if near and left >= option.takes:
            rule = T("the row is missing: {supplier} could supply it", supplier=at[1])
            findings.add(FILE, option.key, None, None, None, rule)
            return
    ours, theirs = (stock.services[k] for k in (option.service, wanted))
    findings.add(
        FILE, option.key, None, None, None, T("every place that must be supplied has a supplier"),
        breach=T(
            "{service} in {site} has no {supplier} within its delivery standard that has enough for it",
            service=name(ours["name_en"], ours["name_zh"]), site=called(stock, option.site),
            supplier=name(theirs["name_en"], theirs["name_zh"]),
        ),
    )  # fmt: skip


def _check_record(
    stock: Stock, suppliers: dict[_Name, _Supplier], taken: dict[_Name, Counter[str]], run: Mapping[str, Any],
    findings: Findings,
) -> None:  # fmt: skip
    """Check what run.json says of every open supplier."""
    stated = {(row.get("kind"), row.get("supplier")): row for row in run.get("supply") or []}
    for at in stated:
        if at not in suppliers:
            findings.add(RECORD, None, f"supply.{at[1]}", None, None, T("the row must not be there"))
    for at, supplier in suppliers.items():
        row, used = stated.get(at) or {}, sum(taken[at].values())
        key = f"supply.{at[1]}"
        if row.get("service") != supplier.service:
            rule = T("derived from the inputs")
            findings.add(RECORD, None, f"{key}.service", row.get("service"), supplier.service, rule)
        figures = {"supply": supplier.most, "used": used, "left": supplier.most - used}
        for part, micro in figures.items():
            equal(findings, f"{key}.{part}", row.get(part), micro / MICRO)
        equal(findings, f"{key}.places", row.get("places"), len(taken[at]))
        if taken[at]:
            farthest = max(stock.supplies.minutes(supplier.place, stock.options[o].site) for o in taken[at])
            equal(findings, f"{key}.longest_min", row.get("longest_min"), farthest, ROUNDED)
        elif row.get("longest_min") is not None:
            rule = T("nothing is supplied, so nothing is far")
            findings.add(RECORD, None, f"{key}.longest_min", row.get("longest_min"), None, rule)
