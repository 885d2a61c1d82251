"""The compiled arrays are the model that Pyomo writes."""

from dataclasses import replace

import highspy
import numpy as np
import pytest

from panhuo.engine import TooLargeError, write_lp
from panhuo.engine import compile as compile_module
from panhuo.engine.compile import Row, compile_plan
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Limits, Quiet
from panhuo_models.data import Objective

EXACT = Limits(gap=0, threads=1)


def every_measure(cases, data):
    """All four measures, a floor, mandatory rows."""
    share = Objective(
        "share", "smallest_share", True, np.array([0, 1]), np.ones(2), data.tallies.reachable[:2] + 1, -1, 0.0
    )
    none = np.zeros(0, dtype=np.int64)
    capital = Objective("capital", "capital", False, none, np.zeros(0), np.zeros(0), -1, 0.0)
    party = replace(capital, name="government", measure="party_capital", party=0)
    data = cases.floor(data, 0, float(data.tallies.fixed[0]) + 1.0)
    mandatory = np.arange(len(data.reach)) == 0
    return replace(
        data, objectives=(*data.objectives, share, capital, party), reach=replace(data.reach, mandatory=mandatory)
    )


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


@pytest.mark.parametrize("seed", range(6))
def test_equals_the_file_that_pyomo_writes(cases, seed, tmp_path):
    data = every_measure(cases, cases.random(seed, cases.Size(funds=seed % 4)))
    compiled = compile_plan(data, data.reach)
    found = []
    for stage in range(len(data.objectives)):
        write_lp(data, tmp_path / "plan.lp", stage)
        expected = solve_file(tmp_path / "plan.lp")
        answer = solve_highs(compiled.program(stage), EXACT, Quiet())
        if expected is None:
            assert answer.reason == "infeasible"
        else:
            assert answer.objective == pytest.approx(expected, abs=1e-5)
        found.append(expected)
    assert len(found) == 4


def test_columns_are_where_they_are_said_to_be(cases):
    data = every_measure(cases, cases.random(2))
    compiled = compile_plan(data, data.reach)
    options, projects = len(data.options), len(data.projects)
    assert data.options[0] in compiled.names[0]
    assert compiled.names[0].startswith("siting.choose")
    assert data.projects[0] in compiled.names[options]
    assert compiled.names[options].startswith("siting.use")
    assert compiled.names[options + projects] == "siting.stays_open[e0]"
    assert compiled.names[-1].startswith("equity.smallest")
    assert compiled.integer[: options + projects].all()
    assert not compiled.integer[options + projects :].any()
    assert compiled.matrix.shape == (len(compiled.row_lower), len(compiled.names) + len(data.reach))
    assert compiled.site[:options].tolist() == data.project_site[data.option_project].tolist()
    assert (compiled.site[options + projects :] == -1).all()


def test_extra_rows_are_appended(cases):
    data = cases.random(1)
    compiled = compile_plan(data, data.reach)
    row = Row(compiled.costs[[0]], -np.inf, 5.0 - compiled.offsets[0])
    assert solve_highs(compiled.program(0, [row]), EXACT, Quiet()).objective <= 5 + 1e-6
    assert solve_highs(compiled.program(0), EXACT, Quiet()).objective > 5


def test_file_of_a_large_model_is_refused(small, tmp_path, monkeypatch):
    monkeypatch.setattr(compile_module, "LP_PAIRS", 5)
    with pytest.raises(TooLargeError, match=f"{small.reach.within.nnz} pairs .* up to 5"):
        write_lp(small, tmp_path / "plan.lp")
    assert not (tmp_path / "plan.lp").exists()


def test_minimised_coverage_is_refused(cases):
    data = cases.random(0)
    with pytest.raises(ValueError, match="can only be maximised"):
        compile_plan(replace(data, objectives=(replace(data.objectives[0], maximise=False),)), data.reach)
