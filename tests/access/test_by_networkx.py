"""Minutes and metres on tangled streets equal networkx's shortest paths, to a millionth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from streets import tangle
from walked_network import WalkedNetwork

from panhuo.access import catchments, standards
from panhuo.instance import Instance

PROFILES = ("adult", "senior", "wheels")


def by_networkx(instance: Instance, profile: str, weight: str = "minutes", *, home: bool = False) -> np.ndarray:
    """Weigh the shortest walks of all pairs; infinite where there is none."""
    points = {row.id: (row.x_m, row.y_m) for table in ("demand", "sites") for row in instance[table].itertuples()}
    oracle = WalkedNetwork(instance, profile, points)

    def reached(graph: nx.MultiDiGraph, place: str) -> dict[Any, float]:
        if ("point", place) not in graph:
            return {}
        return nx.single_source_dijkstra_path_length(graph, ("point", place), weight=weight)

    expected = np.full((len(instance["demand"]), len(instance["sites"])), np.inf)
    for j, place in enumerate(instance["sites"]["id"]):
        there = reached(oracle.graph.reverse(copy=False), place)
        back = reached(oracle.graph, place) if home else there
        for i, point in enumerate(instance["demand"]["id"]):
            key = ("point", point)
            expected[i, j] = max(there.get(key, np.inf), back.get(key, np.inf))
    return expected


def full(matrix: Any) -> np.ndarray:
    """Write a sparse matrix out; infinite where nothing is stored."""
    stored, out = matrix.tocoo(), np.full(matrix.shape, np.inf)
    out[stored.row, stored.col] = stored.data
    return out


def agree(found: np.ndarray, expected: np.ndarray, most: float) -> None:
    expected = np.where(expected <= most, expected, np.inf)
    assert np.isfinite(expected).sum() > 20
    assert np.array_equal(np.isfinite(found), np.isfinite(expected))
    near = np.isfinite(expected)
    assert np.abs(found[near] - expected[near]).max() < 1e-6


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("home", [False, True])
@pytest.mark.parametrize("flat", [False, True])
def test_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, *, home: bool, flat: bool) -> None:
    monkeypatch.setattr(standards, "ROUNDING", 12)
    instance = tangle(tmp_path, seed, "way_home = true\n" if home else "")
    if flat:
        object.__setattr__(instance, "elevation", None)
    reach = catchments(instance)
    for profile in PROFILES:
        agree(full(reach.minutes[profile]), by_networkx(instance, profile, home=home), 8)


def test_metres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An adult may use all that is walkable, so the oracle's metres are those that count."""
    monkeypatch.setattr(standards, "ROUNDING", 12)
    instance = tangle(tmp_path, 7)
    agree(full(catchments(instance).metres), by_networkx(instance, "adult", "metres"), 600)


def test_as_many_threads_as_you_like(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same to the last bit."""
    monkeypatch.setattr("panhuo.access.search.CHUNK", 3)
    instance = tangle(tmp_path, 11)
    one, four = (catchments(instance, threads=n) for n in (1, 4))
    for profile in PROFILES:
        for part in ("data", "indices", "indptr"):
            assert np.array_equal(getattr(one.minutes[profile], part), getattr(four.minutes[profile], part))
