"""Options: catalogue × site × rules, with the rule's name wherever a pair is excluded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.assemble.costs import unit_costs
from panhuo.assemble.exact import Whole, whole
from panhuo.assemble.rules import bites
from panhuo.instance import Instance
from panhuo.instance.policy import Mode
from panhuo.words import T, Text

BUILT_IN: dict[str, Text] = {
    "status": T("The site is excluded"),
    "conversion": T("The conversions table says no"),
    "min_area": T("Smaller than the service needs"),
    "conversion_area": T("The area in the conversions table exceeds the site's"),
    "no_cost": T("No cost row matches"),
}
"""The rules that need no row in the rules table."""


@dataclass(frozen=True)
class Options:
    """Every option of an instance, and every site, mode and service that make none.

    O options, P projects, W shared works. Every option belongs to an offer (site × service) and to an account (offer ×
    operating mode); where no operating mode is given for a service, ``operating`` is "".

    Parameters
    ----------
    table : DataFrame
        O rows: ``option`` ("site:mode:service[:operating][:size]"), ``site``, ``mode``, ``service``, ``operating``,
        ``size`` (level of the size; "" where the service has one), ``area_m2``, ``months``, ``capital_year`` and
        ``open_year`` (Int64; <NA> without policy.start_year), ``capacity_persons`` (inf without limit),
        ``capital_cny``, ``yearly_cny`` (fixed yearly cost, rent included), ``offer`` ("site:service"),
        ``account`` ("site:service:operating"), ``project`` ("site:mode").
    projects : DataFrame
        P rows, every site in every mode that holds an option: ``project`` ("site:mode"), ``site``, ``mode``,
        ``area_m2`` (usable floor area A[j,m]), ``months``.
    offers, accounts : tuple of str
        Keys in the order in which they first appear in ``table``.
    items, yearly_items : tuple of str
        Cost items of capital and of the year; what an operating mode that pays rent pays is the yearly item "rent".
    capital_fen : (O, items) int
        Capital cost [fen].
    yearly_fen : (O, yearly items) int
        Fixed yearly cost [fen].
    income_fen : (O,) int
        Yearly income beside visits [fen].
    subsidy_fen : (O,) int
        Largest operating subsidy of a year [fen]; 0 where no operating mode is given.
    visit_cost_fen : dict of (service, operating) to int
        What a visit costs [fen]; for every service under every operating mode and under "" (existing facilities).
    tariffs : dict of (service, operating) to tuple of str
        Tariffs an account may charge, in the order of the table; for every service with tariffs and operating mode that
        may run it, so possibly none (such options are excluded). A service without tariffs has no key.
    works : DataFrame
        W rows: ``work_key`` ("site:mode:work"), ``project``, ``site``, ``mode``, ``work``, ``item``, ``capital_cny``,
        ``capital_year``.
    works_fen : (W,) int
        Capital cost of the shared works [fen].
    work_options : csr_matrix of bool, (W, O)
        The options that need the work.
    in_kind : DataFrame
        What parties give without cash, one row for each amount above 0: ``option`` (o, the row in ``table``), ``item``
        (space or volunteers), ``party``, ``fen``.
    excluded : DataFrame
        ``site``, ``mode``, ``service``, ``rule``, ``name_zh``, ``name_en``: where no option is left, and the rule that
        took the last one.
    unpayable : dict of str to tuple of str
        Capital items (of options and shared works) that no fund may pay for any option, and the services that need
        them.
    """

    table: pd.DataFrame
    projects: pd.DataFrame
    offers: tuple[str, ...]
    accounts: tuple[str, ...]
    items: tuple[str, ...]
    capital_fen: Whole
    yearly_items: tuple[str, ...]
    yearly_fen: Whole
    income_fen: Whole
    subsidy_fen: Whole
    visit_cost_fen: Mapping[tuple[str, str], int]
    tariffs: Mapping[tuple[str, str], tuple[str, ...]]
    works: pd.DataFrame
    works_fen: Whole
    work_options: sp.csr_matrix
    in_kind: pd.DataFrame
    excluded: pd.DataFrame
    unpayable: Mapping[str, tuple[str, ...]]


def site_status(instance: Instance) -> pd.Series:
    """Status of every site: candidate, required or excluded; what the policy pins rules over the table."""
    sites, policy = instance["sites"], instance.settings.policy
    status = sites["status"].mask(sites["id"].isin(policy.required_sites), "required")
    return status.mask(sites["id"].isin(policy.excluded_sites), "excluded")


def derive_options(instance: Instance) -> Options:
    """Derive the options; ``conversions`` overrides what catalogue, site and rules give.

    Checks bite in this order: status, conversion (``allowed = no``), the rules table in its order, area, cost.
    ``allowed = yes`` passes the rules table; a given area passes the smallest area.
    """
    sites, services = instance["sites"], instance["services"]
    modes: list[str] = list(instance.settings.modes)
    shape = len(sites), len(modes), len(services)
    given = _conversions(instance, modes)
    room = np.stack([_project_area(instance, mode) for mode in instance.settings.modes.values()], axis=1)[:, :, None]
    least = whole(services["min_area_m2"])
    wanted = whole(services["area_m2"].fillna(services["min_area_m2"]))
    own_area = given.area.reshape(shape)
    area = np.where(own_area >= 0, own_area, np.minimum(wanted, room))

    capital, yearly = unit_costs(instance, modes)
    names, why = list(BUILT_IN), np.full(shape, -1)

    def exclude(rule: str, where: NDArray[np.bool_]) -> None:
        if rule not in names:
            names.append(rule)
        why[(why < 0) & where] = names.index(rule)

    barred = (site_status(instance) == "excluded").to_numpy()
    exclude("status", np.broadcast_to(barred[:, None, None], shape))
    exclude("conversion", given.allowed.reshape(shape) == 0)
    for rule, where in bites(instance).items():
        exclude(rule, where & (given.allowed.reshape(shape) != 1))
    exclude("min_area", (own_area < 0) & (room < least))
    exclude("conversion_area", own_area > room)
    priced = (capital.known | yearly.known)[None] | given.priced.reshape(shape)
    exclude("no_cost", ~priced)

    at = np.nonzero(why < 0)
    site, mode, service = (np.asarray(a) for a in at)
    flat = np.ravel_multi_index(at, shape)
    items, capital_fen = given.replace("capital_cny_", flat, capital.items, capital.fen(mode, service, area[at]))
    yearly_items, yearly_fen = given.replace("yearly_cny_", flat, yearly.items, yearly.fen(mode, service, area[at]))
    months = np.array([mode.months for mode in instance.settings.modes.values()])
    own_months = given.months[flat]
    table = _named(instance, modes, site, mode, service).assign(
        area_m2=area[at] / 100,
        months=np.where(own_months >= 0, own_months, months[mode]),
        capital_cny=capital_fen.sum(axis=1) / 100,
        yearly_cny=yearly_fen.sum(axis=1) / 100,
    )
    table.insert(0, "option", table["site"] + ":" + table["mode"] + ":" + table["service"])
    return Options(
        table, _projects(table, room, site, mode), items, capital_fen, yearly_items, yearly_fen,
        _excluded(instance, modes, why, names),
    )  # fmt: skip


def _project_area(instance: Instance, mode: Mode) -> Whole:
    """A[j,m] in 0.01 m²: the mode's share of the area it starts from, rounded down."""
    sites = instance["sites"]
    start = sites[mode.area_of].fillna(sites["area_m2"] if mode.area_of == "floor_area_m2" else 0.0)
    return whole(start) * whole([mode.area_ratio], 4) // 10_000


