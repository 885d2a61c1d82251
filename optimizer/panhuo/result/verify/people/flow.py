"""Services with capacity or tariffs: who is assigned where, who comes, and whether today's flow is a largest one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import permutations
from math import ceil, floor
from typing import Any

import numpy as np
import pandas as pd

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import MICRO
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.people.demand import Row, Rows
from panhuo.result.verify.people.places import Places
from panhuo.result.verify.people.reach import Choice, Reached
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Stock, Tariff
from panhuo.result.verify.tidy import Tidy
from panhuo.words import T

Place = tuple[str, str, str]
"""Kind (chosen or existing), id and option of a place."""

_EVEN = Fraction(1, 20_000)
"""Persons by which a less needy tier may be ahead of a needier one: each place of each rounds people to millionths."""


@dataclass
class Flow:
    """One allocation as it stands.

    Parameters
    ----------
    assigned, served : dict of Row to Counter of Place
        Micro-persons by row and place.
    at : dict of Place to Counter of str
        Served micro-persons by tier.
    """

    assigned: dict[Row, Counter[Place]] = field(default_factory=lambda: defaultdict(Counter))
    served: dict[Row, Counter[Place]] = field(default_factory=lambda: defaultdict(Counter))
    at: dict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def persons(self, row: Row) -> int:
        """Count the served micro-persons of a row."""
        return sum(self.served[row].values()) if row in self.served else 0


class _Charging:
    """Which service every place gives, which tariff it charges, and how many it holds."""

    def __init__(self, instance: Instance, stock: Stock, plan: Plan) -> None:
        self._stock = stock
        self._chosen = {o.key: o for o in plan.options}
        self._plan = plan
        self._existing = {r.id: r for r in tuples(instance["existing"])}

    def service(self, place: Place) -> str:
        """Give the service of an open place, which may count as the one its people need."""
        kind, name, option = place
        return str(self._existing[name].service) if kind == "existing" else self._chosen[option].service

    def tariff(self, place: Place) -> Tariff | None:
        """Give the tariff of an open place; ``None`` where the plan states one it may not charge."""
        kind, _, option = place
        return self._stock.menu.today(self.service(place)) if kind == "existing" else self._plan.tariff.get(option)

    def able(self, place: Place, tier: str) -> bool:
        """Say whether a tier can pay at an open place; it cannot where the plan states no tariff it may charge."""
        tariff = self.tariff(place)
        return tariff is not None and self._stock.menu.can_pay(self.service(place), tariff, tier)

    def capacity(self, place: Place) -> int | None:
        """Give the most people an open place serves [micro-persons]."""
        kind, name, option = place
        if kind == "chosen":
            return self._chosen[option].capacity
        return self._stock.standing(self.service(place), self._existing[name].capacity_persons)

    def called(self, place: Place) -> str:
        """Name a place and its service."""
        return f"{place[1]} {self.service(place)}"

    def today(self, service: str) -> str:
        """Name the service of today's facilities that serve its people: of several any, as their tariffs are alike."""
        standing = {str(row.service) for row in self._existing.values()}
        return next((kind for kind in self._stock.menu.kinds(service) if kind in standing), service)


def check_flow(
    instance: Instance,
    stock: Stock,
    plan: Plan,
    choice: Choice,
    rows: Rows,
    reached: Reached,
    tables: Tidy,
    findings: Findings,
) -> tuple[Flow, Flow]:
    """Check both allocations where services have capacity or tariffs; gives today's and the plan's.

    Parameters
    ----------
    rows : dict of Row to Fraction
        People in need.
    reached : Reached
        With the pairs of allocation.csv and of allocation_before.csv, in this order.
    """  # fmt: skip
    charging = _Charging(instance, stock, plan)
    nobody = np.zeros(len(instance["existing"]), dtype=bool)
    after_places = Places(instance, stock, "allocation.csv", plan.options, choice.closed, findings)
    before_places = Places(instance, stock, "allocation_before.csv", [], nobody, findings)
    after, before = (
        _read(stock, charging, places, tables[name], pairs, rows, findings)
        for places, name, pairs in zip(
            (after_places, before_places), ("allocation", "allocation_before"), reached.pairs, strict=True
        )
    )
    for flow, file in ((after, after_places.file), (before, before_places.file)):
        _within_demand(flow, rows, file, findings, whole=flow is after)
        _within_capacity(flow, charging, file, findings)
    _no_picking(stock, charging, after, rows, after_places.file, findings)
    _largest(instance, stock, charging, before, rows, reached, findings)
    return before, after


