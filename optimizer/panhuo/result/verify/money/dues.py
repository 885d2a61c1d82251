"""What is due of the year, who may pay it, and why it cannot be paid."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import floor
from typing import Any

from panhuo.instance import Instance
from panhuo.result.verify.exact import exact
from panhuo.result.verify.figures import cny
from panhuo.result.verify.money.accounts import Account
from panhuo.result.verify.money.paying import SINK, SOURCE, send
from panhuo.result.verify.stock import Stock
from panhuo.result.verify.stock.payers import YEARLY
from panhuo.words import T, Text


def surplus(account: Account, subsidy: int) -> int:
    """Income less cost [fen]."""
    return account.earned + subsidy - account.cost


def deficit(account: Account, subsidy: int) -> int:
    """Give what yearly funds pay of a financed account [fen]."""
    return max(0, -surplus(account, subsidy)) if account.financed else 0


def dues(account: Account, subsidy: int) -> dict[str, int]:
    """List what the year of an account takes from whom, by item [fen]; nothing where nobody runs it."""
    if account.run is None:
        return {}
    found = {
        "price": account.sum("price"),
        "concession": account.sum("enterprise"),
        "visit_subsidy": account.sum("government"),
        "donation": account.sum("donor"),
        "operating_subsidy": subsidy,
        "operation": deficit(account, subsidy),
    }
    return {item: fen for item, fen in found.items() if fen}


def payers(stock: Stock, account: Account, item: str) -> frozenset[str]:
    """List the funds that may pay what is due of a year."""
    return stock.payers.of_year(stock.payable(account.option, item, account.option.open_year))


def bound_year(instance: Instance) -> bool:
    """Whether bounds on shares of the year stand beside everything else."""
    rows = instance["parties"]
    return bool(((rows["ledger"] == "yearly") & ((rows["min_share"] > 0) | (rows["max_share"] < 1))).any())


def year_obstacles(instance: Instance, stock: Stock, found: list[Account], subsidy: dict[str, int]) -> list[Text]:
    """Say what stands against paying the year in whole fen; nothing where it can be paid.

    What is due is sent from the funds, each up to its yearly cap, to those that they may pay for.
    """
    said: list[Text] = []
    classes: Counter[frozenset[str]] = Counter()
    for account in found:
        for item, fen in dues(account, subsidy[account.option.key]).items():
            if item in YEARLY:
                able = payers(stock, account, item)
                if able:
                    classes[able] += fen
                else:
                    said.append(
                        T("no fund may pay {item} of {option} (CNY {cost})",
                          item=item, option=account.option.key, cost=cny(fen))
                    )  # fmt: skip
    total = sum(classes.values())
    room: dict[Any, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
    for fund, row in stock.payers.funds.items():
        cap = row["yearly_cap_cny"]
        room[SOURCE]["fund", fund] = total if cap == float("inf") else floor(exact(cap) * 100)
    for able, fen in classes.items():
        for fund in able:
            room["fund", fund]["class", able] = fen
        room["class", able][SINK] = fen
    paid, _ = send(room)
    if paid < total:
        said.append(
            T("of CNY {due} that the year asks of the funds, they can pay CNY {paid} within their yearly caps",
              due=cny(total), paid=cny(paid))
        )  # fmt: skip
    if not said and bound_year(instance):
        said.append(T("the bounds on the money cannot all be kept together"))
    return said
