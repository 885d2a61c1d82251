"""Bounded walks beside pandana, scipy and networkx, in one run: same network, same sources, same bound, same pairs.

Every peer finds, for each source, all nodes within a bound of metres. pandana is the extra ``bench``. With
``--municipality`` it measures files → sparse minutes of a whole municipality instead, in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import measured
import municipality
import networkx as nx
import numpy as np
import psutil
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra
from walked import Case, cases, cut_to_millimetres, grid

from panhuo.access import search

SCIPY_CELLS = 60_000_000
"""Cells of the rows scipy fills in one call: half a gigabyte."""

NETWORKX_SOURCES = 20


@dataclass(frozen=True)
class Time:
    """Median seconds of some runs: on the clock, and of the processors; the latter tell more where others work too."""

    wall: float
    cpu: float

    def scaled(self, by: float) -> Time:
        """Give what so many times as much would take."""
        return Time(self.wall * by, self.cpu * by)


def timed(job: Callable[[], Any], repeats: int) -> tuple[Time, Any]:
    """Run a job several times: how long it took, and what it gave last."""
    wall, cpu = [], []
    for _ in range(repeats):
        start = time.perf_counter(), time.process_time()
        given = job()
        wall.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    return Time(median(wall), median(cpu)), given


def ours(graph: search.Graph, case: Case, bound: float, threads: int) -> search.Found:
    """Search with Panhuo."""
    everywhere = search.Ends.at(np.arange(case.nodes))
    return search.bounded(graph, search.Ends.at(case.sources), bound, everywhere, threads=threads)


def keys(case: Case, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Give each pair one number; sorted."""
    return np.sort(source.astype(np.int64) * case.nodes + target)


def pairs(case: Case, found: search.Found) -> np.ndarray:
    """Give the pairs of a search."""
    return keys(case, np.repeat(case.sources, np.diff(found.first)), found.target)


def beside_pandana(case: Case, repeats: int, mine: np.ndarray) -> None:
    """Measure pandana, and explain every pair that differs."""
    import pandana  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    weight = pd.DataFrame({"metres": case.metres})
    x, y = (pd.Series(c) for c in case.xy.T)
    prepare, net = timed(lambda: pandana.Network(x, y, pd.Series(case.start), pd.Series(case.end), weight), 1)
    seconds, table = timed(lambda: net.nodes_in_range(case.sources, case.bound), repeats)
    names = np.arange(case.nodes)
    core, _ = timed(lambda: net.net.nodes_in_range(case.sources, case.bound, 0, names), repeats)
    theirs = keys(case, table["source"].to_numpy(), table["destination"].to_numpy())
    row("pandana 0.8, nodes_in_range", prepare, seconds, len(theirs))
    row("  its compiled part alone", prepare, core, len(theirs))
    only_mine, only_theirs = np.setdiff1d(mine, theirs), np.setdiff1d(theirs, mine)
    print(f"  pairs only here: {len(only_mine)}, only in pandana: {len(only_theirs)}")
    if len(only_mine) + len(only_theirs):
        cut = cut_to_millimetres(case)
        again = np.array_equal(pairs(cut, ours(cut.graph(), cut, cut.bound, 0)), theirs)
        wide = ours(case.graph(), case, case.bound + 1.0, 0)
        all_pairs = np.repeat(case.sources, np.diff(wide.first)).astype(np.int64) * case.nodes + wide.target
        beyond = wide.cost[np.isin(all_pairs, only_theirs)] - case.bound
        print(f"  pandana cuts every edge to whole millimetres; on such edges the same pairs are found here: {again}")
        if len(beyond):
            print(f"  true metres of those only in pandana: {beyond.min():.6f} to {beyond.max():.6f} beyond the bound")


def beside_scipy(case: Case, repeats: int, mine: search.Found, rows: int) -> None:
    """Measure one call of scipy's dijkstra for so many sources: the call alone, and until the pairs are in hand."""
    chosen = np.linspace(0, len(case.sources) - 1, rows).astype(int)
    shape, nodes = (case.nodes, case.nodes), case.sources[chosen]
    prepare, matrix = timed(lambda: sp.csr_matrix((case.metres, (case.start, case.end)), shape=shape), 1)

    def call() -> np.ndarray:
        return dijkstra(matrix, directed=False, indices=nodes, limit=case.bound)

    def pairs_in_hand() -> tuple[np.ndarray, ...]:
        filled = call()
        at = np.nonzero(np.isfinite(filled))
        return *at, filled[at]

    alone, _ = timed(call, repeats)
    whole, (source, target, metres) = timed(pairs_in_hand, repeats)
    scale = len(case.sources) / rows
    note = "" if scale == 1 else f", scaled up from {rows:,} sources"
    row(f"scipy dijkstra(limit){note}", prepare, whole.scaled(scale), round(len(source) * scale))
    row("  the call alone, which fills whole rows", prepare, alone.scaled(scale), round(len(source) * scale))
    worst, wrong = 0.0, 0
    for k, line in enumerate(chosen):
        here, there = source == k, slice(mine.first[line], mine.first[line + 1])
        order = np.argsort(mine.target[there])
        wrong += len(np.setxor1d(target[here], mine.target[there]))
        if wrong == 0:
            worst = max(worst, float(np.abs(metres[here] - mine.cost[there][order]).max()))
    print(f"  pairs that differ: {wrong}; metres differ by at most {worst:.1e}")


