"""Money that cannot work out, whatever is chosen: rules at odds that can be named without solving."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.exact import exactly
from panhuo.assemble.operating import above_cap, can_pay
from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo.instance.schema import PARTIES
from panhuo.instance.schema.choices import YEAR_ITEMS
from panhuo.instance.tabular import tuples
from panhuo.words import T, Text


def money_conflicts(instance: Instance, options: Options) -> tuple[Text, ...]:
    """Name the rules about money that are at odds with each other or with the options.

    Bounds of one ledger, scope and filter whose shares cannot add to 1; capital items that no fund may pay for any
    option; services for which no tier can pay any tariff below the price cap.

    Returns
    -------
    tuple of Text
        Empty where nothing is at odds.
    """
    return (*_shares(instance), *_items(options), *_prices(instance))


def _shares(instance: Instance) -> Iterator[Text]:
    """Compare the bounds of all parties in one ledger, scope and filter.

    A party without a bound there may carry anything; without a fund that may pay a capital item, no capital.
    """
    table, funded = instance["parties"], set(instance["funds"].loc[_pays_capital(instance), "party"])
    kinds = [(r.ledger, r.scope, frozenset(r.services), frozenset(r.operating)) for r in tuples(table)]
    for kind in dict.fromkeys(kinds):
        rows = table[[k == kind for k in kinds]]
        least, most = {}, {}
        for party in PARTIES:
            own = rows[rows["party"] == party]
            least[party] = max(map(exactly, own["min_share"]), default=Fraction(0))
            most[party] = min(map(exactly, own["max_share"]), default=Fraction(1))
            if kind[0] == "capital" and party not in funded:
                most[party] = Fraction(0)
            if least[party] > most[party]:
                yield T(
                    "Shares at odds in parties: {bounds} ask for at least {low}, but at most {high} can be carried",
                    bounds=_bounds(own), low=_percent(least[party]), high=_percent(most[party]),
                )  # fmt: skip
        if sum(least.values()) > 1:
            yield T(
                "Shares at odds in parties: the least shares of {bounds} add to {sum}",
                bounds=_bounds(rows[rows["min_share"] > 0]), sum=_percent(sum(least.values())),
            )  # fmt: skip
        if sum(most.values()) < 1:
            yield T(
                "Shares at odds in parties: the largest shares of {bounds} add to {sum}",
                bounds=_bounds(rows[rows["max_share"] < 1]), sum=_percent(sum(most.values())),
            )  # fmt: skip


def _pays_capital(instance: Instance) -> NDArray[np.bool_]:
    """Say which funds may pay some capital item; how much they have is no matter of bounds: nothing need be spent."""
    table = instance["eligibility"]
    some = [not items or any(item not in YEAR_ITEMS for item in items) for items in table["items"]]
    return instance["funds"]["fund"].isin(table["fund"][some]).to_numpy(bool)


def _items(options: Options) -> Iterator[Text]:
    for item, services in options.unpayable.items():
        yield T(
            "No row of eligibility lets any fund pay the capital item {item}, which {services} need",
            item=item, services=", ".join(services),
        )  # fmt: skip


def _prices(instance: Instance) -> Iterator[Text]:
    """Name the services of which every price that may be charged is more than the tiers that need it can pay.

    A cap that leaves a service without a tariff only takes it off the menu, unless it does so with every service.
    """
    table, policy = instance["tariffs"], instance.settings.policy
    needs = instance["needs"]
    may = ~table["tariff"].isin(above_cap(instance)).to_numpy(bool)
    fine = may & can_pay(instance)
    for service in dict.fromkeys(table["service"]):
        groups = needs["group"][(needs["service"] == service) & (needs["rate"] > 0)]
        tiers = instance["tiers"]["tier"][instance["tiers"]["group"].isin(groups)]
        own = ((table["service"] == service) & table["tier"].isin(tiers)).to_numpy(bool)
        if own.any() and not fine[own].any() and (may[own].any() or not may.any()):
            yield T(
                "Every tariff of {service} is more than any tier can pay, or more than the cap "
                "(policy.affordable_share {share}, policy.price_cap_cny {cap})",
                service=service, share=_stated(policy.affordable_share), cap=_stated(policy.price_cap_cny),
            )  # fmt: skip


def _bounds(rows: pd.DataFrame) -> str:
    return ", ".join(rows["bound"])


def _percent(share: Fraction | int) -> str:
    return f"{float(share):.1%}"


def _stated(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"
