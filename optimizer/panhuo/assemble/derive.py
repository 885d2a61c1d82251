"""Derive the options: catalogue × site × rules × operating modes × sizes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.apart import told_apart
from panhuo.assemble.candidates import Candidates, candidates
from panhuo.assemble.costs import visit_costs
from panhuo.assemble.eligibility import payable, payable_works
from panhuo.assemble.exact import MICRO, Whole, exactly, floored, rated, whole
from panhuo.assemble.exclusions import named
from panhuo.assemble.in_kind import in_kind, market_rent
from panhuo.assemble.links import beside_existing
from panhuo.assemble.operating import operating_modes
from panhuo.assemble.options import Options
from panhuo.assemble.reach import flow_services
from panhuo.assemble.supply import held, outputs, unsupplied, ways
from panhuo.assemble.works import shared_works
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples

Bools = NDArray[np.bool_]
MONTHS = 12


def derive_options(instance: Instance) -> Options:
    """Derive the options; ``conversions`` overrides what catalogue, site and rules give.

    What :func:`~panhuo.assemble.candidates.candidates` finds is dropped where an existing facility that cannot close is
    incompatible with it, where no fund may pay some capital item, its own or of a shared work it needs, and where it
    needs a supplier and none is within the delivery standard.
    """
    found = candidates(instance)
    options = _built(instance, found)
    paid, unpayable = _payable(instance, options)
    unpaid = pd.Series(~paid, index=found.rows.index)
    near = ways(instance, found.rows)
    output = pd.Series(options.table["supply"].to_numpy(float), index=found.rows.index)
    stands = held(instance) > 0
    drafted, left = len(found.rows), -1
    # a project that is dropped no longer closes what stands in its site, nor supplies anyone
    while left != len(found.rows):
        left = len(found.rows)
        _part_from_existing(instance, found)
        found.drop("unpayable", unpaid[found.rows.index].to_numpy())
        gives = output[found.rows.index].to_numpy() > 0
        lacking = unsupplied(instance, near, found.rows, gives, stands)
        far = unsupplied(instance, near, found.rows, np.ones(len(gives), bool), np.ones(len(stands), bool))
        found.drop("supply", far)
        found.drop("no_supply", lacking[~far])
    if left < drafted:
        options = _built(instance, found)
    return replace(
        told_apart(instance, options), excluded=found.exclusions.table(), unpayable=unpayable, deliveries=near
    )


def _built(instance: Instance, found: Candidates) -> Options:
    """Work out areas, times, costs, works and gifts of the candidates."""
    rows, given = found.rows, found.given
    site, mode, service, operating, flat, area = (
        rows[name].to_numpy(np.int64) for name in ("site", "mode", "service", "operating", "pair", "area")
    )
    at = mode, service, operating
    costs = {
        name: _used(*given.replace(f"{name}_cny_", flat, unit.items, unit.fen(at, area)))
        for name, unit in (("capital", found.costs.capital), ("yearly", found.costs.yearly))
    }
    items, capital_fen = costs["capital"]
    table = named(instance, found.modes, site, mode, service).assign(
        operating=pd.Series(np.array(found.operating, dtype=object)[operating], dtype="str"),
        size=pd.Series(rows["size"].to_numpy(), dtype="str"),
        area_m2=area / 100,
    )
    yearly_items, yearly_fen = _with_rent(instance, *costs["yearly"], table["operating"], site, area)
    months = np.array([kind.months for kind in instance.settings.modes.values()])[mode]
    own = given.months.ravel()[flat]
    table["months"] = np.where(own >= 0, own, months)
    table["capital_year"] = _capital_year(instance).iloc[site].reset_index(drop=True)
    table["open_year"] = table["capital_year"] + table["months"] // MONTHS
    table["capacity_persons"] = _capacity(instance, service, given.capacity.ravel()[flat], area)
    table["supply"] = outputs(instance, given, service, flat, area) / MICRO
    table["capital_cny"], table["yearly_cny"] = capital_fen.sum(axis=1) / 100, yearly_fen.sum(axis=1) / 100
    table["offer"] = table["site"] + ":" + table["service"]
    table["account"] = table["offer"] + ":" + table["operating"]
    table["project"] = table["site"] + ":" + table["mode"]
    key = table["project"] + ":" + table["service"]
    for part in ("operating", "size"):
        key += (":" + table[part]).where(table[part] != "", "")
    table.insert(0, "option", key)

    room = found.room[site, mode]
    works, works_fen, work_options = shared_works(instance, table, room)
    return Options(
        table=table,
        projects=_projects(table, room),
        offers=tuple(table["offer"].unique()),
        accounts=tuple(table["account"].unique()),
        items=items,
        capital_fen=capital_fen,
        yearly_items=yearly_items,
        yearly_fen=yearly_fen,
        income_fen=rated(whole(instance["services"]["income_cny_per_m2"])[service], area),
        subsidy_fen=_subsidy(instance, operating, area),
        visit_cost_fen=visit_costs(instance, found.operating),
        tariffs=found.tariffs,
        works=works,
        works_fen=works_fen,
        work_options=work_options,
        in_kind=in_kind(instance, site, table["operating"], area),
        excluded=found.exclusions.table(),
        unpayable={},
        deliveries={},
    )


def _used(items: tuple[str, ...], fen: Whole) -> tuple[tuple[str, ...], Whole]:
    """Leave out items without any cost."""
    used = np.asarray(fen.any(axis=0))
    return tuple(item for item, u in zip(items, used, strict=True) if u), fen[:, used]


def _with_rent(
    instance: Instance, items: tuple[str, ...], fen: Whole, operating: pd.Series, site: Whole, area: Whole
) -> tuple[tuple[str, ...], Whole]:
    """Add the market rent, where the operating mode pays it, to the item rent."""
    pays = {"": False, **{key: kind.pays_rent for key, kind in operating_modes(instance).items()}}
    rent = np.where(operating.map(pays).to_numpy(bool), rated(market_rent(instance)[site], area), 0)
    if not rent.any():
        return items, fen
    if "rent" not in items:
        return (*items, "rent"), np.column_stack([fen, rent])
    return items, fen + rent[:, None] * (np.array(items) == "rent")


def _capital_year(instance: Instance) -> pd.Series:
    """Year in which capital of a site is spent: the first of the plan, or the first in which the site is available."""
    start = instance.settings.policy.start_year
    available = instance["sites"]["available_from"].dt.year.astype("Int64")
    if start is None:
        return pd.Series(pd.NA, available.index, dtype="Int64")
    return available.fillna(start).clip(lower=start)


def _capacity(instance: Instance, service: Whole, given: Whole, area: Whole) -> NDArray[np.float64]:
    """Persons that options may serve, rounded down to millionths; inf without limit.

    Only services whose people are assigned are counted so.
    """
    services = instance["services"]
    capacity = np.full(len(area), np.inf)
    for k, per_m2 in enumerate(services["capacity_per_m2"]):
        if per_m2 == per_m2:  # noqa: PLR0124
            mine = service == k
            capacity[mine] = floored(exactly(per_m2) * MICRO / 100, area[mine]) / MICRO
    return np.where(flow_services(instance)[service] & (given >= 0), given / MICRO, capacity)


def _subsidy(instance: Instance, operating: Whole, area: Whole) -> Whole:
    """Largest operating subsidy of a year [fen]."""
    kinds = operating_modes(instance).values()
    unit = whole([0.0, *(kind.subsidy_cny_per_m2 for kind in kinds)])
    fixed = whole([0.0, *(kind.subsidy_cny for kind in kinds)])
    return rated(unit[operating], area, fixed[operating])


def _projects(table: pd.DataFrame, room: Whole) -> pd.DataFrame:
    months = table.groupby("project", sort=False)["months"].max()
    first = ~table.duplicated("project").to_numpy()
    projects = table.loc[first, ["project", "site", "mode"]].reset_index(drop=True)
    return projects.assign(area_m2=room[first] / 100, months=months.to_numpy())


def _payable(instance: Instance, options: Options) -> tuple[Bools, dict[str, tuple[str, ...]]]:
    """Say which options can be paid for, and which capital items can be paid for no option, with their services."""
    own: Bools = np.asarray(payable(instance, options.table, options.items).any(axis=0))
    shared: Bools = np.asarray(payable_works(instance, options.works).any(axis=0))
    costly = np.flatnonzero(options.works_fen)
    needs = options.work_options[costly].tocoo()
    work = costly[needs.row]
    paid = (own | (options.capital_fen == 0)).all(axis=1)
    paid[needs.col[~shared[work]]] = False
    # every (option, item) that costs something, and whether some fund may pay it
    option, item = np.nonzero(options.capital_fen)
    pairs = pd.DataFrame(
        {
            "option": np.concatenate([option, needs.col]),
            "item": np.concatenate(
                [np.array(options.items, dtype=object)[item], options.works["item"].to_numpy(object)[work]]
            ),
            "paid": np.concatenate([own[option, item], shared[work]]),
        }
    )
    pairs["service"] = options.table["service"].to_numpy(object)[pairs["option"]]
    never = pairs[~pairs.groupby("item")["paid"].transform("any").astype(bool)]
    return paid, {str(i): tuple(rows.unique()) for i, rows in never.groupby("item", sort=False)["service"]}


def _part_from_existing(instance: Instance, found: Candidates) -> None:
    """Drop candidates beside an existing facility that is incompatible with them and cannot close."""
    services = instance["services"]["service"]
    closes = np.array([mode.closes_existing for mode in instance.settings.modes.values()])
    for link in tuples(instance["links"]):
        if link.kind == "incompatible":
            emptied = instance["sites"]["id"].iloc[found.rows["site"][closes[found.rows["mode"]]].unique()]
            stays = ~instance["existing"]["site_id"].isin(emptied).to_numpy(bool)
            barred = beside_existing(instance, link, stays)[found.rows["site"]]
            found.drop(link.link, barred & (services.iloc[found.rows["service"]] == link.service_a).to_numpy())
