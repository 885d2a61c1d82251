"""What the conversions table says of single options."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.exact import MICRO, Whole, exactly, whole
from panhuo.instance import Instance


@dataclass(frozen=True)
class Conversions:
    """The conversions table laid over sites, modes and services; -1 where it says nothing.

    Parameters
    ----------
    allowed, area, months, capacity, supply : (S, M, K) int
        1 or 0; 0.01 m²; months; millionths of persons; millionths of what is supplied.
    priced : (S, M, K) bool
        The table gives costs.
    table : DataFrame
        Its rows in modes that the planner allows.
    at : (rows,) int
        The (site, mode, service) of each row, flat.
    """

    allowed: Whole
    area: Whole
    months: Whole
    capacity: Whole
    supply: Whole
    priced: NDArray[np.bool_]
    table: pd.DataFrame
    at: NDArray[np.intp]

    def replace(
        self, prefix: str, flat: NDArray[np.intp], items: tuple[str, ...], fen: Whole
    ) -> tuple[tuple[str, ...], Whole]:
        """Put the given costs in place of all derived ones.

        Parameters
        ----------
        prefix : str
            Of the columns: "capital_cny\\_" or "yearly_cny\\_".
        flat : (options,) int
            The (site, mode, service) of each option, flat.
        items : tuple of str
            Items of the derived costs.
        fen : (options, items) int
            Derived costs.

        Returns
        -------
        (items, fen)
            With the items that the table adds.
        """
        columns = [c for c in self.table.columns if c.startswith(prefix)]
        own = [c.removeprefix(prefix) for c in columns]
        every = tuple(dict.fromkeys([*items, *own]))
        given = np.flatnonzero(self.table[columns].notna().any(axis=1).to_numpy())
        row = pd.Index(self.at[given]).get_indexer(flat)
        mine = row >= 0
        row = given[row[mine]]
        out = np.zeros((len(fen), len(every)), dtype=np.int64)
        out[:, : len(items)] = fen
        out[mine] = 0
        for column, item in zip(columns, own, strict=True):
            out[mine, every.index(item)] = np.maximum(whole(self.table[column]), 0)[row]
        return every, out


def conversions(instance: Instance, modes: list[str]) -> Conversions:
    """Lay the conversions table over sites, modes and services."""
    table, sites, services = instance["conversions"], instance["sites"], instance["services"]
    table = table[table["mode"].isin(modes)].reset_index(drop=True)
    shape = len(sites), len(modes), len(services)
    at = np.ravel_multi_index(
        (
            pd.Index(sites["id"]).get_indexer(table["site"]),
            pd.Index(modes).get_indexer(table["mode"]),
            pd.Index(services["service"]).get_indexer(table["service"]),
        ),
        shape,
    )
    costs = [c for c in table.columns if c.startswith(("capital_cny_", "yearly_cny_"))]

    def laid(values: Whole) -> Whole:
        out = np.full(int(np.prod(shape)), -1, dtype=np.int64)
        out[at] = values
        return out.reshape(shape)

    def micro(column: str) -> Whole:
        cells = (-1 if v != v else int(exactly(v) * MICRO) for v in table[column])  # noqa: PLR0124
        return np.fromiter(cells, np.int64)

    return Conversions(
        allowed=laid(table["allowed"].astype("Int64").fillna(-1).to_numpy(np.int64)),
        area=laid(whole(table["area_m2"])),
        months=laid(table["months"].fillna(-1).to_numpy(np.int64)),
        capacity=laid(micro("capacity_persons")),
        supply=laid(micro("supply")),
        priced=laid(table[costs].notna().any(axis=1).to_numpy(np.int64)) > 0,
        table=table,
        at=at,
    )