def beside_networkx(case: Case, mine: search.Found) -> None:
    """Measure networkx on a few sources, scaled up."""
    edges = zip(case.start.tolist(), case.end.tolist(), case.metres.tolist(), strict=True)
    prepare, graph = timed(lambda: nx.Graph([(a, b, {"metres": m}) for a, b, m in edges]), 1)
    graph.add_nodes_from(range(case.nodes))
    wrong, number = 0, 0
    chosen = np.linspace(0, len(case.sources) - 1, NETWORKX_SOURCES).astype(int)

    def search_each() -> list[dict[int, float]]:
        far = {"cutoff": case.bound, "weight": "metres"}
        return [nx.single_source_dijkstra_path_length(graph, int(s), **far) for s in case.sources[chosen]]

    seconds, found = timed(search_each, 1)
    for k, reached in zip(chosen, found, strict=True):
        number += len(reached)
        wrong += len(set(reached) ^ set(mine.target[mine.first[k] : mine.first[k + 1]].tolist()))
    scale = len(case.sources) / len(found)
    row(f"networkx, scaled up from {len(found)} sources", prepare, seconds.scaled(scale), round(number * scale))
    print(f"  pairs that differ: {wrong}")


def row(name: str, prepare: Time, search_time: Time, number: int) -> None:
    """Print a line of the table."""
    print(f"{name:<56} {prepare.wall:>9.2f} {search_time.wall:>10.3f} {search_time.cpu:>10.3f} {number:>12,}")


def compare(case: Case, repeats: int) -> None:
    """Measure everyone on one case."""
    print(f"\n{case.name}: {case.nodes:,} nodes, {len(case.metres):,} edges, {len(case.sources):,} sources, ", end="")
    print(f"within {case.bound:,.0f} m; load {psutil.getloadavg()[0]:.1f}")
    print(f"{'':<56} {'prepare s':>9} {'search s':>10} {'CPU s':>10} {'pairs':>12}")
    for threads in (1, 0):
        prepare, graph = timed(case.graph, 1)
        seconds, found = timed(lambda t=threads, g=graph: ours(g, case, case.bound, t), repeats)
        row(f"Panhuo, {'one thread' if threads else f'{os.cpu_count()} threads'}", prepare, seconds, len(found.target))
    beside_scipy(case, repeats, found, min(len(case.sources), SCIPY_CELLS // case.nodes))
    beside_networkx(case, found)
    beside_pandana(case, repeats, pairs(case, found))


def from_files(folder: Path) -> None:
    """Read a municipality and work out its minutes; the figures as JSON."""
    import panhuo  # noqa: PLC0415
    from panhuo.access import catchments  # noqa: PLC0415

    start = time.perf_counter()
    instance = panhuo.read(folder)
    read = time.perf_counter()
    reach = catchments(instance)
    end = time.perf_counter()
    pair_count = {p: m.nnz for p, m in reach.minutes.items()}
    seconds = {"read_s": read - start, "minutes_s": end - read, "both_s": end - start, "cpu_s": time.process_time()}
    size = {"edges": len(instance.network.start), "pairs": pair_count, "peak_mb": round(measured.peak_mb())}
    print(json.dumps({name: round(value, 1) for name, value in seconds.items()} | size))


def whole_municipality(folder: Path | None, repeats: int) -> None:
    """Measure files → sparse minutes, each time in a fresh process, after a small one has compiled the loops."""
    with tempfile.TemporaryDirectory() as scratch:
        small, large = Path(scratch, "small"), folder or Path(scratch, "large")
        municipality.write(small, municipality.Size(500, 20, 30))
        if not (large / "instance.toml").exists():
            municipality.write(large)
        for name, place, times in (("small, compiles what is not compiled yet", small, 1), ("whole", large, repeats)):
            for _ in range(times):
                command = [sys.executable, __file__, "--files", str(place)]
                start = time.perf_counter()
                said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                took = time.perf_counter() - start
                print(f"{name}: {took:.1f} s in all; load {psutil.getloadavg()[0]:.1f}; {said.strip()}")


def main() -> None:
    """Run the cases that are asked for."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--large", action="store_true", help="a grid of 624,100 nodes; pandana prepares it for minutes")
    ask.add_argument("--repeats", type=int, default=5)
    ask.add_argument("--municipality", action="store_true", help="files to minutes of a whole municipality")
    ask.add_argument("--folder", type=Path, help="where that municipality lies, or is to be written")
    ask.add_argument("--files", type=Path, help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.files:
        from_files(asked.files)
        return
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ",
        end="",
    )
    print(f"numpy {np.__version__}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, medians of {asked.repeats}")
    if asked.municipality:
        whole_municipality(asked.folder, asked.repeats)
        return
    tiny = grid("warm-up", 20, 10)
    warm, _ = timed(lambda: ours(tiny.graph(), tiny, 500.0, 1), 1)
    print(f"compiling, or loading what an earlier run compiled: {warm.wall:.1f} s (not counted below)")
    for case in cases(large=asked.large):
        compare(case, asked.repeats)


if __name__ == "__main__":
    main()
