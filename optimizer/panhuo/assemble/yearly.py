"""Who may pay what of the year, and the yearly classes that follow from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from panhuo.assemble.eligibility import payable
from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo_models.data import YEARLY_ITEMS, Accounts, Bools, Floats, Ints, Outlets, Yearly

PAYER = {"visit_subsidy": "government", "donation": "donor", "operating_subsidy": "government"}
"""The party whose funds may pay a yearly item; operation is paid by any."""


def payable_yearly(instance: Instance, options: Options) -> Bools:
    """Say which fund may pay which yearly item of which option, in the year it opens.

    Returns
    -------
    (F, O, 4) bool
        Items as in :data:`YEARLY_ITEMS`; whether the fund has a yearly cap at all does not matter here.
    """
    opened = options.table.assign(capital_year=options.table["open_year"])
    party = instance["funds"]["party"].to_numpy(object)
    stands = np.array([[PAYER.get(item, p) == p for item in YEARLY_ITEMS] for p in party], dtype=bool)
    may: Bools = (payable(instance, opened, YEARLY_ITEMS) > 0) & stands.reshape(-1, 1, len(YEARLY_ITEMS))
    return may


def yearly(instance: Instance, options: Options, books: Accounts, stalls: Outlets, limits: Sequence[Ints]) -> Yearly:
    """Gather (account, item) pairs with the same eligible funds, in the same limits, into yearly classes.

    The same funds may pay for every option of an account (:func:`~panhuo.assemble.apart.told_apart`). Nothing is due
    without an operator, and where no option or outlet can ever make it due.

    Parameters
    ----------
    limits : sequence of (A,) int
        Limits on yearly shares: the group each account stands in, -1 for none.
    """
    n_accounts = len(books)
    account = pd.Index(options.accounts).get_indexer(options.table["account"])
    cap = instance["funds"]["yearly_cap_cny"].to_numpy(float)
    first = np.flatnonzero(~options.table.duplicated("account"))
    may = payable_yearly(instance, options)[:, first].transpose(1, 0, 2) & (cap > 0)[:, None]

    def ever(values: Floats, of: Ints) -> Bools:
        some = np.zeros(n_accounts, dtype=bool)
        some[of[(of >= 0) & (values > 0)]] = True
        return some

    due = np.column_stack(
        [
            ever(stalls.government.max(axis=1, initial=0), stalls.account),
            ever(stalls.donor.max(axis=1, initial=0), stalls.account),
            ever(books.subsidy, account),
            books.financed,
        ]
    ) & (books.operator >= 0)[:, None]  # fmt: skip
    a, item = np.nonzero(due)
    groups = np.array([*limits, np.zeros(n_accounts, dtype=np.int64)])[:, a]
    signature = np.concatenate([groups, may[a, :, item].T])
    distinct, y = np.unique(signature, axis=1, return_inverse=True)
    classes = np.full(due.shape, -1, dtype=np.int64)
    classes[a, item] = y.ravel()
    return Yearly(due=classes, eligible=distinct[len(groups) :].astype(bool), cap=cap)
