"""The compiled arrays are the model that Pyomo writes."""

from dataclasses import replace

import highspy
import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from panhuo.engine import TooLargeError, write_lp
from panhuo.engine import compile as compile_module
from panhuo.engine.compile import Row, compile_plan
from panhuo.engine.highs import solve_highs
from panhuo.engine.planning import FAMILIES
from panhuo.engine.program import Limits, Quiet
from panhuo_models.coverage import count_rows, reach_rows
from panhuo_models.data import Objective
from panhuo_models.district import district_plan
from panhuo_models.flow import flow_rows

EXACT = Limits(gap=0, threads=1)


def every_measure(cases, data):
    """All six measures, a floor, mandatory rows."""
    share = Objective(
        "share", "smallest_share", True, np.array([0, 1]), np.ones(2), data.tallies.reachable[:2] + 1, -1, 0.0
    )
    none = np.zeros(0, dtype=np.int64)
    capital = Objective("capital", "capital", False, none, np.zeros(0), np.zeros(0), -1, 0.0)
    party = replace(capital, name="government", measure="party_capital", party=0)
    year = replace(capital, name="residents", measure="party_yearly", party=3)
    links = replace(capital, name="links", measure="links", maximise=True)
    data = cases.floor(data, 0, float(data.tallies.fixed[0]) + 1.0)
    mandatory = np.arange(len(data.reach)) == 0
    stages = (*data.objectives, share, capital, party, year, links)
    return replace(data, objectives=stages, reach=replace(data.reach, mandatory=mandatory))


def names(data):
    """Names of the planning columns in their order."""
    model = district_plan(data)
    return [v.name for block, family in FAMILIES for v in model.component(block).component(family).values()]


@pytest.mark.parametrize("seed", range(4))
def test_packed_it_is_the_same_matrix(cases, seed):
    data = every_measure(cases, cases.random(seed, cases.Size(funds=seed % 4)))
    compiled = compile_plan(data)
    whole, packed = compiled.matrix(), compiled.program(0, packed=True).matrix
    assert whole.nnz > 0
    columns = np.flatnonzero(np.random.default_rng(seed).random(whole.shape[1]) < 0.5)
    for one, other in ((packed.tocsr(), whole), (packed.cut(columns), whole[:, columns])):
        assert one.shape == other.shape
        assert (one != other).nnz == 0
    assert np.array_equal(packed.tocsr().data, whole.data), "in the same order"


def solve_file(path):
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.readModel(str(path))
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return highs.getObjectiveValue()


def same_as_the_file(data, path):
    """Hold every stage against the file; says of each stage whether it has a plan."""
    compiled = compile_plan(data)
    for stage in range(len(data.objectives)):
        write_lp(data, path, stage)
        expected = solve_file(path)
        answer = solve_highs(compiled.program(stage), EXACT, Quiet())
        if expected is None:
            assert answer.reason == "infeasible"
        else:
            assert answer.objective == pytest.approx(expected, abs=1e-5)
        yield expected is not None


@pytest.mark.parametrize("seed", range(6))
def test_equals_the_file_that_pyomo_writes(cases, seed, tmp_path):
    data = every_measure(cases, cases.random(seed, cases.Size(funds=seed % 4)))
    assert len(list(same_as_the_file(data, tmp_path / "plan.lp"))) == 6


@pytest.mark.parametrize("block", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 6))])
def test_equals_the_file_with_every_family(cases, block, tmp_path):
    found = []
    for seed in range(5 * block, 5 * block + 5):
        found += same_as_the_file(every_measure(cases, cases.full(seed)), tmp_path / "plan.lp")
    assert sum(found) > 10


@pytest.mark.parametrize("seed", [*range(7), *(pytest.param(n, marks=pytest.mark.slow) for n in range(7, 20))])
def test_rows_are_those_that_pyomo_writes(cases, seed):
    """The arrays hold, row by row and number by number, what is written in Pyomo."""
    data = every_measure(cases, cases.full(seed))
    compiled = compile_plan(data)
    model = district_plan(data)
    for rows in (reach_rows, flow_rows, count_rows):
        rows(model, data)
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    covered, assigned = list(model.reach.covered.values()), list(model.flow.assigned.values())
    named = [*names(data), *(v.name for v in (*covered, *assigned))]
    assert len(set(named)) == len(named) == len(compiled.lower)

    kind = np.array([bound for _, bound in form.rows])
    lower, upper = np.where(kind <= 0, form.rhs, -np.inf), np.where(kind >= 0, form.rhs, np.inf)
    written = sorted(as_rows(form.A, lower, upper, [v.name for v in form.columns]))
    assert sorted(as_rows(compiled.matrix(), compiled.row_lower, compiled.row_upper, named)) == written
    stages = sorted(as_rows(form.c, form.c_offset, form.c_offset, [v.name for v in form.columns]))
    assert sorted(as_rows(compiled.costs, compiled.offsets, compiled.offsets, named)) == stages
    bounds = {v.name: (v.lb, v.ub, v.is_integer()) for v in model.component_data_objects(pyo.Var)}
    assert {name: bounds[name] for name in named} == {
        name: (low, None if high == np.inf else high, whole)
        for name, low, high, whole in zip(named, compiled.lower, compiled.upper, compiled.integer, strict=True)
    }


