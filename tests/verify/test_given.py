"""What goes against the policy is named, with its figures; of a plan that somebody gave it is no fault."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest

import panhuo
from panhuo import result
from panhuo.assemble import derive_options
from panhuo.instance import Instance, InstanceError
from panhuo.instance.policy import Floor, Pin
from panhuo.result import Result, Verification
from panhuo.result.money.treasury import Treasury
from panhuo.result.verify.money.paying import obstacles
from panhuo.result.verify.siting import Plan
from panhuo.result.verify.stock import Stock

from .tampering import against, edit, given, solved, texts

pytestmark = pytest.mark.usefixtures("tables_alone")

BY_HAND = ("S1:convert:clinic", "S2:convert:canteen", "S3:keep:culture")
"""The toy's optimum, from its README."""


def test_a_site_used_twice_over_its_area_is_found(toy: Instance) -> None:
    """180 m² hold a canteen and a clinic, but no culture room beside them."""
    three = ("S2:convert:canteen", "S2:convert:clinic", "S2:convert:culture")
    assert given(toy, three[:2]).verification == Verification((), given=True)
    assert texts(solved(toy, three))[0] == (
        "plan.csv, S2:convert, area_m2 = 240.00: expected <= 180.00. The services of a site share its floor area [m²]."
    )
    seen = given(toy, three).verification
    assert seen.ok
    assert against(seen)[0] == (
        "over the floor area of S2 Old office 旧办公楼 by 60 m²: its services take 240 m², 180 m² can be used"
    )
    assert "超出 60 平方米" in against(seen, "zh")[0]


def test_a_site_in_two_modes_is_found(toy: Instance) -> None:
    both = ("S3:keep:culture", "S3:convert:culture")
    found = texts(solved(toy, both))
    assert "plan.csv, S3, mode = convert, keep: a site is used in one mode only." in found
    assert "plan.csv, S3 culture = 2: expected 1. A site holds a service once only." in found
    seen = given(toy, both).verification
    assert seen.ok
    assert against(seen) == [
        "S3 Reading room 阅览室 is used in more than one mode: keep; convert",
        "S3 Reading room 阅览室 holds Culture room 2 times; once is allowed",
    ]


def test_caps_shares_and_budget_are_held_against_the_plan(toy: Instance) -> None:
    """Made with deep pockets, looked at with the toy's own."""
    funds = toy["funds"].assign(cap_cny=1e9)
    parties = toy["parties"].assign(max_share=1.0)
    policy = toy.settings.policy.model_copy(update={"budget_cny": None})
    rich = dataclasses.replace(
        toy,
        tables={**toy.tables, "funds": funds, "parties": parties},
        settings=toy.settings.model_copy(update={"policy": policy}),
    )
    made = given(rich, ("S1:convert:clinic", "S2:convert:canteen", "S2:convert:clinic"))
    broken = texts(result.verify_tables(toy, made.tables, {**made.run, "status": "time_limit"}))
    assert "ledger.csv, works, amount_cny = 292000.00: expected <= 220000.00. The cap of the fund." in broken
    assert "ledger.csv, amount_cny = 362000.00: expected <= 280000.00. The budget." in broken
    assert any(
        t.startswith("ledger.csv, government, amount_cny = 292000.00: expected 0.00 … 289600.00") for t in broken
    )


def test_a_choice_without_a_ledger_says_why(toy: Instance) -> None:
    """The government's share would be 82.8 %. Where the plan was only evaluated, the figures agree all the same."""
    sentence = "government would have to pay CNY 96,000, 82.76% of the capital; at most 80% is allowed"
    assert f"ledger.csv: {sentence}." in texts(solved(toy, ("S1:convert:clinic",)))
    evaluated = given(toy, ("S1:convert:clinic",)).verification
    assert evaluated.ok
    assert against(evaluated) == [sentence]


def test_every_limit_of_the_money_is_named_with_its_figures(toy: Instance) -> None:
    """Section 5 of the toy's README: fit-out 292,000, equipment 70,000, in all 362,000."""
    three = ("S1:convert:clinic", "S2:convert:canteen", "S2:convert:clinic")
    assert against(given(toy, three).verification) == [
        "over the budget by CNY 82,000: the capital is CNY 362,000, the budget CNY 280,000",
        "over the cap of Public works money by CNY 72,000: nobody else may pay fit_out, which cost "
        "CNY 292,000, and the cap is CNY 220,000",
        "over the cap of Operator's equipment money by CNY 10,000: nobody else may pay equipment, which "
        "cost CNY 70,000, and the cap is CNY 60,000",
        "government would have to pay CNY 292,000, 80.66% of the capital; at most 80% is allowed",
    ]
    least = toy["parties"].assign(min_share=[0.0, 0.3, 0.0, 0.0, 0.0])
    asked = dataclasses.replace(toy, tables={**toy.tables, "parties": least})
    assert against(given(asked, ("S2:convert:canteen",)).verification) == [
        "enterprise can pay at most CNY 30,000, 23.08% of the capital; at least 30% is asked for"
    ]


