"""Which fund may pay what: the eligibility table, read again."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from panhuo.instance import Instance
from panhuo.instance.tabular import records, tuples
from panhuo.result.verify.exact import exact, given

YEARLY = {"visit_subsidy": "government", "operating_subsidy": "government", "donation": "donor", "operation": ""}
"""What is due of a year, and the party whose funds may pay it; "": any."""


@dataclass(frozen=True)
class Payable:
    """What a payment is for.

    Parameters
    ----------
    item, mode, ownership, zone : str
        Its cost item, and where it is spent.
    services : tuple of str
        The service; of a shared work all that need it, none named where every service does.
    operating : str or None
        The operating mode; ``None`` for a shared work, where it does not matter.
    year : int or None
        When it is spent, where years are counted.
    """

    item: str
    mode: str
    services: tuple[str, ...]
    operating: str | None
    ownership: str
    zone: str
    year: int | None


class Payers:
    """The funds and what each may pay."""

    def __init__(self, instance: Instance) -> None:
        self.funds: dict[str, dict[str, Any]] = {r["fund"]: r for r in records(instance["funds"])}
        self._rows: dict[str, list[Any]] = {fund: [] for fund in self.funds}
        for row in tuples(instance["eligibility"]):
            self._rows[row.fund].append(row)
        self._shares: dict[tuple[str, Payable], Fraction] = {}

    def share(self, fund: str, payable: Payable) -> Fraction:
        """Give the largest share of something that a fund may pay; 0 where no row allows all of it."""
        key = fund, payable
        if key not in self._shares:
            self._shares[key] = max(
                (_most(row) for row in self._rows[fund] if _allows(row, payable)), default=Fraction(0)
            )
        return self._shares[key]

    def of(self, payable: Payable) -> frozenset[str]:
        """List the funds that may pay something."""
        return frozenset(fund for fund in self.funds if self.share(fund, payable) > 0)

    def of_year(self, payable: Payable) -> frozenset[str]:
        """List the funds that may pay something due of a year."""
        party = YEARLY[payable.item]
        return frozenset(f for f in self.of(payable) if party in ("", self.funds[f]["party"]))


def _most(row: Any) -> Fraction:
    return exact(row.max_share) if given(row.max_share) else Fraction(1)


def _allows(row: Any, payable: Payable) -> bool:
    """Whether one row allows all of a payment; a blank list allows everything."""
    asked = (
        (row.items, payable.item), (row.modes, payable.mode), (row.ownerships, payable.ownership),
        (row.zones, payable.zone), (row.years, payable.year),
    )  # fmt: skip
    return (
        all(not listed or value in listed for listed, value in asked)
        and (not row.services or not payable.services or not {*row.services}.isdisjoint(payable.services))
        and (not row.operating or payable.operating is None or payable.operating in row.operating)
    )
