"""What each percent costs in people served: Dazu solved again and again over one bound of its policy.

Two sweeps: the government's largest share of the capital, from 0 to 100 %, and the cap on what a resident pays for a
visit, at every level where a tariff leaves the menu. Each writes a table (CSV) and a plot (SVG), and prints the table.
A level that no plan can meet says which rules are at odds.

Every level that is solved is kept at once in a file (JSON) beside the table, with the settings, the versions and a hash
of the inputs: the same command goes on where it was stopped, one with other settings starts anew.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

import panhuo
from panhuo.engine import InfeasibleError, NoPlanError

ROOT = Path(__file__).resolve().parents[1]
DAZU = ROOT / "instances" / "dazu"
SHOWN = ("canteen", "childcare", "elder_day_care", "clinic")
"""Services whose people have a line in the plot and a column on the screen; the CSV has all of them."""


@dataclass(frozen=True)
class Asked:
    """How to sweep; the defaults are those of the published tables.

    Parameters
    ----------
    instance : Path
        The instance.
    over : {"government", "price", "both"}
        Which sweep.
    steps : int
        Levels of the government's share, evenly from 0 to 100 %.
    levels : tuple of float
        These levels instead: shares from 0 to 1, or yuan.
    gap : float
        Relative gap at which every objective may stop.
    time_limit : float
        Seconds for all objectives of one level.
    threads, seed : int
        Of the solver.
    out : Path
        Folder for tables and plots.
    """

    instance: Path = DAZU
    over: str = "both"
    steps: int = 11
    levels: tuple[float, ...] = ()
    gap: float = 0.002
    time_limit: float = 120.0
    threads: int = 2
    seed: int = 0
    out: Path = ROOT / "out" / "sweep"


@dataclass(frozen=True)
class Sweep:
    """One bound and its levels.

    Parameters
    ----------
    name : str
        Name of the files.
    label : str
        What the level is, for the axis.
    levels : tuple of float
        From tight to loose.
    shown : float
        How many of the printed unit a level of 1 is.
    bound : callable
        Gives the instance with the bound at a level.
    """

    name: str
    label: str
    levels: tuple[float, ...]
    shown: float
    bound: Callable[[panhuo.Instance, float], panhuo.Instance]


def government(steps: int) -> Sweep:
    """Sweep the government's largest share of the plan's capital."""
    levels = tuple(float(level) for level in np.round(np.linspace(0, 1, steps), 4))
    return Sweep("government", "government's largest share of the capital, %", levels, 100, _government_at_most)


def price(instance: panhuo.Instance) -> Sweep:
    """Sweep the cap on a visit's price, over 0 and the highest price of every tariff."""
    highest = instance["tariffs"].groupby("tariff")["price_cny"].max()
    levels = tuple(sorted({0.0, *map(float, highest)}))
    return Sweep("price", "most a resident pays for a visit, CNY", levels, 1, _price_at_most)


def _government_at_most(instance: panhuo.Instance, level: float) -> panhuo.Instance:
    parties = instance["parties"].copy()
    own = parties["bound"] == "government"
    parties.loc[own, "max_share"] = level
    parties.loc[own, "min_share"] = np.minimum(parties.loc[own, "min_share"], level)
    return dataclasses.replace(instance, tables={**instance.tables, "parties": parties})


def _price_at_most(instance: panhuo.Instance, level: float) -> panhuo.Instance:
    policy = instance.settings.policy.model_copy(update={"price_cap_cny": level})
    return dataclasses.replace(instance, settings=instance.settings.model_copy(update={"policy": policy}))


def rows(instance: panhuo.Instance, sweep: Sweep, asked: Asked) -> list[dict[str, Any]]:
    """Solve level by level: one row each, also where no plan meets the policy. What is kept already is not solved."""
    store, frozen = asked.out / f"{sweep.name}.json", _frozen(asked)
    kept = json.loads(store.read_text("utf-8")) if store.exists() else {}
    known = kept["rows"] if kept.get("settings") == frozen else {}
    for level in sweep.levels:
        key = f"{level:g}"
        if key in known:
            continue
        known[key] = {sweep.name: level * sweep.shown} | _solved(sweep.bound(instance, level), asked)
        store.write_text(json.dumps({"settings": frozen, "rows": known}, ensure_ascii=False, indent=1), "utf-8")
        print(f"{sweep.name} = {key}: {known[key]['status']}", flush=True)
    return [known[f"{level:g}"] for level in sweep.levels]


def _frozen(asked: Asked) -> dict[str, Any]:
    """Gather what a row depends on beside its level."""
    inputs = hashlib.sha256()
    for path in sorted(p for p in asked.instance.iterdir() if p.suffix in (".csv", ".toml", ".xlsx")):
        inputs.update(path.name.encode() + path.read_bytes())
    solver = {name: getattr(asked, name) for name in ("gap", "time_limit", "threads", "seed")}
    return solver | {"inputs": inputs.hexdigest(), "panhuo": panhuo.__version__, "highspy": version("highspy")}


def _solved(instance: panhuo.Instance, asked: Asked) -> dict[str, Any]:
    limits = {"gap": asked.gap, "time_limit": asked.time_limit, "threads": asked.threads, "seed": asked.seed}
    try:
        found = panhuo.solve(instance, **limits)
    except InfeasibleError as error:
        return {"status": "infeasible", "at_odds": "; ".join(map(str, error.conflicts))}
    except NoPlanError:
        return {"status": "no plan in time"}
    if not found.verification.ok:
        raise SystemExit("verification failed, so the table would say nothing")
    return _figures(found)


