"""Links between services at one site or nearby."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import hypot
from typing import Any

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import given


@dataclass(frozen=True)
class Link:
    """One row of the links table; ``within`` is ``None`` for the same site."""

    key: str
    kind: str
    a: str
    b: str
    within: float | None
    bonus: float


class Neighbours:
    """The links table, and where places stand."""

    def __init__(self, instance: Instance) -> None:
        self.links = [
            Link(
                r.link, r.kind, r.service_a, r.service_b, float(r.within_m) if given(r.within_m) else None,
                float(r.bonus) if given(r.bonus) else 0.0,
            )
            for r in tuples(instance["links"])
        ]  # fmt: skip
        self._at = {r.id: (r.x_m, r.y_m) for r in tuples(instance["sites"])}
        self._existing: list[tuple[str, str, tuple[float, float]]] = [
            (r.service, r.site_id, (r.x_m, r.y_m)) for r in tuples(instance["existing"])
        ]

    def near(self, link: Link, site: str, other: str) -> bool:
        """Whether two sites are near enough for a link."""
        return site == other if link.within is None else _apart(self._at[site], self._at[other]) <= link.within

    def existing(self, link: Link, site: str) -> list[str]:
        """List the sites ("" for none) of existing facilities of the link's second service that are near enough."""
        return [
            stands
            for service, stands, at in self._existing
            if service == link.b
            and (stands == site if link.within is None else _apart(self._at[site], at) <= link.within)
        ]

    def barred(self, site: str, service: str, emptied: Collection[str]) -> str:
        """Name the link that bars a service from a site, beside an existing facility that cannot close.

        Parameters
        ----------
        emptied : collection of str
            Sites where some option closes what exists.
        """
        for link in self.links:
            asked = link.kind == "incompatible" and link.a == service
            if asked and any(stands not in emptied for stands in self.existing(link, site)):
                return link.key
        return ""


def _apart(a: tuple[Any, Any], b: tuple[Any, Any]) -> float:
    """Straight line between two places [m], rounded to a millimetre."""
    return round(hypot(a[0] - b[0], a[1] - b[1]), 3)
