"""The bounded search by itself."""

from __future__ import annotations

import threading

import networkx as nx
import numpy as np
import pytest

from panhuo.access import search
from panhuo.access.search import Ends, Found, Graph, StoppedError, bounded


def arcs(seed: int, nodes: int = 120, count: int = 500) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Arcs at random, some side by side, some loops, some at no cost."""
    rng = np.random.default_rng(seed)
    cost = rng.exponential(1.0, count) * (rng.random(count) < 0.9)
    return rng.integers(0, nodes, count), rng.integers(0, nodes, count), cost


def listed(found: Found) -> dict[tuple[int, int], float]:
    source = np.repeat(np.arange(len(found.first) - 1), np.diff(found.first))
    pairs = {(int(s), int(t)): float(c) for s, t, c in zip(source, found.target, found.cost, strict=True)}
    assert len(pairs) == len(found.cost), "no pair stands there twice"
    return pairs


@pytest.mark.parametrize("horizon", [0.0, 0.7, 2.0, np.inf])
@pytest.mark.parametrize("seed", range(3))
def test_shortest_paths(seed: int, horizon: float) -> None:
    tail, head, cost = arcs(seed)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(120))
    graph.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True))
    sources = np.arange(0, 120, 7)
    found = listed(bounded(Graph.of(120, tail, head, cost), Ends.at(sources), horizon, Ends.at(np.arange(120))))
    expected = {
        (n, target): reached
        for n, source in enumerate(sources.tolist())
        for target, reached in nx.single_source_dijkstra_path_length(graph, source, cutoff=horizon).items()
    }
    assert found == pytest.approx(expected, abs=1e-12)
    assert len(found) >= len(sources)


def test_far_beyond_the_buckets() -> None:
    """A chain of 2,000 arcs that differ a thousandfold, and a shortcut that is none."""
    cost = np.where(np.arange(1999) % 10 == 0, 1000.0, 1.0)
    tail, head = np.append(np.arange(1999), 0), np.append(np.arange(1, 2000), 1999)
    graph = Graph.of(2000, tail, head, np.append(cost, cost.sum() + 1))
    found = bounded(graph, Ends.at(np.array([0])), np.inf, Ends.at(np.arange(2000)))
    expected = np.concatenate([[0], np.cumsum(cost)])
    assert listed(found) == {(0, n): expected[n] for n in range(2000)}


def test_more_entries_than_there_is_room_for() -> None:
    """A star of 5,000 arms, whose every node is improved by the next arm."""
    arms = 5000
    tail = np.concatenate([np.zeros(arms, dtype=int), np.arange(1, arms)])
    head = np.concatenate([np.arange(1, arms + 1), np.arange(2, arms + 1)])
    cost = np.concatenate([np.arange(arms, 0, -1.0) + arms, np.full(arms - 1, 1e-3)])
    found = bounded(Graph.of(arms + 1, tail, head, cost), Ends.at(np.array([0, 3])), 1e9, Ends.at(np.arange(arms + 1)))
    graph = nx.MultiDiGraph()
    graph.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True))
    expected = {
        (n, target): reached
        for n, source in enumerate((0, 3))
        for target, reached in nx.single_source_dijkstra_path_length(graph, source).items()
    }
    assert listed(found) == pytest.approx(expected)


def test_ends() -> None:
    """Two seeds, two ends of a target, costs of both; at the horizon is within."""
    graph = Graph.of(4, np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([1.0, 1.0, 1.0]))
    sources = Ends(1, np.array([0, 0]), np.array([0, 2]), np.array([0.25, 2.0]))
    targets = Ends(3, np.array([0, 0, 1, 2]), np.array([1, 3, 3, 0]), np.array([9.0, 0.5, 0.75, 4.0]))
    assert listed(bounded(graph, sources, 3.75, targets)) == {(0, 0): 3.5, (0, 1): 3.75}
    assert listed(bounded(graph, sources, 3.74, targets)) == {(0, 0): 3.5}
    assert listed(bounded(graph, sources, 5.0, targets)) == {(0, 0): 3.5, (0, 1): 3.75, (0, 2): 4.25}


def test_a_source_or_target_without_nodes_finds_nothing() -> None:
    graph = Graph.of(2, np.array([0]), np.array([1]), np.array([1.0]))
    none = Ends(2, np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0))
    assert listed(bounded(graph, none, 5.0, Ends.at(np.array([0, 1])))) == {}
    assert listed(bounded(graph, Ends.at(np.array([0, 1])), 5.0, none)) == {}
    empty = bounded(graph, Ends.at(np.zeros(0, dtype=int)), 5.0, Ends.at(np.array([0, 1])))
    assert empty.csr().shape == (0, 2)


@pytest.mark.parametrize("threads", [1, 3])
def test_progress_and_stop(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    """Progress is told in order; once asked to, the search ends."""
    monkeypatch.setattr(search, "CHUNK", 5)
    graph, everywhere = Graph.of(120, *arcs(1)), Ends.at(np.arange(120))
    told: list[int] = []
    bounded(graph, everywhere, 1.0, everywhere, threads=threads, progress=told.append)
    assert told == list(range(5, 121, 5))
    stop = threading.Event()

    def halfway(done: int) -> None:
        if done >= 60:
            stop.set()

    many = Ends.at(np.tile(np.arange(120), 200))
    with pytest.raises(StoppedError):
        bounded(graph, many, 1.0, everywhere, threads=threads, progress=halfway, stop=stop)


def test_what_is_told_may_fail() -> None:
    """Whatever goes wrong in a callback, Ctrl-C for one, ends the search and comes through."""

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    everywhere = Ends.at(np.arange(120))
    with pytest.raises(KeyboardInterrupt):
        bounded(Graph.of(120, *arcs(1)), everywhere, 1.0, everywhere, progress=interrupted)
