"""Operating modes, tiers and tariffs: who may run a service, and what a visit costs whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from panhuo.instance import Instance
from panhuo.instance.policy import Operating
from panhuo.instance.tabular import records
from panhuo.result.verify.exact import exact, given, hundredths

UNTIERED = ""
"""The one tier of services without tariffs."""


@dataclass(frozen=True)
class Charge:
    """What a visit of one tier costs whom [fen], and the share of the assigned people who come at that."""

    price: int = 0
    government: int = 0
    enterprise: int = 0
    donor: int = 0
    uptake: Fraction = Fraction(1)


@dataclass(frozen=True)
class Tariff:
    """One tariff of a service: a charge for every tier."""

    name: str
    price_class: str
    operating: tuple[str, ...]
    existing: bool
    charges: dict[str, Charge]


FREE = Tariff("", "", (), True, {UNTIERED: Charge()})
"""What stands for a tariff where a service has none."""


@dataclass(frozen=True)
class Tier:
    """Rank of need, monthly income (``None``: not compared), and the share of each group that is of the tier."""

    need: int
    income: Fraction | None
    shares: dict[str, Fraction]


class Menu:
    """The menu of an instance: services, operating modes, tiers and tariffs."""

    def __init__(self, instance: Instance) -> None:
        settings = instance.settings
        self.operating: dict[str, Operating] = {str(key): run for key, run in settings.operating.items()}
        policy = settings.policy
        self._share = None if policy.affordable_share is None else exact(policy.affordable_share)
        self._cap = None if policy.price_cap_cny is None else hundredths(policy.price_cap_cny)
        self._able: dict[tuple[str, str, str], bool] = {}
        self.tiers: dict[str, Tier] = {}
        for row in _records(instance, "tiers"):
            income = exact(row["income_cny_per_month"]) if given(row["income_cny_per_month"]) else None
            tier = self.tiers.setdefault(row["tier"], Tier(int(row["need"]), income, {}))
            tier.shares[row["group"]] = exact(row["share"])
        self._untiered = Tier(0, None, dict.fromkeys(instance.groups, Fraction(1)))
        self.tariffs: dict[str, list[Tariff]] = {}
        for row in _records(instance, "tariffs"):
            mine = self.tariffs.setdefault(row["service"], [])
            if not any(tariff.name == row["tariff"] for tariff in mine):
                mine.append(
                    Tariff(row["tariff"], row["price_class"], tuple(row["operating"]), _yes(row["existing"]), {})
                )
            tariff = next(tariff for tariff in mine if tariff.name == row["tariff"])
            tariff.charges[row["tier"]] = Charge(
                hundredths(row["price_cny"]), hundredths(row["government_cny"]), hundredths(row["enterprise_cny"]),
                hundredths(row["donor_cny"]), exact(row["uptake"]),
            )  # fmt: skip
        services = list(_records(instance, "services"))
        self.visits = {
            r["service"]: exact(r["visits_per_year"]) if r["service"] in self.tariffs else Fraction(0) for r in services
        }
        self.served_as = {r["service"]: r["counts_as"] or r["service"] for r in services}
        """The service whose people each service serves."""
        assigned = {
            self.served_as[r["service"]]
            for r in services
            if given(r["capacity_per_m2"]) or r["service"] in self.tariffs
        }
        self.flow = [k for k, served in self.served_as.items() if served in assigned]
        """Services whose people are assigned: one that serves them has a capacity or tariffs."""

    def kinds(self, service: str) -> list[str]:
        """List the services that serve the people of a service."""
        return [k for k, served in self.served_as.items() if served == service]

    def runs(self, service: str, mode: str) -> list[str]:
        """Operating modes of a service in a mode; "" alone where none is given for the service at all."""
        mine = [key for key, run in self.operating.items() if not run.services or service in run.services]
        if not mine:
            return [""]
        return [key for key in mine if not self.operating[key].modes or mode in self.operating[key].modes]

    def all_of(self, service: str) -> list[Tariff]:
        """Tariffs of a service; the free one where it has none."""
        return self.tariffs.get(service, [FREE])

    def offered(self, service: str, operating: str) -> list[Tariff]:
        """Tariffs that an account may charge; the free one where the service has none."""
        if service not in self.tariffs:
            return [FREE]
        classes = self.operating[operating].price_classes if operating else ()
        return [
            tariff
            for tariff in self.tariffs[service]
            if (not tariff.operating or operating in tariff.operating)
            and (not classes or tariff.price_class in classes)
            and (self._cap is None or all(charge.price <= self._cap for charge in tariff.charges.values()))
        ]

    def today(self, service: str) -> Tariff:
        """Give the tariff of existing facilities: the marked one, else the service's first."""
        mine = self.all_of(service)
        return next((tariff for tariff in mine if tariff.existing), mine[0])

    def tiers_of(self, service: str) -> dict[str, Tier]:
        """Tiers of a service; the one untiered where it has no tariffs."""
        return self.tiers if service in self.tariffs else {UNTIERED: self._untiered}

    def can_pay(self, service: str, tariff: Tariff, tier: str) -> bool:
        """Whether the visits of a year are within the affordable share of a tier's yearly income."""
        key = service, tariff.name, tier
        if key not in self._able:
            income, visits = self.tiers_of(service)[tier].income, self.visits[service]
            limit = None if self._share is None or income is None else self._share * income * 1200
            self._able[key] = limit is None or tariff.charges[tier].price * visits <= limit
        return self._able[key]


def _records(instance: Instance, table: str) -> Iterable[dict[str, Any]]:
    return records(instance[table])


def _yes(cell: Any) -> bool:
    return given(cell) and bool(cell)
