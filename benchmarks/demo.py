"""How long Dazu takes: solves ``instances/dazu`` several times, each with a fresh seed, and prints the medians."""

from __future__ import annotations

import argparse
import secrets
import statistics
import time
from pathlib import Path

import panhuo

DAZU = Path(__file__).resolve().parents[1] / "instances" / "dazu"


def main() -> None:
    """Time reading and solving, run by run."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--gap", type=float, default=1e-3)
    ask.add_argument("--threads", type=int, default=0)
    asked = ask.parse_args()

    read_s, solve_s, gaps = [], [], []
    for run in range(asked.runs):
        seed = secrets.randbelow(2**31)
        start = time.perf_counter()
        instance = panhuo.read(DAZU)
        read = time.perf_counter()
        result = panhuo.solve(instance, gap=asked.gap, threads=asked.threads, seed=seed)
        end = time.perf_counter()
        if result.status not in ("optimal", "within_gap") or not result.verification.ok:
            raise SystemExit(f"run {run + 1} (seed {seed}) ended by {result.status}: its time says nothing")
        gap = max(stage["gap"] for stage in result.run["stages"])
        read_s.append(read - start)
        solve_s.append(end - read)
        gaps.append(gap)
        print(f"run {run + 1}  seed {seed:>10}  read {read_s[-1]:6.2f} s  solve {solve_s[-1]:6.2f} s  gap {gap:.5f}")
    print(
        f"median of {asked.runs}: read {statistics.median(read_s):.2f} s, solve {statistics.median(solve_s):.2f} s, "
        f"largest gap {max(gaps):.5f}"
    )


if __name__ == "__main__":
    main()
