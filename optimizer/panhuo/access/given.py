"""Given minutes and metres, which rule over what was worked out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access.standards import ROUNDING
from panhuo.instance import Instance

Codes = NDArray[np.uint8]


class Given:
    """The rows of the table ``minutes``.

    Parameters
    ----------
    instance : Instance
        The instance.
    places : DataFrame
        The places.
    """

    def __init__(self, instance: Instance, places: pd.DataFrame) -> None:
        self._table = instance["minutes"]
        self._demand = pd.Index(instance["demand"]["id"]).get_indexer(self._table["demand"])
        # a site and a facility may bear one id as long as there are no rows here
        place = dict(zip(places["place"], range(len(places)), strict=True))
        self._place = self._table["place"].map(place).to_numpy(dtype=np.intp)

    def __len__(self) -> int:
        return len(self._table)

    def minutes(self, profile: str, base: sp.csr_matrix, origin: Codes) -> tuple[sp.csr_matrix, Codes]:
        """Lay the minutes of a profile over those worked out; ``origin`` goes with the stored ones, 0 is given."""
        mine = self._table["profile"].isin(["", profile]).to_numpy()
        # a row for this very profile comes last and so rules over a row for every profile
        order = np.argsort((self._table["profile"] != "").to_numpy()[mine], kind="stable")
        values = self._table["minutes"].to_numpy()[mine][order]
        return _overlaid(base, origin, self._demand[mine][order], self._place[mine][order], values)

    def metres(self, base: sp.csr_matrix) -> sp.csr_matrix:
        """Lay the metres over those worked out."""
        known = self._table["metres"].notna().to_numpy()
        none = np.zeros(base.nnz, dtype=np.uint8)
        values = self._table["metres"].to_numpy()[known]
        return _overlaid(base, none, self._demand[known], self._place[known], values)[0]


def _overlaid(
    base: sp.csr_matrix, origin: Codes, rows: NDArray[np.intp], columns: NDArray[np.intp], values: NDArray[np.float64]
) -> tuple[sp.csr_matrix, Codes]:
    """Let given values take the place of computed ones; of a pair given twice the last rules."""
    own = base.tocoo()
    key = np.concatenate([own.row.astype(np.int64), rows]) * base.shape[1] + np.concatenate([own.col, columns])
    data = np.concatenate([own.data, np.round(values, ROUNDING)])
    codes = np.concatenate([origin, np.zeros(len(values), dtype=np.uint8)])
    # np.unique keeps the first of equal keys, so the given ones go first, the last given foremost
    key, first = np.unique(key[::-1], return_index=True)
    row, column = np.divmod(key, base.shape[1])
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=base.shape[0]))])
    laid = sp.csr_matrix((data[::-1][first], column.astype(np.int32), start.astype(np.int32)), shape=base.shape)
    return laid, codes[::-1][first]
