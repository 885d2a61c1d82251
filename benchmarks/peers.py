"""Panhuo beside its peers on one generated district: same file, same machine, same run, each in a fresh process.

    python benchmarks/peers.py --seeds 101-105                   one service: p sites, every site at one cost
    python benchmarks/peers.py --services 3 --seeds 101-105      the district itself: costs, floor area, modes, a budget

spopt knows p sites and no budget, so that the first problem is the one all can solve: the people whom no existing
place covers, every site at the same cost, p = budget over the median cost of a site's cheapest option. Panhuo solves it
twice: by ``panhuo.locate.mclp``, and by the district's model and engine with every option at one cost. The second
problem is the district as generated, in the rows of ``plain.py``.

Reading and assembling are apart: every contestant starts from arrays that are in memory when the clock starts (spopt
from the dense array that it wants). Imports are apart too. Contestants take turns, seed by seed. What they cover is
worked out again from what they chose, and held against every limit. ``pip install -e .[bench]`` has the peers.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import pickle
import time
from pathlib import Path
from statistics import median
from typing import Any

import measured
import numpy as np
from numpy.typing import NDArray
from plain import Problem, Run, by_highspy, by_pyomo, by_scip, by_spopt

NEEDS = {
    "panhuo": (), "panhuo-mclp": (), "highspy": (), "pyomo": (), "scip": ("pyscipopt",),
    "spopt-cbc": ("spopt", "pulp"), "spopt-highs": ("spopt", "pulp"),
}  # fmt: skip
"""The contestants, and what they need beside Panhuo's own dependencies."""
TOLD = {
    "panhuo": "**Panhuo**, district", "panhuo-mclp": "**Panhuo**, `locate.mclp`", "highspy": "HiGHS, plain arrays",
    "pyomo": "Pyomo + HiGHS", "scip": "SCIP, plain rows", "spopt-cbc": "spopt + CBC", "spopt-highs": "spopt + HiGHS",
}  # fmt: skip
WARM_S = 60.0
"""Most seconds each contestant gets on a district beforehand."""
PACKAGES = ("panhuo", "highspy", "pyomo", "spopt", "pulp", "pyscipopt", "numpy", "scipy", "numba")


def solve(who: str, kind: str, file: Path, run: Run) -> dict[str, Any]:
    """Solve with one contestant; the figures."""
    problem = Problem.load(file.with_suffix(".npz"))
    if who.startswith("panhuo"):
        chosen = _panhuo(who, kind, file, problem, run)
    elif who.startswith("spopt"):
        chosen = by_spopt(problem, kind, run, who.partition("-")[2])
    else:
        chosen = {"highspy": by_highspy, "pyomo": by_pyomo, "scip": by_scip}[who](problem, kind, run)
    total = time.perf_counter() - run.began
    objective, broken = problem.value(kind, chosen)
    run.show(objective or None, run.bound, total)
    gap = None if run.bound is None or not objective else max(run.bound - objective, 0.0) / objective
    return {
        "build_s": run.built_s, "total_s": total, "objective": objective, "broken": broken, "bound": run.bound,
        "gap": gap, "status": run.status, "chosen": int(chosen.sum()), "peak_mb": measured.peak_mb(),
        "to_gap_s": {f"{near:g}": measured.reached(run.trace, near) for near in measured.NEAR}, "trace": run.trace,
    }  # fmt: skip


def _panhuo(who: str, kind: str, file: Path, problem: Problem, run: Run) -> NDArray[np.bool_]:
    """Solve with Panhuo, from what assembly gives; building, merging and all."""
    measured.loaded()
    if who == "panhuo-mclp":
        from panhuo import locate  # noqa: PLC0415

        within = problem.within.astype(bool)
        limits = {"gap": run.gap, "time_limit": run.time_limit, "threads": run.threads}
        run.began = time.perf_counter()
        found = locate.mclp(problem.people, within, p=problem.sites_allowed, **limits)
        run.status, run.bound = found.status, found.bound
        chosen = np.zeros(problem.offers, dtype=bool)
        chosen[found.selected] = True
        return chosen
    from districts import at_one_cost  # noqa: PLC0415

    from panhuo.engine import Limits, Progress, Quiet  # noqa: PLC0415
    from panhuo.engine import solve as engine  # noqa: PLC0415

    class Follow(Quiet):
        def progress(self, progress: Progress) -> None:
            run.show(progress.objective, progress.bound)

    data = pickle.loads(file.read_bytes())
    data = at_one_cost(data, problem.sites_allowed) if kind == "p" else data
    run.began = time.perf_counter()
    outcome = engine(data, Limits(run.gap, run.time_limit, run.threads), watch=Follow())
    run.status = f"{outcome.status}, {outcome.engine}"
    if outcome.decision is None:
        return np.zeros(problem.offers if kind == "p" else len(problem.cost), dtype=bool)
    stage = outcome.stages[0]
    run.bound = stage.bound
    chosen = outcome.decision.choose
    return np.bincount(problem.of_offer[chosen], minlength=problem.offers) > 0 if kind == "p" else chosen


