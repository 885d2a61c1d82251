"""One thing a site may become."""

from __future__ import annotations

from dataclasses import dataclass

from panhuo.instance.policy import Pin


@dataclass(frozen=True)
class Option:
    """One option as derived here: area in 0.01 m², money in fen, people in micro-persons.

    Parameters
    ----------
    capital, yearly : dict of str to int
        By cost item; ``yearly`` is what a year costs whoever comes, rent included.
    visit_cost : int
        Cost of a visit.
    capacity : int or None
        Most people served; ``None`` without limit.
    income, subsidy : int
        Yearly income beside visits; largest operating subsidy of a year.
    in_kind : dict of (party, item) to int
        What parties give without cash.
    takes, gives : int
        What it takes of its supplier, and what it can supply to others [millionths].
    """

    site: str
    mode: str
    service: str
    operating: str
    size: str
    area: int
    months: int
    capital_year: int | None
    capital: dict[str, int]
    yearly: dict[str, int]
    visit_cost: int
    capacity: int | None
    income: int
    subsidy: int
    in_kind: dict[tuple[str, str], int]
    takes: int
    gives: int

    @property
    def offer(self) -> tuple[str, str]:
        """Its site and service."""
        return self.site, self.service

    @property
    def key(self) -> str:
        """Its name."""
        return ":".join([self.site, self.mode, self.service, *filter(None, (self.operating, self.size))])

    @property
    def open_year(self) -> int | None:
        """Year in which it opens."""
        return None if self.capital_year is None else self.capital_year + self.months // 12


def is_meant(pin: Pin, option: Option) -> bool:
    """Whether a pin of the policy, or what it drops, means an option; what it leaves open is any."""
    if (pin.site, pin.mode, pin.service) != (option.site, option.mode, option.service):
        return False
    return pin.operating in ("", option.operating) and pin.size in ("", option.size)
