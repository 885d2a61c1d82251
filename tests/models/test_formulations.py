"""Each formulation has a golden LP file; what it writes is read line by line.

Run as a program, this module writes the golden files anew: read the difference before you keep it.
"""

import inspect
import pkgutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import four_sites
import numpy as np
import pyomo.environ as pyo
import pytest
import scipy.sparse as sp
from every_row import every_row
from two_rooms import two_rooms

import panhuo_models
from panhuo_models.cflp import cflp, pair_rows
from panhuo_models.coverage import count_rows, reach_rows
from panhuo_models.covering import cover_rows, must_cover_rows
from panhuo_models.data import Pin
from panhuo_models.district import district_plan
from panhuo_models.flow import flow_rows
from panhuo_models.lscp import lscp
from panhuo_models.mclp import mclp
from panhuo_models.p_center import p_center, radius_rows
from panhuo_models.p_median import level_rows, p_median
from panhuo_models.partial_cover import partial_cover

GOLDEN = Path(__file__).parent / "golden"
FORMULATIONS = {
    "district_plan": district_plan,
    "mclp": mclp,
    "partial_cover": partial_cover,
    "lscp": lscp,
    "p_median": p_median,
    "p_center": p_center,
    "cflp": cflp,
}
ROWS = {
    "district_plan": (reach_rows, flow_rows, count_rows),
    "mclp": (cover_rows,),
    "partial_cover": (cover_rows,),
    "lscp": (must_cover_rows,),
    "p_median": (level_rows,),
    "p_center": (radius_rows,),
    "cflp": (pair_rows,),
}
"""What writes out the reach rows of each, and the like."""
DATA = {
    "district_plan": every_row,
    "mclp": four_sites.covering,
    "partial_cover": four_sites.covering,
    "lscp": four_sites.covering,
    "p_median": lambda: four_sites.serving(exactly=True),
    "p_center": four_sites.serving,
    "cflp": four_sites.serving,
}
"""Small data of each, in which every family of rows holds something."""


@pytest.fixture
def data():
    return every_row()


def written_out(formulation, data):
    """The planning rows, and the reach rows and the like behind them."""
    model = formulation(data)
    for rows in ROWS[formulation.__name__]:
        rows(model, data)
    return model


def write(model, path):
    for objective in list(model.component_data_objects(pyo.Objective))[1:]:
        objective.deactivate()
    model.write(str(path), format="cpxlp", io_options={"symbolic_solver_labels": True})


@pytest.mark.parametrize("name", FORMULATIONS)
def test_golden_file(name, tmp_path):
    write(written_out(FORMULATIONS[name], DATA[name]()), tmp_path / "written.lp")
    golden = (GOLDEN / f"{name}.lp").read_text(encoding="utf-8")
    assert (tmp_path / "written.lp").read_text(encoding="utf-8").splitlines() == golden.splitlines()


@pytest.mark.parametrize("name", FORMULATIONS)
def test_golden_file_has_every_family(name):
    """No family of rows or decisions is empty, so that none can change unseen."""
    model = written_out(FORMULATIONS[name], DATA[name]())
    assert [family.name for family in model.component_objects((pyo.Constraint, pyo.Var)) if not len(family)] == []


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


@pytest.mark.parametrize("name", FORMULATIONS)
def test_docstring_names_every_decision(name):
    """Each family of decisions stands in the table of symbols, under its own name."""
    for family in written_out(FORMULATIONS[name], DATA[name]()).component_objects(pyo.Var):
        said = f"    {family.local_name}[" if family.is_indexed() else f"    {family.local_name} "
        assert said in FORMULATIONS[name].__doc__


@pytest.fixture
def point(data):
    """A in its second mode as a hall and the public canteen "low", by hand; all decisions of which nothing is said are 0."""
    model = written_out(district_plan, data)
    for variable in model.component_data_objects(pyo.Var):
        variable.set_value(0, skip_validation=True)
    for option in ("A:convert:hall", "A:convert:canteen:public"):
        model.siting.choose[option] = 1
    model.works.build["A:convert:lift"] = 1
    # 60,000 CNY for the hall, 90,000 for the canteen, 30,000 for the lift; in units of 10,000.
    for pair, amount in {("district", 0): 6, ("state", 1): 4, ("embedded", 1): 5, ("district", 4): 3}.items():
        model.money.pay[pair] = amount
    model.operation.load["A:canteen:public|low", "poor"] = 12
    model.operation.load["A:canteen:public|low", "other"] = 8
    model.coverage.reached["hall"], model.coverage.reached["canteen:old"] = 65, 20
    model.accounts.subsidy[1], model.equity.smallest[1], model.links.both[1] = 1, 0.3, 1
    model.yearly.pay_yearly["district", 0], model.yearly.pay_yearly["district", 2] = 3.2, 0.5
    return model


