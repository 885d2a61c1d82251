"""Where people go: each to the nearest open place that covers them, or to the place they are assigned to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access import ORIGINS, Catchments
from panhuo.assemble import Options
from panhuo.assemble.exact import MICRO
from panhuo.assemble.families import families
from panhuo.assemble.flow import Cells
from panhuo.assemble.reach import flow_services
from panhuo.instance import Instance
from panhuo.result.people.coverage import ROUNDING, Bools, Counted, Floats
from panhuo.result.people.served import Served

COLUMNS = (
    "demand", "service", "profile", "tier", "place", "kind", "option", "minutes", "metres", "minutes_from",
    "assigned_persons", "persons",
)  # fmt: skip
"""Columns of allocation.csv and allocation_before.csv."""

_TEXT = (*COLUMNS[:7], "minutes_from")


def allocation_table(
    instance: Instance, options: Options, catchments: Catchments, choose: Bools, counted: Counted
) -> pd.DataFrame:
    """Allocate every covered demand point, profile and service to one place: services whose people are reached.

    Nearest by what the service's standard counts, minutes or metres; among equals, and for membership of a
    unit, the first place (sites in the order of their table, then existing facilities). ``minutes``, ``metres`` and
    ``minutes_from`` are blank for membership, and where they are not known.
    """
    services, profiles = instance["services"], list(instance["profiles"]["profile"])
    existing, n_sites = instance["existing"], len(instance["sites"])
    site = pd.Index(instance["sites"]["id"]).get_indexer(options.table["site"])
    walked = _Walked(instance, options, catchments)
    blocks = [np.empty((4, 0), dtype=np.int64)]
    option = [np.empty(0, dtype=np.int64)]
    members = families(instance)
    for k in np.flatnonzero(~flow_services(instance)):
        service, measure = services["service"][k], services["measure"][k]
        kinds = members.get(service, [])
        option_at, is_open = ({kind: np.full(len(catchments.places), empty) for kind in kinds} for empty in (-1, False))
        for kind in kinds:
            chosen = np.flatnonzero(choose & (options.table["service"] == kind).to_numpy())
            option_at[kind][site[chosen]] = chosen
            is_open[kind] = option_at[kind] >= 0
            is_open[kind][n_sites:] = (existing["service"] == kind).to_numpy() & ~counted.closed
        for w, profile in enumerate(profiles):
            ends = []
            for kind in kinds:
                within = catchments.within(kind, profile).tocoo()
                keep = is_open[kind][within.col] & (counted.demand[within.row, w, k] > 0)
                at = within.col[keep]
                ends.append(np.stack([within.row[keep].astype(np.int64), at, option_at[kind][at]]))
            row, place, own = np.concatenate([np.empty((3, 0), dtype=np.int64), *ends], axis=1)
            minutes, metres = walked.pairs(row, place, np.full(len(row), w), own)
            near = np.zeros(len(row)) if measure == "unit" else minutes if measure == "minutes" else metres
            order = np.lexsort((place, near, row))
            order = order[np.unique(row[order], return_index=True)[1]]
            same = np.full(len(order), k), np.full(len(order), w)
            blocks.append(np.stack([row[order], place[order], *same]))
            option.append(own[order])
    i, place, service_at, profile_at = np.concatenate(blocks, axis=1)
    persons = counted.demand[i, profile_at, service_at].round(ROUNDING)
    table = walked.laid(i, place, profile_at, service_at, np.concatenate(option))
    return _in_order(table.assign(tier="", assigned_persons=persons, persons=persons), (service_at, profile_at, i))


def flow_table(
    instance: Instance, options: Options, catchments: Catchments, cells: Cells, tiers: tuple[str, ...], flow: Served
) -> pd.DataFrame:
    """Say who is assigned where, and who comes: services with capacity or tariffs, one row a cell, tier and place."""
    row = flow.row
    i, w, k = cells.demand[row], cells.profile[row], cells.service[row]
    table = _Walked(instance, options, catchments).laid(i, cells.place[flow.outlet], w, k, flow.option)
    table = table.assign(
        tier=np.array(tiers, dtype=object)[cells.tier[row]],
        assigned_persons=flow.assigned / MICRO,
        persons=flow.served / MICRO,
    )
    return _in_order(table, (flow.outlet, cells.tier[row], k, w, i))


def _in_order(table: pd.DataFrame, keys: tuple[NDArray[np.int64], ...]) -> pd.DataFrame:
    typed = table[list(COLUMNS)].astype(dict.fromkeys(_TEXT, "str"))
    return typed.iloc[np.lexsort(keys)].reset_index(drop=True)


class _Walked:
    """How far it is from demand points to places, by profile.

    What is measured is told by the service of the place, which may count as that of the people.
    """

    def __init__(self, instance: Instance, options: Options, catchments: Catchments) -> None:
        self._instance, self._options = instance, options
        self._places = catchments.places["place"].to_numpy(object)
        self._profiles = list(instance["profiles"]["profile"])
        self._minutes = [_Stored(catchments.minutes[profile]) for profile in self._profiles]
        self._metres = _Stored(catchments.metres)
        self._origin = [_Stored(catchments.origin[profile]) for profile in self._profiles]
        by_unit = set(instance["services"]["service"][instance["services"]["measure"] == "unit"])
        self._chosen = options.table["service"].isin(by_unit).to_numpy(bool)
        self._standing = instance["existing"]["service"].isin(by_unit).to_numpy(bool)

    def pairs(
        self, i: NDArray[np.int64], place: NDArray[np.int64], w: NDArray[np.int64], option: NDArray[np.int64]
    ) -> tuple[Floats, Floats]:
        """Give minutes and metres; NaN for membership of a unit, and where they are not known."""
        minutes, metres = np.full(len(i), np.nan), self._metres.at(i, place)
        for n, stored in enumerate(self._minutes):
            mine = w == n
            minutes[mine] = stored.at(i[mine], place[mine])
        by_unit = np.zeros(len(i), dtype=bool)
        chosen = option >= 0
        by_unit[chosen] = self._chosen[option[chosen]]
        by_unit[~chosen] = self._standing[place[~chosen] - len(self._instance["sites"])]
        return np.where(by_unit, np.nan, minutes), np.where(by_unit, np.nan, metres)

    def laid(
        self,
        i: NDArray[np.int64],
        place: NDArray[np.int64],
        w: NDArray[np.int64],
        k: NDArray[np.int64],
        option: NDArray[np.int64],
    ) -> pd.DataFrame:
        """Name demand point, service, profile, place and option (-1: an existing facility), and the way between."""
        minutes, metres = self.pairs(i, place, w, option)
        origin = np.full(len(i), len(ORIGINS))
        for n, stored in enumerate(self._origin):
            mine = (w == n) & ~np.isnan(minutes)
            origin[mine] = stored.at(i[mine], place[mine])
        return pd.DataFrame(
            {
                "demand": self._instance["demand"]["id"].to_numpy()[i],
                "service": self._instance["services"]["service"].to_numpy()[k],
                "profile": np.array(self._profiles, dtype=object)[w],
                "place": self._places[place],
                "kind": np.where(place < len(self._instance["sites"]), "chosen", "existing"),
                "option": np.append(self._options.table["option"].to_numpy(object), "")[option],  # the last answers -1
                "minutes": minutes,
                "metres": metres,
                "minutes_from": np.array([*ORIGINS, ""], dtype=object)[origin],
            }
        )


class _Stored:
    """The stored entries of a sparse matrix, ready to be looked up."""

    def __init__(self, matrix: sp.csr_matrix) -> None:
        self._width = matrix.shape[1]
        key = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) * self._width + matrix.indices
        order = np.argsort(key, kind="stable")
        self._key = np.append(key[order], np.iinfo(np.int64).max)
        self._data = np.append(matrix.data[order], np.nan)

    def at(self, row: NDArray[np.int64], column: NDArray[np.int64]) -> Floats:
        """Give the entries; NaN where none is stored (a stored 0.0 is a value)."""
        wanted = row.astype(np.int64) * self._width + column
        place = np.searchsorted(self._key, wanted)
        return np.where(self._key[place] == wanted, self._data[place], np.nan)
