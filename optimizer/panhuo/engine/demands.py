"""What the rows of a program ask for, in words: what may be at odds when no plan exists."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from panhuo.engine.compile import Compiled
from panhuo.words import T, Text
from panhuo_models.data import YEARLY_ITEMS, SitingData


@dataclass(frozen=True)
class Demand:
    """Rows (of the planning rows) and columns that ask for one thing together."""

    text: Text
    rows: tuple[int, ...] = ()
    mandatory: bool = False


def demands(data: SitingData, compiled: Compiled) -> list[Demand]:
    """Group the rows that may be at odds by what asks for them; what merely defines something is no demand.

    Parameters
    ----------
    data : SitingData
        The data.
    compiled : Compiled
        Its matrix.

    Returns
    -------
    list of Demand
        In the order: pins, floors, services, links, supply, complexes, areas, capital, shares, the year, floor area.
    """
    found: dict[str, dict[Hashable, tuple[Text, list[int]]]] = {family: {} for family in _NAMED}
    for n, (family, index) in enumerate(compiled.rows):
        if family in _NAMED and (named := _NAMED[family](data, index)) is not None:
            key, text = named
            found[family].setdefault(key, (text, []))[1].append(n)
    listed = [(family, Demand(text, tuple(rows))) for family, group in found.items() for text, rows in group.values()]
    if data.reach.mandatory.any():
        safe = Demand(T("mandatory services: everyone they can reach must be covered"), mandatory=True)
        before = sum(family in ("siting.required", "equity.floor") for family, _ in listed)
        listed.insert(before, ("", safe))
    return [demand for _, demand in listed]


def people(count: float) -> str:
    """Write a number of people."""
    return f"{count:,.1f}".removesuffix(".0")


_Named = tuple[Hashable, Text] | None


def _required(data: SitingData, pin: str) -> _Named:
    if pin in data.sites:
        return pin, T("required site {site}: it must be used", site=pin)
    return pin, T("pin {pin}: it must be chosen", pin=pin)


def _floor(data: SitingData, n: int) -> _Named:
    floor = data.floors[n]
    return n, T("floor {floor}: at least {persons} people", floor=floor.name, persons=people(floor.persons))


def _requires(data: SitingData, n: int) -> _Named:
    name = data.links[n].name
    return name, T("link {link}: one service needs the other", link=name)


def _incompatible(data: SitingData, pair: tuple[int, int]) -> _Named:
    apart = (link for link in data.links if link.kind == "incompatible")
    name = next(k.name for k in apart if {(k.offer, other) for other in k.others} & {pair, pair[::-1]})
    return name, T("link {link}: the services may not stand together", link=name)


def _supplied(_: SitingData, __: object) -> _Named:
    return 0, T("supply: every place that must be supplied has one supplier, which is open")


def _supply(_: SitingData, supplier: str) -> _Named:
    return supplier, T("supply: {supplier} feeds no more than it can", supplier=supplier)


def _complexes(data: SitingData, _: object) -> _Named:
    least = 0 if data.complexes is None else data.complexes.least
    return 0, T("embedded complexes: at least {least}", least=least)


def _area_low(data: SitingData, n: int) -> _Named:
    quota = data.quotas[n]
    return n, T("quota {quota}: at least {share} of the floor area", quota=quota.name, share=f"{quota.low:.1%}")


def _area_high(data: SitingData, n: int) -> _Named:
    quota = data.quotas[n]
    return n, T("quota {quota}: at most {share} of the floor area", quota=quota.name, share=f"{quota.high:.1%}")


def _budget(data: SitingData, _: object) -> _Named:
    return 0, T("budget: at most {cny} CNY", cny=f"{data.money.budget:,.2f}")


def _cap(data: SitingData, fund: str) -> _Named:
    cap = float(data.money.cap[data.money.funds.index(fund)])
    return fund, T("fund {fund}: at most {cny} CNY", fund=fund, cny=f"{cap:,.2f}")


def _yearly_cap(data: SitingData, fund: str) -> _Named:
    cap = float(data.yearly.cap[data.money.funds.index(fund)])
    return fund, T("fund {fund}: at most {cny} CNY a year", fund=fund, cny=f"{cap:,.2f}")


def _most(_: SitingData, pair: tuple[str, int]) -> _Named:
    return pair[0], T("fund {fund}: no more than its share of an item", fund=pair[0])


def _complex_only(_: SitingData, pair: tuple[str, int]) -> _Named:
    return pair[0], T("fund {fund}: it pays in embedded complexes only", fund=pair[0])


def _one_source(_: SitingData, __: int) -> _Named:
    return 0, T("one central source an item at most")


def _low(data: SitingData, n: int) -> _Named:
    limit = data.money.limits[n]
    return n, T("share {limit}: at least {share}", limit=limit.name, share=f"{limit.low:.1%}")


def _high(data: SitingData, n: int) -> _Named:
    limit = data.money.limits[n]
    return n, T("share {limit}: at most {share}", limit=limit.name, share=f"{limit.high:.1%}")


def _bond(data: SitingData, n: int) -> _Named:
    fund = data.money.funds[data.money.bonds[n].fund]
    return fund, T("fund {fund}: own revenue must cover its debt service", fund=fund)


def _unpaid(data: SitingData, q: int) -> _Named:
    if data.money.eligible[:, q].any():
        return None
    return 0, T("some options have costs that no fund may pay")


def _unpaid_year(data: SitingData, y: int) -> _Named:
    if (data.yearly.eligible[:, y] & (data.yearly.cap > 0)).any():
        return None
    items = tuple(YEARLY_ITEMS[i] for i in np.flatnonzero((data.yearly.due == y).any(axis=0)).tolist())
    return items, T("no fund may pay {items} of the year", items=", ".join(items))


def _granted(data: SitingData, a: int) -> _Named:
    operating = _operating(data, [a])
    return operating, T("{operating}: operating subsidies stay within their limit", operating=operating)


def _margin_min(data: SitingData, pool: int) -> _Named:
    operating = _operating(data, np.flatnonzero(data.accounts.pool == pool).tolist())
    return operating, T("{operating}: the least margin", operating=operating)


def _margin_max(data: SitingData, pool: int) -> _Named:
    operating = _operating(data, np.flatnonzero(data.accounts.pool == pool).tolist())
    return operating, T("{operating}: the largest margin", operating=operating)


def _operating(data: SitingData, accounts: list[int]) -> str:
    """Name the operating modes of some accounts."""
    return ", ".join(dict.fromkeys(data.accounts.names[a].split(":")[2] for a in accounts))


def _capacity(_: SitingData, __: object) -> _Named:
    return 0, T("capacity: no place serves more people than it holds")


def _area(_: SitingData, __: object) -> _Named:
    return 0, T("floor area: the services of a site must fit into it")


def _one_mode(_: SitingData, __: object) -> _Named:
    return 0, T("a site is used in one mode at most")


_NAMED: Mapping[str, Callable[[SitingData, Any], _Named]] = {
    "siting.required": _required,
    "equity.floor": _floor,
    "links.requires": _requires,
    "links.incompatible": _incompatible,
    "supply.one_supplier": _supplied,
    "supply.open": _supplied,
    "supply.enough": _supply,
    "complexes.least": _complexes,
    "quotas.low": _area_low,
    "quotas.high": _area_high,
    "money.budget": _budget,
    "money.cap": _cap,
    "money.most": _most,
    "money.complex_only": _complex_only,
    "money.one_source": _one_source,
    "shares.low": _low,
    "shares.high": _high,
    "bonds.served": _bond,
    "money.balance": _unpaid,
    "accounts.margin_min": _margin_min,
    "accounts.margin_max": _margin_max,
    "accounts.granted": _granted,
    "yearly.cap": _yearly_cap,
    "yearly.low": _low,
    "yearly.high": _high,
    "yearly.balance": _unpaid_year,
    "operation.capacity": _capacity,
    "siting.area": _area,
    "siting.one_mode": _one_mode,
}
"""What each family of rows asks for, in the order it is named: a key that gathers rows, and the words."""
