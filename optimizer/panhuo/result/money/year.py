"""A year of the chosen options in whole fen: income, cost, margins, subsidies, deficits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

HALF = Fraction(1, 20_000)
"""Half of 0.01 %: margins are kept as rounded to a hundredth of a percent, since only whole visits are paid."""


@dataclass(frozen=True)
class Visits:
    """What the visits of one tier at one place are in a year.

    Parameters
    ----------
    tier : str
        The tier.
    persons : int [micro-persons]
        Served people.
    count : int
        Whole visits.
    price, government, enterprise, donor, cost : int [fen]
        What a visit costs whom, and what serving it costs.
    """

    tier: str
    persons: int
    count: int
    price: int
    government: int
    enterprise: int
    donor: int
    cost: int

    @property
    def income(self) -> int:
        """What the operator gets for a visit [fen]."""
        return self.price + self.government + self.donor


@dataclass(frozen=True)
class Account:
    """The year of a chosen option.

    Parameters
    ----------
    option : int
        o
    site, project, service, operating, operator, tariff : str
        Where, what, how, by whom, at which tariff; without an operating mode nobody runs it, and no row binds it.
    visits : tuple of Visits
        By tier.
    other, fixed, limit : int [fen]
        Income beside visits, cost whatever the visits, largest operating subsidy.
    margin_min, margin_max : Fraction or None
        Bounds on (income − cost) / income.
    pool : str
        Accounts of one pool keep their margins together.
    years : Fraction or None
        Years over which the operator's own capital is written off.
    """

    option: int
    site: str
    project: str
    service: str
    operating: str
    operator: str
    tariff: str
    visits: tuple[Visits, ...]
    other: int
    fixed: int
    limit: int
    margin_min: Fraction | None
    margin_max: Fraction | None
    pool: str
    years: Fraction | None

    def sum(self, part: str) -> int:
        """Add up price, government, enterprise, donor, cost or income over all visits [fen]."""
        return sum(v.count * int(getattr(v, part)) for v in self.visits)

    @property
    def financed(self) -> bool:
        """Whether yearly funds pay the deficit: it is run, and no margin is asked for."""
        return bool(self.operator) and self.margin_min is None

    @property
    def earned(self) -> int:
        """Income before any operating subsidy [fen]."""
        return self.sum("income") + self.other

    @property
    def running(self) -> int:
        """Cost before any write-off [fen]."""
        return self.fixed + self.sum("cost")

    @property
    def revenue(self) -> int:
        """Own revenue that may serve a bond: prices and other income less costs [fen]."""
        return self.sum("price") + self.other - self.running

    def written_off(self, paid: int) -> int:
        """Say what the operator's own capital costs a year, half up to the fen."""
        return 0 if self.years is None else floor(Fraction(paid) / self.years + Fraction(1, 2))


@dataclass(frozen=True)
class Closed:
    """An account at the end of its year.

    Parameters
    ----------
    account : Account
        The account.
    write_off, subsidy : int [fen]
        Written off of the operator's own capital; operating subsidy.
    """

    account: Account
    write_off: int
    subsidy: int

    @property
    def income(self) -> int:
        """Everything that comes in [fen]."""
        return self.account.earned + self.subsidy

    @property
    def cost(self) -> int:
        """Everything that goes out [fen]."""
        return self.account.running + self.write_off

    @property
    def surplus(self) -> int:
        """Income less cost [fen]."""
        return self.income - self.cost

    @property
    def margin(self) -> Fraction | None:
        """(income − cost) / income; ``None`` without income."""
        return Fraction(self.surplus, self.income) if self.income else None

    @property
    def deficit(self) -> int:
        """What yearly funds pay of a financed account [fen]."""
        return max(0, -self.surplus) if self.account.financed else 0

    def dues(self) -> dict[str, int]:
        """List what yearly funds owe, by item [fen]."""
        account = self.account
        return {
            "visit_subsidy": account.sum("government"),
            "donation": account.sum("donor"),
            "operating_subsidy": self.subsidy,
            "operation": self.deficit,
        }


