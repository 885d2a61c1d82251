"""A plan that somebody gives, freed of every row it may break: who goes where is known of any plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from panhuo.engine import Limits
from panhuo.engine.program import Decision
from panhuo.engine.settle import settle
from panhuo_models.data import Money, Objective, Reach, SitingData, Supply, Yearly

Bools = NDArray[np.bool_]


def carried_out(data: SitingData, choose: Bools, level: Bools) -> Decision:
    """Decide what a given plan leaves open: tariffs that it does not name, and who goes where.

    It is settled as a solved plan is, and serves as many as that allows. A plan that breaks a rule is settled without
    the rules about sites and capital; where its year breaks one too, without the bounds on shares of the year, or else
    without any rule: its figures can be stated all the same.

    Parameters
    ----------
    choose : (O,) bool
        The chosen options.
    level : (N,) bool
        The outlets that the plan names.
    """
    # what is pinned binds no figure: verification says where a plan lacks it
    everybody = replace(data, pins=(), objectives=(*data.objectives, _everybody(data)))
    found = settle(everybody, choose, level, Limits(gap=0.0))
    if found is not None:
        return found
    once = _once(data, choose)
    for freed in (_with_its_year(data, bounds=True), _with_its_year(data, bounds=False), _freed(data)):
        found = settle(freed, once, level, Limits(gap=0.0))
        if found is not None:
            return replace(found, choose=choose)
    raise AssertionError("without rules every plan can be carried out")


def _everybody(data: SitingData) -> Objective:
    tallies = np.arange(len(data.tallies))
    ones = np.ones(len(tallies))
    return Objective("everybody", "coverage", True, tallies, ones, ones, -1, 0.0)


def _once(data: SitingData, choose: Bools) -> Bools:
    """Keep of several options of one account the last, which then serves for all of them."""
    chosen = np.flatnonzero(choose)
    last = dict(zip(data.option_account[chosen].tolist(), chosen.tolist(), strict=True))
    once = np.zeros(len(choose), dtype=bool)
    once[list(last.values())] = True
    return once


def _with_its_year(data: SitingData, *, bounds: bool) -> SitingData:
    """Keep of all rules those about the year: margins, subsidies, who pays, and maybe the bounds on its shares."""
    accounts, money = data.accounts, data.money
    nothing = np.empty(0, dtype=bool)
    of_year = tuple(
        replace(limit, classes=nothing, of_classes=nothing) for limit in money.limits if limit.ledger == "yearly"
    )
    options = len(data.options)
    freed = _freed(data)
    return replace(
        freed,
        accounts=replace(accounts, offer=np.zeros(len(accounts), dtype=np.int64), write_off=np.zeros(len(accounts))),
        yearly=data.yearly,
        money=replace(
            freed.money,
            most=np.empty((len(money.funds), 0)),
            cap=money.cap,
            party=money.party,
            central=np.zeros(len(money.funds), dtype=bool),
            complex_only=np.zeros(len(money.funds), dtype=bool),
            limits=of_year if bounds else (),
            funds=money.funds,
            in_kind=np.zeros((len(money.parties), options)),
        ),
    )


def _freed(data: SitingData) -> SitingData:
    """Make every option a site of its own that costs nothing, and drop what binds it."""
    options, accounts = len(data.options), len(data.accounts)
    blank = np.full(accounts, np.nan)
    none = np.empty(0, dtype=np.int64)
    everyone = np.arange(options)
    return replace(
        data,
        sites=data.options,
        projects=data.options,
        project_site=everyone,
        project_area=np.full(options, np.inf),
        option_project=everyone,
        option_offer=everyone,
        offers=data.options,
        works=(),
        work_project=none,
        work_options=sp.csr_matrix((0, options), dtype=bool),
        pins=(),
        closing_by=sp.csr_matrix(data.closing_by)[:, data.option_project],
        reach=Reach(sp.csr_matrix((0, options + len(data.closing)), dtype=bool), np.empty(0), none, none.astype(bool)),
        accounts=replace(
            data.accounts,
            offer=np.zeros(accounts, dtype=np.int64),
            operator=np.full(accounts, -1),
            margin_min=blank,
            margin_max=blank,
            pool=np.full(accounts, -1),
            financed=np.zeros(accounts, dtype=bool),
            write_off=np.zeros(accounts),
        ),
        yearly=Yearly(np.full((accounts, data.yearly.due.shape[1]), -1), np.zeros((0, 0), dtype=bool), np.empty(0)),
        money=_free(data.money, options),
        complexes=None,
        links=(),
        supply=Supply.none(options),
        quotas=(),
        floors=(),
        objectives=(_everybody(data),),
    )


def _free(money: Money, options: int) -> Money:
    nothing, nobody = np.empty(0), np.empty(0, dtype=np.int64)
    return replace(
        money,
        cost=sp.csr_matrix((0, options)),
        most=np.empty((0, 0)),
        cap=nothing,
        party=nobody,
        central=nobody.astype(bool),
        complex_only=nobody.astype(bool),
        class_project=nobody,
        class_account=nobody,
        limits=(),
        bonds=(),
        in_kind=np.zeros((len(money.parties), options)),
        budget=np.inf,
        funds=(),
    )
