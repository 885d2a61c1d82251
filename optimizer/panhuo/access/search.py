"""Bounded shortest paths from many sources: what is found is kept, what lies beyond the horizon is never looked at."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.access.spreading import spread, turned

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHUNK = 64
"""Sources a thread takes at a time: progress is told, and a stop is heard, between two chunks."""


class StoppedError(Exception):
    """The search was asked to stop before it was done."""


@dataclass(frozen=True, eq=False)
class Graph:
    """A directed graph, arcs in the order of the node they leave.

    Parameters
    ----------
    first : (N + 1,) int64
        Where the arcs of each node begin.
    to : (A,) int32
        The node each arc leads to.
    cost : (A,) float64
        Its cost, never negative.
    """

    first: Ints
    to: NDArray[np.int32]
    cost: Floats

    @classmethod
    def of(cls, nodes: int, tail: Ints, head: Ints, cost: Floats) -> Graph:
        """Put arcs in order.

        Parameters
        ----------
        nodes : int
            N; the nodes are 0 … N − 1. Near ones had better have near numbers: a search then stays in a small part of
            the memory, which makes it several times faster.
        tail, head : (A,) int
            Nodes each arc leaves and leads to. Several arcs between two nodes are as good as the cheapest.
        cost : (A,) float
            Cost of each arc, never negative.
        """
        order = np.argsort(tail, kind="stable")
        first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=nodes))])
        return cls(first.astype(np.int64), head[order].astype(np.int32), cost[order].astype(np.float64))


@dataclass(frozen=True, eq=False)
class Ends:
    """Points, and the nodes by which they are reached.

    Parameters
    ----------
    count : int
        Number of points.
    point : (K,) int
        Points, 0 … count − 1; one that lies on an edge stands here once for each end, one off the network not at all.
    node : (K,) int
        A node by which the point is reached.
    cost : (K,) float
        Cost between the two.
    """

    count: int
    point: Ints
    node: Ints
    cost: Floats

    @classmethod
    def at(cls, nodes: Ints) -> Ends:
        """Make points that are nodes."""
        return cls(len(nodes), np.arange(len(nodes)), np.asarray(nodes), np.zeros(len(nodes)))


@dataclass(frozen=True, eq=False)
class Found:
    """The pairs within the horizon, source after source.

    Parameters
    ----------
    count : int
        Number of target points.
    first : (S + 1,) int64
        Where the pairs of each source begin.
    target : (P,) int32
        Targets, in no order within a source, though always in the same one.
    cost : (P,) float64
        Cost of the cheapest way from source to target.
    """

    count: int
    first: Ints
    target: NDArray[np.int32]
    cost: Floats

    def csr(self) -> sp.csr_matrix:
        """Give the costs as a matrix, sources × targets; a stored 0.0 is a pair at no cost."""
        return sp.csr_matrix((self.cost, self.target, self.first), shape=(len(self.first) - 1, self.count))

    def by_target(self) -> sp.csr_matrix:
        """Give the costs as a matrix, targets × sources, sources in order."""
        first, source, cost = turned(self.count, self.first, self.target, self.cost)
        return sp.csr_matrix((cost, source, first), shape=(self.count, len(self.first) - 1))


def bounded(
    graph: Graph,
    sources: Ends,
    horizon: float,
    targets: Ends,
    *,
    threads: int = 0,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> Found:
    """Find all pairs of source and target within a horizon, and the cost of the cheapest way between them.

    The way runs from the source to one of its nodes, along arcs, and from a node of the target to the target. To search
    from the sites towards which people walk, reverse the graph. Threads take chunks of sources; how many there
    are makes no difference to the pairs, to the last bit.

    Parameters
    ----------
    graph : Graph
        The graph.
    sources, targets : Ends
        Points between which ways are looked for.
    horizon : float
        Highest cost of a way; a pair at exactly this cost is found. May be infinite.
    threads : int
        Threads; 0: as many as the machine has processors.
    progress : callable, optional
        Called in the caller's thread with the number of sources done so far.
    stop : Event, optional
        Set to make the search end early.

    Returns
    -------
    Found
        Memory grows with the pairs found: beside these, a thread needs 8 bytes a node and 8 a target.

    Raises
    ------
    StoppedError
        ``stop`` was set.
    """
    nodes, arcs = len(graph.first) - 1, (graph.first, graph.to, graph.cost)
    seeds = _by(sources.point, sources.count, sources.node, sources.cost)
    held = _by(targets.node, nodes, targets.point, targets.cost)
    width = _width(graph, horizon)
    spare: SimpleQueue[tuple[Floats, Floats]] = SimpleQueue()
    workers = threads or os.cpu_count() or 1

    def search(begin: int) -> tuple[Ints, NDArray[np.int32], Floats] | None:
        if stop is not None and stop.is_set():
            return None
        # a worker's arrays are as it found them when it is done, and go to whoever comes next
        try:
            room = spare.get_nowait()
        except Empty:
            room = np.full(nodes, np.inf), np.full(targets.count, np.inf)
        found = spread(arcs, seeds, held, float(horizon), width, begin, min(begin + CHUNK, sources.count), room)
        spare.put(room)
        return found

    parts: list[list[Any]] = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            for n, part in enumerate(pool.map(search, range(0, sources.count, CHUNK))):
                if part is None:
                    raise StoppedError
                parts.append(list(part))
                if progress is not None:
                    progress(min((n + 1) * CHUNK, sources.count))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    counts, target, cost = (_joined(parts, k, kind) for k, kind in enumerate((np.int64, np.int32, float)))
    return Found(targets.count, np.concatenate([[0], np.cumsum(counts)]), target, cost)


def _joined(parts: list[list[Any]], k: int, kind: Any) -> NDArray[Any]:
    """Join one array of all chunks, and let go of each as soon as it is taken over: there are many pairs."""
    joined, begin = np.empty(sum(len(part[k]) for part in parts), dtype=kind), 0
    for part in parts:
        joined[begin : begin + len(part[k])] = part[k]
        begin += len(part[k])
        part[k] = None
    return joined


def _by(key: Ints, count: int, value: Ints, cost: Floats) -> tuple[Ints, NDArray[np.int32], Floats]:
    """Put entries in the order of their key: where each key's begin, their values and costs."""
    order = np.argsort(key, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(key, minlength=count))]).astype(np.int64)
    return first, value[order].astype(np.int32), cost[order].astype(np.float64)


def _width(graph: Graph, horizon: float) -> float:
    """Choose the width of a bucket: a quarter of a usual arc, so that few nodes of a bucket improve each other."""
    positive = graph.cost[(graph.cost > 0) & (graph.cost <= horizon)]
    return float(np.median(positive)) / 4 if len(positive) else 1.0
