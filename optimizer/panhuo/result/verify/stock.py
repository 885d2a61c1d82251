"""What every site may become, and what that takes and costs: derived again, in exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, cast

import pandas as pd

from panhuo.instance import Instance
from panhuo.result.verify.rules import Line, Rulebook


@dataclass(frozen=True)
class Offer:
    """One option as derived here: area in 0.01 m², money in fen by item."""

    site: str
    mode: str
    service: str
    area: int
    months: int
    capital: dict[str, int]
    yearly: dict[str, int]

    @property
    def option(self) -> str:
        """Its name."""
        return f"{self.site}:{self.mode}:{self.service}"


class Stock:
    """Every option of an instance, and the rule that excludes each pair that is none.

    Parameters
    ----------
    instance : Instance
        Sites, services, rules, costs, conversions, modes and policy.
    """

    def __init__(self, instance: Instance) -> None:
        self._settings = instance.settings
        self.sites: dict[str, dict[str, Any]] = {
            r["id"]: r for r in cast("list[dict[str, Any]]", instance["sites"].to_dict("records"))
        }
        self.services: dict[str, dict[str, Any]] = {
            r["service"]: r for r in cast("list[dict[str, Any]]", instance["services"].to_dict("records"))
        }
        self._conversions: dict[tuple[str, str, str], dict[str, Any]] = {
            (r["site"], r["mode"], r["service"]): r
            for r in cast("list[dict[str, Any]]", instance["conversions"].to_dict("records"))
        }
        self._costs = cast("list[dict[str, Any]]", instance["costs"].to_dict("records"))
        self._matching: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.excluded: dict[tuple[str, str, str], str] = {}
        self.offers: dict[str, Offer] = {}
        rulebook, policy = Rulebook(instance), self._settings.policy
        self.status = {s: row["status"] for s, row in self.sites.items()}
        self.status |= dict.fromkeys(policy.required_sites, "required") | dict.fromkeys(
            policy.excluded_sites, "excluded"
        )
        for site, row in self.sites.items():
            holding = rulebook.holding(row)
            for mode in self._settings.modes:
                for service in self.services:
                    rule = self._excluding(site, mode, service, holding)
                    if rule:
                        self.excluded[site, mode, service] = rule
                    else:
                        offer = self._offer(site, mode, service)
                        self.offers[offer.option] = offer

    def room(self, site: str, mode: str) -> int:
        """Usable floor area of a project [0.01 m²], rounded down."""
        settings, row = self._settings.modes[cast("Any", mode)], self.sites[site]
        start = row[settings.area_of]
        if pd.isna(start):
            start = row["area_m2"] if settings.area_of == "floor_area_m2" else 0.0
        return half_up(exact(start) * 100) * half_up(exact(settings.area_ratio) * 10_000) // 10_000

    def _excluding(self, site: str, mode: str, service: str, holding: list[tuple[str, list[Line]]]) -> str:
        """Name the first rule that excludes a pair; empty where none does."""
        given = self._conversions.get((site, mode, service), {})
        allowed = given.get("allowed", pd.NA)
        if self.status[site] == "excluded":
            return "status"
        if not pd.isna(allowed) and not allowed:
            return "conversion"
        if pd.isna(allowed):
            for rule, lines in holding:
                if all(line.concerns(service, mode) for line in lines):
                    return rule
        own, room = given.get("area_m2", float("nan")), self.room(site, mode)
        if pd.isna(own):
            if room < half_up(exact(self.services[service]["min_area_m2"]) * 100):
                return "min_area"
        elif half_up(exact(own) * 100) > room:
            return "conversion_area"
        priced = any(not pd.isna(v) for c, v in given.items() if c.startswith(("capital_cny_", "yearly_cny_")))
        return "" if priced or self._rows(mode, service) else "no_cost"

    def _offer(self, site: str, mode: str, service: str) -> Offer:
        given, row = self._conversions.get((site, mode, service), {}), self.services[service]
        own, wanted, months = given.get("area_m2", float("nan")), row["area_m2"], given.get("months", pd.NA)
        if not pd.isna(own):
            area = half_up(exact(own) * 100)
        else:
            wanted = row["min_area_m2"] if pd.isna(wanted) else wanted
            area = min(half_up(exact(wanted) * 100), self.room(site, mode))
        if pd.isna(months):
            months = self._settings.modes[cast("Any", mode)].months
        capital, yearly = (self._cost(given, mode, service, area, ledger) for ledger in ("capital", "yearly"))
        return Offer(site, mode, service, area, int(months), capital, yearly)

    def _cost(self, given: dict[str, Any], mode: str, service: str, area: int, ledger: str) -> dict[str, int]:
        """Cost by item [fen]; what the conversions table gives takes the place of everything derived."""
        prefix = f"{ledger}_cny_"
        own = {c.removeprefix(prefix): v for c, v in given.items() if c.startswith(prefix) and not pd.isna(v)}
        if own:
            found = {item: half_up(exact(v) * 100) for item, v in own.items()}
        else:
            best: dict[str, dict[str, Any]] = {}
            for row in self._rows(mode, service):  # from the least exact to the most
                best[row["item"]] = row
            found = {
                item: half_up(Fraction(half_up(exact(row[f"{ledger}_cny_per_m2"]) * 100) * area, 100))
                + half_up(exact(row[f"{ledger}_cny"]) * 100)
                for item, row in best.items()
            }
        return {item: fen for item, fen in found.items() if fen}

    def _rows(self, mode: str, service: str) -> list[dict[str, Any]]:
        if (mode, service) not in self._matching:
            rows = [r for r in self._costs if r["service"] in ("", service) and r["mode"] in ("", mode)]
            rows.sort(key=lambda r: 2 * bool(r["service"]) + bool(r["mode"]))
            self._matching[mode, service] = rows
        return self._matching[mode, service]


def exact(value: Any) -> Fraction:
    """Take a number by the decimal digits it prints."""
    return Fraction(repr(float(value)))


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves up."""
    return floor(value + Fraction(1, 2))