def _read(
    stock: Stock, charging: _Charging, places: Places, table: pd.DataFrame, pairs: pd.DataFrame, rows: Rows,
    findings: Findings,
) -> Flow:  # fmt: skip
    """Check each row of an allocation by itself, and gather them."""
    flow, file = Flow(), places.file
    keys = ["demand", "service", "profile", "tier", "place", "kind", "option"]
    mine = table[table["service"].isin(stock.menu.flow)] if file == "allocation.csv" else table
    again = mine.duplicated(keys)
    nearby = pairs.reindex(mine.index)
    for row, pair, repeated in zip(tuples(mine), tuples(nearby), again, strict=True):
        person = Row(row.demand, row.service, row.profile, row.tier)
        key = " ".join([*filter(None, person), row.place])
        if repeated:
            findings.add(file, key, None, None, None, T("the row stands there more than once"))
            continue
        if person not in rows:
            findings.add(file, key, None, None, None, T("the row must not be there: nobody there needs the service"))
            continue
        if not places.fits(row, pair, key):
            continue
        place = row.kind, row.place, row.option
        tariff = charging.tariff(place)
        if tariff is None:
            continue
        if not charging.able(place, row.tier):
            findings.add(file, key, "tier", row.tier, None, T("the tier cannot pay the price of the place"))
        if row.assigned_persons <= 0:
            rule = T("only people who are assigned have a row")
            findings.add(file, key, "assigned_persons", row.assigned_persons / MICRO, None, rule)
        come = floor(row.assigned_persons * tariff.charges[row.tier].uptake)
        if row.persons != come:
            rule = T("the share of the assigned people who come at this price, in whole millionths")
            findings.add(file, key, "persons", row.persons / MICRO, come / MICRO, rule)
        flow.assigned[person][place] += row.assigned_persons
        flow.served[person][place] += row.persons
        flow.at[place][row.tier] += row.persons
    return flow


def _within_demand(flow: Flow, rows: Rows, file: str, findings: Findings, *, whole: bool) -> None:
    """Check that nobody is assigned twice.

    Today's flow is counted in people served; whom that takes is rounded up to a millionth of a person at each place.
    """
    for row, places in flow.assigned.items():
        assigned, people = sum(places.values()), rows[row] * MICRO
        if assigned > (people if whole else ceil(people) + len(places) - 1):
            rule = T("no more people are assigned than there are")
            key = " ".join(filter(None, row))
            findings.add(file, key, "assigned_persons", assigned / MICRO, f"<= {float(people / MICRO):.6f}", rule)


def _within_capacity(flow: Flow, charging: _Charging, file: str, findings: Findings) -> None:
    for place, tiers in flow.at.items():
        limit, served = charging.capacity(place), sum(tiers.values())
        if limit is not None and served > limit:
            rule = T("no place serves more people than it holds")
            findings.add(file, charging.called(place), "persons", served / MICRO, f"<= {limit / MICRO}", rule)


