"""Bounds from prices alone, on the data's own rows: what anybody can work out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from panhuo.engine.certificate import Parts, Proof
from panhuo.engine.compile import Compiled, Row, compile_plan
from panhuo.engine.decompose.boxes import boxed
from panhuo.engine.decompose.prices import allowed, weak_bound
from panhuo.engine.keep import scale_of, slack_of
from panhuo.engine.people import fair_pairs, serving_pairs
from panhuo.engine.program import Answer, Floats, Program
from panhuo.engine.settle import Settler
from panhuo_models.data import Ints, SitingData
from panhuo_models.doors import load_pairs

_HAIR = 1e-10
"""Share of all that is added up by which a bound is moved outward: far more than rounding can make of it."""


@dataclass(frozen=True, eq=False)
class Proven:
    """A proof, and what its prices alone bound, in units of the model; None where they bound nothing."""

    proof: Proof
    bound: float | None


@dataclass(frozen=True, eq=False)
class _Prices:
    """Prices of one program's rows, kind by kind."""

    planning: Floats
    reach: Floats
    demand: Floats
    serving: Floats
    fair: Floats
    counting: Floats

    @property
    def row(self) -> Floats:
        return np.concatenate([self.planning, self.reach, self.demand, self.serving, self.fair, self.counting])


def prove(settler: Settler, answers: Sequence[Answer], least: Sequence[float]) -> list[Proven | None]:
    """Say of every stage that has a certificate what its prices alone prove.

    The prices are those of the merged program; they are handed to the rows of the data, where a flow row of its own is
    served as it suits it, whatever is alike, and nothing is left out because nobody could run it. Choices that were cut
    off are allowed again.

    Parameters
    ----------
    settler : Settler
        The programs.
    answers : sequence of Answer
        Of the stages, in turn.
    least : sequence of float
        What later stages keep of each but the last.
    """
    if all(answer.certificate is None for answer in answers):
        return [None] * len(answers)
    data = replace(settler.alike, flow=settler.data.flow)
    whole = settler.compiled if settler.stands and not len(data.flow) else compile_plan(data)
    return [_proven(settler, data, whole, s, answer, least[:s]) for s, answer in enumerate(answers)]


def _proven(
    settler: Settler, data: SitingData, whole: Compiled, stage: int, answer: Answer, least: Sequence[float]
) -> Proven | None:
    if answer.certificate is None:
        return None
    compiled = settler.compiled
    signs = np.array([1.0 if maximise else -1.0 for maximise in compiled.maximise[:stage]])
    held = np.array(least) - signs * [slack_of(value) for value in least]
    program = _maximised(whole, stage, held)
    prices, kept = _of_row(settler, data, whole, stage, answer.certificate.row)
    full = allowed(program, np.append(_raised(data, whole, program, prices, kept).row, kept))
    bound = _bound(boxed(program), full)
    sign = 1.0 if whole.maximise[stage] else -1.0
    proof = _proof(settler, data, whole, prices, kept, held)
    parts, across = answer.certificate.parts, answer.certificate.across
    if parts is not None and across is not None:
        between = _proof(settler, data, whole, *_of_row(settler, data, whole, stage, across), held)
        proof = replace(proof, parts=_of_all_sites(parts, len(data.sites)), across=between)
    return Proven(proof, sign * bound if np.isfinite(bound) else None)


def _of_row(settler: Settler, data: SitingData, whole: Compiled, stage: int, row: Floats) -> tuple[_Prices, Floats]:
    """Hand prices of the rows that a stage was solved with to those of the data, and to values that are kept."""
    compiled = settler.compiled
    count = len(compiled.row_lower)
    scale = np.array([scale_of(compiled, s) for s in range(stage)])
    prices = _handed(settler, _split(settler.merged, compiled, row[:count]), compiled, data, whole)
    return prices, row[count : count + stage] / scale


def _maximised(whole: Compiled, stage: int, held: Floats) -> Program:
    """Give the program of a stage, to be maximised, with a row for each value that is kept."""
    rows = [
        Row(sp.csr_matrix(whole.costs[[s]]), *((limit, np.inf) if whole.maximise[s] else (-np.inf, limit)))
        for s, limit in enumerate((held - whole.offsets[: len(held)]).tolist())
    ]
    program = whole.program(stage, rows)
    sign = 1.0 if program.maximise else -1.0
    return replace(program, cost=sign * program.cost, offset=sign * program.offset, maximise=True)


def _split(data: SitingData, compiled: Compiled, row: Floats) -> _Prices:
    """Part prices by the kind of row."""
    ends = np.cumsum([
        len(compiled.rows), len(data.reach), len(data.flow), len(serving_pairs(data, compiled.doors)[0]),
        len(fair_pairs(data.flow, compiled.doors, data.tier_need)[0]),
    ])  # fmt: skip
    return _Prices(*np.split(row, ends))


def _handed(settler: Settler, prices: _Prices, compiled: Compiled, data: SitingData, whole: Compiled) -> _Prices:
    """Hand prices of the merged rows to the rows of the data."""
    if whole is settler.compiled:
        return prices
    merged = settler.merged
    by_name = dict[tuple[str, bool], float]()
    for name, price in zip(labels(merged, compiled), prices.planning.tolist(), strict=True):
        by_name[name, price > 0] = by_name.get((name, price > 0), 0.0) + price
    upper, lower = np.isfinite(whole.row_upper), np.isfinite(whole.row_lower)
    planning = np.array([
        (by_name.get((name, True), 0.0) if upper[n] else 0.0) + (by_name.get((name, False), 0.0) if lower[n] else 0.0)
        for n, name in enumerate(labels(data, whole))
    ])  # fmt: skip
    serving = _serving(prices.serving, merged, compiled, data, whole)
    fair = _fair(settler, prices.fair, compiled, data, whole)
    of = settler.merged_rows()
    demand = np.append(prices.demand, 0.0)[of]
    return _Prices(planning, prices.reach, demand, serving, fair, prices.counting)