def _figures(found: panhuo.Result) -> dict[str, Any]:
    run = found.run
    gaps = [stage["gap"] for stage in run["stages"]]
    figures: dict[str, Any] = {
        "status": run["status"],
        "gap": None if None in gaps else max(gaps),
        "stages": len(gaps),
        "new_person_services": run["new_person_services"],
    }
    figures |= {f"objective_{s['name']}": s["objective"] for s in run["stages"]}
    figures |= {f"new_{service}": counted["new_persons"] for service, counted in run["coverage"].items()}
    figures["capital_cny"] = run["capital_cny"]
    for ledger in ("capital", "yearly"):
        figures |= {f"{ledger}_{party}_cny": amount for party, amount in run["money"][ledger].items()}
    return figures


def table(sweep: Sweep, found: list[dict[str, Any]]) -> pd.DataFrame:
    """Put the rows together, with what one unit of the bound is worth: people gained since the level before."""
    frame = pd.DataFrame(found)
    for column in ("gap", "new_person_services", "capital_cny", *(f"new_{service}" for service in SHOWN)):
        frame[column] = frame[column].astype(float) if column in frame else math.nan
    frame["at_odds"] = frame["at_odds"].fillna("") if "at_odds" in frame else ""
    solved = frame["new_person_services"].notna()
    gained = frame.loc[solved, "new_person_services"].diff() / frame.loc[solved, sweep.name].diff()
    frame.insert(4, "person_services_per_unit", gained.reindex(frame.index))
    return frame


def markdown(sweep: Sweep, frame: pd.DataFrame) -> str:
    """Show the main columns as a table in Markdown."""
    columns = [
        sweep.name,
        "status",
        "gap",
        "new_person_services",
        "person_services_per_unit",
        *(f"new_{k}" for k in SHOWN),
        "capital_cny",
        "at_odds",
    ]
    lines = [columns, ["---:"] * len(columns)]
    for row in frame[columns].itertuples(index=False):
        lines.append([_said(name, value) for name, value in zip(columns, row, strict=True)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _said(name: str, value: object) -> str:
    if not isinstance(value, (int, float)):
        return str(value)
    if math.isnan(value):
        return ""
    return f"{value:.4f}" if name == "gap" else f"{value:,.0f}"


def plot(sweep: Sweep, frame: pd.DataFrame, path: Path) -> None:
    """Draw person-services above, people of single services below; levels without a plan are marked on the axis.

    Levels of the price cap stand at even distances, for a meal and a month of childcare share the axis.
    """
    figure = Figure(figsize=(8, 6.5), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True)
    at = frame[sweep.name] if sweep.shown != 1 else pd.Series(range(len(frame)), frame.index, dtype=float)
    top.plot(at, frame["new_person_services"], marker="o", color="black")
    top.set_ylabel("newly covered person-services")
    for service in SHOWN:
        bottom.plot(at, frame[f"new_{service}"], marker="o", label=service)
    bottom.set_yscale("symlog", linthresh=100)
    bottom.set_ylabel("newly served people")
    bottom.legend(frameon=False)
    bottom.set_xlabel(sweep.label)
    bottom.set_xticks(at, [f"{level:g}" for level in frame[sweep.name]])
    none = frame["new_person_services"].isna()
    for axes in (top, bottom):
        axes.plot(at[none], [0] * int(none.sum()), "x", color="tab:red", clip_on=False)
        axes.set_ylim(bottom=0)
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"Dazu (partly synthetic): {sweep.label}")
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Sweep, write and print."""
    usual = Asked()
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    ask.add_argument("--instance", type=Path, default=usual.instance)
    ask.add_argument("--over", choices=("government", "price", "both"), default=usual.over)
    ask.add_argument("--steps", type=int, default=usual.steps, help="levels of the government's share")
    ask.add_argument("--levels", type=float, nargs="+", default=(), help="these levels, shares or yuan; needs --over")
    ask.add_argument("--gap", type=float, default=usual.gap)
    ask.add_argument("--time-limit", type=float, default=usual.time_limit, help="seconds for one level")
    ask.add_argument("--threads", type=int, default=usual.threads)
    ask.add_argument("--seed", type=int, default=usual.seed)
    ask.add_argument("-o", "--out", type=Path, default=usual.out)
    asked = Asked(**vars(ask.parse_args()))
    if asked.levels and asked.over == "both":
        ask.error("--levels needs --over government or --over price")

    instance = panhuo.read(asked.instance)
    asked.out.mkdir(parents=True, exist_ok=True)
    for sweep in (government(asked.steps), price(instance)):
        if asked.over not in (sweep.name, "both"):
            continue
        if asked.levels:
            sweep = dataclasses.replace(sweep, levels=tuple(sorted(asked.levels)))  # noqa: PLW2901
        frame = table(sweep, rows(instance, sweep, asked))
        frame.to_csv(asked.out / f"{sweep.name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
        plot(sweep, frame, asked.out / f"{sweep.name}.svg")
        print(f"\n{sweep.label}; gap {asked.gap:g}, {asked.time_limit:g} s a level, seed {asked.seed}\n")
        print(markdown(sweep, frame), flush=True)


if __name__ == "__main__":
    main()
