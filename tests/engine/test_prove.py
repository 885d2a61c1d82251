"""Proofs: prices handed from the reduced to the whole program, and from merged rows to the data's own."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo.engine import Limits, UnboundedError, solve
from panhuo.engine.again import confirm_clusters
from panhuo.engine.certificate import Certificate
from panhuo.engine.decompose.boxes import boxed
from panhuo.engine.decompose.certificate import certificate, parts
from panhuo.engine.decompose.clusters import bounded
from panhuo.engine.decompose.lean import lean
from panhuo.engine.decompose.parted import part
from panhuo.engine.decompose.partition import Ground, clusters
from panhuo.engine.decompose.prices import price, weak_bound
from panhuo.engine.decompose.substitute import substitute
from panhuo.engine.program import Answer, Program, Quiet
from panhuo.engine.prove import prove
from panhuo.engine.settle import Settler
from panhuo_models.data import Objective


def of_district(cases, seed):
    data = (
        cases.random(seed, cases.Size(sites=4 + seed % 6, funds=seed % 4, most_options=40))
        if seed % 2
        else cases.full(seed)
    )
    return data


def upwards(program: Program) -> Program:
    sign = 1.0 if program.maximise else -1.0
    return replace(program, cost=sign * program.cost, offset=sign * program.offset, maximise=True)


def test_a_defining_row_takes_what_the_rest_leaves_by_hand():
    # max 3b, b = a₁ + a₂ ≤ 1 (a bound of b, which becomes a row), 2a₁ + a₂ ≤ 2.
    # At w = 2 on b ≤ 1 and y = 0.5 on the other: the row of b is worth 3 − 2 = 1 a unit, in the sign it is written in.
    matrix = sp.csr_matrix(np.array([[1.0, 1.0, -1.0], [2.0, 1.0, 0.0]]))
    whole = Program(
        matrix, np.array([0.0, -np.inf]), np.array([0.0, 2.0]), np.zeros(3), np.ones(3), np.array([True, True, False]),
        np.array([0.0, 0.0, 3.0]), 0.0, True,
    )  # fmt: skip
    larger, reduced = substitute(whole, np.array([2]))
    assert reduced.rows.tolist() == [1, -1]
    row = np.array([0.5, 2.0])
    found = certificate(whole, reduced, row)
    assert found.tolist() == [-1.0, 0.5]
    # 0.5·2 + 2·1 + (1 − 1)·a₁ + (1 − 0.5)·a₂
    assert weak_bound(larger, row) == weak_bound(whole, found) == 3.5


@pytest.mark.parametrize("seed", range(4))
def test_prices_say_the_same_of_the_whole_program(cases, seed):
    compiled = Settler(of_district(cases, seed)).compiled
    for stage in range(len(compiled.maximise)):
        whole = boxed(compiled.program(stage))
        larger, reduced = substitute(whole, compiled.defined)
        row = price(larger, 400, 1e-9, lambda: False).row
        found = weak_bound(upwards(whole), certificate(whole, reduced, row)) + upwards(whole).offset
        assert found == pytest.approx(weak_bound(larger, row) + larger.offset, rel=1e-9, abs=1e-7)


@pytest.mark.parametrize("seed", range(0, 16, 2))
def test_what_prices_bound_alone_is_no_less_than_the_optimum(cases, seed):
    data = of_district(cases, seed + (seed // 2) % 2)
    cheap = Objective("cheap", "capital", False, np.array([]), np.array([]), np.array([]), -1, 0.0)
    first = replace(data.objectives[0], tolerance=0.05)
    data = replace(data, objectives=(first, cheap))
    try:
        found = solve(data, Limits(gap=1e-3, threads=1), engine="decompose")
    except UnboundedError:
        pytest.skip("a deficit that no fund is bound to pay")
    exact = solve(data, Limits(gap=0.0, threads=1), engine="exact")
    assert found.stages[0].certified >= exact.stages[0].objective
    for stage in found.stages:
        assert stage.proof is not None, stage.name
        sign = 1.0 if stage.sense == "max" else -1.0
        assert sign * (stage.certified - stage.objective) >= 0, stage.name
        assert sign * (stage.certified - stage.bound) >= -1e-6 * max(1.0, abs(stage.bound)), stage.name
    assert found.stages[1].proof.least[0] <= found.stages[0].objective + 1e-6


def test_one_search_over_all_proves_nothing_by_prices(cases):
    found = solve(of_district(cases, 3), Limits(threads=1), engine="exact")
    assert [(stage.certified, stage.proof) for stage in found.stages] == [(None, None)]


def parted(cases, seed):
    """A proof by several clusters, and what it is of."""
    settler = Settler(cases.full(seed) if seed % 2 else cases.random(seed, cases.Size(sites=9, rows=60, funds=2)))
    compiled = settler.compiled
    reduced = lean(lambda: compiled.program(0), compiled.defined)
    program, row = reduced.program, price(reduced.program, 1000, 1e-7, lambda: False).row
    ground = Ground.of(program, compiled.site[reduced.kept], row)
    cluster = clusters(ground, 4.0)
    apart = part(program, ground, cluster, row)
    found = bounded(
        program, apart, 0.0, 1000, Limits(gap=0.0, threads=1), Quiet(), lambda: 60.0, np.zeros(len(program.cost))
    )
    across = certificate(compiled.program(0), reduced.substituted, reduced.handed(apart.row))
    alone = certificate(compiled.program(0), reduced.substituted, reduced.handed(row))
    certified = Certificate(alone, parts(program, cluster, apart, found), across)
    answer = Answer("within_gap", None, None, found.bound + program.offset, 0.0, certificate=certified)
    return settler, answer, prove(settler, [answer], [])[0]


def test_another_solver_confirms_every_cluster_and_refutes_what_claims_too_little(cases):
    several = 0
    for seed in range(4):
        settler, answer, proven = parted(cases, seed)
        held = proven.proof.parts
        several += len(held.bounds) > 1
        assert answer.bound >= held.constant + held.bounds.sum() - 1e-6
        found = confirm_clusters(settler, 0, proven.proof, Quiet())
        assert found.constant == pytest.approx(held.constant, rel=1e-9, abs=1e-6)
        assert found.confirmed == (True,) * len(held.bounds)
        assert found.refuted == ()
        lower = replace(held, bounds=held.values - 1.0)
        worse = confirm_clusters(settler, 0, replace(proven.proof, parts=lower), Quiet())
        assert worse.refuted == tuple(range(len(held.bounds)))
    assert several >= 3


def test_stopped_it_confirms_no_more_than_it_looked_at(cases):
    settler, _, proven = parted(cases, 1)
    stop = Quiet()
    stop.stop.set()
    held = replace(proven.proof.parts, bounds=proven.proof.parts.values - 1.0)
    found = confirm_clusters(settler, 0, replace(proven.proof, parts=held), stop)
    assert not any(found.confirmed)
    assert found.refuted == ()