def test_a_ledger_is_named_missing_only_where_one_exists(toy: Instance) -> None:
    """The verifier's own flows agree with the treasury about every choice of one option a site."""
    options = derive_options(toy)
    treasury, stock = Treasury(toy, options), Stock(toy)
    nobody = [np.zeros(0, dtype=bool)] * len(toy["funds"])
    by_site = [["", *options.table["option"][options.table["site"] == s]] for s in ("S1", "S2", "S3")]
    answers = set()
    for names in itertools.product(*by_site):
        choose = options.table["option"].isin(names).to_numpy()
        payable = not obstacles(toy, stock, Plan([stock.options[n] for n in names if n], {}, []))
        assert payable == (treasury.settle(choose, [], nobody) is not None), names
        answers.add(payable)
    assert answers == {True, False}


def test_a_ledger_without_its_rows_is_found(out: Path) -> None:
    edit(out / "ledger.csv", lambda t: t.iloc[:0])
    assert "ledger.csv: the rows are missing: this choice can be paid." in texts(panhuo.verify(out))


def test_promises_of_the_policy_are_held_against_the_plan(toy: Instance, found: Result) -> None:
    services = toy["services"].assign(mandatory=[False, True, False])
    floors = (
        Floor(service="culture", share=0.9, circle_types=("old_town",)),
        Floor(service="canteen", share=0.6, base="all"),
    )
    policy = toy.settings.policy.model_copy(update={"floors": floors})
    settings = toy.settings.model_copy(update={"policy": policy})
    strict = dataclasses.replace(toy, tables={**toy.tables, "services": services}, settings=settings)
    assert texts(result.verify_tables(strict, found.tables, found.run)) == [
        "coverage.csv, clinic, after_persons: a mandatory service must reach everyone it can reach; persons left out: 240.",
        "coverage.csv, west culture, after_persons = 640.0: expected >= 792.000000. The coverage floor of the policy.",
        "coverage.csv, east canteen, after_persons = 90.0: expected >= 102.000000. The coverage floor of the policy.",
    ]
    seen = result.verify_tables(
        strict, found.tables, {**found.run, "status": "evaluated", "arguments": {"plan": "mine.csv"}}
    )
    assert seen.ok
    assert seen.given
    assert against(seen) == [
        "Clinic is mandatory; people within its reach who are not covered: 240",
        "Culture room in circle West circle 西圈: 72.72% covered, floor 90%",
        "Canteen in circle East circle 东圈: 52.94% covered, floor 60%",
    ]


def test_a_further_column_of_any_name_hides_no_stage(toy: Instance, found: Result) -> None:
    services = toy["services"].copy()
    services.insert(0, "rank", "9")
    run = {
        **found.run,
        "stages": [{**stage, "objective": 1, "bound": None, "gap": None} for stage in found.run["stages"]],
    }
    changed = dataclasses.replace(toy, tables={**toy.tables, "services": services})
    verified = result.verify_tables(changed, found.tables, run)
    assert "run.json, stages.basic.objective = 1: expected 850.0. Derived from the inputs." in texts(verified)


def test_a_column_that_is_blank_throughout_is_read(toy: Instance, tmp_path: Path) -> None:
    """Where every service serves its own unit, nobody's minutes are told."""
    folder = tmp_path / "district"
    shutil.copytree(toy.path, folder)
    edit(folder / "services.csv", lambda t: t.assign(measure="unit", standard_min="", standard_m=""))
    edit(folder / "demand.csv", lambda t: t.assign(unit="v1"))
    edit(folder / "sites.csv", lambda t: t.assign(unit="v1"))
    made = given(panhuo.read(folder), ("S1:convert:clinic",))
    assert len(made.allocation)
    assert made.allocation["minutes"].isna().all()
    assert texts(panhuo.verify(result.write(made, tmp_path / "out"))) == []


def test_a_proposal_may_be_called_as_the_settings_are(toy: Instance, tmp_path: Path) -> None:
    proposal = tmp_path / "instance.toml"
    proposal.write_text('title = "Thrift"\n[policy]\nbudget_cny = 150000\n', encoding="utf-8")
    made = given(panhuo.read(toy.path, proposal), ("S2:convert:canteen",))
    assert texts(panhuo.verify(result.write(made, tmp_path / "out"))) == []


