"""The year of every chosen option, worked out again: visits, income, cost, margin, deficit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from panhuo.instance.policy import Operating
from panhuo.result.verify.exact import MICRO, exact, half_up
from panhuo.result.verify.money.entries import Books
from panhuo.result.verify.people import Counted
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Option, Stock, Tariff
from panhuo.result.verify.stock.charges import Charge


@dataclass(frozen=True)
class Visits:
    """Visits of one tier in a year; ``persons`` are served micro-persons."""

    tier: str
    persons: int
    count: int
    charge: Charge

    @property
    def income(self) -> int:
        """What the operator gets for a visit [fen]."""
        return self.charge.price + self.charge.government + self.charge.donor


@dataclass(frozen=True)
class Account:
    """The year of a chosen option before any subsidy [fen].

    Parameters
    ----------
    run : Operating or None
        Its operating mode.
    visits : tuple of Visits
        By tier, where the service has tariffs.
    write_off : int
        What the operator's own capital costs a year.
    pool : str
        Accounts of one pool keep their margins together.
    """

    option: Option
    run: Operating | None
    tariff: Tariff
    visits: tuple[Visits, ...]
    write_off: int
    pool: str

    def sum(self, part: str) -> int:
        """Add price, government, enterprise or donor part up over all visits."""
        return sum(v.count * int(getattr(v.charge, part)) for v in self.visits)

    @property
    def count(self) -> int:
        """All visits."""
        return sum(v.count for v in self.visits)

    @property
    def visits_cost(self) -> int:
        """What the visits cost."""
        return self.count * self.option.visit_cost

    @property
    def fixed(self) -> int:
        """What the year costs whoever comes."""
        return sum(self.option.yearly.values())

    @property
    def earned(self) -> int:
        """Income before any operating subsidy."""
        return self.sum("price") + self.sum("government") + self.sum("donor") + self.option.income

    @property
    def cost(self) -> int:
        """Everything that goes out."""
        return self.fixed + self.visits_cost + self.write_off

    @property
    def revenue(self) -> int:
        """Own revenue that may serve a bond: prices and other income less costs, nothing written off."""
        return self.sum("price") + self.option.income - self.fixed - self.visits_cost

    @property
    def margins(self) -> tuple[Fraction | None, Fraction | None]:
        """Least and largest margin; ``None`` where there is none."""
        low = None if self.run is None else self.run.margin_min
        high = None if self.run is None else self.run.margin_max
        return None if low is None else exact(low), None if high is None else exact(high)

    @property
    def financed(self) -> bool:
        """Whether yearly funds pay the deficit: it is run, and no margin is asked for."""
        return self.run is not None and self.margins[0] is None


def accounts(stock: Stock, plan: Plan, counted: Counted, books: Books) -> list[Account]:
    """Work out the accounts of the chosen options, those without operating mode too."""
    found = []
    own: Counter[tuple[str, str]] = Counter()
    for payment in books.capital:
        if isinstance(payment.unit, Option):
            own[payment.unit.key, stock.payers.funds[payment.fund]["party"]] += payment.fen
    for option in plan.options:
        tariff = plan.tariff.get(option.key)
        if tariff is None:
            continue
        run = stock.menu.operating.get(option.operating)
        served = counted.after.at.get(("chosen", option.site, option.key), Counter[str]())
        write_off = 0
        if run is not None and run.write_off_years is not None:
            write_off = half_up(own[option.key, run.operator] / exact(run.write_off_years))
        visits = visits_of(stock, option.service, tariff, served)
        found.append(Account(option, run, tariff, visits, write_off, _pool(stock, option, run)))
    return found


def visits_of(stock: Stock, service: str, tariff: Tariff, served: Counter[str]) -> tuple[Visits, ...]:
    """Count the whole visits of a year by tier; none where the service has no tariffs."""
    each = stock.menu.visits[service]
    if not each:
        return ()
    return tuple(
        Visits(tier, served[tier], floor(served[tier] * each / MICRO), charge)
        for tier, charge in tariff.charges.items()
    )


def _pool(stock: Stock, option: Option, run: Operating | None) -> str:
    """Name the pool: accounts of one operating mode with one value of a column of sites, or alone."""
    if run is None or run.margin_min is None:
        return ""
    if run.pooled_by == "plan":
        return option.operating
    value = str(stock.sites[option.site][run.pooled_by]) if run.pooled_by else ""
    return f"{option.operating} {value}" if value else option.key


def needed_visits(visits: Sequence[Visits], cost: int, fixed: int, beside: int, margin: Fraction) -> int | None:
    """Give the least visits at a mix of tiers at which income less cost is the margin; ``None`` where none are enough.

    Parameters
    ----------
    cost : int
        Of a visit [fen].
    fixed, beside : int
        Cost and income whatever the visits [fen].
    """
    lack = fixed - (1 - margin) * beside
    if lack <= 0:
        return 0
    count = sum(v.count for v in visits)
    gain = sum((v.count * ((1 - margin) * v.income - cost) for v in visits), Fraction(0))
    return ceil(lack * count / gain) if count and gain > 0 else None


def pools(found: Iterable[Account]) -> dict[str, list[Account]]:
    """Gather the accounts with a margin to keep."""
    by: dict[str, list[Account]] = {}
    for account in found:
        if account.pool:
            by.setdefault(account.pool, []).append(account)
    return by
