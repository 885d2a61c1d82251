"""Maximal covering of 20 million points by a few of 100 sites, to the proof.

    python benchmarks/twenty_million.py --seeds 1-3

The instances are drawn as those of Cordeau, Furini & Ljubić (2019), Benders decomposition for very large scale partial
set covering and maximal covering problems, EJOR 275, doi:10.1016/j.ejor.2018.12.021, whose generator is public
(github.com/fabiofurini/LocationCovering): sites and points uniform in a square of 30 × 30, demand a whole number of 1
to 100, every site at the same cost. Its page shows a radius of 6.25 and a budget of 10 sites. The draws are ours, not
theirs: other random numbers, and coordinates of 4 bytes.

Drawing is apart: each instance is written to a file, and a fresh process reads it (apart too) and calls
``panhuo.locate.mclp``. What it covers is worked out again from the chosen sites. ``--check`` holds 20,000 points
against HiGHS on one row a point.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import measured
import numpy as np
from numpy.typing import NDArray

SIDE = 30.0
PACKAGES = ("numpy", "scipy", "numba", "highspy")
SMALL = 20_000
"""Points of the check, and of the run that compiles the loops beforehand."""


def draw(points: int, sites: int, seed: int) -> dict[str, NDArray[Any]]:
    """Draw an instance: sites (J, 2), points (D, 2), demand (D,)."""
    random = np.random.default_rng(seed)
    return {
        "sites": random.random((sites, 2), dtype=np.float32) * np.float32(SIDE),
        "points": random.random((points, 2), dtype=np.float32) * np.float32(SIDE),
        "demand": random.integers(1, 100, points, dtype=np.uint8, endpoint=True),
    }


def covers(drawn: dict[str, NDArray[Any]], chosen: NDArray[Any], radius: float) -> float:
    """Work out what chosen sites cover, site by site, in parts of a million points."""
    total = 0.0
    for start in range(0, len(drawn["points"]), 1_000_000):
        part = drawn["points"][start : start + 1_000_000].astype(float)
        near = np.zeros(len(part), dtype=bool)
        for x, y in drawn["sites"][chosen].astype(float):
            near |= (part[:, 0] - x) ** 2 + (part[:, 1] - y) ** 2 <= radius * radius
        total += float(drawn["demand"][start : start + 1_000_000][near].sum(dtype=np.int64))
    return total


def solve(file: Path, radius: float, budget: int, time_limit: float, threads: int) -> dict[str, Any]:
    """Read an instance and solve it; the figures."""
    from panhuo import locate  # noqa: PLC0415

    start = time.perf_counter()
    with np.load(file) as held:
        drawn = {name: held[name] for name in held.files}
    read = time.perf_counter()
    given = (drawn["points"], drawn["sites"])
    found = locate.mclp(drawn["demand"], given, radius=radius, p=budget, time_limit=time_limit, threads=threads)
    took, peak = time.perf_counter() - read, measured.peak_mb()
    again = covers(drawn, found.selected, radius)
    return {
        "read_s": read - start, "solve_s": took, "objective": found.objective, "bound": found.bound, "gap": found.gap,
        "status": found.status, "chosen": found.selected.tolist(), "recomputed": again, "peak_mb": peak,
        "input_mb": sum(array.nbytes for array in drawn.values()) / 2**20,
    }  # fmt: skip


def oracle(drawn: dict[str, NDArray[Any]], radius: float, budget: int) -> float:
    """Give the optimum by HiGHS, one row a point, nothing merged: covered ≤ Σ choose, Σ choose ≤ p."""
    import highspy  # noqa: PLC0415
    import scipy.sparse as sp  # noqa: PLC0415

    points, sites = drawn["points"].astype(float), drawn["sites"].astype(float)
    within = sp.csr_matrix(((points[:, None] - sites[None]) ** 2).sum(axis=2) <= radius * radius).astype(float)
    count, places = within.shape
    rows = sp.vstack(
        [sp.hstack([within, -sp.identity(count)]), np.append(np.ones(places), np.zeros(count))[None]], format="csr"
    )
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = places + count, count + 1
    lp.col_cost_ = np.append(np.zeros(places), drawn["demand"].astype(float))
    lp.col_lower_, lp.col_upper_ = np.zeros(places + count), np.ones(places + count)
    lp.row_lower_ = np.append(np.zeros(count), -np.inf)
    lp.row_upper_ = np.append(np.full(count, np.inf), float(budget))
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * places + [kinds.kContinuous] * count
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.passModel(lp)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise SystemExit(f"the oracle ended with {highs.modelStatusToString(highs.getModelStatus())}")
    return float(np.rint(highs.getInfo().objective_function_value))  # a sum of whole numbers


def check(sites: int, radius: float, budget: int, seed: int, points: int = SMALL) -> tuple[float, float]:
    """Give the optimum as found here and by the oracle, on fewer points."""
    from panhuo import locate  # noqa: PLC0415

    drawn = draw(points, sites, seed)
    found = locate.mclp(drawn["demand"], (drawn["points"], drawn["sites"]), radius=radius, p=budget)
    if found.status != "optimal" or found.objective is None:
        raise SystemExit(f"ended by {found.status}: nothing to compare")
    return found.objective, oracle(drawn, radius, budget)


def main() -> None:
    """Draw, solve each in a fresh process, print a row each."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--points", type=int, default=20_000_000)
    ask.add_argument("--sites", type=int, default=100)
    ask.add_argument("--radius", type=float, nargs="+", default=[6.25])
    ask.add_argument("--budget", type=int, nargs="+", default=[10], help="sites")
    ask.add_argument("--seeds", type=measured.numbers, default=[1, 2, 3])
    ask.add_argument("--time-limit", type=float, default=120.0)
    ask.add_argument("--threads", type=int, default=0)
    ask.add_argument("--check", action="store_true", help="20,000 points against HiGHS, a row each: minutes")
    ask.add_argument("--json", type=Path, help="where every run is noted, a line each")
    ask.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.file:
        print(json.dumps(solve(asked.file, asked.radius[0], asked.budget[0], asked.time_limit, asked.threads)))
        return
    print(measured.told(measured.beside(PACKAGES)))
    if asked.check:
        ours, theirs = check(asked.sites, asked.radius[0], asked.budget[0], asked.seeds[0])
        print(f"seed {asked.seeds[0]}, {SMALL:,} points: {ours:,.0f} here, {theirs:,.0f} by HiGHS alone", flush=True)
        if ours != theirs:
            raise SystemExit("they differ")
    print("\n| points | sites | radius | budget | seed | reading, s | **build, merge, solve, s** | covered | status "
          "| peak memory (of it input) |\n|---|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        for points, seed in [(SMALL, 0), *((asked.points, seed) for seed in asked.seeds)]:
            file = Path(scratch, "drawn.npz")
            np.savez(file, **draw(points, asked.sites, seed))
            cases = [(r, b) for r in asked.radius for b in asked.budget]
            for radius, budget in cases if seed or points != SMALL else cases[:1]:
                words = ["--file", str(file), "--radius", str(radius), "--budget", str(budget),
                         "--time-limit", str(asked.time_limit), "--threads", str(asked.threads)]  # fmt: skip
                got = measured.alone(__file__, words, asked.time_limit)
                if (points, seed) == (SMALL, 0):  # it compiled what was not compiled yet
                    continue
                _row(asked, radius, budget, seed, got)


def _row(asked: argparse.Namespace, radius: float, budget: int, seed: int, got: dict[str, Any]) -> None:
    """Print a run, and note it."""
    given = {"points": asked.points, "sites": asked.sites, "radius": radius, "budget": budget, "seed": seed}
    measured.note(asked.json, {**given, **got, **measured.beside(PACKAGES)})
    head = f"| {asked.points:,} | {asked.sites} | {radius:g} | {budget} | {seed} "
    if "failed" in got:
        print(f"{head}| failed: {got['failed']} | | | | |", flush=True)
        return
    same = "" if got["recomputed"] == got["objective"] else f" (**but {got['recomputed']:,.0f} worked out again**)"
    print(f"{head}| {got['read_s']:.1f} | **{got['solve_s']:.1f}** | {got['objective']:,.0f}{same} | {got['status']} "
          f"| {got['peak_mb']:,.0f} MB ({got['input_mb']:,.0f}) |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
