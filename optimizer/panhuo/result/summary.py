"""The figures of a run, as run.json holds them."""

from __future__ import annotations

import dataclasses
import importlib
import math
import sys
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil  # type: ignore[import-untyped]

from panhuo.access import Catchments
from panhuo.engine.measure import linked
from panhuo.engine.program import Outcome
from panhuo.instance import Instance
from panhuo.instance.maps import Merging
from panhuo.instance.policy import Stage
from panhuo.instance.tabular import tuples
from panhuo.result.books import Books, Written
from panhuo.result.inputs import inputs
from panhuo.result.money.figures import by_party, money, shares
from panhuo.result.origins import minutes_from, off_network
from panhuo.result.people.coverage import ROUNDING
from panhuo.result.supply import supply_record

_LIBRARIES = ("highspy", "pyomo", "ortools", "numpy", "scipy", "pandas", "geopandas", "scikit-learn")
_STAGED = 9
"""Decimals of a stage's objective, which may be a share. Bounds are not rounded: they must stay bounds."""
_MERGED = 6
"""Decimals of the error of merged demand points [min]."""
_PERSONS = ("before_persons", "after_persons", "new_persons", "lost_persons", "base_persons", "unreachable_persons")


def summary(
    books: Books,
    catchments: Catchments,
    written: Written,
    tables: Mapping[str, pd.DataFrame],
    outcome: Outcome | None,
    *,
    seconds: Mapping[str, float],
    arguments: Mapping[str, Any],
    seed: int,
) -> dict[str, Any]:
    """Sum a plan up.

    The objective of every stage is that of the final plan, counted from its tables; what a later stage gave up
    of an earlier one therefore shows in the earlier one's gap. ``outcome`` is ``None`` where nothing was
    optimised: the status is then "evaluated", and there are no bounds.
    """
    instance = books.instance
    capital = int(written.settled.rows["fen"].sum())
    stages = _stages(books, written, tables, outcome)
    first = stages[0] if stages else {"objective": None, "bound": None, "bound_certified": None, "gap": None}
    coverage = by_service(instance, tables["coverage"])
    plan = tables["plan"]
    return {
        "status": "evaluated" if outcome is None else outcome.status,
        "objective": first["objective"],
        "bound": first["bound"],
        "bound_certified": first["bound_certified"],
        "engine": None if outcome is None else outcome.engine,
        "gap": first["gap"],
        "new_person_services": number(math.fsum(tables["coverage"]["new_persons"])),
        "stages": stages,
        "coverage": {str(service): {_key(c): number(row[c]) for c in _PERSONS} for service, row in coverage.iterrows()},
        "capital_cny": capital / 100,
        "capital_works_cny": int(written.settled.rows["fen"][written.settled.rows["option"] < 0].sum()) / 100,
        "funds": funds(instance, tables["ledger"], written),
        "yearly_cny": _cny(plan["yearly_cny"]),
        "yearly_run_cny": _cny(plan["yearly_cny"][plan["operating"] != ""]),
        "shares": shares(tables["ledger"]),
        "supply": supply_record(instance, books.options, books.assembled.data, written.choose, tables["supply"]),
        "money": money(instance, tables, written.settled.yearly is not None),
        "minutes": minutes_from(instance, catchments),
        "off_network": off_network(instance, catchments),
        "merging": None if instance.merging is None else merging(instance.merging),
        "verified": None,
        "notes": [],
        "seconds": {step: round(value, 3) for step, value in seconds.items()},
        "peak_mb": round(_peak_mb(), 1),
        "versions": _versions(),
        "seed": seed,
        "arguments": {name: _plain(value) for name, value in arguments.items()},
        "proposal": {} if instance.proposal is None else instance.proposal.model_dump(mode="json"),
        "instance": str(instance.path),
        "inputs": {name: source.sha256 for name, source in inputs(instance)},
    }


def by_service(instance: Instance, coverage: pd.DataFrame) -> pd.DataFrame:
    """Sum the coverage table over circles; the services in the order of their table, those without demand too."""
    total = coverage.groupby("service")[list(_PERSONS)].sum().round(ROUNDING)
    return total.reindex(instance["services"]["service"], fill_value=0.0).rename_axis("service")


