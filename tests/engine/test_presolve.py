"""Merged reach rows say what the unmerged ones say."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from districts import district
from scipy.optimize import Bounds, LinearConstraint, milp

from panhuo.access import catchments
from panhuo.assemble import derive_options, siting_data
from panhuo.engine import presolve, solve
from panhuo.engine.compile import compile_plan
from panhuo.engine.highs import solve_highs
from panhuo.engine.measure import reached_people
from panhuo.engine.presolve import merge
from panhuo.engine.program import Decision, Limits, Quiet
from panhuo_models.data import Reach

WITHIN = [[1, 1, 0], [1, 1, 0], [0, 0, 0], [1, 1, 0], [1, 1, 0], [0, 1, 1], [1, 1, 0]]


@pytest.fixture
def rows():
    return Reach(
        sp.csr_matrix(np.array(WITHIN, dtype=bool)),
        np.array([1.0, 2, 4, 8, 16, 32, 64]),
        np.array([0, 0, 0, 1, 0, 0, 0]),
        np.array([False, False, True, False, True, False, False]),
    )


def as_list(reach):
    sets = [tuple(np.flatnonzero(row)) for row in reach.within.toarray()]
    return list(zip(sets, reach.demand.tolist(), reach.tally.tolist(), reach.mandatory.tolist(), strict=True))


def test_merge_by_hand(rows):
    """Equal columns, tally and flag are merged; the row nobody reaches is gone, though mandatory."""
    assert as_list(merge(rows)) == [
        ((0, 1), 67.0, 0, False),
        ((0, 1), 8.0, 1, False),
        ((0, 1), 16.0, 0, True),
        ((1, 2), 32.0, 0, False),
    ]


def test_order_and_doubles_of_columns_do_not_matter(rows):
    messy = sp.csr_matrix((np.ones(5, dtype=bool), [1, 0, 0, 1, 1], [0, 2, 5]), shape=(2, 3))
    reach = Reach(messy, np.array([1.0, 2.0]), np.zeros(2, dtype=np.int64), np.zeros(2, dtype=bool))
    assert as_list(merge(reach)) == [((0, 1), 3.0, 0, False)]


def test_a_shared_hash_merges_nothing_that_differs(rows, monkeypatch):
    expected = as_list(merge(rows))
    monkeypatch.setattr(presolve, "marks", lambda columns: np.zeros(columns, dtype=np.uint64))
    assert as_list(merge(rows)) == expected


def test_many_rows(monkeypatch):
    """More groups than tables begin with, against Python's own sets; also where all of them share a hash."""
    rng = np.random.default_rng(2)
    within = sp.csr_matrix(rng.random((3000, 9)) < 0.4)
    reach = Reach(within, np.ones(3000), rng.integers(0, 3, 3000), rng.random(3000) < 0.1)
    groups = {}
    for row, tally, must in zip(within.toarray(), reach.tally.tolist(), reach.mandatory.tolist(), strict=True):
        if row.any():
            key = (tuple(np.flatnonzero(row)), tally, must)
            groups[key] = groups.get(key, 0) + 1
    expected = [(key[0], float(count), *key[1:]) for key, count in groups.items()]
    assert len(expected) > 1000
    assert as_list(merge(reach)) == expected
    monkeypatch.setattr(presolve, "marks", lambda columns: np.zeros(columns, dtype=np.uint64))
    assert as_list(merge(reach)) == expected


def test_nothing_left(rows):
    none = replace(rows, within=sp.csr_matrix((7, 3), dtype=bool))
    assert len(merge(none)) == 0


@pytest.mark.parametrize("seed", range(10))
def test_same_optimum_and_same_count(cases, seed):
    data = cases.random(seed, cases.Size(rows=300, reached_by=1.5))
    merged = replace(data, reach=merge(data.reach))
    assert len(merged.reach) < len(data.reach) / 2
    limits = Limits(gap=0, threads=1)
    one = solve_highs(compile_plan(data).program(0), limits, Quiet())
    other = solve_highs(compile_plan(merged).program(0), limits, Quiet())
    assert one.objective == pytest.approx(other.objective, abs=1e-6)
    choose = np.random.default_rng(seed).random(len(data.options)) < 0.5
    decision = Decision(choose, np.zeros(0, dtype=bool), np.zeros(0))
    assert reached_people(data, decision) == pytest.approx(reached_people(merged, decision))
    assert reached_people(data, decision) + data.tallies.fixed == pytest.approx(cases.people(data, choose)[0])


