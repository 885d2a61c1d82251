"""All tables of a plan."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panhuo.access import Catchments
from panhuo.assemble import Options
from panhuo.assemble.exact import MICRO
from panhuo.assemble.reach import flow_services
from panhuo.instance import Instance
from panhuo.result.books import Books, Written
from panhuo.result.money.ledger import ledger_table
from panhuo.result.money.statements import accounts_table, prices_table
from panhuo.result.money.viability import viability_table
from panhuo.result.off import off_sites
from panhuo.result.operation import Operated
from panhuo.result.people.allocation import allocation_table, flow_table
from panhuo.result.people.coverage import Bools, Flows, count, coverage_table, demand_table
from panhuo.result.sites import sites_table
from panhuo.result.supply import supply_table

PLAN = (
    "option", "site", "site_name", "mode", "service", "operating", "size", "tariff", "area_m2", "months", "year_open",
    "capacity_persons", "served_persons", "capital_cny", "yearly_cny",
)  # fmt: skip
"""Columns of plan.csv."""


def tables(books: Books, catchments: Catchments, written: Written) -> dict[str, pd.DataFrame]:
    """Lay out everything that follows from a decision, any decision.

    Returns
    -------
    dict of str to DataFrame
        ``plan``, ``sites``, ``coverage``, ``allocation``, ``allocation_before``, ``prices``, ``ledger``, ``accounts``,
        ``viability``, ``demand``, ``supply``. The ledger lacks what cannot be paid in whole fen
        (:func:`panhuo.result.verify_tables` then says so).
    """
    instance, options, choose = books.instance, books.options, written.choose
    cells, tiers = books.assembled.cells, books.assembled.data.tiers
    after, before = written.operated.served, written.before
    counted = count(instance, options, catchments, choose, Flows(cells, before, after))
    reached = allocation_table(instance, options, catchments, choose, counted)
    assigned = flow_table(instance, options, catchments, cells, tiers, after)
    return {
        "plan": plan_table(instance, options, choose, written.operated),
        "sites": sites_table(instance, options, choose, counted.gain, off_sites(instance, catchments)),
        "coverage": coverage_table(instance, counted),
        "allocation": pd.concat([reached, assigned], ignore_index=True),
        "allocation_before": flow_table(instance, options, catchments, cells, tiers, before),
        "prices": prices_table(books, written),
        "ledger": ledger_table(books, written),
        "accounts": accounts_table(books, written),
        "viability": viability_table(books, written),
        "demand": demand_table(instance, counted),
        "supply": supply_table(options, books.assembled.data, choose),
    }


def plan_table(instance: Instance, options: Options, choose: Bools, operated: Operated | None = None) -> pd.DataFrame:
    """Name the chosen options with what they take and cost: the rows of plan.csv.

    Parameters
    ----------
    operated : Operated, optional
        Tariffs and people; without it these columns are blank.
    """
    sites = instance["sites"].set_index("id")["name"]
    chosen = options.table[choose].reset_index(drop=True)
    flows = instance["services"]["service"][flow_services(instance)]
    served, tariff = np.full(len(chosen), np.nan), [""] * len(chosen)
    if operated is not None:
        flow = operated.served
        persons = np.bincount(
            flow.option[flow.option >= 0], weights=flow.served[flow.option >= 0], minlength=len(choose)
        )
        served = np.where(chosen["service"].isin(flows), persons[choose] / MICRO, np.nan)
        tariff = [account.tariff for account in operated.accounts]
    return chosen.assign(
        site_name=chosen["site"].map(sites),
        tariff=pd.Series(tariff, chosen.index, dtype="str"),
        year_open=chosen["open_year"].astype("Int64"),
        capacity_persons=chosen["capacity_persons"].replace(np.inf, np.nan),
        served_persons=served,
    )[list(PLAN)]
