"""Networks on which bounded walks are measured."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import panhuo
from panhuo.access import search

INSTANCES = Path(__file__).resolve().parents[1] / "instances"
BOUND_M = 1200.0
SEED = 20260402


@dataclass(frozen=True, eq=False)
class Case:
    """An undirected network without loops or parallel edges, walked from some of its nodes within a bound."""

    name: str
    xy: np.ndarray
    start: np.ndarray
    end: np.ndarray
    metres: np.ndarray
    sources: np.ndarray
    bound: float = BOUND_M

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.xy)

    def graph(self) -> search.Graph:
        """Make what Panhuo searches: every edge both ways."""
        tail, head = np.concatenate([self.start, self.end]), np.concatenate([self.end, self.start])
        return search.Graph.of(self.nodes, tail, head, np.concatenate([self.metres, self.metres]))


def cut_to_millimetres(case: Case) -> Case:
    """Measure in whole millimetres, dropping the rest of each edge, as pandana does; sums of them are exact."""
    return dataclasses.replace(case, metres=np.trunc(case.metres * 1000), bound=case.bound * 1000)


def cases(*, large: bool) -> Iterator[Case]:
    """Give the cases in turn: the large one alone, or the others, real networks among them where PANHUO_DATA is set."""
    if large:
        yield grid("Large grid", 790, 20_000)
        return
    yield grid("Grid", 160, 2_000)
    if os.environ.get("PANHUO_DATA"):
        yield porto_alegre()
        yield chicago()


def grid(name: str, side: int, sources: int) -> Case:
    """Make a grid of streets whose blocks are 70 to 150 m long."""
    draw = np.random.default_rng(SEED)
    number = np.arange(side * side).reshape(side, side)
    start = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * 110.0
    return Case(name, xy, start, end, draw.uniform(70, 150, len(start)), _some(draw, side * side, sources))


def porto_alegre(sources: int = 2_000) -> Case:
    """Read the walkable edges of Porto Alegre."""
    network = panhuo.read(INSTANCES / "porto_alegre").network
    assert network is not None
    walk = network.walk
    return _plain("Porto Alegre", network.xy, network.start[walk], network.end[walk], network.length_m[walk], sources)


def chicago(sources: int = 2_000) -> Case:
    """Read the walking graph of Chicago's South Side."""
    folder = Path(os.environ["PANHUO_DATA"], "chicago_health_walk")
    nodes = pd.read_csv(folder / "south_side_walk_nodes.csv.gz")
    edges = pd.read_csv(folder / "south_side_walk_edges.csv.gz")
    start, end = (pd.Index(nodes["id"]).get_indexer(edges[c]) for c in ("from", "to"))
    return _plain(
        "Chicago South Side", nodes[["lon", "lat"]].to_numpy(), start, end, edges["distance"].to_numpy(), sources
    )


def _plain(name: str, xy: np.ndarray, start: np.ndarray, end: np.ndarray, metres: np.ndarray, sources: int) -> Case:
    """Leave loops out and keep the shortest of parallel edges, which not every peer understands."""
    table = pd.DataFrame({"a": np.minimum(start, end), "b": np.maximum(start, end), "m": metres})
    table = table[table["a"] != table["b"]].groupby(["a", "b"], as_index=False)["m"].min()
    used = np.unique(table[["a", "b"]].to_numpy())
    a, b = (np.searchsorted(used, table[c]) for c in ("a", "b"))
    draw = np.random.default_rng(SEED)
    return Case(name, xy[used], a, b, table["m"].to_numpy(), _some(draw, len(used), sources))


def _some(draw: np.random.Generator, nodes: int, count: int) -> np.ndarray:
    return np.sort(draw.choice(nodes, count, replace=False))