def _named(instance: Instance, modes: list[str], site: Whole, mode: Whole, service: Whole) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site": instance["sites"]["id"].to_numpy()[site],
            "mode": np.array(modes, dtype=object)[mode],
            "service": instance["services"]["service"].to_numpy()[service],
        },
        dtype="str",
    )


def _projects(table: pd.DataFrame, room: Whole, site: Whole, mode: Whole) -> pd.DataFrame:
    months = table.groupby(["site", "mode"], sort=False)["months"].max()
    first = ~table.duplicated(["site", "mode"]).to_numpy()
    projects = table.loc[first, ["site", "mode"]].reset_index(drop=True)
    projects.insert(0, "project", projects["site"] + ":" + projects["mode"])
    return projects.assign(area_m2=room[site[first], mode[first], 0] / 100, months=months.to_numpy())


def _excluded(instance: Instance, modes: list[str], why: Whole, names: list[str]) -> pd.DataFrame:
    at = np.nonzero(why >= 0)
    rules = instance["rules"].drop_duplicates("rule").set_index("rule")
    zh = {**rules["name_zh"].to_dict(), **{k: t.to("zh") for k, t in BUILT_IN.items()}}
    en = {**rules["name_en"].to_dict(), **{k: t.to("en") for k, t in BUILT_IN.items()}}
    excluded = _named(instance, modes, *at)
    excluded["rule"] = np.array(names, dtype=object)[why[at]]
    return excluded.assign(
        name_zh=[zh[r] or r for r in excluded["rule"]], name_en=[en[r] or r for r in excluded["rule"]]
    )


