"""Who is covered before and after: counted per demand point, walking profile and service."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.access import Catchments
from panhuo.assemble import Options
from panhuo.instance import Instance

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

ROUNDING = 6
"""Totals of persons are rounded to so many decimals, and only they: rounded parts would not add up to them."""


@dataclass(frozen=True)
class Counted:
    """Coverage of one choice.

    Parameters
    ----------
    demand : (D, W, K) float [persons]
        d[i,w,k]: persons of demand point i in walking profile w who need service k.
    before, after, reachable : (D, W, K) bool
        Covered by what exists; by what stays open and what is chosen; by anything that exists or may be chosen.
    gain : (O,) float [persons]
        Persons the option would newly cover beyond the choice.
    closed : (E,) bool
        Existing facilities that the choice closes.
    """

    demand: Floats
    before: Bools
    after: Bools
    reachable: Bools
    gain: Floats
    closed: Bools

    def persons(self, where: Bools | None = None) -> Floats:
        """Sum over profiles, (D, K) [persons]."""
        total: Floats = (self.demand if where is None else self.demand * where).sum(axis=1)
        return total


def count(instance: Instance, options: Options, catchments: Catchments, choose: Bools) -> Counted:
    """Count the coverage of a choice, (O,) bool."""
    existing, table = instance["existing"], options.table
    services, profiles = list(instance["services"]["service"]), list(instance["profiles"]["profile"])
    n_places, n_sites = len(catchments.places), len(instance["sites"])
    site = pd.Index(instance["sites"]["id"]).get_indexer(table["site"])
    closed = closes(instance, options, choose)
    demand = _demand(instance, profiles, services)
    before, after, reachable = (np.zeros(demand.shape, dtype=bool) for _ in range(3))
    gain = np.zeros(len(table))
    for k, service in enumerate(services):
        mine = (table["service"] == service).to_numpy()
        here = (existing["service"] == service).to_numpy()
        places = np.zeros((n_places, 3), dtype=np.int32)  # open before, open after, ever
        places[n_sites:, 0] = here
        places[n_sites:, 1] = here & ~closed
        places[n_sites:, 2] = here
        places[site[mine & choose], 1] = 1
        places[site[mine], 2] = 1
        for w, profile in enumerate(profiles):
            within = catchments.within(service, profile)
            before[:, w, k], after[:, w, k], reachable[:, w, k] = (within.astype(np.int32) @ places).T > 0
            left = demand[:, w, k] * ~after[:, w, k]
            gain[mine] += (within.T @ left)[site[mine]]
    return Counted(demand, before, after, reachable, gain, closed)


def closes(instance: Instance, options: Options, choose: Bools) -> Bools:
    """Which existing facilities a choice closes, (E,) bool."""
    modes = instance.settings.modes
    closing = options.table["mode"].map(lambda m: modes[m].closes_existing).to_numpy(bool)
    return instance["existing"]["site_id"].isin(set(options.table["site"][choose & closing])).to_numpy(bool)


def coverage_table(instance: Instance, counted: Counted) -> pd.DataFrame:
    """Sum up per circle and service, for all with demand: the rows of coverage.csv."""
    circles, services = instance["circles"], instance["services"]["service"]
    circle = pd.Index(circles["circle"]).get_indexer(instance["demand"]["circle"])

    def summed(where: Bools | None = None) -> Floats:
        persons = counted.persons(where)
        total = np.zeros((len(circles), len(services)))
        np.add.at(total, circle, persons)
        return total

    base = summed()
    c, k = np.nonzero(base > 0)
    columns = {
        "base_persons": base,
        "before_persons": summed(counted.before),
        "after_persons": summed(counted.after),
        "new_persons": summed(counted.after & ~counted.before),
        "lost_persons": summed(counted.before & ~counted.after),
        "unreachable_persons": summed(~counted.reachable),
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
    persons = counted.persons()
    i, k = np.nonzero(persons > 0)
    columns = {
        "persons": persons,
        "before_persons": counted.persons(counted.before),
        "after_persons": counted.persons(counted.after),
        "unreachable_persons": counted.persons(~counted.reachable),
    }
    return pd.DataFrame(
        {
            "demand": demand["id"].to_numpy()[i],
            "service": services.to_numpy()[k],
            "circle": demand["circle"].to_numpy()[i],
            **{name: total[i, k] for name, total in columns.items()},
        }
    )


def baseline(instance: Instance, options: Options, catchments: Catchments) -> pd.DataFrame:
    """Count what exists today, by service: ``base_persons``, ``before_persons``, ``unreachable_persons``."""
    counted = count(instance, options, catchments, np.zeros(len(options.table), dtype=bool))
    columns = {"base_persons": None, "before_persons": counted.before, "unreachable_persons": ~counted.reachable}
    sums = {c: counted.persons(where).sum(axis=0).round(ROUNDING) for c, where in columns.items()}
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
