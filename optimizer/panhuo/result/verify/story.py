"""sites.csv: what becomes of every site, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panhuo.result.verify.findings import Findings
from panhuo.result.verify.people import Reached
from panhuo.result.verify.rows import CLOSE, compare
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Option, Stock


def check_sites(stock: Stock, plan: Plan, reached: Reached, sites: pd.DataFrame, findings: Findings) -> None:
    """Compare sites.csv with the choice; of ``detail`` only the reason behind it is checked.

    A site's capital is that of its options and of the shared works they need.
    """
    by_site: dict[str, list[Option]] = {}
    for option in plan.options:
        by_site.setdefault(option.site, []).append(option)
    shared: dict[str, int] = {}
    for work in plan.works:
        shared[work.site] = shared.get(work.site, 0) + work.fen
    services, rows = list(stock.services), list(stock.sites)
    offered: dict[str, list[int]] = {}
    for option in stock.options.values():
        offered.setdefault(option.site, []).append(services.index(option.service))
    best = [reached.gain[j, offered[s]].max() if s in offered else np.nan for j, s in enumerate(rows)]
    used = [by_site.get(s, []) for s in rows]
    capital = [sum(sum(o.capital.values()) for o in own) + shared.get(s, 0) for s, own in zip(rows, used, strict=True)]
    expected = pd.DataFrame(
        {
            "site": rows,
            "name": [stock.sites[s]["name"] for s in rows],
            "status": [stock.status[s] for s in rows],
            "chosen": ["yes" if own else "no" for own in used],
            "mode": [own[0].mode if own else "" for own in used],
            "services": [";".join(sorted((o.service for o in own), key=services.index)) for own in used],
            "area_used_m2": pd.Series([sum(o.area for o in own) for own in used], dtype=object),
            "capital_cny": pd.Series(capital, dtype=object),
            "yearly_cny": pd.Series([sum(sum(o.yearly.values()) for o in own) for own in used], dtype=object),
            "reason": [
                _reason(stock, s, bool(own), gain, bool(off))
                for s, own, gain, off in zip(rows, used, best, reached.off_sites, strict=True)
            ],
        }
    )
    ordered = sites.assign(services=[_ordered(cell, services) for cell in sites["services"]])
    compare(findings, "sites.csv", ordered, expected, ["site"])


def _reason(stock: Stock, site: str, chosen: bool, gain: float, off: bool) -> str:
    if chosen:
        return "chosen"
    if stock.status[site] == "excluded":
        return "excluded"
    if np.isnan(gain):
        return "no_option"
    if gain > CLOSE / 10:
        return "not_chosen"
    return "off_network" if off else "no_gain"


def _ordered(cell: str, services: list[str]) -> str:
    """Put the services of a cell into the order of the catalogue; the order itself says nothing."""
    known = {service: i for i, service in enumerate(services)}
    return ";".join(sorted(cell.split(";"), key=lambda s: known.get(s, len(known)))) if cell else ""
