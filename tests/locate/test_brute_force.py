"""Every problem against every choice, one by one."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo import locate

RADIUS = 14.0


def paid(case, chosen):
    return case.cost[chosen & ~case.existing].sum()


def covered(case, chosen):
    return case.weight[(case.distance[:, chosen] <= RADIUS).any(axis=1)].sum()


def named(case, result):
    """The choice that a result tells, with what was there before."""
    chosen = case.existing.copy()
    chosen[result.selected] = True
    assert not (chosen & case.excluded).any()
    assert (chosen | ~case.required).all()
    return chosen


def proven(result, value):
    assert result.status == "optimal"
    assert result.objective == pytest.approx(value)
    assert result.bound == pytest.approx(value)
    assert result.gap == 0


@pytest.mark.parametrize("seed", range(12))
def test_mclp(random_case, seed):
    case = random_case(seed, plain=seed % 3 == 0)
    for p, budget in ((2, None), (None, 12), (3, 11)):
        if budget is not None and paid(case, case.required) > budget:
            continue
        result = locate.mclp(
            case.weight, case.distance, radius=RADIUS, p=p, cost=case.cost, budget=budget, **case.kinds
        )
        within = [c for c in case.choices(p) if budget is None or paid(case, c) <= budget]
        proven(result, max(covered(case, c) for c in within))
        chosen = named(case, result)
        assert covered(case, chosen) == result.objective
        assert case.weight[result.covered].sum() == result.objective
        assert result.before == covered(case, case.existing)
        assert p is None or len(result.selected) <= p
        assert budget is None or paid(case, chosen) <= budget


@pytest.mark.parametrize("seed", range(12))
def test_partial_cover_and_lscp(random_case, seed):
    case = random_case(seed, plain=seed % 3 == 0)
    every = np.ones(len(case.cost), dtype=bool) & ~case.excluded
    for share in (0.5, 0.8):
        result = locate.partial_cover(
            case.weight, case.distance, radius=RADIUS, share=share, cost=case.cost, **case.kinds
        )
        amount = share * case.weight.sum()
        enough = [paid(case, c) for c in case.choices() if covered(case, c) >= amount - 1e-9]
        if not enough:
            assert result.status == "infeasible"
            continue
        proven(result, min(enough))
        assert covered(case, named(case, result)) >= amount - 1e-9
    within = case.distance <= RADIUS
    there = within[:, every].any(axis=1)
    result = locate.lscp(within[there], cost=case.cost, **case.kinds)
    proven(result, min(paid(case, c) for c in case.choices() if within[there][:, c].any(axis=1).all()))
    assert result.covered.all()
    if not there.all():
        result = locate.lscp(within, cost=case.cost, **case.kinds)
        assert result.status == "infeasible"
        assert result.unreachable.tolist() == np.flatnonzero(~there).tolist()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("radius", [None, 30.0])
def test_p_median(random_case, seed, radius):
    case = random_case(seed, plain=seed % 3 == 0)
    far = case.distance if radius is None else np.where(case.distance <= radius, case.distance, np.inf)
    values = {p: [case.weight @ far[:, c].min(axis=1, initial=np.inf) if not np.isinf(far[:, c].min(axis=1, initial=np.inf)).any() else np.inf
                  for c in case.choices(p, exactly=True)] for p in (2, 4)}  # fmt: skip
    for p, every in values.items():
        result = locate.p_median(case.weight, case.distance, p=p, radius=radius, **case.kinds)
        if np.isinf(min(every)):
            assert result.status == "infeasible"
            continue
        proven(result, min(every))
        assert len(result.selected) == p
        chosen = named(case, result)
        served = case.distance[np.arange(len(far)), result.assignment]
        assert (served == far[:, chosen].min(axis=1)).all()
        assert chosen[result.assignment].all()


@pytest.mark.parametrize("seed", range(12))
def test_p_center(random_case, seed):
    case = random_case(seed, plain=seed % 3 == 0)
    for p, weighted in ((1, False), (3, False), (3, True)):
        weight = case.weight if weighted else np.ones(len(case.weight))
        result = locate.p_center(case.distance, p=p, weights=weight if weighted else None, **case.kinds)
        proven(result, min((weight * case.distance[:, c].min(axis=1)).max() for c in case.choices(p) if c.any()))
        assert len(result.selected) <= p
        served = case.distance[np.arange(len(weight)), result.assignment]
        assert (weight * served).max() == result.objective
        named(case, result)


def cheapest(case, chosen, room, *, single):
    """Cost of serving from chosen sites: by one site each, or by a network of single persons."""
    open_sites = np.flatnonzero(chosen)
    if single:
        best = np.inf
        for to in itertools.product(open_sites.tolist(), repeat=len(case.weight)):
            load = np.bincount(to, weights=case.weight, minlength=len(room))
            if (load <= room).all():
                best = min(best, float((case.weight * case.distance[np.arange(len(to)), list(to)]).sum()))
        return best
    import networkx as nx

    graph = nx.DiGraph()
    for i, weight in enumerate(case.weight.astype(int).tolist()):
        graph.add_node(("point", i), demand=-weight)
        for j in open_sites.tolist():
            graph.add_edge(("point", i), ("site", j), weight=int(case.distance[i, j]))
    for j in open_sites.tolist():
        graph.add_edge(("site", j), "all", capacity=int(room[j]))
    graph.add_node("all", demand=int(case.weight.sum()))
    try:
        return float(nx.min_cost_flow_cost(graph))
    except nx.NetworkXUnfeasible:
        return np.inf


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_cflp(random_case, seed, single):
    case = random_case(seed, points=6, sites=4, plain=seed % 2 == 0)
    room = np.random.default_rng(seed).integers(15, 45, 4).astype(float)
    cost = case.cost * 30
    result = locate.cflp(case.weight, case.distance, capacity=room, cost=cost, single_source=single, **case.kinds)
    every = [cost[c & ~case.existing].sum() + cheapest(case, c, room, single=single) for c in case.choices() if c.any()]
    if np.isinf(min(every)):
        assert result.status == "infeasible"
        return
    assert result.status == "optimal"
    assert result.objective == pytest.approx(min(every), abs=1e-5)
    assert result.bound <= result.objective
    parts = result.assignment.toarray()
    assert parts.sum(axis=1) == pytest.approx(np.ones(6))
    assert (case.weight @ parts <= room * named(case, result) + 1e-6).all()
    assert not single or set(np.unique(parts)) <= {0.0, 1.0}


@pytest.mark.parametrize("seed", range(4))
def test_more_budget_never_covers_less(random_case, seed):
    case = random_case(seed)
    floor = int(paid(case, case.required))
    values = [locate.mclp(case.weight, case.distance, radius=RADIUS, cost=case.cost, budget=b, **case.kinds).objective
              for b in range(floor, floor + 30, 3)]  # fmt: skip
    assert values == sorted(values)
    assert values[0] < values[-1]


def test_equal_to_scip(random_case):
    """On cases too large to try every choice, another solver on the unreduced rows."""
    from panhuo.engine import Limits, Quiet
    from panhuo.engine.second import solve_scip
    from panhuo.locate.program import compile_location, cover_arrays, level_arrays
    from panhuo_models.data.location import Candidates, Covering, Serving
    from panhuo_models.mclp import mclp
    from panhuo_models.p_median import p_median

    for seed in range(2):
        case = random_case(seed, points=60, sites=20, plain=True)
        none = case.required
        within = sp.csr_matrix(case.distance <= 8)
        data = Covering(Candidates(case.cost, none, none, budget=20.0), within, case.weight)
        program = compile_location(mclp(data), "reached", cover_arrays(data))
        by_scip = solve_scip(program, Limits(gap=0), Quiet())
        result = locate.mclp(case.weight, within, cost=case.cost, budget=20)
        assert result.status == "optimal"
        assert result.objective == pytest.approx(by_scip.objective)
        rows = sp.csr_matrix(case.distance + 1)
        serving = Serving(Candidates(case.cost, none, none, most=4, exactly=True), rows, case.weight)
        program = compile_location(p_median(serving), "distance", level_arrays(serving))
        by_scip = solve_scip(program, Limits(gap=0), Quiet())
        result = locate.p_median(case.weight, rows, p=4)
        assert result.status == "optimal"
        assert result.objective == pytest.approx(by_scip.objective)
