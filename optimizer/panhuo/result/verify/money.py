"""ledger.csv: eligible payments, exact sums, caps, shares and budget, to the fen."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pandas as pd

from panhuo.instance import Instance
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.paying import allows, obstacles
from panhuo.result.verify.stock import Offer, Stock, exact
from panhuo.words import T

FILE = "ledger.csv"


def check_ledger(
    instance: Instance, stock: Stock, offers: list[Offer], ledger: pd.DataFrame, findings: Findings
) -> None:
    """Check every payment, and what they add up to.

    Where no ledger exists in whole fen, there must be none, and the plan goes against the policy.

    Parameters
    ----------
    offers : list of Offer
        The chosen options, as derived here.
    ledger : DataFrame
        The rows of ledger.csv, amounts in fen.
    """
    cost = {(o.option, item): fen for o in offers for item, fen in o.capital.items()}
    if cost and ledger.empty:
        against = obstacles(instance, stock, offers)
        for sentence in against:
            findings.add(FILE, None, None, None, None, sentence, breach=sentence)
        if not against:
            findings.add(FILE, None, None, None, None, T("the rows are missing: this choice can be paid"))
        return
    _payments(instance, stock, {o.option: o for o in offers}, ledger, findings)
    paid: Counter[tuple[str, str]] = Counter()
    by_fund: Counter[str] = Counter()
    for option, item, fund, fen in ledger[["option", "item", "fund", "amount_cny"]].itertuples(index=False):
        paid[option, item] += fen
        by_fund[fund] += fen
    for (option, item), fen in cost.items():
        if paid[option, item] != fen:
            rule = T("the payments for an item add up to its cost")
            if (option, item) not in paid:
                rule = T("the row is missing: every item is paid")
            findings.add(FILE, f"{option} {item}", "amount_cny", _cny(paid[option, item]), _cny(fen), rule)
    for option, item in paid:
        if (option, item) not in cost:
            findings.add(
                FILE, f"{option} {item}", None, None, None, T("the row must not be there: the plan has no such cost")
            )
    _limits(instance, by_fund, sum(cost.values()), findings)


def _payments(
    instance: Instance, stock: Stock, offers: dict[str, Offer], ledger: pd.DataFrame, findings: Findings
) -> None:
    """Check each row by itself."""
    party = dict(zip(instance["funds"]["fund"], instance["funds"]["party"], strict=True))
    allowed: dict[str, list[Any]] = {}
    for line in instance["eligibility"].itertuples():
        allowed.setdefault(line.fund, []).append(line)
    again = ledger.duplicated(["option", "item", "fund"])
    for row, repeated in zip(ledger.itertuples(), again, strict=True):
        key, offer = f"{row.option} {row.item} {row.fund}", offers.get(row.option)
        if repeated:
            findings.add(FILE, key, None, None, None, T("the row stands there more than once"))
        if row.amount_cny <= 0:
            findings.add(FILE, key, "amount_cny", _cny(row.amount_cny), None, T("a payment is more than nothing"))
        if row.ledger != "capital":
            findings.add(FILE, key, "ledger", row.ledger, "capital", T("the only ledger of this version"))
        if row.fund not in party:
            findings.add(FILE, key, "fund", row.fund, None, T("no such fund"))
            continue
        if row.party != party[row.fund]:
            findings.add(FILE, key, "party", row.party, party[row.fund], T("the party behind the fund"))
        if offer is None:
            continue
        if (row.site, row.mode) != (offer.site, offer.mode):
            findings.add(
                FILE, key, "site", f"{row.site}:{row.mode}", f"{offer.site}:{offer.mode}", T("the option's project")
            )
        site = stock.sites[offer.site]
        if not any(allows(line, row.item, offer, site) for line in allowed.get(row.fund, [])):
            findings.add(FILE, key, "fund", row.fund, None, T("the fund may not pay this item of this option"))


def _limits(instance: Instance, by_fund: Counter[str], total: int, findings: Findings) -> None:
    """Check caps, the budget, and the parties' shares to one fen a party."""
    funds = instance["funds"]
    for fund, cap in zip(funds["fund"], funds["cap_cny"], strict=True):
        if cap != float("inf") and Fraction(by_fund[fund], 100) > exact(cap):
            findings.add(FILE, fund, "amount_cny", _cny(by_fund[fund]), f"<= {cap:.2f}", T("the cap of the fund"))
    budget = instance.settings.policy.budget_cny
    if budget is not None and Fraction(total, 100) > exact(budget):
        findings.add(FILE, None, "amount_cny", _cny(total), f"<= {budget:.2f}", T("the budget"))
    party_of = dict(zip(funds["fund"], funds["party"], strict=True))
    by_party: Counter[str] = Counter()
    for fund, fen in by_fund.items():
        by_party[party_of.get(fund, "")] += fen
    for row in instance["parties"].itertuples():
        least, most = floor(exact(row.min_share) * total), ceil(exact(row.max_share) * total)
        if not least <= by_party[row.party] <= most:
            bounds = f"{_cny(least)} … {_cny(most)}"
            rule = T(
                "the party's share of the plan's capital, between {low} and {high}",
                low=row.min_share,
                high=row.max_share,
            )
            findings.add(FILE, row.party, "amount_cny", _cny(by_party[row.party]), bounds, rule)


def _cny(fen: int) -> str:
    return f"{fen / 100:.2f}"
