"""How soon generated districts are solved to which proven gap, size by size, seed by seed, each in a fresh process.

    python benchmarks/scale.py M L --seeds 101-105 --time-limit 120
    python benchmarks/scale.py L --funds 6 --floors 27 --seeds 101-105
    python benchmarks/scale.py M L --budget 0.02 0.05 0.1 0.2 --seeds 101-105
    python benchmarks/scale.py L --peer highs --seeds 101-105

Writing, reading, access and assembly are apart and kept in ``--work``. The process that is measured reads what assembly
gave, then builds, merges and solves: seconds are counted from there, and its peak memory is told. Gaps are on newly
covered people, as Panhuo shows them on the way and as it ends. ``--peer highs`` solves the same data beside it with one
search over all (``--engine exact``): HiGHS on the merged rows, begun from a greedy choice. Ledger and verification are
not part of it.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import time
import traceback
from pathlib import Path
from typing import Any

import measured

PACKAGES = ("panhuo", "highspy", "pyomo", "numpy", "scipy", "numba")
TOLD = {"auto": "Panhuo", "exact": "HiGHS on merged rows", "decompose": "Panhuo, decomposition"}
_EVERY_S = 0.2
_WARM_S = 30.0
"""Seconds for a district beforehand, which uses all that an installation compiles."""


def solve(file: Path, engine: str, gap: float, time_limit: float, threads: int) -> dict[str, Any]:
    """Build and solve from a file of assembled data; the figures."""
    from panhuo.engine import Limits, Progress, Quiet  # noqa: PLC0415
    from panhuo.engine import solve as solved  # noqa: PLC0415
    from panhuo.memory import give_back  # noqa: PLC0415

    give_back()  # as the command line does
    measured.loaded()
    data = pickle.loads(file.read_bytes())
    trace: list[list[float | None]] = []
    plans: list[float] = []
    start = time.perf_counter()

    class Follow(Quiet):
        def progress(self, progress: Progress) -> None:
            now = [time.perf_counter() - start, progress.objective, progress.bound, progress.gap]
            if progress.stage == data.objectives[0].name and (not trace or trace[-1][1:] != now[1:]):
                trace.append(now)

        def incumbent(self, choose: Any) -> None:  # noqa: ARG002
            plans.append(time.perf_counter() - start)

    outcome = solved(data, Limits(gap, time_limit, threads), engine=engine, watch=Follow())
    total = time.perf_counter() - start
    figures: dict[str, Any] = {
        "rows": len(data.reach), "pairs": data.reach.within.nnz, "options": len(data.options), "sites": len(data.sites),
        "services": len(data.services), "funds": len(data.money.funds), "floors": len(data.floors),
    }  # fmt: skip
    said = {"status": outcome.status, "engine": outcome.engine, "total_s": total, "peak_mb": measured.peak_mb()}
    if outcome.stages:
        stage = outcome.stages[0]
        trace.append([total, stage.objective, stage.bound, stage.gap])
        said |= {"objective": stage.objective, "bound": stage.bound, "gap": stage.gap}
    shown = [row[0] for row in trace if row[0] is not None and row[1] is not None]
    plan = min([*plans[:1], *shown[:1]], default=None)
    near = {f"{gap:g}": measured.reached(trace, gap) for gap in measured.NEAR}
    return figures | {"objective": None, "bound": None, "gap": None} | said | {
        "first_plan_s": plan, "to_gap_s": near, "trace": _thinned(trace)
    }  # fmt: skip


def _thinned(trace: list[list[float | None]]) -> list[list[float | None]]:
    """Leave out what comes less than a fifth of a second after what is kept; the last stays."""
    kept: list[list[float | None]] = []
    for row in trace:
        if not kept or (row[0] or 0.0) - (kept[-1][0] or 0.0) >= _EVERY_S:
            kept.append(row)
    return kept if not trace or kept[-1] is trace[-1] else [*kept, trace[-1]]


def row(name: str, who: str, runs: list[dict[str, Any]]) -> str:
    """Write medians and worst of the runs that ended by themselves."""
    ran = [run for run in runs if "failed" not in run]
    failed = f"{len(runs) - len(ran)} of {len(runs)} failed" if len(ran) < len(runs) else ""
    if not ran:
        return f"| {name} | {who} | {failed} " + "| " * (len(measured.NEAR) + 4) + "|"
    known = [None if run["gap"] is None else 100 * run["gap"] for run in ran]
    cells = [
        name, who, measured.shown([run["first_plan_s"] for run in ran]),
        *(measured.shown([run["to_gap_s"][f"{near:g}"] for run in ran]) for near in measured.NEAR),
        measured.shown(known, "{:.3f} %"), measured.shown([run["total_s"] for run in ran]),
        measured.shown([run["peak_mb"] for run in ran], "{:,.0f} MB"),
        "; ".join([*sorted({f"{run['status']}, {run['engine']}" for run in ran}), *([failed] if failed else [])]),
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Solve every district asked for; a row each as it ends, then the medians."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("sizes", nargs="*", default=["M"], help="S, M, L, XL")
    ask.add_argument("--seeds", type=measured.numbers, default=[1, 2, 3])
    ask.add_argument("--services", type=int, help="by default those of the size")
    ask.add_argument("--funds", type=int, default=1)
    ask.add_argument("--floors", type=int, default=0)
    ask.add_argument("--budget", type=float, nargs="+", default=[0.05], help="shares of what all options cost")
    ask.add_argument("--engine", choices=TOLD, default="auto")
    ask.add_argument("--peer", choices=("highs",), help="HiGHS on the merged rows beside it")
    ask.add_argument("--gap", type=float, default=1e-4)
    ask.add_argument("--time-limit", type=float, default=120.0)
    ask.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    ask.add_argument("--work", type=Path, default=measured.ROOT / "out" / "bench", help="where districts are kept")
    ask.add_argument("--json", type=Path, help="where every run is noted, a line each")
    ask.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.file:
        print(json.dumps(solve(asked.file, asked.engine, asked.gap, asked.time_limit, asked.threads)))
        return
    from districts import District  # noqa: PLC0415

    asked.work.mkdir(parents=True, exist_ok=True)
    beside = measured.beside(PACKAGES)
    settings = f"{asked.threads} threads, gap {asked.gap:g}, {asked.time_limit:g} s each"
    print(f"{measured.told(beside)}; {settings}", flush=True)
    engines = [asked.engine] + ["exact"] * (asked.peer == "highs" and asked.engine != "exact")
    more = (asked.services, asked.funds, asked.floors)
    first = District("S" if asked.sizes == ["S"] else "M", 0)
    for engine in engines:  # what an installation compiles once is compiled here
        _run(asked, first, engine, _WARM_S)
    lines = []
    for size in asked.sizes:
        for budget in asked.budget:
            found: dict[str, list[dict[str, Any]]] = {engine: [] for engine in engines}
            for turn, seed in enumerate(asked.seeds):
                for engine in engines if turn % 2 == 0 else engines[::-1]:
                    district = District(size, seed, *more, budget)
                    got = _run(asked, district, engine, asked.time_limit)
                    found[engine].append(got)
                    measured.note(asked.json, {"district": district.name, "asked": engine, **got, **beside})
                    print(row(district.name, TOLD[engine], [got]) if "failed" not in got else
                          f"{district.name}, {engine} failed: {got['failed']}", flush=True)  # fmt: skip
            lines += [row(District(size, 0, *more, budget).name.replace("-0-", f" × {len(asked.seeds)} "),
                          TOLD[engine], runs) for engine, runs in found.items()]  # fmt: skip
    heads = ["district", "", "first plan, s", *(f"{100 * near:g} %, s" for near in measured.NEAR), "gap at the end",
             "in all, s", "peak memory", ""]  # fmt: skip
    print("\n| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|\n" + "\n".join(lines))


def _run(asked: argparse.Namespace, district: Any, engine: str, time_limit: float) -> dict[str, Any]:
    """Have a district written and assembled, and solve it in a fresh process; what fails is told, not raised."""
    from districts import assembled  # noqa: PLC0415

    try:
        file, apart = assembled(asked.work, district)
    except Exception as fault:
        traceback.print_exc()
        return {"failed": f"not assembled: {fault}"}
    words = ["--file", str(file), "--engine", engine, "--gap", str(asked.gap), "--time-limit", str(time_limit),
             "--threads", str(asked.threads)]  # fmt: skip
    return {**measured.alone(__file__, words, time_limit), "apart": apart}


if __name__ == "__main__":
    main()
