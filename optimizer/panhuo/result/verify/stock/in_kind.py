"""What parties give without cash: rent-free space and volunteers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from panhuo.instance import Instance
from panhuo.instance.policy import Operating
from panhuo.result.verify.exact import exact, given, half_up, hundredths

_GIVES_SPACE = {"administrative": "government", "state": "government", "private": "enterprise"}
"""Who gives the space of a site, by its owner; the community where nothing else is said."""


class Gifts:
    """The in-kind settings."""

    def __init__(self, instance: Instance) -> None:
        self._settings = instance.settings.in_kind

    def rent(self, site: Mapping[str, Any]) -> float:
        """Give the yearly market rent of a site [CNY/m²]."""
        own = site["market_rent_cny_per_m2"]
        return float(own if given(own) else self._settings.rent_cny_per_m2)

    def of(self, site: Mapping[str, Any], run: Operating | None, area: int) -> dict[tuple[str, str], int]:
        """Value what an option of so many 0.01 m² is given, by (party, item) [fen]; nothing without operating mode."""
        if run is None:
            return {}
        years = exact(self._settings.years)
        giver = _GIVES_SPACE.get(site["ownership"], "community")
        space = half_up(Fraction(hundredths(self.rent(site)) * area, 100) * years)
        hours = half_up(exact(run.volunteer_hours) * hundredths(self._settings.volunteer_cny_per_hour) * years)
        found = {(giver, "space"): 0 if run.pays_rent else space, ("community", "volunteers"): hours}
        return {key: fen for key, fen in found.items() if fen}
