"""Whether the choice itself is allowed: options, tariffs, floor area, modes, pins."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from panhuo.instance.schema.choices import MODES
from panhuo.result.verify.figures import plain
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.rows import compare
from panhuo.result.verify.stock import Option, Stock, Tariff, Work, is_meant
from panhuo.words import T
from panhuo.words.names import listed, name

FILE = "plan.csv"


@dataclass(frozen=True)
class Plan:
    """The choice, as far as it exists: chosen options, their tariffs, and the shared works they need.

    Parameters
    ----------
    options : list of Option
        The chosen options, once each.
    tariff : dict of str to Tariff
        By option; the free one where its service has none. An option with a tariff it may not charge is not in it.
    works : list of Work
        Shared works.
    """

    options: list[Option]
    tariff: dict[str, Tariff]
    works: list[Work]

    @property
    def capital(self) -> int:
        """Capital cost of everything [fen]."""
        return sum(sum(o.capital.values()) for o in self.options) + self.capital_works

    @property
    def capital_works(self) -> int:
        """What of it are shared works [fen]."""
        return sum(w.fen for w in self.works)

    @property
    def yearly(self) -> int:
        """What a year costs whoever comes [fen]."""
        return sum(sum(o.yearly.values()) for o in self.options)

    @property
    def yearly_run(self) -> int:
        """What of it is spent where an operating mode says who runs the place [fen]."""
        return sum(sum(o.yearly.values()) for o in self.options if o.operating)

    @property
    def by_project(self) -> dict[tuple[str, str], list[Option]]:
        """Chosen options by site and mode."""
        found: dict[tuple[str, str], list[Option]] = defaultdict(list)
        for option in self.options:
            found[option.site, option.mode].append(option)
        return found


def check_plan(stock: Stock, plan: pd.DataFrame, allocation: pd.DataFrame, findings: Findings) -> Plan:
    """Check every row of plan.csv, and what the rows do together; gives the choice as far as it exists.

    Parameters
    ----------
    allocation : DataFrame
        The rows of allocation.csv, checked elsewhere: whom they serve is what the plan states.
    """
    chosen: dict[str, Option] = {}
    tariffs: dict[str, Tariff] = {}
    rows = plan[["option", "site", "mode", "service", "tariff"]]
    for option, site, mode, service, tariff in rows.itertuples(index=False):
        offered = stock.options.get(option)
        if offered is None:
            rule = stock.excluded.get((site, mode, service))
            reason = T("no such option") if rule is None else T("excluded by the rule {rule}", rule=rule)
            findings.add(FILE, option, "option", None, None, reason)
            continue
        chosen[option] = offered
        own = {t.name: t for t in stock.menu.offered(offered.service, offered.operating)}
        if tariff in own:
            tariffs[option] = own[tariff]
        else:
            allowed = T("a tariff the option may charge: {tariffs}", tariffs=", ".join(own))
            findings.add(FILE, option, "tariff", tariff, None, allowed)
    options = list(chosen.values())
    compare(findings, FILE, plan[plan["option"].isin(chosen)], _expected(stock, options, allocation), ["option"])
    found = Plan(options, tariffs, stock.needed(options))
    _together(stock, found, findings)
    _pins(stock, options, findings)
    return found


def _expected(stock: Stock, options: list[Option], allocation: pd.DataFrame) -> pd.DataFrame:
    served: Counter[str] = Counter()
    for option, persons in zip(allocation["option"], allocation["persons"], strict=True):
        served[option] += persons
    columns: dict[str, list[Any]] = {
        "option": [o.key for o in options],
        "site": [o.site for o in options],
        "site_name": [stock.sites[o.site]["name"] for o in options],
        "mode": [o.mode for o in options],
        "service": [o.service for o in options],
        "operating": [o.operating for o in options],
        "size": [o.size for o in options],
        "area_m2": [o.area for o in options],
        "months": [o.months for o in options],
        "year_open": [o.open_year for o in options],
        "capacity_persons": [o.capacity for o in options],
        "served_persons": [served[o.key] if o.service in stock.menu.flow else None for o in options],
        "capital_cny": [sum(o.capital.values()) for o in options],
        "yearly_cny": [sum(o.yearly.values()) for o in options],
    }
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


def _together(stock: Stock, plan: Plan, findings: Findings) -> None:
    modes: dict[str, set[str]] = defaultdict(set)
    for option in plan.options:
        modes[option.site].add(option.mode)
    for site, used in modes.items():
        if len(used) > 1:
            words = listed([name(mode, MODES[mode][0]) for mode in MODES if mode in used])
            findings.add(
                FILE, site, "mode", ", ".join(sorted(used)), None, T("a site is used in one mode only"),
                breach=T("{site} is used in more than one mode: {modes}", site=called(stock, site), modes=words),
            )  # fmt: skip
    for (site, mode), options in plan.by_project.items():
        area, room = sum(o.area for o in options), stock.room(site, mode)
        if area > room:
            findings.add(
                FILE, f"{site}:{mode}", "area_m2", f"{area / 100:.2f}", f"<= {room / 100:.2f}",
                T("the services of a site share its floor area [m²]"),
                breach=T(
                    "over the floor area of {site} by {over} m²: its services take {area} m², {room} m² can be used",
                    site=called(stock, site), over=plain((area - room) / 100),
                    area=plain(area / 100), room=plain(room / 100),
                ),
            )  # fmt: skip
    _once(stock, plan, findings)
    for (site, service), times in Counter((o.site, o.service) for o in plan.options).items():
        if times > 1:
            row = stock.services[service]
            findings.add(
                FILE, f"{site} {service}", None, times, 1, T("a site holds a service once only"),
                breach=T(
                    "{site} holds {service} {times} times; once is allowed",
                    site=called(stock, site), service=name(row["name_en"], row["name_zh"]), times=times,
                ),
            )  # fmt: skip


def _once(stock: Stock, plan: Plan, findings: Findings) -> None:
    """Check that no site holds several services that serve the same people."""
    held: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for option in plan.options:
        held[option.site, stock.menu.served_as[option.service]][option.service] = None
    for (site, _), services in held.items():
        if len(services) > 1:
            rows = [stock.services[service] for service in services]
            words = listed([name(row["name_en"], row["name_zh"]) for row in rows])
            findings.add(
                FILE, site, "service", ", ".join(services), None,
                T("a site holds one of the services that serve the same people only"),
                breach=T("{site} holds {services}, which serve the same people; one is allowed",
                         site=called(stock, site), services=words),
            )  # fmt: skip


def _pins(stock: Stock, options: list[Option], findings: Findings) -> None:
    used = {o.site for o in options}
    for site in [s for s, status in stock.status.items() if status == "required"]:
        if site not in used:
            findings.add(
                FILE, site, None, None, None, T("the site is required but not used"),
                breach=T("{site} is required but not used", site=called(stock, site)),
            )  # fmt: skip
    for pin in stock.pinned:
        if not any(is_meant(pin, option) for option in options):
            row = stock.services[pin.service]
            findings.add(
                FILE, pin.key, None, None, None, T("the option is pinned but not chosen"),
                breach=T("{service} in {site} ({mode}) is pinned but not chosen",
                         service=name(row["name_en"], row["name_zh"]), site=called(stock, pin.site),
                         mode=name(pin.mode, MODES[pin.mode][0])),
            )  # fmt: skip


def called(stock: Stock, site: str) -> str:
    """Name a site by its id and what readers call it."""
    name_of = str(stock.sites[site]["name"])
    return site if name_of in ("", site) else f"{site} {name_of}"