def pools(accounts: Sequence[Account]) -> dict[str, list[int]]:
    """List the accounts with a margin to keep, by pool."""
    found: dict[str, list[int]] = {}
    for n, account in enumerate(accounts):
        if account.margin_min is not None:
            found.setdefault(account.pool, []).append(n)
    return found


def closed(accounts: Sequence[Account], write_off: Sequence[int], wished: Sequence[int] | None = None) -> list[Closed]:
    """Close the accounts with the least subsidies that keep their margins.

    In a pool those that lack most by themselves get theirs first, then the others, each up to its limit.

    Parameters
    ----------
    write_off : sequence of int [fen]
        By account.
    wished : sequence of int [fen], optional
        Subsidies to start from; only what is lacking is added.
    """
    subsidy = [0] * len(accounts) if wished is None else list(wished)
    for members in pools(accounts).values():
        lack = sum((_lacking(accounts[n], write_off[n], subsidy[n]) for n in members), Fraction(0))
        own = {n: max(Fraction(0), _lacking(accounts[n], write_off[n], subsidy[n])) for n in members}
        for only_own in (True, False):
            for n in sorted(members, key=lambda n: (-own[n], n)):
                keep = 1 - (accounts[n].margin_min or 0)
                if lack <= 0 or keep == 0:
                    continue
                step = min(lack, own[n]) if only_own else lack
                more = min(ceil(step / keep), accounts[n].limit - subsidy[n])
                subsidy[n] += max(0, more)
                lack -= keep * max(0, more)
    return [Closed(a, w, s) for a, w, s in zip(accounts, write_off, subsidy, strict=True)]


def _lacking(account: Account, write_off: int, subsidy: int) -> Fraction:
    """Say what an account lacks of its least margin, (cost − income) + margin_min · income [fen]."""
    income = account.earned + subsidy
    return account.running + write_off - income + (account.margin_min or Fraction(0)) * income


def allowed(account: Account, side: str) -> Fraction | None:
    """Give the bound ``margin_min`` or ``margin_max`` with what :data:`HALF` allows beyond it."""
    bound: Fraction | None = getattr(account, side)
    return bound if bound is None else bound - HALF if side == "margin_min" else bound + HALF


def keeps_margins(books: Sequence[Closed]) -> bool:
    """Whether all pools keep their margins to a hundredth of a percent, and subsidies their limits exactly."""
    if any(b.subsidy > b.account.limit for b in books):
        return False
    for members in pools([b.account for b in books]).values():
        surplus = sum(books[n].surplus for n in members)
        for side, sign in (("margin_min", 1), ("margin_max", -1)):
            bounds = [b for n in members if (b := allowed(books[n].account, side)) is not None]
            if len(bounds) < len(members):
                continue
            asked = sum((m * books[n].income for m, n in zip(bounds, members, strict=True)), Fraction(0))
            if sign * (surplus - asked) < 0:
                return False
    return True


def break_even(account: Account, write_off: int, subsidy: int) -> int | None:
    """Least visits at today's mix of tiers at which income covers cost; ``None`` where no number does."""
    return needed(account.visits, account.fixed + write_off, account.other + subsidy, Fraction(0))


def needed(visits: Sequence[Visits], fixed: int, beside: int, margin: Fraction) -> int | None:
    """Least visits at a mix of tiers at which (income − cost) ≥ margin · income.

    Parameters
    ----------
    fixed, beside : int [fen]
        Cost and income whatever the visits.
    margin : Fraction
        Share of the income.

    Returns
    -------
    int or None
        0 where none is needed; ``None`` where no number is enough, or there is no mix.
    """
    lack = fixed - (1 - margin) * beside
    if lack <= 0:
        return 0
    count = sum(v.count for v in visits)
    gain = sum((v.count * ((1 - margin) * v.income - v.cost) for v in visits), Fraction(0))
    return None if not count or gain <= 0 else ceil(lack * count / gain)
