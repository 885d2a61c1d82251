"""Who may pay what of the capital."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo_models.data import Bools, Floats


def payable(instance: Instance, table: pd.DataFrame, items: tuple[str, ...]) -> Floats:
    """Largest share each fund may pay of each capital item of options.

    A payment is allowed where one row of the eligibility table allows all of it; of several such rows the largest share
    holds. Whether a fund pays in complexes only does not matter here.

    Parameters
    ----------
    table : DataFrame
        Options: ``site``, ``mode``, ``service``, ``operating``, ``capital_year``.
    items : tuple of str
        Capital items.

    Returns
    -------
    (F, O, items) float
        0 where the fund may not pay.
    """
    most = np.zeros((len(instance["funds"]), len(table), len(items)))
    services, operating = _Cells(table["service"]), _Cells(table["operating"])
    named = _Cells(pd.Series(items, dtype="str"))
    for fund, row, place in _rows(instance, table):
        option = place & services.among(row.services) & operating.among(row.operating)
        item = named.among(row.items)
        most[fund] = np.maximum(most[fund], row.max_share * (option[:, None] & item))
    return most


def payable_works(instance: Instance, works: pd.DataFrame) -> Floats:
    """Largest share each fund may pay of shared works.

    A row of the eligibility table that lists services matches a work that is for one of them (or for every service);
    operating modes do not matter.

    Parameters
    ----------
    works : DataFrame
        Works: ``work``, ``site``, ``mode``, ``item``, ``capital_year``.

    Returns
    -------
    (F, W) float
        0 where the fund may not pay.
    """
    most = np.zeros((len(instance["funds"]), len(works)))
    services = dict(zip(instance["shared_works"]["work"], instance["shared_works"]["services"], strict=True))
    items = _Cells(works["item"])
    for fund, row, place in _rows(instance, works):
        fit = [w for w, need in services.items() if not (row.services and need) or set(need) & set(row.services)]
        work = place & works["work"].isin(fit).to_numpy(bool) & items.among(row.items)
        most[fund] = np.maximum(most[fund], row.max_share * work)
    return most


def bundles(instance: Instance, options: Options) -> Bools:
    """Say of which options each fund may pay some of the capital, (F, O): what covers it, should it be a bond."""
    most = payable(instance, options.table, options.items)
    covers: Bools = np.any((most > 0) & (options.capital_fen > 0), axis=2)
    return covers


def _rows(instance: Instance, units: pd.DataFrame) -> Iterator[tuple[int, Any, NDArray[np.bool_]]]:
    """Give every row of the eligibility table, its fund, and the units whose mode, owner, zone and year it allows."""
    if not len(units):
        return
    funds, sites = instance["funds"]["fund"].tolist(), instance["sites"]
    at = pd.Index(sites["id"]).get_indexer(units["site"])
    modes, years = _Cells(units["mode"]), _Cells(units["capital_year"])
    owners, zones = _Cells(sites["ownership"].iloc[at]), _Cells(sites["zone"].iloc[at])
    for row in tuples(instance["eligibility"]):
        place = modes.among(row.modes) & years.among(row.years) & owners.among(row.ownerships) & zones.among(row.zones)
        yield funds.index(row.fund), row, place


class _Cells:
    """A column of which many rows of the table ask: each different cell is looked at once."""

    def __init__(self, cells: pd.Series) -> None:
        self._at, different = pd.factorize(cells, use_na_sentinel=False)
        self._different = [None if pd.isna(cell) else cell for cell in different.tolist()]

    def among(self, allowed: tuple[Any, ...]) -> NDArray[np.bool_]:
        """Say which cells are among those allowed; a blank list allows all."""
        if not allowed:
            return np.ones(len(self._at), dtype=bool)
        return np.array([cell in allowed for cell in self._different], dtype=bool)[self._at]
