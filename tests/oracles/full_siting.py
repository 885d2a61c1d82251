"""Random siting data with every family of rows, made straight as arrays."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import scipy.sparse as sp
from random_siting import Size, bare_money, coverage_stage, ints, plan_limit, random_data

from panhuo_models.data import (
    Accounts,
    AreaQuota,
    Bond,
    Complexes,
    Flow,
    Link,
    Money,
    Outlets,
    SitingData,
    Supply,
    Tallies,
    Yearly,
)


def full_data(seed: int, sites: int = 3, most_options: int = 7) -> SitingData:
    """A small case with every family of rows, each of the optional ones in half of the cases.

    Services: k0 is counted by reach, k1 has capacities, k2 has capacities, two operating modes and two tariffs.
    """
    rng = np.random.default_rng(seed)
    base = random_data(seed, Size(sites=sites, services=1, circles=1, rows=6, funds=0, most_options=2 * sites))
    keys = _option_keys(rng, base, most_options)
    data = _options(rng, base, keys)
    data = _people(rng, data)
    data = replace(data, money=_money(rng, data), yearly=_yearly(rng, data))
    data = replace(data, money=_limits(rng, data))
    if rng.random() < 0.5:
        data = replace(data, links=_links(rng, data))
    if rng.random() < 0.3:
        mine = rng.random(sites) < 0.5
        options = mine[data.project_site[data.option_project]]
        data = replace(data, quotas=(AreaQuota("half of the sites", options, 0.2, 0.9),))
    return replace(data, objectives=(coverage_stage("all", list(range(len(data.tallies)))),))


_Key = tuple[int, int, str, int]


def with_supply(data: SitingData, seed: int) -> SitingData:
    """The canteens k1 need a kitchen: the halls k0 where they are chosen, an existing one, or one that may close."""
    rng = np.random.default_rng(seed)
    needs = data.option_service == 1
    cooks = np.flatnonzero([np.any(data.option_service[data.option_offer == s] == 0) for s in range(len(data.offers))])
    offer = ints([*cooks, -1, *[-1] * len(data.closing)])
    closing = ints([*[-1] * (len(cooks) + 1), *range(len(data.closing))])
    pairs = [(o, v) for o in np.flatnonzero(needs) for v in range(len(offer)) if rng.random() < 0.5]
    options = len(data.options)
    return replace(
        data,
        supply=Supply(
            needs=needs,
            need=np.where(needs, rng.integers(10, 60, options), 0).astype(float),
            output=np.where(data.option_service == 0, rng.integers(10, 60, options), 0).astype(float),
            suppliers=tuple(f"v{v}" for v in range(len(offer))),
            offer=offer,
            closing=closing,
            held=np.where(offer < 0, rng.integers(0, 60, len(offer)), 0).astype(float),
            option=ints(o for o, _ in pairs),
            supplier=ints(v for _, v in pairs),
            minutes=rng.integers(1, 30, len(pairs)).astype(float),
        ),
    )


def _option_keys(rng: np.random.Generator, base: SitingData, most: int) -> list[_Key]:
    """(project, service, operating, size) of each option."""
    menu = {0: [("", 0)], 1: [("", 0), ("", 1)], 2: [("public", 0), ("aided", 0)]}
    keys = [(p, k, w, z) for p in range(len(base.projects)) for k in menu for w, z in menu[k] if rng.random() < 0.7]
    if len(keys) > most:
        keys = [keys[n] for n in sorted(rng.choice(len(keys), most, replace=False))]
    return keys


def _options(rng: np.random.Generator, base: SitingData, keys: list[_Key]) -> SitingData:
    """Options, offers, accounts and shared works."""
    site = base.project_site
    offers = sorted({(int(site[p]), k) for p, k, _, _ in keys})
    books = sorted({(int(site[p]), k, w) for p, k, w, _ in keys})
    project, options = ints(p for p, _, _, _ in keys), len(keys)
    account = ints(books.index((int(site[p]), k, w)) for p, k, w, _ in keys)
    runs = np.array([w for _, _, w in books])
    enterprise, n = runs == "aided", len(books)
    margin = np.where(enterprise, rng.choice([-0.5, 0.0, 0.02]), np.nan)
    most = np.where(enterprise, rng.choice([0.08, 0.3]), np.nan) if rng.random() < 0.5 else np.full(n, np.nan)
    size = ints(z for _, _, _, z in keys)
    service = ints(k for _, k, _, _ in keys)
    run = np.array([w != "" for _, _, w, _ in keys])
    pool = np.where(enterprise, 0 if rng.random() < 0.5 else np.arange(n), -1)
    capacity = np.where(service == 0, np.inf, rng.integers(10, 60, options) * (1.0 + size))
    if rng.random() < 0.2:
        capacity = np.where(service == 1, np.inf, capacity)
    work = rng.random() < 0.6
    works = [int(p) for p in np.unique(project)[:1]] if work else []
    needs = [(project == p) & (rng.random(options) < 0.7) for p in works]
    return replace(
        base,
        services=("k0", "k1", "k2"),
        supply=Supply.none(options),
        options=tuple(f"{base.projects[p]}:k{k}:{w}:{z}" for p, k, w, z in keys),
        option_project=project,
        option_service=service,
        option_offer=ints(offers.index((int(site[p]), k)) for p, k, _, _ in keys),
        option_account=account,
        option_area=np.minimum(np.round(rng.uniform(30, 90, options) * (1 + size), 2), base.project_area[project]),
        offers=tuple(f"s{j}:k{k}" for j, k in offers),
        works=tuple(f"{base.projects[p]}:lift" for p in works),
        work_project=ints(works),
        work_options=sp.csr_matrix(np.array(needs, dtype=bool).reshape(len(works), options)),
        accounts=Accounts(
            names=tuple(f"s{j}:k{k}:{w}" for j, k, w in books),
            offer=ints(offers.index((j, k)) for j, k, _ in books),
            operator=np.where(runs == "public", 0, np.where(enterprise, 2, -1)),
            margin_min=margin,
            margin_max=most,
            pool=pool.astype(np.int64),
            financed=runs == "public",
            write_off=np.where(enterprise & (rng.random() < 0.5), 0.1, 0.0),
            fixed=np.where(run, rng.integers(20, 80, options) * 1000.0, 0.0),
            income=np.where(run, rng.integers(0, 20, options) * 1000.0, 0.0),
            subsidy=np.where(run & (rng.random(options) < 0.5), rng.integers(0, 30, options) * 1000.0, 0.0),
            capacity=capacity,
        ),
        complexes=Complexes(60.0, 2, np.array([False, True, True]), 1, int(rng.random() < 0.2))
        if rng.random() < 0.5
        else None,
    )


def _people(rng: np.random.Generator, data: SitingData) -> SitingData:
    """Reach rows of k0, flow rows of k1 (no tiers) and k2 (two tiers, the second needier), outlets, tallies."""
    names, account, closing, capacity, tariff = [], [], [], [], []
    for a, name in enumerate(data.accounts.names):
        service = data.offers[data.accounts.offer[a]][-1]
        for t in {"0": (), "1": ("",), "2": ("dear", "cheap")[: 1 + int(rng.integers(0, 2))]}[service]:
            names.append(f"{name}|{t}")
            account.append(a)
            closing.append(-1)
            capacity.append(np.inf)
            tariff.append(t)
    for name, e, t in (("x1", -1, ""), ("x2", -1, "cheap"), ("e0", 0, "dear")):
        names.append(f"{name}|{t}")
        account.append(-1)
        closing.append(e)
        capacity.append(float(rng.integers(5, 40)))
        tariff.append(t)
    tier_price = {"": (0, 0, 0), "dear": (0, 3000, 1500), "cheap": (0, 2200, 800)}
    shape = (len(names), 3)
    price = np.array([tier_price[t] for t in tariff], dtype=float).reshape(shape)
    paid = np.array([t != "" for t in tariff])[:, None] & np.array([False, True, True])
    outlets = Outlets(
        tuple(names), ints(account), ints(closing), np.array(capacity), tuple(tariff), price,
        np.where(paid, rng.integers(0, 9, shape) * 100.0, 0.0), np.where(paid, rng.integers(0, 3, shape) * 100.0, 0.0),
        np.where(paid, rng.integers(0, 2, shape) * 100.0, 0.0), np.where(paid, rng.integers(10, 18) * 100.0, 0.0),
        np.where(paid.any(axis=1), 250.0, 0.0),
    )  # fmt: skip
    flow = _flow(rng, data, outlets)
    service = np.array([0, 1, 2])
    fixed = np.array([data.tallies.fixed[0], 0.0, 0.0])
    by_closing = np.asarray(data.reach.within.tocsc()[:, len(data.offers) :].sum(axis=1)).ravel() > 0
    within = _reach_columns(data)
    reach = replace(data.reach, within=within, tally=np.zeros(len(data.reach), dtype=np.int64))
    reachable = fixed + np.bincount(reach.tally, weights=reach.demand, minlength=3)
    reachable += np.bincount(flow.tally, weights=flow.demand, minlength=3)
    before = fixed + np.array([float(reach.demand[by_closing[: len(reach)]].sum()), 5.0, 7.0])
    return replace(
        data, tiers=("", "young", "old"), tier_need=ints([0, 1, 2]), circles=("c0",), reach=reach, flow=flow,
        outlets=outlets, tallies=Tallies(service, np.full(3, -1), fixed, before, reachable, reachable + 10),
    )  # fmt: skip


def _reach_columns(data: SitingData) -> sp.csr_matrix:
    """The base's columns again, on the offers of k0 there are now, and the facility that may close."""
    offers = [s for s, name in enumerate(data.offers) if name.endswith("k0")]
    within = data.reach.within.toarray()
    columns = np.zeros((len(within), len(data.offers) + 1), dtype=bool)
    columns[:, -1] = within[:, -1]
    for n, s in enumerate(offers):
        columns[:, s] = within[:, n % max(within.shape[1] - 1, 1)]
    return sp.csr_matrix(columns)


