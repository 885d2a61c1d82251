"""Whether the choice itself is allowed: options, floor area, modes, pins."""

from __future__ import annotations

from collections import Counter, defaultdict

import pandas as pd

from panhuo.instance.schema.choices import MODES
from panhuo.result.sentences import listed, name
from panhuo.result.verify.figures import plain
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
            words = listed([name(mode, MODES[mode][0]) for mode in MODES if mode in used])
            findings.add(
                FILE, site, "mode", ", ".join(sorted(used)), None, T("a site is used in one mode only"),
                breach=T("{site} is used in more than one mode: {modes}", site=_site(stock, site), modes=words),
            )  # fmt: skip
    for (site, mode), hundredths in area.items():
        room = stock.room(site, mode)
        if hundredths > room:
            findings.add(
                FILE, f"{site}:{mode}", "area_m2", f"{hundredths / 100:.2f}", f"<= {room / 100:.2f}",
                T("the services of a site share its floor area [m²]"),
                breach=T(
                    "over the floor area of {site} by {over} m²: its services take {area} m², {room} m² can be used",
                    site=_site(stock, site), over=plain((hundredths - room) / 100),
                    area=plain(hundredths / 100), room=plain(room / 100),
                ),
            )  # fmt: skip
    for (site, service), times in Counter((o.site, o.service) for o in offers).items():
        if times > 1:
            row = stock.services[service]
            findings.add(
                FILE, f"{site} {service}", None, times, 1, T("a site holds a service once only"),
                breach=T(
                    "{site} holds {service} {times} times; once is allowed",
                    site=_site(stock, site), service=name(row["name_en"], row["name_zh"]), times=times,
                ),
            )  # fmt: skip


def _pins(stock: Stock, offers: list[Offer], findings: Findings) -> None:
    used = {o.site for o in offers}
    for site in [s for s, status in stock.status.items() if status == "required"]:
        if site not in used:
            findings.add(
                FILE, site, None, None, None, T("the site is required but not used"),
                breach=T("{site} is required but not used", site=_site(stock, site)),
            )  # fmt: skip


def _site(stock: Stock, site: str) -> str:
    """Name a site by its id and what readers call it."""
    called = str(stock.sites[site]["name"])
    return site if called in ("", site) else f"{site} {called}"
