"""The funds in exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from panhuo.assemble.exact import exactly
from panhuo.instance import Instance
from panhuo.instance.schema import PARTIES

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Funds:
    """What every fund may pay at most, and in whose name.

    Parameters
    ----------
    names : tuple of str, (F,)
        Keys.
    party : tuple of int, (F,)
        Party, into :attr:`parties`.
    parties : tuple of str
        Every party.
    cap, yearly_cap : tuple of int or None, (F,) [fen]
        Most capital, and most of every year.
    share : tuple of (Fraction, Fraction), (F,)
        Least and largest share of the plan's capital.
    central, complex_only : (F,) bool
        One central fund at most pays a bill; a fund that pays in complexes only.
    service : tuple of Fraction or None, (F,)
        Of a bond: own revenue a year there must be for every fen paid.
    order : tuple of int
        Every fund, the first to pay first.
    """

    names: tuple[str, ...]
    party: tuple[int, ...]
    parties: tuple[str, ...]
    cap: tuple[int | None, ...]
    yearly_cap: tuple[int | None, ...]
    share: tuple[tuple[Fraction, Fraction], ...]
    central: Bools
    complex_only: Bools
    service: tuple[Fraction | None, ...]
    order: tuple[int, ...]

    def of(self, party: str) -> Bools:
        """Funds of a party, (F,)."""
        return np.array([self.parties[p] == party for p in self.party], dtype=bool)


def read_funds(instance: Instance) -> Funds:
    """Read the funds table."""
    table, parties = instance["funds"], tuple(PARTIES)
    rank = table["priority"].to_numpy(dtype=float, na_value=np.inf)
    bonds = zip(table["debt_service"], table["cover"], strict=True)
    return Funds(
        names=tuple(table["fund"]),
        party=tuple(parties.index(p) for p in table["party"]),
        parties=parties,
        cap=tuple(map(fen_down, table["cap_cny"])),
        yearly_cap=tuple(map(fen_down, table["yearly_cap_cny"])),
        share=tuple(zip(map(exactly, table["min_share"]), map(exactly, table["max_share"]), strict=True)),
        central=table["central"].to_numpy(bool),
        complex_only=table["complex_only"].to_numpy(bool),
        service=tuple(None if np.isnan(rate) else exactly(rate) * exactly(cover) for rate, cover in bonds),
        order=tuple(int(f) for f in np.argsort(rank, kind="stable")),
    )  # fmt: skip


def fen_down(cny: float) -> int | None:
    """Whole fen in an amount, rounded down, by the decimal digits it prints; ``None`` for no limit."""
    return None if np.isinf(cny) else floor(exactly(cny) * 100)
