"""Bounds derived from prices alone: against exact fractions over the rows as Pyomo writes them all, and against the engine."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pyomo.environ as pyo
import pytest
from full_siting import full_data
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from random_siting import Size, random_data

from panhuo.engine import Limits, solve
from panhuo.engine.errors import UnboundedError
from panhuo.result.bound.boxes import boxes
from panhuo.result.bound.derive import derive
from panhuo.result.bound.file import Stored
from panhuo.result.bound.model import lay_out
from panhuo.result.verify.findings import Findings
from panhuo_models.coverage import count_rows, reach_rows
from panhuo_models.data import Objective
from panhuo_models.district import district_plan
from panhuo_models.doors import doors
from panhuo_models.flow import flow_rows
from panhuo_models.money import UNIT

LIMITS = Limits(gap=1e-3, threads=1)


def stored(data, proof, **changed):
    """What certificate.npz would say of a proof."""
    pairs = [(data.outlets.names[n], data.tiers[h]) for n, h in zip(proof.outlet, proof.tier, strict=True)]
    found = Stored(
        np.array(proof.names, dtype=np.str_), proof.planning, proof.reach, proof.flow,
        np.array(pairs, dtype=np.str_).reshape(-1, 2), proof.serving, np.stack([proof.needy, proof.other], axis=1),
        proof.fair, proof.counting, proof.least, proof.kept, None,
    )  # fmt: skip
    return replace(found, **changed)


def staged(seed):
    """A case of several stages: coverage, then as cheap as can be."""
    data = full_data(seed) if seed % 2 else random_data(seed, Size(sites=4 + seed % 6, funds=seed % 4, most_options=40))
    cheap = Objective("cheap", "capital", False, np.array([]), np.array([]), np.array([]), -1, 0.0)
    return replace(data, objectives=(replace(data.objectives[0], tolerance=0.1), cheap))


def by_fractions(data, stage, prices):
    """Weak duality over every row of the model, written in Pyomo and added up in fractions."""
    model = district_plan(data)
    reach_rows(model, data)
    flow_rows(model, data)
    count_rows(model, data)
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    there = doors(data)
    door = {(data.outlets.names[n], h): int(m) for n, m in enumerate(there.of.tolist()) for h in data.tiers}
    serving = {
        (door[tuple(row)], data.tiers.index(row[1])): y
        for row, y in zip(prices.serving_rows.tolist(), prices.serving.tolist(), strict=True)
    }
    fair = {tuple(row): y for row, y in zip(prices.fair_rows.tolist(), prices.fair.tolist(), strict=True)}
    planning = dict(zip(prices.rows.tolist(), prices.prices.tolist(), strict=True))
    reached = np.diff(data.reach.within.tocsr().indptr) > 0
    worth = -prices.counting[data.reach.tally]  # what nothing reaches is at most 0: its row takes all it is worth
    price = np.maximum(np.where(reached, prices.reach, worth), 0.0) * data.reach.demand
    people = {
        "reach.covering": lambda r: float(price[r]),
        "flow.demand": lambda g: 0.0,
        "flow.serving": lambda pair: serving.get(pair, 0.0),
        "flow.fair": lambda pair: fair.get(pair, 0.0),
        "count.counting": lambda t: -float(prices.counting[t]),  # Pyomo writes reached − Σ = 0
    }
    loads = list(model.operation.load)
    offset = [Fraction(float(o)) for o in form.c_offset]
    costs, matrix = form.c.toarray(), form.A.tocsr()
    sign = 1 if data.objectives[stage].maximise else -1
    rows = [(matrix[[n]], row, kind, float(form.rhs[n])) for n, (row, kind) in enumerate(form.rows)]
    left = [Fraction(sign) * Fraction(float(c)) for c in costs[stage]]
    bound, demanded = offset[stage] * sign, {}

    def take(coefficients, y):
        entries = coefficients.tocoo()
        for j, a in zip(entries.col.tolist(), entries.data.tolist(), strict=True):
            left[j] -= Fraction(y) * Fraction(a)

    for coefficients, row, kind, right in rows:
        name, index = row.parent_component().name, row.index()
        if name in people:
            y = people[name](index)
        else:
            if name == "operation.opened":
                index = loads[index]
            keys = index if isinstance(index, tuple) else (index,)
            y = planning.get(name if index is None else f"{name}[{', '.join(map(repr, keys))}]", 0.0)
        if (kind > 0 and y < 0) or (kind < 0 and y > 0):
            y = 0.0
        if name == "flow.demand":
            demanded[index] = coefficients
        take(coefficients, y)
        bound += Fraction(y) * Fraction(right)
    for e, (least, y) in enumerate(zip(prices.least.tolist(), prices.kept.tolist(), strict=True)):
        held = min(y, 0.0) if data.objectives[e].maximise else max(y, 0.0)
        for j, c in enumerate(costs[e]):
            left[j] -= Fraction(held) * Fraction(float(c))
        bound += Fraction(held) * (Fraction(least) - offset[e])
    for g, coefficients in demanded.items():
        best = max([Fraction(max(float(prices.flow[g]), 0.0)), *(left[j] for j in coefficients.tocoo().col.tolist())])
        for j in coefficients.tocoo().col.tolist():
            left[j] -= best
        bound += best * Fraction(float(data.flow.demand[g]))
    whole = lay_out(data)
    _, high = boxes(whole.matrix[: whole.kinds["serving"].stop], whole.row_lower[: whole.kinds["serving"].stop],
                    whole.row_upper[: whole.kinds["serving"].stop], whole.lower, whole.upper)  # fmt: skip
    box = {
        variable.name: most
        for variable, most in zip(district_plan(data).component_data_objects(pyo.Var), high, strict=False)
    }
    for j, variable in enumerate(form.columns):
        low, most = (Fraction(0) if variable.lb is None else Fraction(variable.lb)), box.get(variable.name, variable.ub)
        if left[j] > 0:
            bound += left[j] * Fraction(float(most))
        else:
            bound += left[j] * low
    return sign * bound


@pytest.mark.parametrize("seed", range(8))
def test_derived_bounds_are_the_exact_ones_rounded_outward(seed):
    data = staged(seed)
    try:
        found = solve(data, LIMITS, engine="decompose")
    except UnboundedError:
        pytest.skip("a deficit that no fund is bound to pay")
    model = lay_out(data)
    for s, stage in enumerate(found.stages):
        prices, findings = stored(data, stage.proof), Findings()
        derived, exact = derive(model, s, prices, findings), by_fractions(data, s, prices)
        assert not len(findings)
        sign = 1 if stage.sense == "max" else -1
        beyond = sign * (Fraction(derived) - exact)
        assert 0 <= beyond <= Fraction(1e-9) * max(1, abs(exact)), stage.name
        unit = UNIT if stage.name == "cheap" else 1
        assert sign * (stage.certified - derived * unit) >= 0, stage.name
        assert stage.certified == pytest.approx(derived * unit, rel=1e-6, abs=0.01), stage.name


def test_any_prices_bound_and_those_of_no_row_are_refused():
    data = staged(2)
    found = solve(data, LIMITS, engine="decompose")
    model, best = lay_out(data), found.stages[0]
    rng = np.random.default_rng(5)
    for _ in range(5):
        prices = stored(data, best.proof)
        prices = replace(
            prices, prices=prices.prices * rng.uniform(0.5, 2.0, len(prices.prices)),
            reach=prices.reach * rng.uniform(-0.5, 2.0, len(prices.reach)),
        )  # fmt: skip
        derived = derive(model, 0, prices, Findings())
        assert derived is None or derived >= best.objective
    findings = Findings()
    rows = prices.rows.copy()
    rows[0] = "money.budge"
    assert derive(model, 0, replace(prices, rows=rows), findings) is None
    assert len(findings) == 1


def test_without_any_price_every_row_of_people_counts():
    # All covered, nothing bought: the bound is everyone who could be reached beside the fixed ones.
    data = staged(2)
    proof = solve(data, LIMITS, engine="decompose").stages[0].proof
    zero = {
        name: np.zeros_like(getattr(stored(data, proof), name))
        for name in ("prices", "reach", "counting", "serving", "fair", "flow")
    }
    derived = derive(lay_out(data), 0, stored(data, proof, **zero), Findings())
    tallies = data.tallies
    assert derived == pytest.approx(float((tallies.reachable - tallies.before).sum()))