def _raised(data: SitingData, whole: Compiled, program: Program, prices: _Prices, kept: Floats) -> _Prices:
    """Raise the price of each flow row's demand to what its best door leaves: then no assignment gains."""
    none = replace(prices, demand=np.zeros(len(data.flow)))
    rest = program.cost - program.matrix.T @ np.append(none.row, kept)
    demand = prices.demand.copy()
    np.maximum.at(demand, whole.doors.row, rest[whole.families["assigned"]])
    return replace(prices, demand=demand)


def _serving(price: Floats, merged: SitingData, compiled: Compiled, data: SitingData, whole: Compiled) -> Floats:
    """Hand the prices of serving rows from doors to the doors that hold the same outlets."""
    tiers = len(data.tiers)
    known = {
        door * tiers + tier: value
        for door, tier, value in zip(
            *(part.tolist() for part in serving_pairs(merged, compiled.doors)), price.tolist(), strict=True
        )
    }
    outlet, tier = load_pairs(data.flow, tiers)
    mine = [known.get(key, -np.inf) for key in (compiled.doors.of[outlet] * tiers + tier).tolist()]
    found = np.full(len(serving_pairs(data, whole.doors)[0]), -np.inf)
    np.maximum.at(found, _of_serving(data, whole), np.array(mine, dtype=np.float64))
    return np.where(np.isneginf(found), 0.0, found)


def _of_serving(data: SitingData, whole: Compiled) -> Ints:
    """Give the serving row of each pair of outlet and tier."""
    tiers = len(data.tiers)
    outlet, tier = load_pairs(data.flow, tiers)
    door, of_tier = serving_pairs(data, whole.doors)
    return np.searchsorted(door * tiers + of_tier, whole.doors.of[outlet] * tiers + tier)


def _fair(settler: Settler, price: Floats, compiled: Compiled, data: SitingData, whole: Compiled) -> Floats:
    """Hand the prices of fair rows to their parts, so that they say the same of a person of the less needy row."""
    merged, flow = settler.merged.flow, data.flow
    of = settler.merged_rows()
    known = {
        pair: value * max(merged.demand[pair[0]], merged.demand[pair[1]]) / merged.demand[pair[1]]
        for pair, value in zip(
            zip(*(part.tolist() for part in fair_pairs(merged, compiled.doors, data.tier_need)), strict=True),
            price.tolist(),
            strict=True,
        )
        if value
    }
    needy, other = fair_pairs(flow, whole.doors, data.tier_need)
    share = [known.get(pair, 0.0) for pair in zip(of[needy].tolist(), of[other].tolist(), strict=True)]
    return np.array(share) * flow.demand[other] / np.maximum(flow.demand[needy], flow.demand[other])


def _bound(program: Program, row: Floats) -> float:
    """Bound a maximised program by prices, moved outward by a hair of all that is added up."""
    found = weak_bound(program, row) + program.offset
    if not np.isfinite(found):
        return np.inf
    size = np.abs(program.cost) + np.asarray(abs(program.matrix).T @ np.abs(row)).ravel()
    reach = np.maximum(np.abs(program.lower), np.abs(program.upper))
    limits = np.maximum(
        np.abs(np.where(np.isinf(program.row_lower), 0.0, program.row_lower)),
        np.abs(np.where(np.isinf(program.row_upper), 0.0, program.row_upper)),
    )
    finite = np.isfinite(reach)
    added = float(size[finite] @ reach[finite]) + float(np.abs(row) @ limits) + abs(program.offset)
    return float(np.nextafter(found + _HAIR * added, np.inf))


def _proof(settler: Settler, data: SitingData, whole: Compiled, prices: _Prices, kept: Floats, held: Floats) -> Proof:
    """Write prices down on the data's own rows."""
    names, priced = labels(data, whole), np.flatnonzero(prices.planning).tolist()
    needy, other = fair_pairs(data.flow, whole.doors, data.tier_need)
    fair = np.flatnonzero(prices.fair)
    outlet, tier = load_pairs(data.flow, len(data.tiers))
    serving = prices.serving[_of_serving(data, whole)]
    serves = np.flatnonzero(serving)
    return Proof(
        tuple(names[n] for n in priced),
        prices.planning[priced],
        settler.shared(prices.reach / data.reach.demand),
        prices.demand,
        outlet[serves],
        tier[serves],
        serving[serves],
        needy[fair],
        other[fair],
        prices.fair[fair],
        prices.counting,
        held,
        kept,
        None,
        None,
    )


def _of_all_sites(parts: Parts, sites: int) -> Parts:
    """Name the sites too that nothing can be chosen at: they are in no cluster, -1."""
    cluster = np.full(sites, -1)
    cluster[: len(parts.cluster)] = parts.cluster
    return replace(parts, cluster=cluster)


def labels(data: SitingData, compiled: Compiled) -> list[str]:
    """Name the planning rows: ``siting.opened['s1:convert', 'canteen']``; without brackets where there is no index.

    What opens an outlet to a tier is named by both, as Pyomo only counts these rows.
    """
    outlet, tier = load_pairs(data.flow, len(data.tiers))
    found = []
    for constraint, index in compiled.rows:
        if constraint == "operation.opened":
            n = int(str(index))
            index = data.outlets.names[outlet[n]], data.tiers[tier[n]]  # noqa: PLW2901
        parts = index if isinstance(index, tuple) else (index,)
        found.append(constraint if index is None else f"{constraint}[{', '.join(map(repr, parts))}]")
    return found
