"""Whether the choice itself is allowed: options, floor area, modes, pins."""

from __future__ import annotations

from collections import Counter, defaultdict

import pandas as pd

from panhuo.result.verify.findings import Findings
from panhuo.result.verify.rows import compare
from panhuo.result.verify.stock import Offer, Stock
from panhuo.words import T

FILE = "plan.csv"


def check_plan(stock: Stock, plan: pd.DataFrame, findings: Findings) -> list[Offer]:
    """Check every row of plan.csv, and what the rows do together; gives the options that exist, once each."""
    chosen: dict[str, Offer] = {}
    for option, site, mode, service in plan[["option", "site", "mode", "service"]].itertuples(index=False):
        offer = stock.offers.get(option)
        if offer is not None:
            chosen[option] = offer
            continue
        rule = stock.excluded.get((site, mode, service))
        reason = T("no such option") if rule is None else T("excluded by the rule {rule}", rule=rule)
        findings.add(FILE, option, "option", None, None, reason)
    offers = list(chosen.values())
    expected = pd.DataFrame(
        {
            "option": [o.option for o in offers],
            "site": [o.site for o in offers],
            "site_name": [stock.sites[o.site]["name"] for o in offers],
            "mode": [o.mode for o in offers],
            "service": [o.service for o in offers],
            "area_m2": pd.Series([o.area for o in offers], dtype=object),
            "months": pd.Series([o.months for o in offers], dtype=object),
            "capital_cny": pd.Series([sum(o.capital.values()) for o in offers], dtype=object),
            "yearly_cny": pd.Series([sum(o.yearly.values()) for o in offers], dtype=object),
        }
    )
    compare(findings, FILE, plan[plan["option"].isin(chosen)], expected, ["option"])
    _together(stock, offers, findings)
    _pins(stock, offers, findings)
    return offers


def _together(stock: Stock, offers: list[Offer], findings: Findings) -> None:
    modes: dict[str, set[str]] = defaultdict(set)
    area: Counter[tuple[str, str]] = Counter()
    for offer in offers:
        modes[offer.site].add(offer.mode)
        area[offer.site, offer.mode] += offer.area
    for site, used in modes.items():
        if len(used) > 1:
            findings.add(FILE, site, "mode", ", ".join(sorted(used)), None, T("a site is used in one mode only"))
    for (site, mode), hundredths in area.items():
        if hundredths > stock.room(site, mode):
            room = f"<= {stock.room(site, mode) / 100:.2f}"
            rule = T("the services of a site share its floor area [m²]")
            findings.add(FILE, f"{site}:{mode}", "area_m2", f"{hundredths / 100:.2f}", room, rule)
    for (site, service), times in Counter((o.site, o.service) for o in offers).items():
        if times > 1:
            findings.add(FILE, f"{site} {service}", None, times, 1, T("a site holds a service once only"))


def _pins(stock: Stock, offers: list[Offer], findings: Findings) -> None:
    used = {o.site for o in offers}
    for site in [s for s, status in stock.status.items() if status == "required"]:
        if site not in used:
            findings.add(FILE, site, None, None, None, T("the site is required but not used"), policy=True)
