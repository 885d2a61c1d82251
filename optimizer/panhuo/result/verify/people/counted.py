"""coverage.csv, demand.csv and allocation.csv against the people counted again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import MICRO
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.people.alike import alike, check_alike
from panhuo.result.verify.people.demand import Rows
from panhuo.result.verify.people.flow import Flow, check_flow
from panhuo.result.verify.people.places import ROUNDED, Places
from panhuo.result.verify.people.reach import Bools, Choice, Floats, Reached
from panhuo.result.verify.rows import CLOSE, compare
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Stock
from panhuo.result.verify.tidy import Tidy
from panhuo.words import T


@dataclass(frozen=True)
class Counted:
    """People as counted here.

    Parameters
    ----------
    coverage : DataFrame
        By circle and service.
    before, after : Flow
        Who is assigned where, for services with capacity or tariffs: today, and under the plan.
    """

    coverage: pd.DataFrame
    before: Flow
    after: Flow


def check_people(
    instance: Instance, stock: Stock, plan: Plan, choice: Choice, rows: Rows, reached: Reached, tables: Tidy,
    findings: Findings,
) -> Counted:  # fmt: skip
    """Compare coverage.csv, demand.csv and both allocations."""
    before, after = check_flow(instance, stock, plan, choice, rows, reached, tables, findings)
    groups = alike(instance, stock, rows, reached)
    for flow, file in ((after, "allocation.csv"), (before, "allocation_before.csv")):
        check_alike(groups, flow, rows, file, findings)
    _allocation(instance, stock, plan, choice, reached, tables, findings)
    by_point = _by_point(instance, stock, reached, rows, before, after)
    coverage = _coverage(instance, by_point)
    compare(findings, "coverage.csv", tables["coverage"], coverage, ["circle", "service"])
    i, k = np.nonzero(by_point["base_persons"] > 0)
    columns = ("base_persons", "before_persons", "after_persons", "unreachable_persons")
    expected = pd.DataFrame(
        {
            "demand": instance["demand"]["id"].to_numpy(object)[i],
            "service": instance["services"]["service"].to_numpy(object)[k],
            "circle": instance["demand"]["circle"].to_numpy(object)[i],
            **{c: by_point[c][i, k] for c in columns},
        }
    ).rename(columns={"base_persons": "persons"})
    compare(findings, "demand.csv", tables["demand"], expected, ["demand", "service"])
    return Counted(coverage, before, after)


def _coverage(instance: Instance, by_point: dict[str, Floats]) -> pd.DataFrame:
    """Count people by circle and service, for all with demand."""
    circles, services = instance["circles"], list(instance["services"]["service"])
    circle_of = instance["demand"]["circle"].to_numpy(object)
    blocks = []
    for circle, kind in zip(circles["circle"], circles["type"], strict=True):
        inside = circle_of == circle
        block = pd.DataFrame({"circle": circle, "circle_type": kind, "service": services})
        for column, persons in by_point.items():
            block[column] = persons[inside].sum(axis=0)
        blocks.append(block[block["base_persons"] > 0])
    return pd.concat(blocks, ignore_index=True)


def _by_point(
    instance: Instance, stock: Stock, reached: Reached, rows: Rows, before: Flow, after: Flow
) -> dict[str, Floats]:
    """Count people by demand point and service: (points, K) persons by column."""
    had, has = reached.before, reached.after
    which: dict[str, Bools] = {
        "base_persons": np.ones_like(had),
        "before_persons": had,
        "after_persons": has,
        "new_persons": has & ~had,
        "lost_persons": had & ~has,
        "unreachable_persons": ~reached.reachable,
    }
    found = {c: np.where(w, reached.demand, 0.0).sum(axis=1) for c, w in which.items()}
    shape = found["base_persons"].shape
    services = list(instance["services"]["service"])
    at = {point: i for i, point in enumerate(instance["demand"]["id"])}
    flowing = [services.index(service) for service in stock.menu.flow]
    served = np.zeros((2, *shape), dtype=np.int64)  # micro-persons: sums are exact
    for row in rows:
        cell = at[row.demand], services.index(row.service)
        for flow, total in zip((before, after), served, strict=True):
            total[cell] += flow.persons(row)
    change = served[1] - served[0]
    figures = {
        "before_persons": served[0],
        "after_persons": served[1],
        "new_persons": np.maximum(change, 0),
        "lost_persons": np.maximum(-change, 0),
    }
    for column, micro in figures.items():
        found[column][:, flowing] = micro[:, flowing] / MICRO
    return found


def _allocation(
    instance: Instance, stock: Stock, plan: Plan, choice: Choice, reached: Reached, tables: Tidy, findings: Findings
) -> None:
    """Check that everyone covered by a service without capacity goes to exactly one nearest open place."""
    file, services = "allocation.csv", instance["services"]["service"].to_numpy(object)
    table = tables["allocation"]
    table = table[~table["service"].isin(stock.menu.flow)]
    i, w, k = np.nonzero(
        reached.after & (reached.demand > 0) & ~np.isin(services, np.array(stock.menu.flow, dtype=object))[None, None]
    )
    keys = ["demand", "service", "profile"]
    expected = pd.DataFrame(
        {
            "demand": instance["demand"]["id"].to_numpy(object)[i],
            "service": services[k],
            "profile": instance["profiles"]["profile"].to_numpy(object)[w],
            "tier": "",
        }
    )
    rows = compare(findings, file, table, expected, keys)
    rows = rows.assign(nearest=reached.nearest[i, w, k][rows.index], should=reached.demand[i, w, k][rows.index])
    original = table.drop_duplicates(keys).reset_index(names="line")
    rows = rows.merge(original[[*keys, "line"]], on=keys, how="left", validate="one_to_one")
    pairs = reached.pairs[0].reindex(rows["line"]).reset_index(drop=True)
    places = Places(instance, stock, file, plan.options, choice.closed, findings)
    for row, pair in zip(tuples(rows), tuples(pairs), strict=True):
        key = f"{row.demand} {row.service} {row.profile}"
        if places.fits(row, pair, key) and pair.near > row.nearest + 2 * ROUNDED:
            findings.add(file, key, "place", row.place, None, T("a nearer open place covers the demand point"))
        for column in ("assigned_persons", "persons"):
            found = getattr(row, column) / MICRO
            if abs(found - row.should) > CLOSE:
                findings.add(file, key, column, found, round(row.should, 6), T("derived from the inputs"))