@dataclass(frozen=True)
class _Conversions:
    """The conversions table laid over (site, mode, service), flattened; -1 where it says nothing."""

    allowed: Whole
    area: Whole
    months: Whole
    priced: NDArray[np.bool_]
    table: pd.DataFrame
    at: NDArray[np.intp]

    def replace(
        self, prefix: str, flat: NDArray[np.intp], items: tuple[str, ...], fen: Whole
    ) -> tuple[tuple[str, ...], Whole]:
        """Put the given costs of an option in place of all its derived ones."""
        columns = [c for c in self.table.columns if c.startswith(prefix)]
        rows = self.table[columns].notna().any(axis=1).to_numpy()
        position = pd.Index(flat).get_indexer(self.at)
        rows = rows & (position >= 0)
        own = [c.removeprefix(prefix) for c in columns]
        every = tuple(dict.fromkeys([*items, *own]))
        out = np.zeros((len(fen), len(every)), dtype=np.int64)
        out[:, : len(items)] = fen
        out[position[rows]] = 0
        for column, item in zip(columns, own, strict=True):
            out[position[rows], every.index(item)] = np.maximum(whole(self.table.loc[rows, column]), 0)
        used = np.asarray(out.any(axis=0))
        return tuple(i for i, u in zip(every, used, strict=True) if u), out[:, used]


def _conversions(instance: Instance, modes: list[str]) -> _Conversions:
    table, sites, services = instance["conversions"], instance["sites"], instance["services"]
    table = table[table["mode"].isin(modes)].reset_index(drop=True)
    shape = len(sites), len(modes), len(services)
    at = np.ravel_multi_index(
        (
            pd.Index(sites["id"]).get_indexer(table["site"]),
            pd.Index(modes).get_indexer(table["mode"]),
            pd.Index(services["service"]).get_indexer(table["service"]),
        ),
        shape,
    )
    costs = [c for c in table.columns if c.startswith(("capital_cny_", "yearly_cny_"))]

    def laid(values: NDArray[np.int64]) -> Whole:
        out = np.full(int(np.prod(shape)), -1, dtype=np.int64)
        out[at] = values
        return out

    priced = np.zeros(int(np.prod(shape)), dtype=bool)
    priced[at] = table[costs].notna().any(axis=1)
    allowed = table["allowed"].astype("Int64").fillna(-1).to_numpy(np.int64)
    months = table["months"].fillna(-1).to_numpy(np.int64)
    return _Conversions(laid(allowed), laid(whole(table["area_m2"])), laid(months), priced, table, at)