def as_rows(matrix, lower, upper, names):
    """Each row by the names and numbers in it; an equation or its negative, whichever begins with a positive one."""
    matrix = matrix.tocsr()
    matrix.sum_duplicates()
    for r in range(matrix.shape[0]):
        entries = slice(matrix.indptr[r], matrix.indptr[r + 1])
        pairs = zip(matrix.indices[entries], matrix.data[entries], strict=True)
        terms, ends = sorted((names[c], float(v)) for c, v in pairs if v), (float(lower[r]), float(upper[r]))
        if terms and terms[0][1] < 0:
            terms, ends = [(n, -v) for n, v in terms], (-ends[1], -ends[0])
        yield terms, ends[0] + 0.0, ends[1] + 0.0


def test_columns_are_where_they_are_said_to_be(cases):
    data = every_measure(cases, cases.full(2))
    compiled = compile_plan(data)
    end = 0
    for (block, family), columns in zip(FAMILIES, list(compiled.families.values()), strict=False):
        assert compiled.families[family] == columns
        assert columns.start == end
        assert all(name.startswith(f"{block}.{family}") for name in names(data)[columns])
        end = columns.stop
    assert end == len(names(data))
    assert compiled.families["covered"] == slice(end, end + len(data.reach))
    assert compiled.families["assigned"] == slice(end + len(data.reach), len(compiled.lower))
    assert len(compiled.lower) == end + len(data.reach) + len(data.flow.row)
    whole = {"choose", "use", "level", "complex", "source", "loses", "issued"}
    for family, columns in compiled.families.items():
        assert (compiled.integer[columns] == (family in whole)).all()
    assert compiled.options == len(data.options)
    assert compiled.projects == len(data.projects)
    assert not compiled.implied[compiled.integer].any()


@pytest.mark.parametrize("seed", range(8))
def test_sites_of_integer_columns(cases, seed):
    """The name of a column begins with its site."""
    data = cases.full(seed)
    compiled = compile_plan(data)
    for family in ("choose", "use", "level", "complex"):
        columns = compiled.families[family]
        found = [data.sites[j] for j in compiled.site[columns].tolist()]
        said = [name.split("[")[1].strip("'").split(":")[0].strip("']") for name in names(data)[columns]]
        assert found == said
    assert (compiled.site[~compiled.integer] == -1).all()
    sources = compiled.families["source"]
    unit = np.concatenate([data.option_project, data.work_project])
    classes = [int(name.split(",")[1].strip("]")) for name in names(data)[sources]]
    assert compiled.site[sources].tolist() == [data.project_site[unit[q]] for q in classes]


def test_source_of_several_sites_has_none(cases):
    data = cases.random(3, cases.Size(funds=2))
    funds = len(data.money.funds)
    data = replace(
        data, money=replace(data.money, central=np.ones(funds, dtype=bool), most=np.ones_like(data.money.most))
    )
    compiled = compile_plan(data)
    sources = compiled.site[compiled.families["source"]]
    assert len(sources) == funds * data.money.cost.shape[0]
    assert (sources == -1).all()


def test_extra_rows_are_appended(cases):
    data = cases.random(1)
    compiled = compile_plan(data)
    row = Row(compiled.costs[[0]], -np.inf, 5.0 - compiled.offsets[0])
    assert solve_highs(compiled.program(0, [row]), EXACT, Quiet()).objective <= 5 + 1e-6
    assert solve_highs(compiled.program(0), EXACT, Quiet()).objective > 5


def test_file_of_a_large_model_is_refused(cases, tmp_path, monkeypatch):
    monkeypatch.setattr(compile_module, "LP_PAIRS", 5)
    data = cases.full(4)
    pairs = data.reach.within.nnz + len(data.flow.row)
    with pytest.raises(TooLargeError, match=f"{pairs} pairs .* up to 5"):
        write_lp(data, tmp_path / "plan.lp")
    assert not (tmp_path / "plan.lp").exists()


def test_minimised_coverage_is_refused(cases):
    data = cases.random(0)
    with pytest.raises(ValueError, match="can only be maximised"):
        compile_plan(replace(data, objectives=(replace(data.objectives[0], maximise=False),)))
