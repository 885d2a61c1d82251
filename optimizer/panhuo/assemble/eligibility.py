"""Who may pay what of the capital."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.options import Options
from panhuo.instance import Instance
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
    named = pd.Series(items, dtype="str")
    for fund, row, place in _rows(instance, table):
        option = place & _listed(row.services, table["service"]) & _listed(row.operating, table["operating"])
        item = _listed(row.items, named)
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
    for fund, row, place in _rows(instance, works):
        fit = [w for w, need in services.items() if not (row.services and need) or set(need) & set(row.services)]
        work = place & works["work"].isin(fit).to_numpy(bool) & _listed(row.items, works["item"])
        most[fund] = np.maximum(most[fund], row.max_share * work)
    return most


def bundles(instance: Instance, options: Options) -> Bools:
    """Say of which options each fund may pay some of the capital, (F, O): what covers it, should it be a bond."""
    most = payable(instance, options.table, options.items)
    covers: Bools = np.any((most > 0) & (options.capital_fen > 0), axis=2)
    return covers


def _rows(instance: Instance, units: pd.DataFrame) -> Iterator[tuple[int, Any, NDArray[np.bool_]]]:
    """Give every row of the eligibility table, its fund, and the units whose mode, owner, zone and year it allows."""
    funds = instance["funds"]["fund"].tolist()
    sites = instance["sites"].set_index("id").loc[units["site"]]
    for row in instance["eligibility"].itertuples():
        place = _listed(row.modes, units["mode"]) & _listed(row.years, units["capital_year"])
        place &= _listed(row.ownerships, sites["ownership"]) & _listed(row.zones, sites["zone"])
        yield funds.index(row.fund), row, place


def _listed(allowed: tuple[Any, ...], cells: pd.Series) -> NDArray[np.bool_]:
    """Say which cells are among those allowed; a blank list allows all."""
    return cells.isin(allowed).to_numpy(bool) if allowed else np.ones(len(cells), dtype=bool)
