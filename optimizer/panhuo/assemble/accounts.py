"""Accounts: who runs an offer, between which margins, and pooled with whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo.instance.schema import PARTIES
from panhuo_models.data import Accounts


def accounts(instance: Instance, options: Options) -> Accounts:
    """Lay out the accounts in the order of ``options.accounts``."""
    table = options.table
    own = table.drop_duplicates("account")
    kinds = instance.settings.operating
    parties = list(PARTIES)
    operating = [kinds.get(key) for key in own["operating"]]  # None where no operating mode is given

    def margin(bound: str) -> list[float]:
        values = [None if kind is None else getattr(kind, bound) for kind in operating]
        return [np.nan if value is None else float(value) for value in values]

    margin_min = np.array(margin("margin_min"), dtype=float)
    pools = pool_keys(instance, options)
    return Accounts(
        names=options.accounts,
        offer=pd.Index(options.offers).get_indexer(own["offer"]).astype(np.int64),
        operator=np.array([-1 if kind is None else parties.index(kind.operator) for kind in operating], dtype=np.int64),
        margin_min=margin_min,
        margin_max=np.array(margin("margin_max"), dtype=float),
        pool=pd.factorize(pools.where(pools != ""))[0].astype(np.int64),
        financed=np.array([kind is not None for kind in operating], dtype=bool) & np.isnan(margin_min),
        write_off=np.array(
            [0.0 if kind is None or kind.write_off_years is None else 1 / kind.write_off_years for kind in operating]
        ),
        fixed=options.yearly_fen.sum(axis=1) / 100,
        income=options.income_fen / 100,
        subsidy=options.subsidy_fen / 100,
        capacity=table["capacity_persons"].to_numpy(float),
    )


def pool_keys(instance: Instance, options: Options) -> pd.Series:
    """Name the pool of every account, (A,) str; "" where no margin binds it.

    A pool holds the accounts of one operating mode at sites with the same value of the column it is pooled by; an
    account that is not pooled, or whose site leaves that column blank, is a pool of its own, named by the account.
    """
    own = options.table.drop_duplicates("account").reset_index(drop=True)
    sites = instance["sites"].set_index("id").loc[own["site"]]
    keys = pd.Series("", own.index, dtype="str")
    for key, kind in instance.settings.operating.items():
        if kind.margin_min is None:
            continue
        mine = own["operating"] == key
        if kind.pooled_by == "plan":
            keys[mine] = f"{key}:plan"
        elif kind.pooled_by == "":
            keys[mine] = own["account"][mine]
        else:
            value = sites[kind.pooled_by].reset_index(drop=True)[mine]
            keys[mine] = (key + ":" + value).where(value != "", own["account"][mine])
    return keys