@pytest.mark.parametrize("method", ["straight", "minutes"])
def test_minutes_that_nobody_knows_are_blank(toy: Instance, tmp_path: Path, method: str) -> None:
    """The way D6 – S1 is given for adults; seniors are served by its metres, but how long they walk is not known."""
    folder = tmp_path / "district"
    shutil.copytree(toy.path, folder)
    (folder / "minutes.csv").write_text("demand,place,profile,minutes,metres\nD6,S1,adult,3,100\n", encoding="utf-8")
    settings = (folder / "instance.toml").read_text(encoding="utf-8")
    settings = settings.replace('method = "straight"', f'method = "{method}"')
    (folder / "instance.toml").write_text(settings, encoding="utf-8")
    made = given(panhuo.read(folder), ("S1:convert:culture",))
    rows = made.allocation[made.allocation["demand"] == "D6"].set_index(["service", "profile"])
    assert rows.loc[("culture", "adult"), ["minutes", "metres"]].tolist() == [3.0, 100.0]
    assert rows.loc[("culture", "senior"), ["minutes", "metres"]].isna().tolist() == [True, False]
    assert texts(made.verification) == []
    spoilt = made.allocation.assign(metres=None)
    found = result.verify_tables(made.instance, {**made.tables, "allocation": spoilt}, made.run)
    assert any("D6 culture senior, metres" in text for text in texts(found))


def test_a_required_site_that_is_not_used_is_found(toy: Instance) -> None:
    required = dataclasses.replace(
        toy, tables={**toy.tables, "sites": toy["sites"].assign(status=["required", "candidate", "required"])}
    )
    assert texts(solved(required, BY_HAND)) == []
    unused = texts(solved(required, ("S2:convert:canteen", "S3:keep:culture")))
    assert "plan.csv, S1: the site is required but not used." in unused
    assert not any("S3" in text for text in unused)
    assert (
        against(given(required, ("S2:convert:canteen", "S3:keep:culture")).verification)[0]
        == "S1 Old shop 老商铺 is required but not used"
    )


def test_pins_that_a_plan_does_not_meet_are_found(toy: Instance) -> None:
    """The canteen is pinned and chosen, the culture room is not; the clinic of S1 is dropped and chosen."""
    pins = {
        "pinned": (
            Pin(site="S2", mode="convert", service="canteen"),
            Pin(site="S2", mode="convert", service="culture"),
        ),
        "dropped": (Pin(site="S1", mode="convert", service="clinic"),),
    }
    policy = toy.settings.policy.model_copy(update=pins)
    strict = dataclasses.replace(toy, settings=toy.settings.model_copy(update={"policy": policy}))
    made = given(toy, BY_HAND)
    found = texts(result.verify_tables(strict, made.tables, {**made.run, "status": "optimal"}))
    assert "plan.csv, S2:convert:culture: the option is pinned but not chosen." in found
    assert "plan.csv, S1:convert:clinic, option: excluded by the rule dropped." in found
    assert not any("S2:convert:canteen" in text for text in found)
    seen = given(strict, BY_HAND[1:]).verification
    assert against(seen)[0] == "Culture room in S2 Old office 旧办公楼 (convert) is pinned but not chosen"
    assert "S2 Old office 旧办公楼 的 文化活动站（改）已锁定，但未采用" in against(seen, "zh")
    with pytest.raises(InstanceError, match="excluded by the rule dropped"):
        given(strict, BY_HAND)


def test_many_discrepancies_of_one_kind_are_counted(found: Result, toy: Instance) -> None:
    moved = found.allocation.assign(metres=found.allocation["metres"] + 1)
    seen = texts(result.verify_tables(toy, {**found.tables, "allocation": moved}, found.run))
    assert len(seen) == 21
    assert seen[-1] == "allocation.csv, metres: and 1 more like this."


@pytest.mark.parametrize("content", [None, "not json", "[]"])
def test_a_folder_without_a_result_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(InstanceError, match="holds no result that can be read"):
        panhuo.verify(tmp_path)


def test_verification_imports_nothing_of_the_model() -> None:
    """Only the instance, the words, and libraries that neither the model nor the search for minutes rests on."""
    folder = Path(result.__file__).parent / "verify"
    imported = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
    own = {m for m in imported if m.startswith("panhuo")}
    allowed = ("panhuo.instance", "panhuo.words", "panhuo.result.verify")
    assert {m for m in own if not m.startswith(allowed)} == set()
    assert {m.split(".")[0] for m in imported} & {
        "numba",
        "sklearn",
        "pyomo",
        "highspy",
        "ortools",
        "geopandas",
    } == set()
