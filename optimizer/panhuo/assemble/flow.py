"""Flow rows: who may be assigned where, by tier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse as sp

from panhuo.access import Catchments
from panhuo.assemble.exact import MICRO, exactly
from panhuo.assemble.families import families
from panhuo.assemble.outlets import Stalls
from panhuo.assemble.reach import flow_services
from panhuo.assemble.tallying import Tallying
from panhuo.assemble.tiers import Fractions, Tiers
from panhuo.instance import Instance
from panhuo_models.data import Floats, Flow, Ints


@dataclass(frozen=True)
class Cells:
    """What the flow rows g and the outlets n of a :class:`SitingData` stand for.

    Parameters
    ----------
    demand, profile, service, tier : (G,) int
        Rows i, w, k of the tables, and h into ``SitingData.tiers``.
    micro : (G,) int [1e-6 persons]
        ⌊d[g]⌋: the most that may be assigned.
    potential : (G,) int [1e-6 persons]
        ⌊d[g]·uptake⌋ under the tariff of today's facilities: the most they serve; 0 where there is none.
    place : (N,) int
        Row of the outlet in the places of the catchments.
    """

    demand: Ints
    profile: Ints
    service: Ints
    tier: Ints
    micro: Ints
    potential: Ints
    place: Ints


def flow(
    instance: Instance, catchments: Catchments, known: Tiers, stalls: Stalls, tallies: Tallying
) -> tuple[Flow, Cells, Floats]:
    """Lay out the flow rows of every service whose people are assigned, profile, demand point and tier.

    People go to whatever serves them: outlets of the service and of those that count as it, each within its own
    standard. Where existing facilities of several of them stand, today's tariffs are alike.

    A row that no outlet within the standard is affordable for is left out; it counts as reachable all the same.

    Returns
    -------
    Flow
        The rows and pairs.
    Cells
        What they stand for.
    (4, T) float
        Fixed (0), before (0), reachable and total persons of the tallies; 0 for the other services.
    """
    people, sums = _People(instance, known), tallies.zero()
    blocks: list[_Block] = []
    services, members = instance["services"]["service"].tolist(), families(instance)
    for k in np.flatnonzero(flow_services(instance)):
        of = known.of(services[k] in set(instance["tariffs"]["service"]))
        kinds = members.get(services[k], [])
        own = [np.flatnonzero(stalls.service == services.index(kind)) for kind in kinds]
        mine = np.concatenate([np.empty(0, dtype=np.int64), *own])
        able = stalls.able[mine][:, of]
        today = mine[stalls.outlets.account[mine] < 0][:1]  # any of them
        share = [stalls.uptake[n, h] if stalls.able[n, h] else Fraction(0) for n in today for h in of]
        for w, profile in enumerate(instance["profiles"]["profile"]):
            exact, scale = people.needs(profile, services[k], of)
            if not exact.any():
                continue
            demand = (exact / scale).astype(float)
            near = sp.hstack(
                [catchments.within(kind, profile)[:, stalls.place[n]] for kind, n in zip(kinds, own, strict=True)]
            ).tocoo()
            reached = np.bincount(near.row, minlength=len(demand)) > 0
            np.add.at(sums[2], tallies.of[k], demand.sum(axis=1) * reached)
            np.add.at(sums[3], tallies.of[k], demand.sum(axis=1))
            pairs = [(near.row[can], np.full(int(can.sum()), h), mine[near.col[can]])
                     for h, can in enumerate(able[near.col].T)]  # fmt: skip
            i, h, outlet = (np.concatenate(part) for part in zip(*pairs, strict=True))
            potential = [exact[:, h] * (u.numerator * MICRO) // (u.denominator * scale) for h, u in enumerate(share)]
            micro = exact * MICRO // scale
            blocks.append(
                _Block(
                    w, int(k), np.array(of), tallies.of[k], demand, micro.astype(np.int64),
                    np.array(potential or np.zeros_like(micro.T), dtype=object).T.astype(np.int64), i, h, outlet,
                )
            )  # fmt: skip
    return (*_joined(blocks, stalls), sums)


@dataclass(frozen=True)
class _Block:
    """One profile and service: demand by point and tier, and the pairs (point, tier, outlet)."""

    profile: int
    service: int
    tiers: Ints
    tally: Ints
    demand: Floats
    micro: Ints
    potential: Ints
    i: Ints
    h: Ints
    outlet: Ints


def _joined(blocks: list[_Block], stalls: Stalls) -> tuple[Flow, Cells]:
    """Give numbers to the rows that have pairs, block by block, point by point, tier by tier."""
    rows: list[tuple[Ints, ...]] = []
    pairs: list[tuple[Ints, Ints]] = []
    demand, uptake = [np.empty(0)], [np.empty(0)]
    n_rows = n_cells = 0
    for b in blocks:
        live = b.demand[b.i, b.h] > 0
        i, h, outlet = b.i[live], b.h[live], b.outlet[live]
        place, row = np.unique(i * len(b.tiers) + h, return_inverse=True)
        point, tier = np.divmod(place, len(b.tiers))
        order = np.lexsort((outlet, row))
        pairs.append((n_rows + row[order], outlet[order]))
        uptake.append(stalls.uptake[outlet[order], b.tiers[h[order]]].astype(float))
        cell = np.unique(point, return_inverse=True)[1]
        same = np.full_like(point, b.profile), np.full_like(point, b.service)
        rows.append(
            (point, *same, b.tiers[tier], b.micro[point, tier], b.potential[point, tier], b.tally[point],
             n_cells + cell)
        )  # fmt: skip
        demand.append(b.demand[point, tier])
        n_rows += len(place)
        n_cells += int(cell.max(initial=-1)) + 1
    point, profile, service, tier, micro, potential, tally, cell = _stacked(rows, 8)
    row, outlet = _stacked(pairs, 2)
    found = Flow(np.concatenate(demand), tally, tier, cell, row, outlet, np.concatenate(uptake))
    return found, Cells(point, profile, service, tier, micro, potential, stalls.place)


def _stacked(parts: Sequence[tuple[Ints, ...]], columns: int) -> list[Ints]:
    empty = np.empty(0, dtype=np.int64)
    return [np.concatenate([empty, *(part[c] for part in parts)]) for c in range(columns)]


class _People:
    """People by group in exact arithmetic: whole numbers over one denominator."""

    def __init__(self, instance: Instance, known: Tiers) -> None:
        self._groups = list(instance.groups)
        self._instance, self._tiers = instance, known
        count = instance["demand"][[f"people_{g}" for g in self._groups]].to_numpy(float)
        values, at = np.unique(count, return_inverse=True)  # the same few numbers stand in most cells
        found, self._scale = _whole_numbers(np.array([exactly(v) for v in values], dtype=object))
        self._people = found[at].reshape(count.shape)

    def needs(self, profile: str, service: str, of: list[int]) -> tuple[Fractions, int]:
        """Give d[i,h] = Σ_g need[k,g]·p[i,g]·share[h,g] over the groups of a profile, (D, tiers); over a number."""
        groups = self._instance["profiles"].set_index("profile")["groups"][profile]
        table = self._instance["needs"]
        rates = table[(table["service"] == service) & table["group"].isin(groups)]
        at = [self._groups.index(g) for g in rates["group"]]
        if not at:
            return np.zeros((len(self._people), len(of)), dtype=object), 1
        rate = np.array([exactly(r) for r in rates["rate"]], dtype=object)
        factor, scale = _whole_numbers((self._tiers.share[np.ix_(of, at)] * rate).T)
        return self._people[:, at] @ factor, self._scale * scale


def _whole_numbers(values: Fractions) -> tuple[Fractions, int]:
    """Write fractions as whole numbers (Python's own) over their common denominator."""
    scale = math.lcm(*(v.denominator for v in values.ravel()))
    return np.frompyfunc(lambda v: v.numerator * (scale // v.denominator), 1, 1)(values), scale
