"""Population quotas (人钱地挂钩): which sites form a group, and what share is in keeping with its people."""

from __future__ import annotations

from fractions import Fraction

from panhuo.instance import Instance
from panhuo.instance.policy import Quota
from panhuo.result.verify.exact import exact
from panhuo.result.verify.stock import Stock


def groups(instance: Instance, stock: Stock, quota: Quota) -> dict[str, str]:
    """Give the group of every site, by its circle or the type of that; "" where it has none."""
    circles = instance["circles"]
    kind = dict(zip(circles["circle"], circles["type"], strict=True))
    circle = {site: row["circle"] for site, row in stock.sites.items()}
    return circle if quota.by == "circle" else {site: kind.get(c, "") for site, c in circle.items()}


def quota_bounds(instance: Instance, stock: Stock, quota: Quota) -> dict[str, tuple[Fraction, Fraction]]:
    """Give least and largest share of every group with a site that has an option."""
    circles, demand = instance["circles"], instance["demand"]
    kind = dict(zip(circles["circle"], circles["type"], strict=True))
    people: dict[str, Fraction] = {}
    for column in (f"people_{group}" for group in instance.groups):
        for circle, persons in zip(demand["circle"], demand[column], strict=True):
            group = circle if quota.by == "circle" else kind.get(circle, "")
            people[group] = people.get(group, Fraction(0)) + exact(persons)
    total = sum(people.values())
    of_site = groups(instance, stock, quota)
    held = {of_site[option.site] for option in stock.options.values()}
    found = {}
    for group, persons in people.items():
        if group and group in held and total:
            share = persons / total
            most = Fraction(1) if quota.max_factor is None else min(Fraction(1), exact(quota.max_factor) * share)
            found[group] = exact(quota.min_factor) * share, most
    return found
