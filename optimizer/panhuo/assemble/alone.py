"""Options that must keep a margin by themselves, and those of them that cannot, whoever comes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panhuo.assemble.options import Options
from panhuo.engine.viable import viable
from panhuo_models.data import SitingData


def alone(options: Options, data: SitingData) -> pd.DataFrame:
    """Count the options whose margin no other shares, and those that cannot keep it.

    Returns
    -------
    DataFrame
        By ``service`` and ``operating``: ``options``, how many ``lose``, and at how many sites there is one that does
        not (``sites_left``).
    """
    pool, table = data.accounts.pool, options.table
    shared = np.bincount(pool[pool >= 0], minlength=len(pool) + 1)
    mine = (pool >= 0) & (shared[pool] == 1)
    own = table[["service", "operating", "site"]].assign(lose=~viable(data)[0])[mine[data.option_account]]
    found = own.groupby(["service", "operating"], sort=False).agg(options=("lose", "size"), lose=("lose", "sum"))
    found["sites_left"] = own[~own["lose"]].groupby(["service", "operating"])["site"].nunique()
    return found.fillna({"sites_left": 0}).astype("int64").reset_index()
