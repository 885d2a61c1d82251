"""Delivery along roads: by hand, and against networkx."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from streets import network, on_streets, people, rooms

from panhuo.access import delivery
from panhuo.instance import Instance


@pytest.fixture
def block(tmp_path: Path) -> Instance:
    """100 m one way at 30 km/h, 500 m round the block at 60 km/h; a footpath nearer to all of it than the road."""
    streets = network(
        {"at": [(0, 0), (100, 0)], "drive": (30, 0)},
        {"at": [(100, 0), (100, 200), (0, 200), (0, 0)], "drive": (60, 0)},
        {"at": [(0, -5), (100, -5)]},
    )
    return on_streets(tmp_path, streets, demand=people((0, 0)), sites=rooms((0, 0)))


ENDS = np.array([(20.0, -10.0), (80.0, -10.0)])
LEGS = 2 * 0.010 / 25 * 60
THERE, BACK = 0.060 / 30 * 60, (0.040 / 30 + 0.500 / 60) * 60


def test_one_way_streets(block: Instance) -> None:
    """Rows are supplied, columns supply; legs are driven at the speed of the settings."""
    found = delivery(block, ENDS, ENDS)
    assert found.toarray() == pytest.approx(np.array([[LEGS, LEGS + BACK], [LEGS + THERE, LEGS]]), abs=5.1e-4)


def test_whoever_is_fewer_the_minutes_are_the_same(block: Instance) -> None:
    """The search runs from the fewer side."""
    whole = delivery(block, ENDS, ENDS).toarray()
    assert np.array_equal(delivery(block, ENDS[:1], ENDS).toarray(), whole[:, :1])
    assert np.array_equal(delivery(block, ENDS, ENDS[:1]).toarray(), whole[:1])


def test_the_limit_is_closed(block: Instance) -> None:
    exactly = delivery(block, ENDS, ENDS).toarray()[1, 0]
    assert delivery(block, ENDS, ENDS, exactly).nnz == 3
    assert delivery(block, ENDS, ENDS, exactly - 0.001).nnz == 2


def test_too_far_from_every_road(block: Instance) -> None:
    """400 m from the road, though not from the footpath's end as the crow flies on foot."""
    assert delivery(block, np.array([(0.0, -400.0)]), ENDS).nnz == 0


def test_a_stored_zero_is_a_pair_at_no_distance(block: Instance) -> None:
    on_road = np.array([(50.0, 0.0)])
    found = delivery(block, on_road, on_road)
    assert (found.nnz, found.data.tolist()) == (1, [0.0])


def test_without_a_network_straight_lines(block: Instance) -> None:
    found = delivery(replace(block, network=None), ENDS, ENDS)
    assert found.toarray()[0, 1] == pytest.approx(0.060 * 1.3 / 25 * 60, abs=5.1e-4)


def test_as_networkx_drives(tmp_path: Path) -> None:
    """Random roads between a hundred crossings, some one way; suppliers and supplied stand at crossings."""
    rng = np.random.default_rng(5)
    at = np.round(rng.uniform(0, 3000, (100, 2)), 3)
    graph, lines = nx.DiGraph(), []
    for a, b in {tuple(sorted(p)) for p in rng.integers(0, 100, (260, 2)).tolist() if p[0] != p[1]}:
        speeds = tuple(rng.choice([0.0, 20.0, 50.0], 2).tolist())
        lines.append({"at": [at[a], at[b]], "drive": speeds})
        for tail, head, speed in ((a, b, speeds[0]), (b, a, speeds[1])):
            if speed:
                graph.add_edge(tail, head, minutes=np.hypot(*(at[a] - at[b])) / 1000 / speed * 60)
    instance = on_streets(tmp_path, network(*lines), demand=people((0, 0)), sites=rooms((0, 0)))
    known = sorted(graph.nodes)
    suppliers, points = known[:12], known[12:60]
    found = delivery(instance, at[suppliers], at[points], 9.0)
    expected = {}
    for v, supplier in enumerate(suppliers):
        minutes = nx.single_source_dijkstra_path_length(graph, supplier, weight="minutes")
        expected |= {(p, v): minutes[point] for p, point in enumerate(points) if minutes.get(point, 99) <= 9}
    stored = found.tocoo()
    got = {(int(p), int(v)): float(m) for p, v, m in zip(stored.row, stored.col, stored.data, strict=True)}
    assert got == pytest.approx(expected, abs=5.1e-4)
    assert len(expected) > 50
