"""All tables of a plan."""

from __future__ import annotations

import pandas as pd

from panhuo.access import Catchments
from panhuo.assemble import Options
from panhuo.instance import Instance
from panhuo.result.people.allocation import allocation_table
from panhuo.result.people.coverage import Bools, count, coverage_table, demand_table
from panhuo.result.ledger import LEDGER, Purse
from panhuo.result.sites import sites_table

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