def funds(instance: Instance, ledger: pd.DataFrame, written: Written) -> list[dict[str, Any]]:
    """Say of every fund what it pays and what is left of it, of the capital and of a year [CNY].

    ``None`` where there is no cap, and where the plan has no such ledger.
    """
    paid = {"capital": written.settled.capital is not None, "yearly": written.settled.yearly is not None}
    found = []
    for row in tuples(instance["funds"]):
        mine: dict[str, Any] = {
            "fund": row.fund,
            "name_zh": row.name_zh or row.fund,
            "name_en": row.name_en or row.fund,
            "party": row.party,
        }
        for name, prefix, limit in (("capital", "", row.cap_cny), ("yearly", "yearly_", row.yearly_cap_cny)):
            own = ledger[(ledger["fund"] == row.fund) & (ledger["ledger"] == name)]
            used = _cny(own["amount_cny"].astype(float)) if paid[name] else None
            cap = limit if math.isfinite(limit) else None
            mine[f"{prefix}cap_cny"] = None if cap is None else number(cap)
            mine[f"{prefix}used_cny"] = used
            mine[f"{prefix}left_cny"] = None if used is None or cap is None else number(cap - used, 2)
        found.append(mine)
    return found


def merging(error: Merging) -> dict[str, int | float]:
    """Say what merging near demand points cost [min]."""
    return {name: number(value, _MERGED) for name, value in dataclasses.asdict(error).items()}


def number(value: float, decimals: int = ROUNDING) -> int | float:
    """Write a whole number as one."""
    value = round(float(value), decimals)
    return int(value) if value.is_integer() else value


def goals(books: Books) -> list[str]:
    """Name the objectives that are about something: a class without services is about nothing."""
    return [objective.name for objective in books.assembled.data.objectives]


def _stages(
    books: Books, written: Written, tables: Mapping[str, pd.DataFrame], outcome: Outcome | None
) -> list[dict[str, Any]]:
    found, about = [], goals(books)
    solved = {} if outcome is None else {s.name: s for s in outcome.stages}
    for stage in books.instance.settings.policy.objectives:
        said = solved.get(stage.name)
        if stage.name not in about or (outcome is not None and said is None):
            continue
        counted = stage_value(books, written, stage, tables)
        if counted is None:
            continue
        value = number(counted, _STAGED)
        bound = None if said is None or said.bound is None else said.bound
        found.append(
            {
                "name": stage.name,
                "sense": "max" if stage.maximise else "min",
                "objective": value,
                "bound": int(bound) if bound is not None and bound.is_integer() else bound,
                "bound_certified": None if said is None else said.certified,
                "gap": gap(value, bound, stage.maximise),
                "status": None if said is None else said.status,
                "seconds": 0.0 if said is None else round(said.seconds, 3),
            }
        )
    return found


def stage_value(books: Books, written: Written, stage: Stage, tables: Mapping[str, pd.DataFrame]) -> float | None:
    """Count what a plan reaches in one stage; ``None`` where the stage is about nothing."""
    if stage.measure == "capital":
        return int(written.settled.rows["fen"].sum()) / 100
    if stage.measure == "links":
        return float(linked(books.assembled.data, written.choose).sum())
    if stage.measure in ("party_capital", "party_yearly"):
        ledger = tables["ledger"]
        mine = ledger[ledger["ledger"] == stage.measure.removeprefix("party_")]
        return by_party(mine).get(stage.party, 0) / 100
    services, coverage = books.instance["services"], tables["coverage"]
    mine = services["service"].isin(stage.services or services["service"])
    mine &= services["class"].isin(stage.classes or services["class"])
    rows = coverage[coverage["service"].isin(services["service"][mine])]
    if stage.measure == "coverage":
        weight = rows["service"].map(services.set_index("service")["weight"])
        return math.fsum((rows["after_persons"] - rows["before_persons"]) * weight) if mine.any() else None
    if stage.circle_types:
        rows = rows[rows["circle_type"].isin(stage.circle_types)]
    reachable = rows["base_persons"] - rows["unreachable_persons"]
    reached = (rows["after_persons"] / reachable)[reachable > 0]
    return None if reached.empty else float(reached.min())


def gap(objective: float, bound: float | None, maximise: bool) -> float | None:
    """State a relative gap: 0 where objective and bound are both 0, ``None`` where only the objective is."""
    if bound is None:
        return None
    if objective == 0:
        return 0.0 if bound == 0 else None
    return max(0.0, (bound - objective if maximise else objective - bound) / abs(objective))


def _key(column: str) -> str:
    return column.removesuffix("_persons") if column.startswith(("before", "after")) else column


def _cny(amounts: pd.Series) -> float:
    """Add amounts up to the fen."""
    return int((amounts * 100).round().astype(np.int64).sum()) / 100


def _plain(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.as_posix() if isinstance(value, Path) else value


def _peak_mb() -> float:
    """Most memory the process has held [MB]."""
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset / 1e6
    import resource  # noqa: PLC0415 (not there on Windows)

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _versions() -> dict[str, str]:
    own = importlib.import_module("panhuo").__version__
    return {"panhuo": own, "python": sys.version.split()[0], **_libraries()}


@cache
def _libraries() -> dict[str, str]:
    return {library: metadata.version(library) for library in _LIBRARIES}
