"""Capital in ledger.csv, to the fen: eligibility, sums, largest shares, central sources, caps and budget."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from math import ceil

from panhuo.instance import Instance
from panhuo.result.verify.exact import exact
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.money.entries import FILE, Books, Payment, cny, compare_sums
from panhuo.result.verify.money.paying import obstacles
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Option, Stock
from panhuo.result.verify.ties import is_complex
from panhuo.words import T


def costs(plan: Plan) -> dict[tuple[str, ...], int]:
    """List what is to be paid of the capital, by option or shared work and item [fen]."""
    found: dict[tuple[str, ...], int] = {(o.key, item): fen for o in plan.options for item, fen in o.capital.items()}
    return found | {(w.key, w.item): w.fen for w in plan.works if w.fen}


def check_capital(instance: Instance, stock: Stock, plan: Plan, books: Books, findings: Findings) -> bool:
    """Check every payment of capital, and what they add up to; gives whether the capital is paid at all.

    Where no ledger exists in whole fen, there must be none, and the plan goes against the policy.
    """
    due = costs(plan)
    if due and not books.capital:
        against = obstacles(instance, stock, plan)
        for sentence in against:
            findings.add(FILE, None, None, None, None, sentence, breach=sentence)
        if not against:
            findings.add(FILE, None, None, None, None, T("the rows are missing: this choice can be paid"))
        return False
    complexes = {project for project, options in plan.by_project.items() if is_complex(instance, options)}
    paid: Counter[tuple[str, ...]] = Counter()
    central: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for payment in books.capital:
        unit, thing = payment.unit, (payment.unit.key, payment.item)
        paid[thing] += payment.fen
        if thing not in due:
            continue
        _payment(stock, payment, due[thing], findings)
        fund = stock.payers.funds[payment.fund]
        if fund["central"]:
            central[thing].add(payment.fund)
        if fund["complex_only"] and (unit.site, unit.mode) not in complexes:
            key, rule = " ".join((*thing, payment.fund)), T("the fund pays in embedded complexes only")
            findings.add(FILE, key, "fund", payment.fund, None, rule)
    missing = T("the row is missing: every item is paid")
    compare_sums(paid, due, missing, findings)
    for unit_item, funds in central.items():
        if len(funds) > 1:
            rule = T("one central source an item at most")
            findings.add(FILE, " ".join(unit_item), "fund", ", ".join(sorted(funds)), None, rule)
    _caps(instance, stock, books, sum(due.values()), findings)
    return True


def _payment(stock: Stock, payment: Payment, cost: int, findings: Findings) -> None:
    """Check that a fund may pay so much of an item."""
    unit = payment.unit
    year = unit.capital_year if isinstance(unit, Option) else stock.capital_year(unit.site)
    share = stock.payers.share(payment.fund, stock.payable(unit, payment.item, year))
    key = f"{unit.key} {payment.item} {payment.fund}"
    if not share:
        rule = T("the fund may not pay this item of this option")
        findings.add(FILE, key, "fund", payment.fund, None, rule)
    elif payment.fen > ceil(share * cost):
        rule = T("the largest share of an item that the fund may pay")
        findings.add(FILE, key, "amount_cny", cny(payment.fen), f"<= {cny(ceil(share * cost))}", rule)


def _caps(instance: Instance, stock: Stock, books: Books, total: int, findings: Findings) -> None:
    by_fund: Counter[str] = Counter()
    for payment in books.capital:
        by_fund[payment.fund] += payment.fen
    for fund, row in stock.payers.funds.items():
        cap = row["cap_cny"]
        if cap != float("inf") and Fraction(by_fund[fund], 100) > exact(cap):
            findings.add(FILE, fund, "amount_cny", cny(by_fund[fund]), f"<= {cap:.2f}", T("the cap of the fund"))
    budget = instance.settings.policy.budget_cny
    if budget is not None and Fraction(total, 100) > exact(budget):
        findings.add(FILE, None, "amount_cny", cny(total), f"<= {budget:.2f}", T("the budget"))
