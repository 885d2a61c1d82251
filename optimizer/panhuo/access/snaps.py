"""How people and places lie to the network: who is off it, how far from it the others are, and its pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from panhuo.access.buses import buses
from panhuo.access.shapes import measured
from panhuo.access.snapping import snapped
from panhuo.instance import Instance
from panhuo.instance.findings import Findings
from panhuo.instance.tabular import records
from panhuo.words import T

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUANTILES = {"median_m": 0.5, "p90_m": 0.9, "p99_m": 0.99, "largest_m": 1.0}


@dataclass(frozen=True, eq=False)
class Snaps:
    """How people and places lie to the network.

    Parameters
    ----------
    legs : DataFrame
        By ``profile`` and ``kind`` ("demand", "site", "existing", "stop"): number of ``points`` and how many are
        ``off`` the network; ``persons`` of the profile's groups and ``persons_off`` (0 but for demand); ``median_m``,
        ``p90_m``, ``p99_m``, ``largest_m``: quantiles of the distance to the network of those on it (NaN if none is).
    pieces : DataFrame
        Pieces of the walkable network that are longer than ``access.island_m`` or have a point on them: ``piece`` (0
        the longest), ``metres``, ``persons``, and points of each kind: ``demand``, ``sites``, ``existing``, ``stops``.
    off_demand : mapping of str to (D,) bool
        By profile, the demand points off the network.
    off_places : mapping of str to (L,) bool
        By profile, the places off the network.
    """

    legs: pd.DataFrame
    pieces: pd.DataFrame
    off_demand: Mapping[str, Bools]
    off_places: Mapping[str, Bools]


def snaps(instance: Instance, places: pd.DataFrame, legs: Mapping[str, Floats], component: Ints) -> Snaps:
    """Count.

    Parameters
    ----------
    places : DataFrame
        The places.
    legs : mapping of str to (P,) float [m]
        By profile, distance of demand points, places and stops to what the profile may use; infinite off the network.
    component : (P,) int
        Piece of the walkable network each lies on; -1 off it.
    """
    demand, network = instance["demand"], instance.network
    kinds = np.concatenate(
        [np.full(len(demand), "demand"), places["kind"], np.full(len(component) - len(demand) - len(places), "stop")]
    ).astype(object)
    rows = []
    for profile in records(instance["profiles"]):
        persons = demand[[f"people_{g}" for g in profile["groups"]]].to_numpy(np.float64).sum(axis=1)
        leg = legs[profile["profile"]]
        for kind in ("demand", "site", "existing", "stop"):
            mine = kinds == kind
            on = leg[mine][np.isfinite(leg[mine])]
            counted = persons if kind == "demand" else np.zeros(int(mine.sum()))
            row = {
                "profile": profile["profile"], "kind": kind, "points": int(mine.sum()),
                "off": int(mine.sum()) - len(on), "persons": counted.sum(),
                "persons_off": counted[~np.isfinite(leg[mine])].sum(),
            }  # fmt: skip
            rows.append(row | {n: np.quantile(on, q) if len(on) else np.nan for n, q in QUANTILES.items()})
    off = {profile: ~np.isfinite(leg) for profile, leg in legs.items()}
    metres = network.component_m if network is not None else np.zeros(0)
    return Snaps(
        pd.DataFrame(rows),
        _pieces(instance, kinds, component, metres),
        {p: o[: len(demand)] for p, o in off.items()},
        {p: o[len(demand) : len(demand) + len(places)] for p, o in off.items()},
    )


def to_walkable(instance: Instance, xy: Floats) -> Floats:
    """Give the distance of positions to the nearest edge that may be walked, however far, (P,) [m].

    Parameters
    ----------
    xy : (P, 2) float [m]
        Positions.
    """
    network = instance.network
    if network is None:
        return np.full(len(xy), np.inf)
    return snapped(measured(network), network.walk, xy, np.inf).leg_m


def _pieces(instance: Instance, kinds: NDArray[np.object_], component: Ints, metres: Floats) -> pd.DataFrame:
    demand = instance["demand"]
    persons = demand[[f"people_{g}" for g in instance.groups]].to_numpy(np.float64).sum(axis=1)
    on = component >= 0
    counts = {
        name: np.bincount(component[on & (kinds == kind)], minlength=len(metres))
        for name, kind in (("demand", "demand"), ("sites", "site"), ("existing", "existing"), ("stops", "stop"))
    }
    here = on[: len(demand)]
    people = np.bincount(component[: len(demand)][here], persons[here], minlength=len(metres))
    table = pd.DataFrame({"piece": np.arange(len(metres)), "metres": metres, "persons": people, **counts})
    held = sum(counts.values()) > 0
    return table[held | (table["metres"] >= instance.settings.access.island_m)].reset_index(drop=True)


def no_islands(instance: Instance, places: pd.DataFrame, component: Ints) -> None:
    """Refuse places to which nobody can walk, as they lie on a piece of the network without any demand point.

    Buses join pieces. Sites that are excluded are passed over, and places to which minutes are given.

    Raises
    ------
    InstanceError
        With a fault for each such place, or one if all places or all demand points lie off the network.
    """
    n = len(instance["demand"])
    findings = Findings()
    given = set(instance["minutes"]["place"])
    asked = _used(instance, places) & ~places["place"].isin(given).to_numpy()
    here = component[n : n + len(places)]
    file = instance.network.file if instance.network is not None else ""
    most = instance.settings.access.max_snap_m
    mend = T("Check the coordinate systems and access.max_snap_m")
    if asked.any() and (here[asked] < 0).all():
        findings.fault(
            file, T("no site and no existing facility lies within {metres} m of it", metres=f"{most:g}"), mend
        )
    if asked.any() and n and (component[:n] < 0).all():
        findings.fault(file, T("no demand point lies within {metres} m of it", metres=f"{most:g}"), mend)
    findings.stop_if_any()
    joined = _joined(instance, component, n + len(places))
    peopled = np.unique(joined[component[:n][component[:n] >= 0]])
    lost = asked & (here >= 0) & ~np.isin(joined[np.maximum(here, 0)], peopled)
    for kind, place, at in zip(places["kind"][lost], places["place"][lost], here[lost], strict=True):
        table = "sites" if kind == "site" else "existing"
        piece_m = instance.network.component_m[at] if instance.network is not None else 0.0
        findings.fault(
            _file(instance, table),
            T(
                "lies on a piece of the network ({metres} m) on which no demand point lies: nobody can walk there",
                metres=f"{piece_m:,.0f}",
            ),
            T("Join the lines there to the others, correct its position, or exclude it"),
            column="id",
            value=place,
        )
    findings.stop_if_any()


def _used(instance: Instance, places: pd.DataFrame) -> Bools:
    """Mark the places that a plan may use."""
    sites = instance["sites"]
    out = (sites["status"] == "excluded") | sites["id"].isin(instance.settings.policy.excluded_sites)
    used: Bools = ~(places["kind"] == "site").to_numpy() | ~places["place"].isin(set(sites["id"][out])).to_numpy()
    return used


def _joined(instance: Instance, component: Ints, stops: int) -> Ints:
    """Give the pieces new numbers, (C,): those that a bus joins have the same."""
    lines, pieces = buses(instance["bus"]), int(component.max(initial=0)) + 1
    if lines is None:
        return np.arange(pieces)
    line = np.cumsum(~lines.follows) - 1
    at = component[stops:][lines.stop]
    graph = coo_matrix(
        (np.ones(int((at >= 0).sum())), (at[at >= 0], pieces + line[at >= 0])),
        shape=(pieces + int(line.max()) + 1,) * 2,
    )
    joined: Ints = connected_components(graph, directed=False)[1][:pieces]
    return joined


def _file(instance: Instance, table: str) -> str:
    """Name the file a table was read from, or the sheet."""
    note = instance.settings.tables.get(table)
    if note is not None and note.file:
        return str(note.file)
    if instance.path.is_file():
        return f"{instance.path.name}[{table}]"
    names = (s.name for s in instance.sources if PurePath(s.name).stem == table)
    return next(names, table)
