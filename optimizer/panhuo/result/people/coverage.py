"""Who is covered before and after: counted per demand point, walking profile and service."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.access import Catchments
from panhuo.assemble import Options
from panhuo.assemble.exact import MICRO
from panhuo.assemble.families import families
from panhuo.assemble.flow import Cells
from panhuo.assemble.reach import flow_services
from panhuo.instance import Instance
from panhuo.result.closing import closed
from panhuo.result.people.served import Served

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROUNDING = 6
"""Totals of persons are rounded to so many decimals, and only they: rounded parts would not add up to them."""

_LEFT = 1e-5
"""Persons of a cell who may be left over by rounding to millionths, and are nobody."""


@dataclass(frozen=True)
class Flows:
    """Where people of services with capacity or tariffs go.

    Parameters
    ----------
    cells : Cells
        What the flow rows stand for.
    before, after : Served
        Today, and under a choice.
    """

    cells: Cells
    before: Served
    after: Served

    def by_point(self, flow: Served, shape: tuple[int, int]) -> Ints:
        """Count who comes by demand point and service, (D, K) [1e-6 persons]."""
        found = np.zeros(shape, dtype=np.int64)
        np.add.at(found, (self.cells.demand[flow.row], self.cells.service[flow.row]), flow.served)
        return found

    def sent(self, shape: tuple[int, ...]) -> Floats:
        """Count who is assigned under the choice by demand point, profile and service, (D, W, K) [persons]."""
        found = np.zeros(shape, dtype=np.int64)
        cells, row = self.cells, self.after.row
        np.add.at(found, (cells.demand[row], cells.profile[row], cells.service[row]), self.after.assigned)
        return found / MICRO


@dataclass(frozen=True)
class Counted:
    """Coverage of one choice.

    Parameters
    ----------
    demand : (D, W, K) float [persons]
        d[i,w,k]: persons of demand point i in walking profile w who need service k.
    base, before, after, new, lost, unreachable : (D, K) float [persons]
        In need; covered by what exists; by what stays open and what is chosen; newly covered; no longer covered; out
        of reach of anything that exists or may be chosen.
    gain : (O,) float [persons]
        Persons within the option's standard whom the choice leaves out: nothing open covers them, or nobody of a
        service with capacity or tariffs has room for them at a price they can pay.
    closed : (E,) bool
        Existing facilities that the choice closes.
    """

    demand: Floats
    base: Floats
    before: Floats
    after: Floats
    new: Floats
    lost: Floats
    unreachable: Floats
    gain: Floats
    closed: Bools


def count(instance: Instance, options: Options, catchments: Catchments, choose: Bools, flows: Flows) -> Counted:
    """Count the coverage of a choice.

    Services whose people are assigned count whom their places serve, the others whom they reach; places of a service
    that counts as another count for that one.

    Parameters
    ----------
    choose : (O,) bool
        The chosen options.
    flows : Flows
        Where people go.
    """
    existing, table = instance["existing"], options.table
    services, profiles = list(instance["services"]["service"]), list(instance["profiles"]["profile"])
    n_places, n_sites = len(catchments.places), len(instance["sites"])
    site = pd.Index(instance["sites"]["id"]).get_indexer(table["site"])
    shut = closed(instance, options.table[choose])
    demand = _demand(instance, profiles, services)
    flowing = flow_services(instance)
    sent = flows.sent(demand.shape)
    before, after, reachable = (np.zeros(demand.shape, dtype=bool) for _ in range(3))
    gain = np.zeros(len(table))
    kinds = [(services.index(k), kind) for k, several in families(instance).items() for kind in several]
    for k, kind in kinds:
        mine = (table["service"] == kind).to_numpy()
        here = (existing["service"] == kind).to_numpy()
        places = np.zeros((n_places, 3), dtype=np.int32)  # open before, open after, ever
        places[n_sites:, 0] = here
        places[n_sites:, 1] = here & ~shut
        places[n_sites:, 2] = here
        places[site[mine & choose], 1] = 1
        places[site[mine], 2] = 1
        for w, profile in enumerate(profiles):
            reached = (catchments.within(kind, profile).astype(np.int32) @ places).T > 0
            for found, more in zip((before, after, reachable), reached, strict=True):
                found[:, w, k] |= more
    for k, kind in kinds:
        mine = (table["service"] == kind).to_numpy()
        for w, profile in enumerate(profiles):
            left = demand[:, w, k] - sent[:, w, k] if flowing[k] else demand[:, w, k] * ~after[:, w, k]
            gain[mine] += (catchments.within(kind, profile).T @ np.where(left > _LEFT, left, 0.0))[site[mine]]

    def persons(where: Bools) -> Floats:
        total: Floats = (demand * where).sum(axis=1)
        return total

    served = [flows.by_point(flow, (len(demand), len(services))) for flow in (flows.before, flows.after)]
    change = served[1] - served[0]
    return Counted(
        demand=demand,
        base=demand.sum(axis=1),
        before=np.where(flowing, served[0] / MICRO, persons(before)),
        after=np.where(flowing, served[1] / MICRO, persons(after)),
        new=np.where(flowing, np.maximum(change, 0) / MICRO, persons(after & ~before)),
        lost=np.where(flowing, np.maximum(-change, 0) / MICRO, persons(before & ~after)),
        unreachable=persons(~reachable),
        gain=gain,
        closed=shut,
    )


def coverage_table(instance: Instance, counted: Counted) -> pd.DataFrame:
    """Sum up per circle and service, for all with demand: the rows of coverage.csv."""
    circles, services = instance["circles"], instance["services"]["service"]
    circle = pd.Index(circles["circle"]).get_indexer(instance["demand"]["circle"])

    def summed(persons: Floats) -> Floats:
        total = np.zeros((len(circles), len(services)))
        np.add.at(total, circle, persons)
        return total

    base = summed(counted.base)
    c, k = np.nonzero(base > 0)
    columns = {
        "base_persons": base,
        "before_persons": summed(counted.before),
        "after_persons": summed(counted.after),
        "new_persons": summed(counted.new),
        "lost_persons": summed(counted.lost),
        "unreachable_persons": summed(counted.unreachable),
    }
    return pd.DataFrame(
        {
            "circle": circles["circle"].to_numpy()[c],
            "circle_type": circles["type"].to_numpy()[c],
            "service": services.to_numpy()[k],
            **{name: total[c, k] for name, total in columns.items()},
        }
    )


def demand_table(instance: Instance, counted: Counted) -> pd.DataFrame:
    """Lay out demand point × service, for all with demand: the rows of demand.csv."""
    demand, services = instance["demand"], instance["services"]["service"]
    i, k = np.nonzero(counted.base > 0)
    columns = {
        "persons": counted.base,
        "before_persons": counted.before,
        "after_persons": counted.after,
        "unreachable_persons": counted.unreachable,
    }
    return pd.DataFrame(
        {
            "demand": demand["id"].to_numpy()[i],
            "service": services.to_numpy()[k],
            "circle": demand["circle"].to_numpy()[i],
            **{name: total[i, k] for name, total in columns.items()},
        }
    )


def baseline(
    instance: Instance, options: Options, catchments: Catchments, cells: Cells, before: Served
) -> pd.DataFrame:
    """Count what exists today, by service: ``base_persons``, ``before_persons``, ``unreachable_persons``."""
    nothing = np.zeros(len(options.table), dtype=bool)
    counted = count(instance, options, catchments, nothing, Flows(cells, before, before))
    columns = {
        "base_persons": counted.base,
        "before_persons": counted.before,
        "unreachable_persons": counted.unreachable,
    }
    sums = {c: persons.sum(axis=0).round(ROUNDING) for c, persons in columns.items()}
    return pd.DataFrame({"service": instance["services"]["service"], **sums})


def _demand(instance: Instance, profiles: list[str], services: list[str]) -> Floats:
    groups = list(instance.groups)
    people = instance["demand"][[f"people_{g}" for g in groups]].to_numpy(float)
    needs = instance["needs"]
    rate = np.zeros((len(services), len(groups)))
    rate[pd.Index(services).get_indexer(needs["service"]), pd.Index(groups).get_indexer(needs["group"])] = needs["rate"]
    walks = instance["profiles"].set_index("profile")["groups"]
    profile = np.array([[g in walks[w] for g in groups] for w in profiles], dtype=float)
    demand: Floats = np.einsum("ig,wg,kg->iwk", people, profile, rate, optimize=True)
    return demand