def _no_picking(stock: Stock, charging: _Charging, flow: Flow, rows: Rows, file: str, findings: Findings) -> None:
    """Check in every cell that a needier tier's assigned share is at least a less needy one's, where it can pay."""
    cells: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        cells[row[:3]].append(row)
    for cell in {row[:3] for row in flow.assigned}:
        for h, other in permutations(cells[cell], 2):
            tiers = stock.menu.tiers_of(h.service)
            if tiers[h.tier].need <= tiers[other.tier].need or other not in flow.assigned:
                continue
            ahead = sum(p for place, p in flow.assigned[other].items() if charging.able(place, h.tier))
            own = sum(flow.assigned[h].values()) if h in flow.assigned else 0
            lead = Fraction(ahead, MICRO) / rows[other] - Fraction(own, MICRO) / rows[h]
            if lead * min(rows[h], rows[other]) > _EVEN:
                rule = T(
                    "a needier tier is assigned at least the share of a less needy one ({other})", other=other.tier
                )
                found, least = own / MICRO, float(rows[h] * ahead / rows[other]) / MICRO
                findings.add(file, " ".join(filter(None, h)), "assigned_persons", found, f">= {least:.6f}", rule)


def _largest(
    instance: Instance, stock: Stock, charging: _Charging, flow: Flow, rows: Rows, reached: Reached,
    findings: Findings,
) -> None:  # fmt: skip
    """Check that no path is left along which today's places could serve more (Ford and Fulkerson 1956)."""
    near = _near(instance, stock, reached)
    today = {service: charging.today(service) for service in stock.menu.flow}
    tariff = {service: stock.menu.today(kind) for service, kind in today.items()}
    potential = {
        row: floor(people * tariff[row.service].charges[row.tier].uptake * MICRO)
        for row, people in rows.items()
        if stock.menu.can_pay(today[row.service], tariff[row.service], row.tier)
    }
    users: dict[tuple[str, Place], list[Row]] = defaultdict(list)
    for row, places in flow.served.items():
        if flow.persons(row) > potential.get(row, 0):
            rule = T("no more people are served than can come")
            found, most = flow.persons(row) / MICRO, potential.get(row, 0) / MICRO
            findings.add("allocation_before.csv", " ".join(filter(None, row)), "persons", found, f"<= {most}", rule)
        for place, persons in places.items():
            if persons > 0:
                users[row.service, place].append(row)

    def room(place: Place) -> bool:
        limit = charging.capacity(place)
        return limit is None or sum(flow.at[place].values()) < limit

    for service in stock.menu.flow:
        waiting = [row for row, most in potential.items() if row.service == service and flow.persons(row) < most]
        if _reaches_room(waiting, near, users, room):
            rule = T("today's places could serve more people of {service}", service=service)
            findings.add("allocation_before.csv", None, "persons", None, None, rule)


def _reaches_room(
    waiting: list[Row],
    near: dict[tuple[str, str, str], list[str]],
    users: dict[tuple[str, Place], list[Row]],
    room: Callable[[Place], bool],
) -> bool:
    """Whether somebody who waits could be served, others being moved to other places."""
    seen_rows, seen_places, queue = set(waiting), set(), list(waiting)
    while queue:
        row = queue.pop()
        for name in near.get(row[:3], ()):
            place = "existing", name, ""
            if (row.service, place) in seen_places:
                continue
            seen_places.add((row.service, place))
            if room(place):
                return True
            fresh = [user for user in users[row.service, place] if user not in seen_rows]
            seen_rows.update(fresh)
            queue += fresh
    return False


def _near(instance: Instance, stock: Stock, reached: Reached) -> dict[tuple[str, str, str], list[str]]:
    """List the existing facilities within the standard of every cell."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    points, existing = list(instance["demand"]["id"]), instance["existing"]
    ids, services, first = list(existing["id"]), list(existing["service"]), len(stock.sites)
    for (profile, service), pairs in reached.within.items():
        at: Any = pairs[:, pairs[1] >= first].T.tolist()
        for i, place in at:
            if services[place - first] == service:
                found[points[i], stock.menu.served_as[service], profile].append(ids[place - first])
    return found
