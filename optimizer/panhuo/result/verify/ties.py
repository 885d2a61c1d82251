"""What chosen options must be to one another: links, embedded complexes, floor area by population."""

from __future__ import annotations

from fractions import Fraction

from panhuo.instance import Instance
from panhuo.instance.policy import Quota
from panhuo.result.verify.exact import exact, hundredths
from panhuo.result.verify.figures import percent, plain
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.quotas import groups, quota_bounds
from panhuo.result.verify.siting import FILE, Plan, called
from panhuo.result.verify.stock import Option, Stock
from panhuo.words import T
from panhuo.words.names import name


def check_ties(instance: Instance, stock: Stock, plan: Plan, findings: Findings) -> Fraction:
    """Check links, the number of complexes, and quotas of floor area; gives the points of links."""
    points = _links(stock, plan, findings)
    _complexes(instance, plan, findings)
    for quota in instance.settings.policy.quotas:
        if quota.measure == "floor_area":
            _floor_area(instance, stock, plan, quota, findings)
    return points


def is_complex(instance: Instance, options: list[Option]) -> bool:
    """Whether the chosen options of one project make an embedded complex."""
    asked = instance.settings.policy.complex
    if asked is None:
        return False
    services = {o.service for o in options}
    return (
        sum(o.area for o in options) >= hundredths(asked.min_area_m2)
        and len(services) >= asked.min_functions
        and len(services & {*asked.named}) >= asked.min_named
    )


def _links(stock: Stock, plan: Plan, findings: Findings) -> Fraction:
    """Check requirements and incompatible neighbours; add up the points of the others."""
    points = Fraction(0)
    sites: dict[str, list[str]] = {}
    for service, site in dict.fromkeys((o.service, o.site) for o in plan.options):
        sites.setdefault(service, []).append(site)
    for link in stock.neighbours.links:
        for site in sites.get(link.a, ()):
            others = [s for s in sites.get(link.b, ()) if (link.a != link.b or s != site)]
            others = [s for s in others if stock.neighbours.near(link, site, s)]
            beside = bool(others or stock.neighbours.existing(link, site))
            row, other = stock.services[link.a], stock.services[link.b]
            ours, theirs = (name(r["name_en"], r["name_zh"]) for r in (row, other))
            if link.kind == "bonus" and beside:
                points += exact(link.bonus)
            elif link.kind == "requires" and not beside:
                findings.add(
                    FILE, f"{site} {link.a}", "service", None, None, T("the link {link} asks for {other} beside it",
                                                                      link=link.key, other=link.b),
                    breach=T("{service} in {site} needs {other} beside it, and has none",
                             service=ours, site=called(stock, site), other=theirs),
                )  # fmt: skip
            elif link.kind == "incompatible" and others:
                findings.add(
                    FILE, f"{site} {link.a}", "service", ", ".join(others), None,
                    T("the link {link} bars {other} beside it", link=link.key, other=link.b),
                    breach=T("{service} in {site} may not stand beside {other}, and does",
                             service=ours, site=called(stock, site), other=theirs),
                )  # fmt: skip
    return points


def _complexes(instance: Instance, plan: Plan, findings: Findings) -> None:
    asked = instance.settings.policy.complex
    if asked is None:
        return
    found = sum(is_complex(instance, options) for options in plan.by_project.values())
    if found < asked.least:
        findings.add(
            FILE, None, None, found, asked.least, T("the least number of embedded complexes"),
            breach=T("embedded complexes: {found}, of at least {least} asked for", found=found, least=asked.least),
        )  # fmt: skip


def _floor_area(instance: Instance, stock: Stock, plan: Plan, quota: Quota, findings: Findings) -> None:
    """Check that every group's share of the floor area is in keeping with its share of the people."""
    of_site = groups(instance, stock, quota)
    whole = sum(o.area for o in plan.options)
    for group, (low, high) in quota_bounds(instance, stock, quota).items():
        part = sum(o.area for o in plan.options if of_site[o.site] == group)
        if not low * whole <= part <= high * whole:
            findings.add(
                FILE, group, "area_m2", f"{part / 100:.2f}",
                f"{float(low * whole) / 100:.2f} … {float(high * whole) / 100:.2f}",
                T("floor area in keeping with the people of the group"),
                breach=T(
                    "{group} gets {area} m², {share} of the floor area; {low} to {high} are in keeping with its people",
                    group=group, area=plain(part / 100), share=percent(part / whole), low=percent(float(low)),
                    high=percent(float(high)),
                ),
            )  # fmt: skip
