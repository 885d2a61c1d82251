"""Unit costs: for each service, mode, operating mode and item the most exact row of the costs table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.exact import Whole, rated, whole
from panhuo.instance import Instance


@dataclass(frozen=True)
class UnitCosts:
    """Unit costs of one ledger, capital or yearly.

    Parameters
    ----------
    items : tuple of str
        Items with a cost anywhere, in the order of the table.
    unit_fen, fixed_fen : (modes, services, operating modes, items) int
        Per m², and whatever the area [fen].
    """

    items: tuple[str, ...]
    unit_fen: Whole
    fixed_fen: Whole

    def fen(self, at: tuple[Whole, Whole, Whole], area_hundredths: Whole) -> Whole:
        """Cost of options by item, (options, items) [fen]; ``at`` holds their mode, service and operating mode."""
        return rated(self.unit_fen[at], area_hundredths[:, None], self.fixed_fen[at])


@dataclass(frozen=True)
class Catalogue:
    """The costs table looked up.

    Parameters
    ----------
    capital, yearly : UnitCosts
        Unit costs of both ledgers.
    known : (modes, services, operating modes) bool
        Some row of the costs table matches.
    """

    capital: UnitCosts
    yearly: UnitCosts
    known: NDArray[np.bool_]


def unit_costs(instance: Instance, modes: list[str], operating: list[str]) -> Catalogue:
    """Look up capital and yearly unit costs, item by item.

    The most exact row counts: the service weighs more than the mode, the mode more than the operating mode.
    """
    table, services = instance["costs"], instance["services"]["service"].tolist()
    items = list(dict.fromkeys(table["item"]))
    axes = {"mode": modes, "service": services, "operating": operating}
    row = np.full((len(modes), len(services), len(operating), len(items)), -1)
    for i in _exactness(table, {"service": 4, "mode": 2, "operating": 1}):
        if any(table[name][i] and table[name][i] not in axes[name] for name in ("mode", "operating")):
            continue  # a mode that the planner does not allow
        at = [[keys.index(table[name][i])] if table[name][i] else range(len(keys)) for name, keys in axes.items()]
        row[np.ix_(*at, [items.index(table["item"][i])])] = i
    known = np.asarray((row >= 0).any(axis=3))
    return Catalogue(_ledger(table, "capital", row, items), _ledger(table, "yearly", row, items), known)


def visit_costs(instance: Instance, operating: list[str]) -> dict[tuple[str, str], int]:
    """Look up what a visit costs by service and operating mode, all items together [fen].

    Only rows that state a cost of a visit are looked at; the service weighs more than the operating mode.
    """
    table = instance["costs"]
    table = table[table["yearly_cny_per_visit"].notna()]
    order = _exactness(table, {"service": 2, "operating": 1})
    fen = dict(zip(table.index, whole(table["yearly_cny_per_visit"]).tolist(), strict=True))
    found = {}
    for service in instance["services"]["service"]:
        for key in operating:
            rows = [i for i in order if table["service"][i] in ("", service) and table["operating"][i] in ("", key)]
            found[service, key] = sum({table["item"][i]: fen[i] for i in rows}.values())
    return found


def _exactness(table: pd.DataFrame, weights: dict[str, int]) -> list[int]:
    """Rows of the costs table, the most exact last."""
    exactness = sum(((table[name] != "") * weight for name, weight in weights.items()), pd.Series(0, table.index))
    return list(exactness.sort_values(kind="stable").index)


def _ledger(table: pd.DataFrame, name: str, row: NDArray[np.intp], items: list[str]) -> UnitCosts:
    def laid(column: str) -> Whole:
        values = np.append(whole(table[column].fillna(0.0)), 0)  # the last one answers row = -1
        return values[row]

    unit, fixed = laid(f"{name}_cny_per_m2"), laid(f"{name}_cny")
    used = ((unit > 0) | (fixed > 0)).any(axis=(0, 1, 2))
    return UnitCosts(tuple(np.array(items, dtype=object)[used]), unit[..., used], fixed[..., used])
