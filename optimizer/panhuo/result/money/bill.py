"""The capital bill of a choice: every cost item of the chosen options and of the shared works they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble import Options, payable, payable_works
from panhuo.assemble.exact import exactly
from panhuo.instance import Instance
from panhuo.result.money.funds import Funds
from panhuo.result.money.limits import capital_limits
from panhuo.result.money.payments import Bills

Bools = NDArray[np.bool_]
_ROW = ("option", "work", "site", "mode", "project", "service", "operating", "item", "fen", "year")


def capital_rows(options: Options, choose: Bools) -> pd.DataFrame:
    """List what a choice is to pay.

    Returns
    -------
    DataFrame
        ``option`` (o, or -1), ``work`` (w, or -1), ``site``, ``mode``, ``project``, ``service`` and ``operating`` (""
        for shared works), ``item``, ``fen`` (all positive), ``year``; options first.
    """
    o = np.flatnonzero(choose)
    at, item = np.nonzero(options.capital_fen[o])
    mine = options.table.iloc[o[at]].reset_index(drop=True)
    own = mine[["site", "mode", "project", "service", "operating"]].assign(
        option=o[at],
        work=-1,
        item=np.array(options.items, dtype=object)[item],
        fen=options.capital_fen[o][at, item],
        year=mine["capital_year"],
    )
    w = np.flatnonzero((options.work_options.astype(np.int64) @ choose.astype(np.int64) > 0) & (options.works_fen > 0))
    work = options.works.iloc[w].reset_index(drop=True)
    shared = work[["site", "mode", "project", "item"]].assign(
        option=-1, work=w, service="", operating="", fen=options.works_fen[w], year=work["capital_year"]
    )
    return pd.concat([own[list(_ROW)], shared[list(_ROW)]], ignore_index=True)


def capital_bills(
    instance: Instance, options: Options, funds: Funds, choose: Bools, cap: Sequence[int | None]
) -> tuple[pd.DataFrame, Bills]:
    """Give the rows of :func:`capital_rows`, and who may pay them.

    Parameters
    ----------
    cap : sequence of int or None, (F,) [fen]
        Most that each fund pays.
    """
    rows = capital_rows(options, choose)
    most = np.zeros((len(funds.names), len(rows)))
    items = {item: i for i, item in enumerate(options.items)}
    chosen = np.flatnonzero(choose)
    own = (rows["option"] >= 0).to_numpy()
    if own.any():
        column = rows["item"][own].map(items).to_numpy()
        at = np.searchsorted(chosen, rows["option"][own].to_numpy(np.int64))
        most[:, own] = payable(instance, options.table.iloc[chosen], options.items)[:, at, column]
    if not own.all():
        most[:, ~own] = payable_works(instance, options.works.iloc[rows["work"][~own].to_numpy(np.int64)])
    complexes = rows["project"].isin(complex_projects(instance, options, choose)).to_numpy(bool)
    most[np.ix_(funds.complex_only, ~complexes)] = 0.0
    given = options.in_kind[options.in_kind["option"].isin(chosen)]
    of = options.table.iloc[given["option"].to_numpy(np.int64)][["site", "project", "service", "operating"]]
    in_kind = of.reset_index(drop=True).assign(party=given["party"].to_numpy(), fen=given["fen"].to_numpy(np.int64))
    limits = capital_limits(instance, funds, rows, in_kind)
    return rows, Bills(rows["fen"].to_numpy(np.int64), most, cap, limits, funds.central)


def complex_projects(instance: Instance, options: Options, choose: Bools) -> set[str]:
    """Name the projects that a choice makes embedded complexes of; none without policy.complex."""
    asked = instance.settings.policy.complex
    if asked is None:
        return set()
    chosen = options.table[choose]
    by = chosen.groupby("project", sort=False)
    hundredths: Mapping[str, int] = (by["area_m2"].sum() * 100).round().astype(np.int64).to_dict()
    functions: Mapping[str, int] = by["service"].nunique().to_dict()
    named: Mapping[str, int] = (
        chosen[chosen["service"].isin(asked.named)].groupby("project")["service"].nunique().to_dict()
    )
    return {
        project
        for project, area in hundredths.items()
        if area >= exactly(asked.min_area_m2) * 100
        and functions[project] >= asked.min_functions
        and named.get(project, 0) >= asked.min_named
    }
