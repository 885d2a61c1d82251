"""What rounding may take from an account, and rows that leave room for it.

Afterwards people are counted in millionths, and only whole visits and whole fen are paid. Of a tier at an outlet that
takes less than one visit a year, and two millionths of a person for every pair it is summed from (one for those sent,
one for those who come); write-offs, subsidies and deficits are off by half a fen each. So much room in every row that
sums up a year: a few yuan an account.
"""

from __future__ import annotations

import numpy as np

from panhuo.engine.compile import Compiled
from panhuo.engine.program import Bools, Floats
from panhuo_models.data import SitingData
from panhuo_models.money import UNIT

_MILLIONTHS = 2e-6
_FEN = 0.05


def room(data: SitingData, choose: Bools, outlets: Bools) -> dict[str, Floats]:
    """Say how much each account may lose, by what is counted of it.

    Parameters
    ----------
    data : SitingData
        The data, with the pairs that people are counted by.
    choose : (O,) bool
        The chosen options.
    outlets : (N,) bool
        The outlets that may be kept.

    Returns
    -------
    dict of str to (A,) float [CNY/year]
        ``margin_min``, ``margin_max``: of what lies within the margin; ``missing``: a deficit's growth; ``served``: own
        revenue; ``share``: all that a share of the year counts.
    """
    accounts, places = data.accounts, data.outlets
    lost = _lost(data)
    income = places.price + places.government + places.donor
    chosen = np.zeros(len(accounts), dtype=bool)
    chosen[data.option_account[choose]] = True
    kept = np.flatnonzero(outlets & (places.account >= 0))
    account = places.account[kept]

    def most(rate: Floats) -> Floats:
        worst = np.where(chosen & (accounts.operator >= 0), _FEN, 0.0)
        by_outlet = (np.maximum(rate, 0.0) * lost)[kept].sum(axis=1)
        extra = np.zeros(len(accounts))
        np.maximum.at(extra, account, by_outlet)
        return worst + extra

    def beyond(margin: Floats) -> Floats:
        share = np.append(np.nan_to_num(margin), 0.0)[places.account]
        return (1.0 - share)[:, None] * income - places.cost

    found = {
        "margin_min": most(beyond(accounts.margin_min)),
        "margin_max": most(-beyond(accounts.margin_max)),
        "missing": most(income - places.cost),
        "served": most(places.price - places.cost),
    }
    found["share"] = most(income + places.enterprise) + found["margin_min"] + found["missing"]
    return found


def _lost(data: SitingData) -> Floats:
    """Count the people of each tier whom rounding may take from each outlet, (N, H) [persons]."""
    flow, shape = data.flow, data.outlets.price.shape
    pairs = np.zeros(shape)
    np.add.at(pairs, (flow.outlet, flow.tier[flow.row]), 1.0)
    visits = data.outlets.visits[:, None]
    whole = np.divide(1.0, visits, out=np.zeros_like(visits), where=visits > 0)
    return np.where(pairs > 0, whole + _MILLIONTHS * pairs, 0.0)


def tightened(data: SitingData, compiled: Compiled, lost: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Leave room in the rows that sum up a year.

    Parameters
    ----------
    data : SitingData
        The data the program was compiled from.
    compiled : Compiled
        The program.
    lost : dict of str to (A,) float [CNY/year]
        What :func:`room` gives.

    Returns
    -------
    row_lower, row_upper : (rows,) float
        Bounds of all rows, moved inward where a year is summed up.
    """
    lower, upper = compiled.row_lower.copy(), compiled.row_upper.copy()
    accounts, limits = data.accounts, data.money.limits
    for n, (name, index) in enumerate(compiled.rows):
        block, _, rule = name.partition(".")
        if not isinstance(index, int):
            continue
        if block == "accounts" and rule in ("margin_min", "margin_max"):
            within = float(lost[rule][accounts.pool == index].sum())
        elif (block, rule) == ("accounts", "missing"):
            within = float(lost[rule][index])
        elif (block, rule) == ("accounts", "exact"):
            # A deficit is what is missing and its own room, neither less nor more.
            within = -float(lost["missing"][index])
        elif (block, rule) == ("bonds", "served"):
            within = float(lost[rule][data.money.bonds[index].accounts].sum())
        elif block == "yearly" and rule in ("low", "high"):
            within = float(lost["share"][limits[index].accounts].sum())
        else:
            continue
        lower[n] += within / UNIT
        upper[n] -= within / UNIT
    return lower, upper