def table(kind: str, seeds: list[int], found: dict[str, list[dict[str, Any]]]) -> str:
    """Write a row for each contestant: medians over the seeds, the worst in brackets."""
    head = ("", "build, s", "solve, s", "**both, s**", "times Panhuo", "people", "gap", "1 % after", "0.1 % after",
            "0.01 % after", "peak memory", "")  # fmt: skip
    base = "panhuo-mclp" if kind == "p" and "panhuo-mclp" in found else "panhuo"
    lines = [head, ("---",) * len(head)]
    for who, runs in found.items():
        ran = [run for run in runs if "failed" not in run]
        if not ran:
            lines.append((TOLD[who], *("–",) * (len(head) - 2), runs[0]["failed"] if runs else "not run"))
            continue
        pairs = [(a["total_s"], b["total_s"]) for a, b in zip(runs, found.get(base, []), strict=False)
                 if "failed" not in a and "failed" not in b]  # fmt: skip
        times = "–" if not pairs else f"{median(a / b for a, b in pairs):.1f}"
        broken = sorted({run["broken"] for run in ran if run["broken"]})
        said = sorted({run["status"] for run in ran}) + [f"**breaks {limits}**" for limits in broken]
        said += [f"{len(runs) - len(ran)} of {len(seeds)} failed"] * (len(ran) < len(runs))
        gap = measured.shown([None if run["gap"] is None else 100 * run["gap"] for run in ran], "{:.3f} %")
        after = [measured.shown([run["to_gap_s"][f"{near:g}"] for run in ran]) for near in (0.01, 0.001, 0.0001)]
        lines.append((
            TOLD[who], measured.shown([run["build_s"] for run in ran]) if ran[0]["build_s"] else "in it",
            measured.shown([run["total_s"] - run["build_s"] for run in ran], "{:.2f}"),
            f"**{measured.shown([run['total_s'] for run in ran], '{:.2f}')}**", times,
            measured.shown([run["objective"] for run in ran], "{:,.0f}", worst=False), gap, *after,
            measured.shown([run["peak_mb"] for run in ran], "{:,.0f} MB"), "; ".join(said),
        ))  # fmt: skip
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def missing(who: str) -> list[str]:
    """Name the modules a contestant lacks."""
    return [module for module in NEEDS[who] if importlib.util.find_spec(module) is None]


def main() -> None:
    """Run every contestant on every seed, each in a fresh process, by turns."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--size", default="M", help="S, M, L or XL")
    ask.add_argument("--services", type=int, default=1)
    ask.add_argument("--seeds", type=measured.numbers, default=[1, 2, 3])
    ask.add_argument("--problem", choices=("p", "budget"), help="by default p for one service, budget for more")
    ask.add_argument("--who", nargs="+", choices=NEEDS, help="by default all that can solve the problem")
    ask.add_argument("--gap", type=float, default=1e-4)
    ask.add_argument("--time-limit", type=float, default=120.0, help="seconds of a contestant's solve")
    ask.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    ask.add_argument("--work", type=Path, default=measured.ROOT / "out" / "bench", help="where districts are kept")
    ask.add_argument("--json", type=Path, help="where every run is noted, a line each")
    ask.add_argument("--contestant", nargs=2, help=argparse.SUPPRESS)
    asked = ask.parse_args()
    kind = asked.problem or ("p" if asked.services == 1 else "budget")
    if asked.contestant:
        who, file = asked.contestant
        print(json.dumps(solve(who, kind, Path(file), Run(asked.gap, asked.time_limit, asked.threads))))
        return
    unfit = {"p": (), "budget": ("panhuo-mclp", "spopt-cbc", "spopt-highs")}[kind]
    everyone = [who for who in (asked.who or NEEDS) if who not in unfit]
    beside = measured.beside(PACKAGES)
    settings = f"{asked.threads} threads, gap {asked.gap:g}, {asked.time_limit:g} s each"
    print(f"{measured.told(beside)}; {settings}", flush=True)
    from districts import District, assembled, plainly  # noqa: PLC0415

    asked.work.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[dict[str, Any]]] = {who: [] for who in everyone}

    def run_alone(who: str, file: Path, time_limit: float) -> dict[str, Any]:
        words = ["--problem", kind, "--gap", str(asked.gap), "--time-limit", str(time_limit),
                 "--threads", str(asked.threads), "--contestant", who, str(file)]  # fmt: skip
        lacks = missing(who)
        return {"failed": f"{', '.join(lacks)} not installed"} if lacks else measured.alone(__file__, words, time_limit)

    def written(district: District) -> tuple[Path, Problem]:
        file, _ = assembled(asked.work, district)
        problem = plainly(pickle.loads(file.read_bytes()))
        problem.save(file.with_suffix(".npz"))
        return file, problem

    for who in everyone:  # what an installation compiles once is compiled here: on a district that uses all of it
        run_alone(who, written(District(asked.size if who.startswith("panhuo") else "S", 0, asked.services))[0], WARM_S)
    for turn, seed in enumerate(asked.seeds):
        district = District(asked.size, seed, asked.services)
        file, problem = written(district)
        told = f"{len(problem.people):,} rows, {len(problem.offer):,} pairs, {len(problem.cost):,} options"
        print(f"seed {seed}: {told}, p = {problem.sites_allowed}", flush=True)
        for who in everyone[turn % len(everyone) :] + everyone[: turn % len(everyone)]:
            got = run_alone(who, file, asked.time_limit)
            found[who].append(got)
            measured.note(asked.json, {"who": who, "problem": kind, "district": district.name, **got, **beside})
            short = got.get("failed") or f"{got['total_s']:.2f} s, {got['objective']:,.1f}, {got['status']}"
            print(f"  {who}: {short}", flush=True)
    print("\n" + table(kind, asked.seeds, found))


if __name__ == "__main__":
    main()
