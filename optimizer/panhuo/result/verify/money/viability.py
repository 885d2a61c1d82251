"""viability.csv: whether a place could carry itself if everyone came who may, and how many visits that takes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import floor

import pandas as pd

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import MICRO, exact
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.money.accounts import Account, Visits, needed_visits, visits_of
from panhuo.result.verify.people import Reached, Row, Rows
from panhuo.result.verify.rows import compare
from panhuo.result.verify.stock import Option, Stock, Tariff

DAYS = 365
_KEYS = ["place", "kind", "service"]


class _Crowds:
    """Everyone within the standard of a place who can pay a tariff and comes at it [micro-persons by tier]."""

    def __init__(self, instance: Instance, stock: Stock, rows: Rows, reached: Reached) -> None:
        self._stock, self._people = stock, rows
        self._points = list(instance["demand"]["id"])
        self._tiers: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for row in rows:
            self._tiers[row[:3]].append(row.tier)
        self._come: dict[tuple[Row, str], int] = {}
        places = [*stock.sites, *instance["existing"]["id"]]
        self._near: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
        for (profile, service), pairs in reached.within.items():
            if service in stock.menu.tariffs:
                people = stock.menu.served_as[service]
                for i, place in pairs.T.tolist():
                    self._near[places[place], service].append((self._points[i], people, profile))

    def at(self, place: str, service: str, tariff: Tariff, capacity: int | None) -> Counter[str]:
        """Count who would come; where that is more than the place holds, every tier alike comes less."""
        come: Counter[str] = Counter()
        for cell in self._near[place, service]:
            for tier in self._tiers.get(cell, ()):
                come[tier] += self._of(Row(*cell, tier), service, tariff)
        everyone = sum(come.values())
        if capacity is not None and everyone > capacity:
            come = Counter({tier: persons * capacity // everyone for tier, persons in come.items()})
        return come

    def _of(self, row: Row, service: str, tariff: Tariff) -> int:
        key = row, tariff.name
        if key not in self._come:
            able = self._stock.menu.can_pay(service, tariff, row.tier)
            everyone = floor(self._people[row] * MICRO) if able else 0
            self._come[key] = floor(everyone * tariff.charges[row.tier].uptake)
        return self._come[key]


def check_viability(
    instance: Instance, stock: Stock, found: list[Account], rows: Rows, reached: Reached, viability: pd.DataFrame,
    findings: Findings,
) -> int:  # fmt: skip
    """Compare viability.csv; gives the number of places that lose money with the visits they have, or might."""
    crowds = _Crowds(instance, stock, rows, reached)
    expected = [
        *_offers(stock, {(a.option.site, a.option.service): a for a in found}, crowds),
        *_existing(instance, stock, crowds),
    ]
    table = pd.DataFrame([_row(*line) for line in expected], columns=_COLUMNS, dtype=object)
    compare(findings, "viability.csv", viability, table.astype(_NUMBERS), _KEYS)
    return sum(_loses(line[-2], line[-1]) for line in expected)


_COLUMNS = [
    *_KEYS, "operating", "tariff", "best_visits", "needed_visits", "per_day_best", "per_day_needed", "loses",
]  # fmt: skip
_NUMBERS = {"per_day_best": float, "per_day_needed": float}
_Line = tuple[str, str, str, str, str, int, int | None]
"""Place, kind, service, operating mode, tariff, best visits, needed visits."""


def _offers(stock: Stock, chosen: dict[tuple[str, str], Account], crowds: _Crowds) -> Iterator[_Line]:
    by_offer: dict[tuple[str, str], list[Option]] = {}
    for option in stock.options.values():
        if option.service in stock.menu.tariffs:
            by_offer.setdefault((option.site, option.service), []).append(option)
    for (site, service), options in by_offer.items():
        if (site, service) in chosen:
            a = chosen[site, service]
            needed = _needed(stock, a.option, a.visits, a.write_off)
            yield site, "chosen", service, a.option.operating, a.tariff.name, a.count, needed
            continue
        ways = []
        for option in options:
            for tariff in stock.menu.offered(service, option.operating):
                visits = visits_of(stock, service, tariff, crowds.at(site, service, tariff, option.capacity))
                best, needed = sum(v.count for v in visits), _needed(stock, option, visits, 0)
                ways.append((option.operating, tariff.name, best, needed))
        yield site, "not chosen", service, *max(ways, key=lambda way: _spare(way[2], way[3]))


def _existing(instance: Instance, stock: Stock, crowds: _Crowds) -> Iterator[_Line]:
    """List today's facilities, which cost what the smallest size of the service does, whatever mode or operator."""
    for row in tuples(instance["existing"]):
        if row.service in stock.menu.tariffs:
            tariff = stock.menu.today(row.service)
            come = crowds.at(row.id, row.service, tariff, stock.standing(row.service, row.capacity_persons))
            visits = visits_of(stock, row.service, tariff, come)
            fixed, income, cost = stock.upkeep(row.service)
            needed = needed_visits(visits, cost, fixed, income, Fraction(0))
            yield row.id, "existing", row.service, "", tariff.name, sum(v.count for v in visits), needed


def _needed(stock: Stock, option: Option, visits: tuple[Visits, ...], write_off: int) -> int | None:
    """Give the least visits at which the least margin is kept, with the largest subsidy."""
    run = stock.menu.operating.get(option.operating)
    margin = Fraction(0) if run is None or run.margin_min is None else exact(run.margin_min)
    fixed = sum(option.yearly.values()) + write_off
    return needed_visits(visits, option.visit_cost, fixed, option.income + option.subsidy, margin)


def _spare(best: int, needed: int | None) -> tuple[bool, int]:
    return needed is not None, best - (needed or 0)


def _loses(best: int, needed: int | None) -> bool:
    return needed is None or best < needed


def _row(
    place: str, kind: str, service: str, operating: str, tariff: str, best: int, needed: int | None
) -> dict[str, object]:
    return {
        "place": place, "kind": kind, "service": service, "operating": operating, "tariff": tariff,
        "best_visits": best, "needed_visits": needed, "per_day_best": best / DAYS,
        "per_day_needed": float("nan") if needed is None else needed / DAYS,
        "loses": "yes" if _loses(best, needed) else "no",
    }  # fmt: skip
