"""Where covered people go: each to the nearest open place that covers them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access import Catchments
from panhuo.assemble import Options
from panhuo.instance import Instance
from panhuo.result.people.coverage import ROUNDING, Bools, Counted, Floats


def allocation_table(
    instance: Instance, options: Options, catchments: Catchments, choose: Bools, counted: Counted
) -> pd.DataFrame:
    """Allocate every covered demand point, profile and service to one place: the rows of allocation.csv.

    Nearest by what the service's standard counts, minutes or metres; among equals, and for membership of a
    unit, the first place (sites in the order of their table, then existing facilities). ``minutes`` and
    ``metres`` are blank for membership, and where they are not known.
    """
    services, profiles = instance["services"], list(instance["profiles"]["profile"])
    existing, n_sites = instance["existing"], len(instance["sites"])
    site = pd.Index(instance["sites"]["id"]).get_indexer(options.table["site"])
    stored = {profile: _Stored(catchments.minutes[profile]) for profile in profiles}
    metres_of = _Stored(catchments.metres)
    blocks = [np.empty((4, 0), dtype=np.int64)]
    minutes, metres, option = [np.empty(0)], [np.empty(0)], [np.empty(0, dtype=np.int64)]
    for k, (service, measure) in enumerate(zip(services["service"], services["measure"], strict=True)):
        chosen = np.flatnonzero(choose & (options.table["service"] == service).to_numpy())
        option_at = np.full(len(catchments.places), -1)
        option_at[site[chosen]] = chosen
        is_open = option_at >= 0
        is_open[n_sites:] = (existing["service"] == service).to_numpy() & ~counted.closed
        for w, profile in enumerate(profiles):
            within = catchments.within(service, profile).tocoo()
            keep = is_open[within.col] & (counted.demand[within.row, w, k] > 0)
            row, place = within.row[keep], within.col[keep]
            walk, length = stored[profile].at(row, place), metres_of.at(row, place)
            if measure == "unit":
                walk[:], length[:] = np.nan, np.nan
            near = np.zeros(len(row)) if measure == "unit" else walk if measure == "minutes" else length
            order = np.lexsort((place, near, row))
            order = order[np.unique(row[order], return_index=True)[1]]
            ends = row[order].astype(np.int64), place[order].astype(np.int64)
            blocks.append(np.stack([*ends, np.full(len(order), k), np.full(len(order), w)]))
            minutes.append(walk[order])
            metres.append(length[order])
            option.append(option_at[place[order]])
    i, place, service_at, profile_at = np.concatenate(blocks, axis=1)
    o = np.concatenate(option)
    order = np.lexsort((profile_at, service_at, i))
    i, place, service_at, profile_at, o = (a[order] for a in (i, place, service_at, profile_at, o))
    names = np.append(options.table["option"].to_numpy(object), "")  # the last one answers -1
    return pd.DataFrame(
        {
            "demand": instance["demand"]["id"].to_numpy()[i],
            "service": services["service"].to_numpy()[service_at],
            "profile": np.array(profiles, dtype=object)[profile_at],
            "place": catchments.places["place"].to_numpy()[place],
            "kind": np.where(place < n_sites, "chosen", "existing"),
            "option": names[o],
            "minutes": np.concatenate(minutes)[order],
            "metres": np.concatenate(metres)[order],
            "persons": counted.demand[i, profile_at, service_at].round(ROUNDING),
        }
    ).astype(dict.fromkeys(("demand", "service", "profile", "place", "kind", "option"), "str"))


class _Stored:
    """The stored entries of a sparse matrix, ready to be looked up."""

    def __init__(self, matrix: sp.csr_matrix) -> None:
        self._width = matrix.shape[1]
        key = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) * self._width + matrix.indices
        order = np.argsort(key, kind="stable")
        self._key = np.append(key[order], np.iinfo(np.int64).max)
        self._data = np.append(matrix.data[order], np.nan)

    def at(self, row: NDArray[np.intp], column: NDArray[np.intp]) -> Floats:
        """Give the entries; NaN where none is stored (a stored 0.0 is a value)."""
        wanted = row.astype(np.int64) * self._width + column
        place = np.searchsorted(self._key, wanted)
        return np.where(self._key[place] == wanted, self._data[place], np.nan)
