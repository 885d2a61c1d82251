"""What the policy promises people: mandatory services and coverage floors."""

from __future__ import annotations

import math

import pandas as pd

from panhuo.instance import Instance
from panhuo.instance.policy import Floor
from panhuo.instance.tabular import tuples
from panhuo.result.verify.figures import percent, plain
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.people.counted import Counted
from panhuo.result.verify.people.reach import Reached
from panhuo.result.verify.stock import Stock
from panhuo.words import T, Text
from panhuo.words.names import name

_MILLIONTHS = 3e-6
"""Persons that rounding may take from each row of people at a place: assigned, served, and the sum."""


def check_promises(instance: Instance, stock: Stock, reached: Reached, counted: Counted, findings: Findings) -> None:
    """Check mandatory services and coverage floors.

    People served are rounded down to millionths pair by pair, which a promise does not count against the plan.
    """
    called = {row.service: name(row.name_en, row.name_zh) for row in tuples(instance["services"])}
    slack = dict.fromkeys(called, 0.0)
    for row, places in counted.after.served.items():
        slack[row.service] += _MILLIONTHS * len(places)
    for k, service in enumerate(tuples(instance["services"])):
        persons = _left_out(stock, reached, counted, k, service.service)
        if service.mandatory and persons > slack[service.service]:
            rule = T(
                "a mandatory service must reach everyone it can reach; persons left out: {persons}",
                persons=plain(persons),
            )
            findings.add(
                "coverage.csv", service.service, "after_persons", None, None, rule,
                breach=T(
                    "{service} is mandatory; people within its reach who are not covered: {persons}",
                    service=called[service.service], persons=plain(persons),
                ),
            )  # fmt: skip
    for floor in instance.settings.policy.floors:
        rows = counted.coverage[counted.coverage["service"] == floor.service]
        if floor.circles:
            rows = rows[rows["circle"].isin(floor.circles)]
        elif floor.circle_types:
            rows = rows[rows["circle_type"].isin(floor.circle_types)]
        _floor(instance, floor, rows, called[floor.service], slack[floor.service], findings)


def _left_out(stock: Stock, reached: Reached, counted: Counted, k: int, service: str) -> float:
    """Count the people within reach of anything that a service does not reach, or does not serve."""
    if service in stock.menu.flow:
        rows = counted.coverage[counted.coverage["service"] == service]
        return round(float((rows["base_persons"] - rows["unreachable_persons"] - rows["after_persons"]).sum()), 6)
    left = (reached.reachable & ~reached.after)[:, :, k]
    return round(float(reached.demand[:, :, k][left].sum()), 6)


def _floor(
    instance: Instance, floor: Floor, rows: pd.DataFrame, service: Text, slack: float, findings: Findings
) -> None:
    """Check one coverage floor in every circle it speaks of."""
    circles = dict(zip(instance["circles"]["circle"], instance["circles"]["name"], strict=True))
    for row in tuples(rows):
        reachable = row.base_persons - row.unreachable_persons
        base = reachable if floor.base == "reachable" else row.base_persons
        # a circle where nobody can be reached is left out, whatever the base
        if reachable > 0 and row.after_persons < floor.share * base * (1 - 1e-9) - 1e-6 - slack:
            findings.add(
                "coverage.csv", f"{row.circle} {row.service}", "after_persons", round(row.after_persons, 6),
                f">= {floor.share * base:.6f}", T("the coverage floor of the policy"),
                breach=T(
                    "{service} in circle {circle}: {share} covered, floor {floor}",
                    service=service, circle=circles[row.circle] or row.circle, floor=percent(floor.share),
                    share=percent(math.floor(row.after_persons / base * 10_000) / 10_000),
                ),
            )  # fmt: skip
