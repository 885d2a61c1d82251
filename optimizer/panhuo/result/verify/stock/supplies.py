"""Supply, derived again: what places take of a supplier, what suppliers have, how far it is on the road."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from math import ceil, floor
from typing import Any

import numpy as np

from panhuo.instance import Instance
from panhuo.instance.tabular import records, tuples
from panhuo.result.verify.exact import MICRO, exact, given
from panhuo.result.verify.ground import delivery_minutes


class Supplies:
    """Who may supply whom, in exact numbers [millionths of what is supplied].

    Parameters
    ----------
    instance : Instance
        Services, sites, existing facilities.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._services = {r["service"]: r for r in records(instance["services"])}
        self.supplier_of = {k: r["supplied_by"] for k, r in self._services.items() if r["supplied_by"]}
        """The service that must supply another one."""
        self._at = {r.id: (r.x_m, r.y_m) for name in ("sites", "existing") for r in tuples(instance[name])}
        self._row: dict[str, int] = {}
        self._column: dict[str, int] = {}
        self._minutes = np.empty((0, 0))
        existing = tuples(instance["existing"])
        self.standing: dict[str, tuple[str, Any]] = {
            r.id: (r.service, r.supply) for r in existing if r.service in self.supplier_of.values()
        }
        """Existing facilities of services that supply, and what the table says they can."""

    def takes(self, service: str, capacity: int | None) -> int:
        """Say what a place takes of its supplier, rounded up; 0 where it needs none."""
        if service not in self.supplier_of or capacity is None:
            return 0
        return ceil(exact(self._services[service]["supply_per_person"]) * capacity)

    def gives(self, service: str, area: int, own: Any) -> int:
        """Say what a place of so many 0.01 m² can supply, as given or by its area, rounded down."""
        if service not in self.supplier_of.values():
            return 0
        if given(own):
            return floor(exact(own) * MICRO)
        each = self._services[service]["supply_per_m2"]
        return floor(exact(each) * area * MICRO / 100) if given(each) else 0

    def minutes(self, supplier: str, site: str) -> float:
        """Give the minutes on the road from a supplier's place to a site, not rounded; inf where no way leads there."""
        if supplier not in self._row or site not in self._column:
            self.look_up({*self._row, supplier}, {*self._column, site})
        return float(self._minutes[self._row[supplier], self._column[site]])

    def look_up(self, suppliers: Collection[str], sites: Collection[str]) -> None:
        """Work out the minutes of many pairs at once."""
        self._row, self._column = (
            {place: n for n, place in enumerate(sorted(places))} for places in (suppliers, sites)
        )
        if suppliers and sites:
            ends = (
                np.array([self._at[place] for place in places], dtype=float) for places in (self._row, self._column)
            )
            self._minutes = delivery_minutes(self._instance, *ends)

    def near(self, service: str, supplier: str, site: str) -> bool:
        """Whether a supplier's place is within the delivery standard of a service at a site, in minutes to 0.001."""
        most, minutes = self._services[service]["supply_min"], float(np.round(self.minutes(supplier, site), 3))
        return bool(np.isfinite(minutes) and (not given(most) or minutes <= most))

    def fed(self, giving: Iterable[tuple[str, str]], asked: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """List those of some offers (site, service) that one of the (service, place) that give is near enough for."""
        places: dict[str, set[str]] = {}
        for service, place in giving:
            places.setdefault(service, set()).add(place)
        return {
            (site, service)
            for site, service in asked
            if any(self.near(service, place, site) for place in places.get(self.supplier_of[service], ()))
        }