def _flow(rng: np.random.Generator, data: SitingData, outlets: Outlets) -> Flow:
    demand, tally, tier, cell, row, outlet, uptake = [], [], [], [], [], [], []
    offer = (
        np.where(outlets.account >= 0, data.accounts.offer[outlets.account], -1)
        if len(data.accounts)
        else outlets.account
    )
    places = [
        data.offers[s] if s >= 0 else name.split("|")[0] for s, name in zip(offer.tolist(), outlets.names, strict=True)
    ]
    service = [2 if t else 1 for t in outlets.tariff]
    for c in range(5):
        k = 1 + c % 2
        near = {place for place, s in zip(places, service, strict=True) if s == k and rng.random() < 0.7}
        for h in (0,) if k == 1 else (1, 2):
            mine = [n for n in range(len(outlets)) if places[n] in near and service[n] == k]
            if h == 2:
                # The needier tier cannot pay the dear tariff everywhere.
                mine = [n for n in mine if outlets.tariff[n] == "cheap" or rng.random() < 0.5]
            if not mine:
                continue
            row += [len(demand)] * len(mine)
            outlet += mine
            uptake += [1.0 if k == 1 else 0.5 if outlets.tariff[n] == "dear" else 0.8 for n in mine]
            demand.append(float(rng.integers(5, 60)))
            tally.append(k)
            tier.append(h)
            cell.append(c)
    return Flow(np.array(demand), ints(tally), ints(tier), ints(cell), ints(row), ints(outlet), np.array(uptake))


