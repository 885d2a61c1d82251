"""Options: what a room may become, and at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.assemble.exact import Whole
from panhuo.instance import Instance
from panhuo.instance.policy import Pin
from panhuo_models.data import Pin as ModelPin


@dataclass(frozen=True)
class Options:
    """Every option of an instance, and every site, mode and service that make none.

    O options, P projects, W shared works. Every option belongs to an offer (site × service) and to an account (offer ×
    operating mode, told apart by mode and size where not the same funds may pay for them); where no operating mode is
    given for a service, ``operating`` is "".

    Parameters
    ----------
    table : DataFrame
        O rows: ``option`` ("site:mode:service[:operating][:size]"), ``site``, ``mode``, ``service``, ``operating``,
        ``size`` (level of the size; "" where the service has one), ``area_m2``, ``months``, ``capital_year`` and
        ``open_year`` (Int64; <NA> without policy.start_year), ``capacity_persons`` (inf without limit),
        ``supply`` (what it can supply to others; 0 where it is no supplier),
        ``capital_cny``, ``yearly_cny`` (fixed yearly cost, rent included), ``offer`` ("site:service"),
        ``account`` ("site:service:operating[:mode[:size]]"), ``project`` ("site:mode").
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
    deliveries : mapping of str to csr_matrix, (S, S + E) [min]
        For every service that must be supplied: delivery minutes from places (sites, then existing facilities of the
        supplying service) to sites, within the delivery standard.
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
    deliveries: Mapping[str, sp.csr_matrix]


def meant(pins: Sequence[Pin], table: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which rows each pin means, (pins, rows).

    Parameters
    ----------
    table : DataFrame
        ``site``, ``mode``, ``service``, ``operating``, ``size``.
    """
    found = np.ones((len(pins), len(table)), dtype=bool)
    for n, pin in enumerate(pins):
        for part in ("site", "mode", "service", "operating", "size"):
            if asked := getattr(pin, part):
                found[n] &= (table[part] == asked).to_numpy(bool)
    return found


def pins(instance: Instance, options: Options) -> tuple[ModelPin, ...]:
    """List what the policy asks for: the options it pins, then the sites that must be used."""
    policy, table = instance.settings.policy, options.table
    by_key = zip((pin.key for pin in policy.pinned), meant(policy.pinned, table), strict=True)
    sites = instance["sites"]["id"][site_status(instance) == "required"]
    by_site = ((str(site), (table["site"] == site).to_numpy(bool)) for site in sites)
    return tuple(ModelPin(name, tuple(np.flatnonzero(where).tolist())) for name, where in (*by_key, *by_site))


def site_status(instance: Instance) -> pd.Series:
    """Status of every site: candidate, required or excluded; what the policy pins rules over the table."""
    sites, policy = instance["sites"], instance.settings.policy
    status = sites["status"].mask(sites["id"].isin(policy.required_sites), "required")
    return status.mask(sites["id"].isin(policy.excluded_sites), "excluded")
