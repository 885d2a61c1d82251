"""The tables of a result and of its instance, in whole fen and fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

from panhuo.instance import Instance

Row = Mapping[str, Any]


def exact(value: Any) -> Fraction:
    """The fraction that the digits of a number mean; 0 where it is blank."""
    return Fraction(0) if value is None or value != value else Fraction(repr(float(value)))


def fen(value: Any) -> int:
    """Whole fen."""
    found = exact(value) * 100
    assert found.denominator == 1, f"{value} is not in whole fen"
    return int(found)


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def between(low: Any, part: int, high: Any, whole: int) -> None:
    """Assert ⌊low·whole⌋ ≤ part ≤ ⌈high·whole⌉."""
    least, most = (share if isinstance(share, Fraction) else exact(share) for share in (low, high))
    assert floor(least * whole) <= part <= ceil(most * whole)


def rows(table: Any) -> list[Row]:
    return table.to_dict("records")


@dataclass(frozen=True)
class Told:
    """What a result says.

    Parameters
    ----------
    instance
        What it is for.
    tables
        Its tables.
    """

    instance: Instance
    tables: Mapping[str, Any]

    @cached_property
    def plan(self) -> dict[str, Row]:
        return {row["option"]: row for row in rows(self.tables["plan"])}

    @cached_property
    def ledger(self) -> list[dict[str, Any]]:
        found = rows(self.tables["ledger"])
        return [{**row, "fen": fen(row["amount_cny"])} for row in found]

    @cached_property
    def site(self) -> dict[str, Row]:
        return {row["id"]: row for row in rows(self.instance["sites"])}

    @cached_property
    def service(self) -> dict[str, Row]:
        return {row["service"]: row for row in rows(self.instance["services"])}

    @cached_property
    def fund(self) -> dict[str, Row]:
        return {row["fund"]: row for row in rows(self.instance["funds"])}

    @cached_property
    def flow(self) -> list[Row]:
        """Who goes where, of services with capacity or tariffs."""
        return [row for row in rows(self.tables["allocation"]) if row["service"] != "hall"]

    @cached_property
    def tier(self) -> dict[str, Row]:
        return {row["tier"]: row for row in rows(self.instance["tiers"])}

    @cached_property
    def charged(self) -> dict[str, dict[str, Row]]:
        """Rows of the tariffs table that places charge, by tier: options theirs, today's facilities the first."""
        menu = rows(self.instance["tariffs"])
        named = {o: row["tariff"] for o, row in self.plan.items() if row["tariff"]}
        canteens = (row["id"] for row in rows(self.instance["existing"]) if row["service"] == "canteen")
        named |= dict.fromkeys(canteens, menu[0]["tariff"])
        return {place: {t["tier"]: t for t in menu if t["tariff"] == tariff} for place, tariff in named.items()}

    def kind(self, option: str) -> Any:
        """The operating mode of an option; None where nobody runs it."""
        return self.instance.settings.operating.get(self.plan[option]["operating"])

    def sum(self, ledger: str, **of: str) -> int:
        """Sum of ledger rows [fen]."""
        return sum(r["fen"] for r in self.ledger if r["ledger"] == ledger and all(r[k] == v for k, v in of.items()))

    def allowed(self, row: Row) -> Fraction:
        """Largest share of an item that a fund may pay; ``row`` says ``fund``, ``item``, ``year`` and of what."""
        site = self.site[row["site"]]
        facts = {"items": row["item"], "modes": row["mode"], "ownerships": site["ownership"], "zones": site["zone"],
                 "years": row["year"]}  # fmt: skip
        if row["option"]:
            option = self.plan[row["option"]]
            facts |= {"operating": option["operating"], "services": option["service"]}
        able = (
            exact(e["max_share"])
            for e in rows(self.instance["eligibility"])
            if e["fund"] == row["fund"] and all(not e[k] or value in e[k] for k, value in facts.items())
        )
        return max(able, default=Fraction(0))

    def rent(self, site: str) -> Fraction:
        """Market rent of a square metre a year [CNY]."""
        own = self.site[site]["market_rent_cny_per_m2"]
        return exact(self.instance.settings.in_kind.rent_cny_per_m2 if own != own else own)

    def costs(self, option: str, part: str) -> dict[str, int]:
        """Capital or yearly cost of an option by item [fen]: of each item the most exact row."""
        row = self.plan[option]
        best: dict[str, tuple[int, Row]] = {}
        for cost in rows(self.instance["costs"]):
            if all(cost[k] in ("", row[k]) for k in ("service", "mode", "operating")):
                weight = 4 * bool(cost["service"]) + 2 * bool(cost["mode"]) + bool(cost["operating"])
                if cost["item"] not in best or weight > best[cost["item"]][0]:
                    best[cost["item"]] = weight, cost
        area = exact(row["area_m2"])
        found = {
            item: half_up(exact(cost[f"{part}_cny_per_m2"]) * 100 * area) + fen(cost[f"{part}_cny"])
            for item, (_, cost) in best.items()
        }
        kind = self.kind(option)
        if part == "yearly" and kind is not None and kind.pays_rent:
            found["rent"] = half_up(self.rent(row["site"]) * 100 * area)
        return {item: amount for item, amount in found.items() if amount}
