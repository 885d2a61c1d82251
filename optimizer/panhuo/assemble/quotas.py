"""Shares by population (人钱地挂钩): groups of sites and what of the people they hold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo.instance.policy import Quota
from panhuo.words import T, Text
from panhuo_models.data import AreaQuota, Ints


class Group(NamedTuple):
    """A group and the bounds on its share."""

    name: str
    low: float
    high: float


def spoken(low: float, high: float) -> str:
    """Say between which shares."""
    least, most = (f"{round(100 * share, 2):g}" for share in (low, high))
    if low > 0 and high < 1:
        return f"{least}–{most}%"
    return f"≥ {least}%" if low > 0 else f"≤ {most}%"


def groups(instance: Instance, options: Options, quota: Quota) -> tuple[tuple[Group, ...], Ints, tuple[Text, ...]]:
    """Work out the groups of a quota, and which site stands in which.

    A group's share of the people is that of all residents who live in its circles. Groups without an option get
    nothing and are left out; sites without a circle, or in circles without a type, stand in no group.

    Returns
    -------
    tuple of Group
        The groups with an option.
    (S,) int
        The group of each site, -1 for none.
    tuple of Text
        The groups left out, in words.
    """
    circles = instance["circles"].set_index("circle")
    key = circles["type"] if quota.by == "circle_type" else pd.Series(circles.index, circles.index)
    people = instance["demand"][[f"people_{g}" for g in instance.groups]].sum(axis=1)
    living = people.groupby(instance["demand"]["circle"].map(key).fillna("")).sum()
    sites = instance["sites"]
    stands = sites["circle"].map(key).fillna("")
    open_ = set(stands[sites["id"].isin(options.table["site"])])
    order = [name for name in dict.fromkeys(key) if name]
    own: list[Group] = []
    notes: list[Text] = []
    index: dict[str, int] = {}
    what = f"fund {quota.fund}" if quota.fund else {"capital": "capital", "floor_area": "floor area"}[quota.measure]
    for name in order:
        if name not in open_:
            notes.append(T("The quota of {what} leaves {group} out: no option stands there", what=what, group=name))
            continue
        share = float(living.get(name, 0.0) / people.sum()) if people.sum() > 0 else 0.0
        low = quota.min_factor * share
        high = 1.0 if quota.max_factor is None else min(1.0, quota.max_factor * share)
        index[name] = len(own)
        own.append(Group(f"{name} {spoken(low, high)} of {what} by people", low, high))
    return tuple(own), stands.map(index).fillna(-1).to_numpy(np.int64), tuple(notes)


def area_quotas(instance: Instance, options: Options) -> tuple[tuple[AreaQuota, ...], tuple[Text, ...]]:
    """Lay out the quotas of floor area; those that bind nothing are left out."""
    found: list[AreaQuota] = []
    notes: list[Text] = []
    site = pd.Index(instance["sites"]["id"]).get_indexer(options.table["site"])
    for quota in instance.settings.policy.quotas:
        if quota.measure == "floor_area":
            own, of_site, left_out = groups(instance, options, quota)
            notes += left_out
            found += [
                AreaQuota(group.name, of_site[site] == i, group.low, group.high)
                for i, group in enumerate(own)
                if group.low > 0 or group.high < 1
            ]
    return tuple(found), tuple(notes)
