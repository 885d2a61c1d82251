"""Who may pay what, and the cost classes that follow from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo.instance.schema import PARTIES
from panhuo_models.data import Money


def payable(instance: Instance, options: Options) -> NDArray[np.bool_]:
    """Which fund may pay which capital item of which option.

    Returns
    -------
    (F, O, items) bool
        True where one row of the eligibility table allows fund, item, mode, service, ownership and zone together.
    """
    funds, table = instance["funds"]["fund"].tolist(), options.table
    sites = instance["sites"].set_index("id").loc[table["site"]]
    allowed = np.zeros((len(funds), len(table), len(options.items)), dtype=bool)
    items = np.array(options.items, dtype=object)
    for row in instance["eligibility"].itertuples():
        option = np.ones(len(table), dtype=bool)
        for listed, cells in (
            (row.modes, table["mode"]), (row.services, table["service"]),
            (row.ownerships, sites["ownership"]), (row.zones, sites["zone"]),
        ):  # fmt: skip
            if listed:
                option &= cells.isin(listed).to_numpy()
        item = np.isin(items, row.items) if row.items else np.ones(len(items), dtype=bool)
        allowed[funds.index(row.fund)] |= option[:, None] & item
    return allowed


def money(instance: Instance, options: Options) -> Money:
    """Gather (option, item) pairs with the same eligible funds into cost classes.

    Exact, and far smaller than a payment for every project, for no limit here binds a single project.
    """
    funds = instance["funds"]
    pairs = np.flatnonzero(options.capital_fen)  # flat over (O, items)
    signature = payable(instance, options).reshape(len(funds), -1)[:, pairs]
    eligible, q = np.unique(signature, axis=1, return_inverse=True)
    option = pairs // max(len(options.items), 1)
    cost = sp.csr_matrix(
        (options.capital_fen.ravel()[pairs] / 100, (q.ravel(), option)), shape=(eligible.shape[1], len(options.table))
    )
    parties = tuple(PARTIES)
    shares = instance["parties"].set_index("party").loc[list(parties)]
    budget = instance.settings.policy.budget_cny
    found = Money(
        cost=cost,
        eligible=eligible,
        cap=funds["cap_cny"].to_numpy(float),
        party=np.array([parties.index(p) for p in funds["party"]], dtype=np.int64),
        share_min=shares["min_share"].to_numpy(float),
        share_max=shares["max_share"].to_numpy(float),
        budget=np.inf if budget is None else budget,
        funds=tuple(funds["fund"]),
        parties=parties,
    )
    return _lone_fund(found) if _is_lone(instance, found) else found


def _is_lone(instance: Instance, money: Money) -> bool:
    """Whether a single fund may pay everything, no share binds it, and no stage asks what a party pays."""
    if len(money.funds) != 1 or not money.eligible.all():
        return False
    own = np.arange(len(money.parties)) == money.party[0]
    free = bool((money.share_max[own] >= 1).all() and (money.share_min[~own] <= 0).all())
    return free and all(stage.measure != "party_capital" for stage in instance.settings.policy.objectives)


def _lone_fund(money: Money) -> Money:
    """Say of a lone fund what it is, a budget: the model is then pure 0–1, and smaller."""
    return replace(
        money,
        eligible=money.eligible[:0],
        cap=money.cap[:0],
        party=money.party[:0],
        budget=min(money.budget, float(money.cap[0])),
        funds=(),
    )