def _money(rng: np.random.Generator, data: SitingData) -> Money:
    """Five funds, one class a unit: the third pays in complexes only, the first two are central, the fourth a bond."""
    options, units = len(data.options), len(data.options) + len(data.works)
    cost = rng.integers(5, 40, units) * 10_000.0
    party = ints([0, 0, 1, 2, 2])
    most = np.where(rng.random((5, units)) < 0.75, 1.0, 0.0)
    most[rng.random((5, units)) < 0.15] = 0.5
    project = np.concatenate([data.option_project, data.work_project])
    account = np.concatenate([data.option_account, np.full(len(data.works), -1)])
    complex_only = np.array([False, False, data.complexes is not None, False, False])
    run = np.append(data.accounts.operator, -1)[account] >= 0
    total = float(cost.sum())
    money = bare_money(
        sp.csr_matrix(np.diag(cost)), most, np.round(rng.uniform(0.1, 0.5, 5) * total, 2), party, options,
        round(0.6 * total, 2) if rng.random() < 0.5 else np.inf,
    )  # fmt: skip
    bond = Bond(3, (data.accounts.operator >= 0), 0.08, 1.2)
    return replace(
        money, central=np.array([True, True, False, False, False]) & (rng.random() < 0.4), complex_only=complex_only,
        class_project=np.where((most[2] > 0) & complex_only[2], project, -1), class_account=np.where(run, account, -1),
        bonds=(bond,) if rng.random() < 0.4 else (),
        in_kind=np.array([[0], [1], [0], [0]]) * rng.integers(0, 5, options) * 1000.0,
    )  # fmt: skip


def _yearly(rng: np.random.Generator, data: SitingData) -> Yearly:
    """One class an item; the first fund and one of the enterprise pay of the year."""
    run = data.accounts.operator >= 0
    due = np.where(run[:, None], np.arange(4)[None, :], -1)
    eligible = np.zeros((5, 4), dtype=bool)
    eligible[[0, 1], :] = True
    eligible[3, 3] = True
    return Yearly(due.astype(np.int64), eligible, rng.choice([0.0, 20_000.0, 60_000.0, np.inf], 5))


def _limits(rng: np.random.Generator, data: SitingData) -> Money:
    """Limits of all ledgers, of the plan and of one project."""
    money = data.money
    first = np.concatenate([data.option_project, data.work_project]) == data.option_project[0]
    run = data.accounts.operator >= 0
    able = [
        plan_limit(money, 0, 0.1, 0.7),
        plan_limit(money, 2, 0.0, 0.6, of_classes=first, classes=first),
        plan_limit(money, 1, 0.05, 1.0, "capital_with_in_kind"),
        plan_limit(money, 3, 0.2, 0.9, "yearly", accounts=run),
        plan_limit(money, 2, 0.0, 0.3, "yearly", accounts=run),
    ]
    return replace(money, limits=tuple(limit for limit in able if rng.random() < 0.4))


def _links(rng: np.random.Generator, data: SitingData) -> tuple[Link, ...]:
    """One link of each kind between random offers."""
    offers, links = len(data.offers), []
    for kind, held in product(("requires", "bonus", "incompatible"), (False, True)):
        if offers >= 2 and rng.random() < 0.5 and not (kind == "incompatible" and held):
            one, *others = rng.choice(offers, min(offers, 3), replace=False).tolist()
            links.append(Link(f"{kind}{len(links)}", kind, one, tuple(others), held, 2.5 if kind == "bonus" else 0.0))
    return tuple(links)