def town(folder, seed):
    """Rooms and people on a plane of two kilometres, a few of them far out; what stands already reaches many."""
    rng = np.random.default_rng(seed)

    def at(reach):
        return {"x": float(rng.integers(0, reach)), "y": float(rng.integers(0, reach))}

    homes = [at(2000 if n < 34 else 9000) for n in range(40)]
    return district(
        folder,
        "[modes.convert]\n",
        demand=[{"id": f"d{n}", **home, "circle": "c", "people_all": int(rng.integers(5, 90))} for n, home in enumerate(homes)],
        sites=[{"id": f"s{n}", **at(2000), "area_m2": int(rng.integers(95, 220)), "ownership": "state"} for n in range(8)],
        existing=[{"id": f"e{n}", **at(2000), "service": ("canteen", "hall")[n % 2]} for n in range(4)],
        services=[
            {"service": "canteen", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 50, "area_m2": 90},
            {"service": "hall", "class": "basic", "measure": "metres", "standard_m": 400, "min_area_m2": 60, "area_m2": 80},
        ],
        costs=[{"item": "fit_out", "capital_cny_per_m2": 100}],
        funds=[{"fund": "city", "party": "government", "cap_cny": 43_000}],
    )  # fmt: skip


def unreduced(instance, options, near):
    """The largest number of new person-services, by scipy, with every point and service as a row of its own.

    Also how many such rows there are, how many of them what stands reaches, and how many nothing can.
    """
    table, sites, existing = options.table, instance["sites"], instance["existing"]
    people = instance["demand"]["people_all"].to_numpy(float)
    place = sites["id"].tolist()
    count, reach, before = len(table), [], []
    for service in instance["services"]["service"]:
        within = near.within(service, "all").toarray()
        here = (table["service"] == service).to_numpy()
        reach.append(within[:, [place.index(j) for j in table["site"]]] & here)
        before.append(within[:, len(sites) + np.flatnonzero(existing["service"] == service)].any(axis=1))
    covers, stands, worth = np.vstack(reach), np.concatenate(before), np.tile(people, len(reach))
    area = sites["area_m2"].to_numpy(float)
    own = np.array([table["site"] == j for j in sites["id"]]) * table["area_m2"].to_numpy(float)
    matrix = np.block([
        [own, np.zeros((len(sites), len(worth)))],
        [table["area_m2"].to_numpy(float) * 100, np.zeros(len(worth))],
        [-covers.astype(float), np.eye(len(worth))],
    ])  # fmt: skip
    most = np.concatenate([area, [43_000], stands])
    found = milp(
        -np.append(np.zeros(count), worth),
        constraints=LinearConstraint(matrix, ub=most),
        bounds=Bounds(0, 1),
        integrality=np.append(np.ones(count), np.zeros(len(worth))),
        options={"mip_rel_gap": 0.0},
    )
    return -found.fun - worth @ stands, len(worth), stands.sum(), (~covers.any(axis=1) & ~stands).sum()


@pytest.mark.parametrize("seed", range(4))
def test_covered_and_unreachable_pairs_and_merging_keep_the_optimum(tmp_path, seed):
    instance = town(tmp_path, seed)
    options, near = derive_options(instance), catchments(instance)
    best, rows, covered, beyond = unreduced(instance, options, near)
    data = siting_data(instance, options, near).data
    assert min(covered, beyond) > 0
    assert len(data.reach) == rows - covered - beyond
    assert len(merge(data.reach)) < len(data.reach)
    assert best > 0
    assert solve(data, Limits(gap=0, threads=1)).stages[0].objective == pytest.approx(best, abs=1e-6)
