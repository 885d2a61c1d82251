"""Unit costs: for each service, mode and item the most exact row of the costs table."""

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
    unit_fen, fixed_fen : (modes, services, items) int
        Per m², and whatever the area [fen].
    known : (modes, services) bool
        Some row of the costs table matches.
    """

    items: tuple[str, ...]
    unit_fen: Whole
    fixed_fen: Whole
    known: NDArray[np.bool_]

    def fen(self, mode: Whole, service: Whole, area_hundredths: Whole) -> Whole:
        """Cost of options by item, (options, items) [fen]."""
        at = mode, service
        return rated(self.unit_fen[at], area_hundredths[:, None], self.fixed_fen[at])


def unit_costs(instance: Instance, modes: list[str]) -> tuple[UnitCosts, UnitCosts]:
    """Look up capital and yearly unit costs.

    A row that names service and mode rules over one that names the service, that over one that names the mode,
    and that over one that names neither; item by item.
    """
    table, services = instance["costs"], instance["services"]["service"].tolist()
    items = list(dict.fromkeys(table["item"]))
    exactness = 2 * (table["service"] != "").astype(int) + (table["mode"] != "").astype(int)
    row = np.full((len(modes), len(services), len(items)), -1)
    for i in exactness.sort_values(kind="stable").index:
        m = [modes.index(table["mode"][i])] if table["mode"][i] in modes else range(len(modes))
        if table["mode"][i] and table["mode"][i] not in modes:
            continue
        k = [services.index(table["service"][i])] if table["service"][i] else range(len(services))
        row[np.ix_(m, k, [items.index(table["item"][i])])] = i
    known = np.asarray((row >= 0).any(axis=2))
    return _ledger(table, "capital", row, items, known), _ledger(table, "yearly", row, items, known)


def _ledger(
    table: pd.DataFrame, name: str, row: NDArray[np.intp], items: list[str], known: NDArray[np.bool_]
) -> UnitCosts:
    def laid(column: str) -> Whole:
        values = np.append(whole(table[column].fillna(0.0)), 0)  # the last one answers row = -1
        return values[row]

    unit, fixed = laid(f"{name}_cny_per_m2"), laid(f"{name}_cny")
    used = ((unit > 0) | (fixed > 0)).any(axis=(0, 1))
    return UnitCosts(tuple(np.array(items, dtype=object)[used]), unit[..., used], fixed[..., used], known)
