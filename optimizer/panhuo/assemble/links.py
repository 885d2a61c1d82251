"""Ties between offers: what needs, favours or rules out what, at the same site or nearby."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from panhuo.assemble.families import families
from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo_models.data import Link

Bools = NDArray[np.bool_]
Positions = NDArray[np.intp]

ROUNDING = 3
"""Straight distances are rounded to so many decimals of a metre before they are compared."""


def links(instance: Instance, options: Options) -> tuple[Link, ...]:
    """Lay the links over the offers.

    A link without a distance speaks of the same site; one with a distance of every site and existing facility within
    it, the same site among them. A requirement that an existing facility meets, and a bonus that nothing can earn, bind
    nothing and are left out; of two offers of one service that are incompatible one Link tells. Services that serve
    the same people are incompatible at one site.
    """
    offers = options.table.drop_duplicates("offer")
    site = pd.Index(instance["sites"]["id"]).get_indexer(offers["site"])
    everywhere = np.ones(len(instance["existing"]), dtype=bool)
    found = []
    for row in tuples(instance["links"]):
        ours, theirs = (np.flatnonzero((offers["service"] == k).to_numpy()) for k in (row.service_a, row.service_b))
        a, b = _together(instance, row.within_m, site[ours], site[theirs])
        a, b = ours[a], theirs[b]
        if row.service_a == row.service_b:
            once = a < b
            a, b = a[once], b[once]
        held = beside_existing(instance, row, everywhere)[site]
        start, stop = np.searchsorted(a, ours, "left"), np.searchsorted(a, ours, "right")
        for offer, first, last in zip(ours, start, stop, strict=True):
            others = tuple(int(s) for s in b[first:last])
            kept = row.kind != "incompatible" and bool(held[offer])
            if kept if row.kind == "requires" else not (others or kept):
                continue
            bonus = float(row.bonus) if row.kind == "bonus" else 0.0
            found.append(Link(row.link, row.kind, int(offer), others, kept, bonus))
    return (*found, *_once(instance, offers, site))


def _once(instance: Instance, offers: pd.DataFrame, site: Positions) -> Iterator[Link]:
    """Keep offers of services that serve the same people apart where they are of one site."""
    for kinds in families(instance).values():
        if len(kinds) == 1:
            continue
        mine = np.flatnonzero(offers["service"].isin(kinds).to_numpy())
        for n, offer in enumerate(mine.tolist()):
            others = tuple(int(s) for s in mine[n + 1 :] if site[s] == site[offer])
            if others:
                yield Link(f"counts_as {kinds[0]}", "incompatible", offer, others, False, 0.0)


def beside_existing(instance: Instance, link: Any, facilities: Bools) -> Bools:
    """Say which sites have one of these existing facilities of a link's second service beside them.

    Parameters
    ----------
    link : named tuple
        A row of the links table.
    facilities : (existing,) bool
        The facilities that count.

    Returns
    -------
    (S,) bool
    """
    sites, existing = instance["sites"], instance["existing"]
    theirs = existing[facilities & (existing["service"] == link.service_b).to_numpy()]
    if np.isnan(link.within_m):
        return sites["id"].isin(theirs["site_id"]).to_numpy(bool)
    near = np.zeros(len(sites), dtype=bool)
    near[_within(sites, theirs, link.within_m)[0]] = True
    return near


def _together(instance: Instance, within_m: float, a: Positions, b: Positions) -> tuple[Positions, Positions]:
    """Pair the sites of ``a`` and ``b`` that are the same or within a distance: positions in both, sorted."""
    if not np.isnan(within_m):
        return _within(instance["sites"].iloc[a], instance["sites"].iloc[b], within_m)
    _, first, second = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    order = np.argsort(first)
    return first[order], second[order]


def _within(a: pd.DataFrame, b: pd.DataFrame, within_m: float) -> tuple[Positions, Positions]:
    """Give pairs of rows in ``a`` and ``b`` within a straight distance (closed), sorted."""
    xy = ["x_m", "y_m"]
    here, there = a[xy].to_numpy(float), b[xy].to_numpy(float)
    slack = 10.0**-ROUNDING
    # searched a little further, so that rounding down to the distance is not missed
    pairs = cKDTree(here).sparse_distance_matrix(cKDTree(there), within_m + slack, output_type="ndarray")
    row, column = pairs["i"].astype(np.intp), pairs["j"].astype(np.intp)
    metres = np.hypot(*(here[row] - there[column]).T)
    close = np.round(metres, ROUNDING) <= within_m
    row, column = row[close], column[close]
    order = np.lexsort((column, row))
    return row[order], column[order]
