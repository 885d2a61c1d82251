"""How much the year of an account may come to, whatever is decided: for rows that hold only at times."""

from __future__ import annotations

import numpy as np

from panhuo_models.data import Floats, SitingData
from panhuo_models.operation import possible


def most_earned(data: SitingData) -> Floats:
    """Bound the income of every account, (A,) [CNY/year]."""
    outlets, accounts = data.outlets, data.accounts
    visits = _of_visits(data, outlets.price + outlets.government + outlets.donor)
    return visits + _of_options(data, accounts.income) + _of_options(data, accounts.subsidy)


def most_spent(data: SitingData) -> Floats:
    """Bound the cost of every account, (A,) [CNY/year]."""
    capital = np.asarray(data.money.cost.sum(axis=0)).ravel()[: len(data.options)]
    running = _of_visits(data, data.outlets.cost) + _of_options(data, data.accounts.fixed)
    return running + data.accounts.write_off * _of_options(data, capital)


def most_lost(data: SitingData) -> Floats:
    """Bound what every account lacks of own revenue, (A,) [CNY/year]."""
    visits = _of_visits(data, data.outlets.cost - data.outlets.price)
    return visits + _of_options(data, data.accounts.fixed - data.accounts.income)


def _of_options(data: SitingData, value: Floats) -> Floats:
    """Give each account the largest of its options, or 0."""
    most = np.zeros(len(data.accounts))
    np.maximum.at(most, data.option_account, value)
    return most


def _of_visits(data: SitingData, rate: Floats) -> Floats:
    """Give each account the largest rate of its outlets, or 0, for all whom it may serve."""
    account, most = data.outlets.account, np.zeros(len(data.accounts))
    np.maximum.at(most, account[account >= 0], rate[account >= 0].max(axis=1, initial=0.0))
    return most * np.minimum(possible(data), _of_options(data, data.accounts.capacity))
