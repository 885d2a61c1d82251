"""Tiers of payers, and the menu of tariffs by tier."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.exact import Whole, exactly, whole
from panhuo.assemble.operating import can_pay
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo_models.data import Bools, Ints

Fractions = NDArray[np.object_]


@dataclass(frozen=True)
class Tiers:
    """The tiers h; the first, "", is everybody, for services without tariffs.

    Parameters
    ----------
    names : tuple of str
        H names.
    need : (H,) int
        Rank of need.
    share : (H, number of groups) Fraction
        Share of each group of people that is of the tier.
    """

    names: tuple[str, ...]
    need: Ints
    share: Fractions

    def of(self, tiered: bool) -> list[int]:
        """List the tiers of a service with or without tariffs."""
        return list(range(1, len(self.names))) if tiered else [0]


def tiers(instance: Instance) -> Tiers:
    """Read the tiers, in the order of the table."""
    table, groups = instance["tiers"], list(instance.groups)
    own = table.drop_duplicates("tier")
    names = ("", *own["tier"])
    share = np.full((len(names), len(groups)), Fraction(0), dtype=object)
    share[0] = Fraction(1)
    for row in tuples(table):
        share[names.index(row.tier), groups.index(row.group)] = exactly(row.share)
    return Tiers(names, np.array([0, *own["need"]], dtype=np.int64), share)


PARTS = ("price", "government", "enterprise", "donor")
"""Who puts what into a visit."""


@dataclass(frozen=True)
class Menu:
    """The tariffs l, tier by tier; the first, "", stands for services without tariffs and belongs to tier "".

    Parameters
    ----------
    names : tuple of str
        L names.
    fen : dict of str to (L, H) int
        By part of :data:`PARTS`: what is put into a visit [fen].
    uptake : (L, H) Fraction
        Share of the assigned people who come; 0 where the tariff does not speak of the tier.
    able : (L, H) bool
        The tier can pay the price.
    today : dict of str to str
        By service with tariffs: the tariff of its existing facilities.
    """

    names: tuple[str, ...]
    fen: dict[str, Whole]
    uptake: Fractions
    able: Bools
    today: dict[str, str]


def menu(instance: Instance, known: Tiers) -> Menu:
    """Read the tariffs, in the order of the table."""
    table = instance["tariffs"]
    names = ("", *dict.fromkeys(table["tariff"]))
    shape = len(names), len(known.names)
    at = pd.Index(names).get_indexer(table["tariff"]), pd.Index(known.names).get_indexer(table["tier"])
    fen = {part: np.zeros(shape, dtype=np.int64) for part in PARTS}
    for part in PARTS:
        fen[part][at] = whole(table[f"{part}_cny"])
    uptake = np.full(shape, Fraction(0), dtype=object)
    uptake[0, 0] = Fraction(1)
    uptake[at] = [exactly(u) for u in table["uptake"]]
    able = np.zeros(shape, dtype=bool)
    able[0, 0] = True
    able[at] = can_pay(instance)
    # the one marked, or else the first of the service: sorting keeps the order of the table
    marked = table.assign(later=~table["existing"].astype(bool)).sort_values("later", kind="stable")
    first = marked.drop_duplicates("service")
    return Menu(names, fen, uptake, able, dict(zip(first["service"], first["tariff"], strict=True)))
