"""Put the model's data together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from panhuo.access import Catchments
from panhuo.assemble.accounts import accounts
from panhuo.assemble.before import before
from panhuo.assemble.complexes import complexes
from panhuo.assemble.flow import Cells, flow
from panhuo.assemble.limits import divisions
from panhuo.assemble.links import links
from panhuo.assemble.money import as_budget, in_kind, is_lone, money
from panhuo.assemble.options import Options, pins
from panhuo.assemble.outlets import outlets
from panhuo.assemble.payments import payments
from panhuo.assemble.quotas import area_quotas
from panhuo.assemble.reach import Reached, closing, reach
from panhuo.assemble.supply import supply, supplying_nothing
from panhuo.assemble.tallying import tallying
from panhuo.assemble.targets import asked, floors, objectives
from panhuo.assemble.tiers import menu, tiers
from panhuo.assemble.yearly import yearly
from panhuo.instance import Instance
from panhuo.words import Text
from panhuo_models.data import Ints, SitingData


@dataclass(frozen=True)
class Assembled:
    """The model's data, and what is needed to put its answer back into words.

    Parameters
    ----------
    data : SitingData
        What the model sees.
    reached : Reached
        What the reach rows stand for.
    cells : Cells
        What the flow rows and outlets stand for.
    notes : tuple of Text
        Circles that floors and smallest shares leave out, groups that quotas do, suppliers that supply nothing.
    """

    data: SitingData
    reached: Reached
    cells: Cells
    notes: tuple[Text, ...]


def siting_data(instance: Instance, options: Options, catchments: Catchments) -> Assembled:
    """Put the model's data together."""
    closed = closing(instance, options)
    known = tiers(instance)
    stalls = outlets(instance, options, closed, menu(instance, known))
    counts = tallying(instance, asked(instance))
    covering, reached, sums = reach(instance, options, catchments, closed, counts)
    assigned, cells, flow_sums = flow(instance, catchments, known, stalls, counts)
    sums += flow_sums
    sums[1] += before(assigned, stalls.outlets, cells, len(counts.service))
    tallies = counts.filled(sums)

    books = accounts(instance, options)
    due = payments(instance, options)
    bounds, quota_notes = divisions(instance, options, due, books, in_kind(options))
    paid = money(instance, options, due, books, bounds)
    year = yearly(instance, options, books, stalls.outlets, [b.account for b in bounds if b.ledger == "yearly"])
    if is_lone(instance, paid, books):
        paid = as_budget(paid)
        year = replace(year, eligible=year.eligible[:0], cap=year.cap[:0])
    areas, area_notes = area_quotas(instance, options)
    ties = links(instance, options)
    least, floor_notes = floors(instance, tallies)
    stages, stage_notes = objectives(instance, tallies, books, ties)
    sites, services = instance["sites"], instance["services"]["service"]
    table, projects = options.table, options.projects
    data = SitingData(
        sites=tuple(sites["id"]),
        modes=tuple(instance.settings.modes),
        services=tuple(services),
        circles=tuple(instance["circles"]["circle"]),
        tiers=known.names,
        tier_need=known.need,
        projects=tuple(projects["project"]),
        project_site=_rows(sites["id"], projects["site"]),
        project_area=projects["area_m2"].to_numpy(float),
        options=tuple(table["option"]),
        option_project=_rows(projects["project"], table["project"]),
        option_service=_rows(services, table["service"]),
        option_offer=_rows(options.offers, table["offer"]),
        option_account=_rows(options.accounts, table["account"]),
        option_area=table["area_m2"].to_numpy(float),
        offers=options.offers,
        works=tuple(options.works["work_key"]),
        work_project=_rows(projects["project"], options.works["project"]),
        work_options=options.work_options,
        pins=pins(instance, options),
        closing=tuple(instance["existing"]["id"].iloc[closed.row]),
        closing_by=closed.by,
        reach=covering,
        flow=assigned,
        outlets=stalls.outlets,
        accounts=books,
        yearly=year,
        tallies=tallies,
        money=paid,
        complexes=complexes(instance),
        links=ties,
        supply=supply(instance, options, closed),
        quotas=areas,
        floors=least,
        objectives=stages,
    )
    notes = (*floor_notes, *stage_notes, *quota_notes, *area_notes, *supplying_nothing(instance, options))
    return Assembled(data, reached, cells, notes)


def _rows(keys: pd.Series | tuple[str, ...], values: pd.Series) -> Ints:
    return pd.Index(keys).get_indexer(values).astype(np.int64)
