"""All tables of a plan."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from panhuo.access import Catchments
from panhuo.assemble import Options
from panhuo.instance import Fault, Instance, InstanceError
from panhuo.result.allocation import allocation_table
from panhuo.result.coverage import Bools, count, coverage_table, demand_table
from panhuo.result.ledger import LEDGER, Purse
from panhuo.result.sites import sites_table
from panhuo.words import T, Text

PLAN = ("option", "site", "site_name", "mode", "service", "area_m2", "months", "capital_cny", "yearly_cny")
"""Columns of plan.csv."""

PRICES = ("option", "tariff", "tier", "price_cny", "government_cny", "enterprise_cny", "donor_cny")
"""Columns of prices.csv; it has no rows as long as no tariffs are given."""


def tables(
    instance: Instance, options: Options, catchments: Catchments, choose: Bools, purse: Purse | None = None
) -> dict[str, pd.DataFrame]:
    """Lay out everything that follows from a choice, any choice.

    Parameters
    ----------
    choose : (O,) bool
        The chosen options.
    purse : Purse, optional
        The instance's funds, where they were made ready before.

    Returns
    -------
    dict of str to DataFrame
        ``plan``, ``sites``, ``coverage``, ``allocation``, ``prices``, ``ledger``, ``demand``. The ledger is empty
        where the choice has none in whole fen (:func:`panhuo.result.verify_tables` then says so).
    """
    counted = count(instance, options, catchments, choose)
    written = (purse or Purse(instance, options)).ledger(choose)
    return {
        "plan": plan_table(instance, options, choose),
        "sites": sites_table(instance, options, choose, counted.gain),
        "coverage": coverage_table(instance, counted),
        "allocation": allocation_table(instance, options, catchments, choose, counted),
        "prices": pd.DataFrame(columns=list(PRICES), dtype="str"),
        "ledger": pd.DataFrame(columns=list(LEDGER), dtype="str") if written is None else written,
        "demand": demand_table(instance, counted),
    }


def plan_table(instance: Instance, options: Options, choose: Bools) -> pd.DataFrame:
    """Name the chosen options with what they take and cost: the rows of plan.csv."""
    sites = instance["sites"].set_index("id")["name"]
    chosen = options.table[choose].reset_index(drop=True)
    return chosen.assign(site_name=chosen["site"].map(sites))[list(PLAN)]


def choice_of(options: Options, plan: pd.DataFrame, file: str = "plan.csv") -> Bools:
    """Read a choice from a plan table: its ``option`` column, or else ``site``, ``mode`` and ``service``.

    Parameters
    ----------
    plan : DataFrame
        Text columns, as plan.csv holds them.
    file : str
        Name to use in faults.

    Returns
    -------
    (O,) bool

    Raises
    ------
    InstanceError
        With one fault for each row that names an option that is excluded (and by which rule), that does not
        exist, that was named before, or that the row's own site, mode or service contradicts.
    """
    parts = ["site", "mode", "service"]
    if "option" in plan.columns:
        named = plan["option"].astype(str)
    elif set(parts) <= set(plan.columns):
        named = plan["site"].astype(str) + ":" + plan["mode"].astype(str) + ":" + plan["service"].astype(str)
    else:
        rule = T("a plan names its options in the column option, or in site, mode and service")
        raise InstanceError([Fault(file, rule, T("Add the columns"))])
    at = pd.Index(options.table["option"]).get_indexer(named)
    excluded = options.excluded
    keys = excluded["site"] + ":" + excluded["mode"] + ":" + excluded["service"]
    rules: dict[Hashable, Text] = {
        key: T("excluded by the rule {rule}", rule=rule) for key, rule in zip(keys, excluded["rule"], strict=True)
    }
    mend, faults = T("Correct or delete the row"), []
    for line, (value, o, twice) in enumerate(zip(named, at, named.duplicated(), strict=True), start=2):
        if o < 0 or twice:
            rule = rules.get(value, T("no such option")) if o < 0 else T("named before")
            faults.append(Fault(file, rule, mend, row=line, column="option", value=value))
    for part in [p for p in parts if p in plan.columns]:
        named_by = np.append(options.table[part].to_numpy(object), "")[at]  # the last one answers -1
        for line, (value, should) in enumerate(zip(plan[part].astype(str), named_by, strict=True), start=2):
            # a spreadsheet rewrites an id of digits: 001 becomes 1
            if should and value != should and not should.isdigit():
                faults.append(Fault(file, T("expected {value}", value=should), mend, line, part, value))
    if faults:
        raise InstanceError(faults)
    choose = np.zeros(len(options.table), dtype=bool)
    choose[at] = True
    return choose
