"""Accounts told apart where not the same funds may pay for all of their options."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from panhuo.assemble.eligibility import bundles
from panhuo.assemble.options import Options
from panhuo.assemble.yearly import payable_yearly
from panhuo.instance import Instance
from panhuo_models.data import Bools


def told_apart(instance: Instance, options: Options) -> Options:
    """Split accounts until the same funds may pay the year of all options of one, and the same bonds some capital.

    An account of unlike options is split by mode, and one that still is by size. The model knows dues and bonds by
    account: only so does it say what holds for the option that is chosen.
    """
    table = options.table
    _, kind = np.unique(_payers(instance, options), axis=1, return_inverse=True)
    account = table["account"]
    for part in ("mode", "size"):
        unlike = table.assign(kind=kind.ravel()).groupby(account)["kind"].transform("nunique") > 1
        account = account.where(~unlike, account + ":" + table[part])
    return replace(options, table=table.assign(account=account), accounts=tuple(account.unique()))


def _payers(instance: Instance, options: Options) -> Bools:
    """Say which funds may pay which yearly items of each option, and which bonds some of its capital, (any, O)."""
    funds = instance["funds"]
    run = (options.table["operating"] != "").to_numpy(bool)  # where nobody runs it, nothing is due
    year = payable_yearly(instance, options)[(funds["yearly_cap_cny"] > 0).to_numpy(bool)] & run[:, None]
    covers = bundles(instance, options)[funds["debt_service"].notna().to_numpy(bool)]
    return np.concatenate([*year.transpose(2, 0, 1), covers])
