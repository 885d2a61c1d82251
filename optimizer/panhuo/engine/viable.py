"""Options and tariffs that cannot keep their margin, whoever comes: no plan holds them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from panhuo_models.data import Bools, Floats, Flow, Ints, SitingData

_CENT = 0.01


def kept_pairs(flow: Flow, outlets: Bools) -> tuple[Flow, Ints]:
    """Leave out the pairs of outlets that are not viable.

    Parameters
    ----------
    flow : Flow
        The flow rows.
    outlets : (N,) bool
        The outlets that are.

    Returns
    -------
    flow : Flow
        All rows, and the pairs that are left.
    pairs : (pairs,) int
        Which these are.
    """
    pairs = np.flatnonzero(outlets[flow.outlet])
    left = replace(flow, row=flow.row[pairs], outlet=flow.outlet[pairs], uptake=flow.uptake[pairs])
    return left, pairs


def viable(data: SitingData) -> tuple[Bools, Bools]:
    """Say which options and outlets could keep the least margin if everyone within reach came.

    An account that is pooled with no other keeps its margin alone. Under option o and outlet n what lies beyond the
    margin is at most that of the tiers that bring most, up to the capacity, with the largest operating subsidy and no
    write-off. Where that is negative the two cannot stand together; an option without any outlet left, and an outlet
    without any option left, cannot stand at all.

    Parameters
    ----------
    data : SitingData
        The data, merged or not.

    Returns
    -------
    options, outlets : (O,), (N,) bool
        Those that can stand; existing facilities all do.
    """
    accounts, outlets = data.accounts, data.outlets
    alone = _alone(data)
    option, outlet = _pairs(data.option_account, outlets.account, len(accounts))
    best = np.full(len(option), np.inf)
    asked = np.flatnonzero(alone[data.option_account[option]])
    o, n = option[asked], outlet[asked]
    kept = 1.0 - accounts.margin_min[data.option_account]
    fixed = kept * (accounts.income + accounts.subsidy) - accounts.fixed
    best[asked] = fixed[o] + _earned(data, kept[o], o, n)
    stands = best >= -_CENT
    options, kept_outlets = np.zeros(len(data.options), dtype=bool), outlets.account < 0
    options[option[stands]] = True
    kept_outlets[outlet[stands]] = True
    unserved = ~np.isin(data.option_account, outlets.account)
    options |= unserved & (~alone[data.option_account] | (fixed >= -_CENT))
    return options, kept_outlets


def _alone(data: SitingData) -> Bools:
    """Mark the accounts with a margin that no other shares, (A,) bool."""
    accounts = data.accounts
    bound = (accounts.operator >= 0) & (accounts.pool >= 0) & ~np.isnan(accounts.margin_min)
    shared = np.bincount(accounts.pool[accounts.pool >= 0], minlength=len(accounts) + 1)
    alone: Bools = bound & (shared[accounts.pool] == 1)
    return alone


def _pairs(option_account: Ints, outlet_account: Ints, accounts: int) -> tuple[Ints, Ints]:
    """List the pairs of an option and an outlet of one account."""
    order = np.argsort(outlet_account, kind="stable")
    begin = np.searchsorted(outlet_account[order], np.arange(accounts + 1))
    count = np.diff(begin)[option_account]
    option = np.repeat(np.arange(len(option_account)), count)
    within = np.arange(len(option)) - np.repeat(np.cumsum(count) - count, count)
    return option, order[begin[option_account[option]] + within]


def _earned(data: SitingData, kept: Floats, option: Ints, outlet: Ints) -> Floats:
    """Most that visits can bring beyond the margin, pair by pair [CNY/year]: the tiers that bring most come first."""
    flow, outlets = data.flow, data.outlets
    come = np.zeros(outlets.price.shape)
    np.add.at(come, (flow.outlet, flow.tier[flow.row]), flow.uptake * flow.demand[flow.row])
    gain = kept[:, None] * (outlets.price + outlets.government + outlets.donor)[outlet] - outlets.cost[outlet]
    first = np.argsort(-gain, axis=1, kind="stable")
    gain, come = np.take_along_axis(gain, first, axis=1), np.take_along_axis(come[outlet], first, axis=1)
    before = np.cumsum(come, axis=1) - come
    room = np.clip(data.accounts.capacity[option][:, None] - before, 0.0, come)
    earned: Floats = (np.maximum(gain, 0.0) * room).sum(axis=1)
    return earned