def test_objectives_by_hand(point):
    """People at the hall 10 + 65 − 35, at canteens 0 + 20 − 6, twice; 18 units of money, all the government's."""
    values = [pyo.value(point.stage[s]) for s in point.stage]
    assert values == pytest.approx([40 + 2 * 14, 0.3, 2.5, 18, 18, 3.7])
    assert [point.stage[s].sense for s in point.stage] == [pyo.maximize] * 3 + [pyo.minimize] * 3


def test_rows_of_money_by_hand(point):
    """By hand, in units of 10,000 CNY.

    The canteen takes in 12·(1,000 + 1,500 + 250) + 8·(2,000 + 500) = 53,000 CNY and a subsidy of 10,000; it costs
    40,000 and 20·1,500 = 30,000. Guests pay 12·1,000 + 8·2,000 = 28,000, the enterprise forgoes 8·250 = 2,000.
    """
    body = {name: pyo.value(row.body) for name, row in rows(point)}
    assert body["accounts.missing[1]"] == pytest.approx(0 + 6.3 - 7)
    assert body["accounts.granted[1]"] == pytest.approx(1 - 1)
    assert body["yearly.balance[0]"] == pytest.approx(3.2 - (12 * 0.15 + 8 * 0.05) - 1)
    assert body["yearly.balance[1]"] == pytest.approx(-12 * 0.025)
    assert body["yearly.balance[2]"] == pytest.approx(0.5)
    # Full price 28,000 + 22,000 + 3,000 + 2,000 and the subsidy.
    assert body["yearly.low[3]"] == pytest.approx(2.8 - 0.2 * 6.5)
    assert body["yearly.high[4]"] == pytest.approx(0.2 - 0.5 * 6.5)
    # The public canteen's own revenue is 28,000 − 70,000; the bond pays nothing.
    assert body["bonds.served[0]"] == pytest.approx(2.8 - 7)
    # Public funds pay all of 18; the community gives 5,000 and 6,000 CNY in kind.
    assert body["shares.high[0]"] == pytest.approx(18 - 0.85 * 18)
    assert body["shares.low[2]"] == pytest.approx(1.1 - 0.01 * 19.1)
    assert body["money.balance[1]"] == pytest.approx(9 - 9)


def rows(model):
    return ((row.name, row) for row in model.component_data_objects(pyo.Constraint))


def test_required_site_without_option():
    data = two_rooms()
    bare = replace(
        data, pins=(Pin("B", ()),), options=data.options[:2], option_project=data.option_project[:2], option_service=data.option_service[:2],
        option_offer=data.option_offer[:2], option_account=data.option_account[:2], option_area=data.option_area[:2],
        work_options=sp.csr_matrix((0, 2), dtype=bool),
    )  # fmt: skip
    with pytest.raises(ValueError, match="no option meets the pin B"):
        district_plan(bare)


def test_complexes_that_nothing_describes(data):
    with pytest.raises(ValueError, match="nothing says what a complex is"):
        district_plan(replace(data, complexes=None))


def test_yearly_class_half_in_a_limit(data):
    limits = list(data.money.limits)
    limits[3] = replace(limits[3], accounts=np.array([False, False, True, False]))
    with pytest.raises(ValueError, match=r"classes \[0, 1\] stand half in a limit"):
        district_plan(replace(data, money=replace(data.money, limits=tuple(limits))))


@pytest.mark.parametrize(("stage", "says"), [(0, "can only be maximised"), (2, "can only be maximised"),
                                             (5, "can only be minimised")])  # fmt: skip
def test_stages_that_the_rows_do_not_hold(data, stage, says):
    turned = replace(data.objectives[stage], maximise=not data.objectives[stage].maximise)
    with pytest.raises(ValueError, match=says):
        district_plan(replace(data, objectives=(turned,)))


def test_uptake_that_differs_within_a_tier(data):
    uptake = data.flow.uptake.copy()
    uptake[-1] = 0.6
    with pytest.raises(ValueError, match="a tier's uptake differs"):
        written_out(district_plan, replace(data, flow=replace(data.flow, uptake=uptake)))


if __name__ == "__main__":
    for name, formulation in FORMULATIONS.items():
        write(written_out(formulation, DATA[name]()), GOLDEN / f"{name}.lp")
