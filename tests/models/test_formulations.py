"""Each formulation has a golden LP file; what it writes is read line by line."""

import inspect
import pkgutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest
import scipy.sparse as sp

import panhuo_models
from panhuo_models.coverage import reach_rows
from panhuo_models.data import CoverageFloor, Money, Objective, Reach, SitingData, Tallies
from panhuo_models.district import district_plan

GOLDEN = Path(__file__).parent / "golden"
FORMULATIONS = {"district_plan": district_plan}


def ints(*values):
    return np.array(values, dtype=np.int64)


def floats(*values):
    return np.array(values, dtype=float)


@pytest.fixture
def tiny() -> SitingData:
    """Two sites, one of them in two modes; every family of constraints has at least one row."""
    none = ints()
    return SitingData(
        sites=("A", "B"), modes=("keep", "convert"), services=("canteen", "clinic"), circles=("old",),
        projects=("A:keep", "A:convert", "B:keep"), project_site=ints(0, 0, 1), project_area=floats(60, 54, 100),
        options=("A:keep:canteen", "A:keep:clinic", "A:convert:clinic", "B:keep:canteen"),
        option_project=ints(0, 0, 1, 2), option_service=ints(0, 1, 1, 0), option_area=floats(40, 30, 30, 50),
        site_required=np.array([False, True]), closing=("e1",),
        closing_by=sp.csr_matrix(np.array([[False, True, False]])),
        reach=Reach(
            sp.csr_matrix(np.array([[1, 0, 0, 1, 0], [0, 1, 1, 0, 1], [0, 0, 1, 0, 0]], dtype=bool)),
            floats(10, 20, 5), ints(0, 1, 1), np.array([False, False, True]),
        ),
        tallies=Tallies(ints(0, 1), ints(-1, 0), floats(3, 0), floats(3, 20), floats(13, 25), floats(15, 25)),
        money=Money(
            cost=sp.csr_matrix(np.array([[80000.0, 0, 0, 120000], [0, 50000, 90000, 0], [0, 0, 10000, 0]])),
            eligible=np.array([[True, True, False], [True, False, False]]), cap=floats(150000, np.inf),
            party=ints(0, 1), share_min=floats(0, 0.1), share_max=floats(0.75, 1), budget=250000.0,
            funds=("district", "enterprise"), parties=("government", "enterprise"),
        ),
        floors=(CoverageFloor("clinic in old", 1, 15.0),),
        objectives=(
            Objective("basic", "coverage", True, ints(0, 1), floats(1, 2), none.astype(float), -1, 0.001),
            Objective("share", "smallest_share", True, ints(0, 1), floats(1, 1), floats(13, 25), -1, 0.0),
            Objective("cost", "capital", False, none, floats(), floats(), -1, 0.0),
            Objective("public", "party_capital", False, none, floats(), floats(), 0, 0.0),
        ),
    )  # fmt: skip


def written(model, path):
    for s in model.stage:
        if s:
            model.stage[s].deactivate()
    model.write(str(path), format="lp_v2", io_options={"symbolic_solver_labels": True})
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FORMULATIONS)
def test_golden_file(name, tiny, tmp_path):
    model = FORMULATIONS[name](tiny)
    reach_rows(model, tiny)
    assert written(model, tmp_path / "written.lp") == (GOLDEN / f"{name}.lp").read_text(encoding="utf-8")


def test_no_formulation_without_a_golden_file():
    """A formulation is a public function of the ground floor that gives a model."""
    found = set()
    for info in pkgutil.iter_modules(panhuo_models.__path__):
        module = import_module(f"panhuo_models.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            returns = inspect.signature(function).return_annotation
            if function.__module__ == module.__name__ and not name.startswith("_") and "ConcreteModel" in str(returns):
                found.add(name)
    assert found == set(FORMULATIONS) == {path.stem for path in GOLDEN.glob("*.lp")}


@pytest.mark.parametrize("name", FORMULATIONS)
def test_docstring_has_formula_symbols_and_source(name):
    text = FORMULATIONS[name].__doc__
    assert "Σ" in text
    assert "symbol" in text
    assert "doi:10." in text
    assert "Ours" in text


def test_objectives_by_hand(tiny):
    """Values of a point that was worked out by hand: A:keep:clinic and B:keep:canteen, e1 stays open."""
    model = district_plan(tiny)
    for name in tiny.options:
        model.siting.choose[name] = float(name in ("A:keep:clinic", "B:keep:canteen"))
    model.coverage.reached["canteen"] = 10
    model.coverage.reached["clinic:old"] = 20
    for pair in model.money.pay:
        model.money.pay[pair] = 0
    model.money.pay["district", 0] = 8
    model.money.pay["enterprise", 0] = 4
    model.money.pay["district", 1] = 5
    model.equity.smallest[1] = 0.8
    values = [pyo.value(model.stage[s]) for s in model.stage]
    assert values == pytest.approx([1 * (3 + 10 - 3) + 2 * (0 + 20 - 20), 0.8, 17, 13])
    assert [model.stage[s].sense for s in model.stage] == [pyo.maximize, pyo.maximize, pyo.minimize, pyo.minimize]
    # District pays 13 of 17: more than 75 %; the enterprise's 4 of 17 are more than 10 %.
    assert pyo.value(model.money.share_max["government"].body) > 0
    assert pyo.value(model.money.share_min["enterprise"].body) > 0


def test_required_site_without_option(tiny):
    bare = replace(
        tiny, options=tiny.options[:3], option_project=tiny.option_project[:3], option_service=tiny.option_service[:3],
        option_area=tiny.option_area[:3], money=replace(tiny.money, cost=tiny.money.cost[:, :3]),
    )  # fmt: skip
    with pytest.raises(ValueError, match="required site B has no option"):
        district_plan(bare)
