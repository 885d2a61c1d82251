"""Verification finds whatever was changed in a result, and nothing in one that was not."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import panhuo
from panhuo import result
from panhuo.assemble import derive_options
from panhuo.instance import Instance, InstanceError
from panhuo.instance.policy import Floor
from panhuo.result import Result, Verification
from panhuo.result.verify.paying import obstacles
from panhuo.result.verify.stock import Stock
from panhuo.words import Lang

from .conftest import built, edit, solved


def cell(file: str, row: int, column: str, value: str) -> Callable[[Path], None]:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[row, column] = value
        return table

    return lambda out: edit(out / file, change)


def row(file: str, at: int, **values: str) -> Callable[[Path], None]:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        for column, value in values.items():
            table.loc[at, column] = value
        return table

    return lambda out: edit(out / file, change)


def drop(file: str, row: int) -> Callable[[Path], None]:
    return lambda out: edit(out / file, lambda table: table.drop(index=row))


def again(file: str, row: int) -> Callable[[Path], None]:
    return lambda out: edit(out / file, lambda table: pd.concat([table, table.loc[[row]]]))


def record(*path: str | int, value: Any) -> Callable[[Path], None]:
    def change(out: Path) -> None:
        file = out / "run.json"
        run = at = json.loads(file.read_text(encoding="utf-8"))
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        file.write_text(json.dumps(run), encoding="utf-8")

    return change


def texts(found: Verification) -> list[str]:
    return [str(f) for f in found.faults]


def test_an_untouched_result_is_verified(out: Path) -> None:
    assert texts(result.verify(out)) == []


SPOILT = {
    # a changed cost
    "a cost, by one fen": (cell("plan.csv", 0, "capital_cny", "116000.01"), "plan.csv, S1:convert:clinic, capital_cny = 116000.01: expected 116000.00"),
    "a yearly cost": (cell("plan.csv", 1, "yearly_cny", "94000.10"), "plan.csv, S2:convert:canteen, yearly_cny = 94000.10: expected 94000.00"),
    "an area": (cell("plan.csv", 0, "area_m2", "79.99"), "plan.csv, S1:convert:clinic, area_m2 = 79.99: expected 80.00"),
    "the months": (cell("plan.csv", 2, "months", "3"), "plan.csv, S3:keep:culture, months = 3: expected 2"),
    "an option that is excluded": (
        lambda out: edit(out / "plan.csv", lambda t: t.replace({"S1:convert:clinic": "S1:convert:canteen"}).replace({"clinic": "canteen"})),
        "plan.csv, S1:convert:canteen, option: excluded by the rule kitchen_flue",
    ),
    "an option that does not exist": (cell("plan.csv", 0, "option", "S1:convert:pool"), "plan.csv, S1:convert:pool, option:"),
    # a coverage figure off by one person
    "covered after, off by one": (cell("coverage.csv", 0, "after_persons", "121"), "coverage.csv, west canteen, after_persons = 121.0: expected 120.0"),
    "covered before, off by one": (cell("coverage.csv", 2, "before_persons", "641"), "coverage.csv, west culture, before_persons = 641.0: expected 640.0"),
    "newly covered, off by one": (cell("coverage.csv", 0, "new_persons", "119"), "coverage.csv, west canteen, new_persons"),
    "unreachable, off by one": (cell("coverage.csv", 5, "unreachable_persons", "339"), "coverage.csv, east culture, unreachable_persons"),
    "lost, off by one": (cell("coverage.csv", 5, "lost_persons", "1"), "coverage.csv, east culture, lost_persons"),
    "a circle's type": (cell("coverage.csv", 0, "circle_type", "village"), "coverage.csv, west canteen, circle_type = village: expected old_town"),
    "a demand point, off by one": (cell("demand.csv", 4, "after_persons", "379"), "demand.csv, D2 clinic, after_persons = 379.0: expected 380.0"),
    "a demand point's people": (cell("demand.csv", 4, "persons", "381"), "demand.csv, D2 clinic, persons"),
    # where people go
    "allocated to a place that is closed": (cell("allocation.csv", 0, "place", "S2"), "allocation.csv, D1 clinic adult, place = S2: the place must be open"),
    "allocated to one's own invention": (cell("allocation.csv", 0, "place", "S9"), "allocation.csv, D1 clinic adult, place = S9: the place must be open"),
    "allocated beyond the standard": (
        row("allocation.csv", 0, place="E1", kind="existing", option=""),
        "allocation.csv, D1 clinic adult, place = E1: the place must lie within the service's standard",
    ),
    "minutes": (cell("allocation.csv", 4, "minutes", "14.061"), "allocation.csv, D2 canteen senior, minutes = 14.061: expected 14.062"),
    "metres": (cell("allocation.csv", 4, "metres", "751"), "allocation.csv, D2 canteen senior, metres = 751.0: expected 750.0"),
    "persons allocated": (cell("allocation.csv", 4, "persons", "81"), "allocation.csv, D2 canteen senior, persons = 81.0: expected 80.0"),
    "the option of an allocation": (cell("allocation.csv", 4, "option", ""), "allocation.csv, D2 canteen senior, option"),
    # money
    "a payment, by one fen": (cell("ledger.csv", 0, "amount_cny", "96000.01"), "ledger.csv, S1:convert:clinic fit_out, amount_cny = 96000.01: expected 96000.00"),
    "half a fen": (cell("ledger.csv", 0, "amount_cny", "96000.005"), "ledger.csv, row 2, amount_cny = 96000.005: must be whole hundredths"),
    "an ineligible payment": (
        row("ledger.csv", 4, fund="equip", party="enterprise"),
        "ledger.csv, S3:keep:culture fit_out equip, fund = equip: the fund may not pay this item of this option",
    ),
    "a fund over its cap": (
        row("ledger.csv", 4, fund="equip", party="enterprise"),
        "ledger.csv, equip, amount_cny = 79999.80: expected <= 60000.00. the cap of the fund",
    ),
    "a share out of bounds": (
        lambda out: edit(out / "ledger.csv", lambda t: t.assign(fund="works", party="government")),
        "ledger.csv, government, amount_cny = 275999.80: expected 0.00 … 220799.84. the party's share of the plan's capital, between 0.0 and 0.8",
    ),
    "the party behind a fund": (cell("ledger.csv", 0, "party", "donor"), "ledger.csv, S1:convert:clinic fit_out works, party = donor: expected government"),
    "a fund nobody knows": (cell("ledger.csv", 0, "fund", "gift"), "ledger.csv, S1:convert:clinic fit_out gift, fund = gift: no such fund"),
    "the site of a payment": (cell("ledger.csv", 0, "site", "S2"), "ledger.csv, S1:convert:clinic fit_out works, site = S2:convert: expected S1:convert"),
    "another ledger": (cell("ledger.csv", 0, "ledger", "yearly"), "ledger.csv, S1:convert:clinic fit_out works, ledger = yearly: expected capital"),
    # rows
    "a missing ledger row": (drop("ledger.csv", 3), "ledger.csv, S2:convert:canteen equipment, amount_cny = 0.00: expected 30000.00. the row is missing"),
    "a ledger row twice": (again("ledger.csv", 3), "ledger.csv, S2:convert:canteen equipment equip: the row stands there more than once"),
    "a missing plan row": (drop("plan.csv", 2), "sites.csv, S3, chosen = yes: expected no"),
    "a plan row twice": (again("plan.csv", 2), "plan.csv, S3:keep:culture: the row stands there more than once"),
    "a missing site": (drop("sites.csv", 1), "sites.csv, S2: the row is missing"),
    "a missing circle": (drop("coverage.csv", 1), "coverage.csv, west clinic: the row is missing"),
    "a missing demand point": (drop("demand.csv", 0), "demand.csv, D1 canteen: the row is missing"),
    "a missing allocation": (drop("allocation.csv", 0), "allocation.csv, D1 clinic adult: the row is missing"),
    "an allocation twice": (again("allocation.csv", 0), "allocation.csv, D1 clinic adult: the row stands there more than once"),
    "a price": (
        lambda out: (out / "prices.csv").write_text((out / "prices.csv").read_text("utf-8-sig") + "S1:convert:clinic,a,b,1,0,0,0\n", "utf-8-sig"),
        "prices.csv, S1:convert:clinic: the row must not be there",
    ),
    "a missing table": (lambda out: (out / "demand.csv").unlink(), "demand.csv: the table is missing"),
    "a missing column": (
        lambda out: edit(out / "ledger.csv", lambda t: t.drop(columns="party")), "ledger.csv, party: the column is missing"
    ),
    "no number": (cell("coverage.csv", 0, "after_persons", "many"), "coverage.csv, row 2, after_persons = many: must be a number"),
    # the story
    "a site's reason": (cell("sites.csv", 0, "reason", "not_chosen"), "sites.csv, S1, reason = not_chosen: expected chosen"),
    "a site's services": (cell("sites.csv", 1, "services", "canteen;clinic"), "sites.csv, S2, services = canteen;clinic: expected canteen"),
    "a site's capital": (cell("sites.csv", 1, "capital_cny", "1.00"), "sites.csv, S2, capital_cny = 1.00: expected 130000.00"),
    # the record
    "the capital": (record("capital_cny", value=275_999.81), "run.json, capital_cny = 275999.81: expected 275999.8"),
    "no number at all": (record("capital_cny", value=float("nan")), "run.json, capital_cny = nan: expected 275999.8"),
    "the yearly cost": (record("yearly_cny", value=0), "run.json, yearly_cny = 0: expected 239600.0"),
    "person-services": (record("new_person_services", value=1211), "run.json, new_person_services = 1211: expected 1210.0"),
    "a service's people": (record("coverage", "clinic", "after", value=1341), "run.json, coverage.clinic.after = 1341: expected 1340.0"),
    "a service left out": (record("coverage", value={}), "run.json, coverage.culture.base_persons"),
    "a party's share": (record("shares", "capital", "government", value=0.5), "run.json, shares.capital.government = 0.5: expected 0.78"),
    "an objective": (record("stages", 1, "objective", value=361), "run.json, stages.quality.objective = 361: expected 360.0"),
    "a bound below the plan": (record("stages", 1, "bound", value=359), "run.json, stages.quality.bound = 359: no plan surpasses a bound"),
    "a gap": (record("stages", 1, "gap", value=0.001), "run.json, stages.quality.gap = 0.001: expected 0.01"),
    "the sense of a stage": (record("stages", 0, "sense", value="min"), "run.json, stages.basic.sense = min: expected max"),
    "the gap at the top": (record("gap", value=0.5), "run.json, gap = 0.5: expected 0.0. what the first stage says"),
    "what a fund pays": (record("funds", 0, "used_cny", value=1), "run.json, funds.works = 1: expected 215999.8"),
    "a stage left out": (record("stages", value=[]), "run.json, stages.basic: the stage is missing, but the run claims to be complete"),
    # inputs
    "an input changed since": (
        lambda out: edit(out / "inputs" / "services.csv", lambda t: t.replace({"老年食堂": "食堂"})),
        "expected 558413880c7c. the input has changed since the plan was made (SHA-256)",
    ),
    "an input that changes the plan": (
        lambda out: edit(out / "inputs" / "costs.csv", lambda t: t.replace({"1000": "999"})), "plan.csv, S2:convert:canteen, capital_cny = 130000.00: expected 129900.00"
    ),
    "an input nobody knows": (lambda out: (out / "inputs" / "minutes.csv").write_text("x"), "inputs/minutes.csv: run.json does not know this input"),
    "an input missing": (lambda out: (out / "inputs" / "parties.csv").unlink(), "inputs/parties.csv: the input is missing"),
    "an input no longer sound": (
        lambda out: edit(out / "inputs" / "sites.csv", lambda t: t.assign(area_m2="-1")), "inputs/sites.csv, area_m2 = -1"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILT)
def test_what_was_changed_is_found(out: Path, case: str) -> None:
    spoil, expected = SPOILT[case]
    spoil(out)
    found = result.verify(out)
    assert not found.ok
    assert any(expected in text for text in texts(found)), texts(found)


def against(found: Verification, lang: Lang = "en") -> list[str]:
    return [sentence.to(lang) for sentence in found.against]


def test_a_site_used_twice_over_its_area_is_found(toy: Instance) -> None:
    """180 m² hold a canteen and a clinic, but no culture room beside them."""
    three = ("S2:convert:canteen", "S2:convert:clinic", "S2:convert:culture")
    assert built(toy, three[:2]).verification == Verification(())
    assert texts(solved(toy, three).verification)[0] == (
        "plan.csv, S2:convert, area_m2 = 240.00: expected <= 180.00. the services of a site share its floor area [m²]."
    )
    looked_at = built(toy, three).verification
    assert looked_at.ok
    assert against(looked_at)[0] == (
        "over the floor area of S2 Old office 旧办公楼 by 60 m²: its services take 240 m², 180 m² can be used"
    )
    assert "超出 60 平方米" in against(looked_at, "zh")[0]


def test_a_site_in_two_modes_is_found(toy: Instance) -> None:
    both = ("S3:keep:culture", "S3:convert:culture")
    found = texts(solved(toy, both).verification)
    assert "plan.csv, S3, mode = convert, keep: a site is used in one mode only." in found
    assert "plan.csv, S3 culture = 2: expected 1. a site holds a service once only." in found
    looked_at = built(toy, both).verification
    assert looked_at.ok
    assert against(looked_at) == [
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
    made = solved(rich, ("S1:convert:clinic", "S2:convert:canteen", "S2:convert:clinic"))
    broken = texts(result.verify_tables(toy, made.tables, made.run))
    assert "ledger.csv, works, amount_cny = 292000.00: expected <= 220000.00. the cap of the fund." in broken
    assert "ledger.csv, amount_cny = 362000.00: expected <= 280000.00. the budget." in broken
    assert any(
        t.startswith("ledger.csv, government, amount_cny = 292000.00: expected 0.00 … 289600.00") for t in broken
    )


def test_a_choice_without_a_ledger_says_why(toy: Instance) -> None:
    """The government's share would be 82.8 %. Where the plan was only evaluated, the figures agree all the same."""
    sentence = "government would have to pay CNY 96,000, 82.76 % of the capital; at most 80 % is allowed"
    assert f"ledger.csv: {sentence}." in texts(solved(toy, ("S1:convert:clinic",)).verification)
    evaluated = built(toy, ("S1:convert:clinic",)).verification
    assert evaluated.ok
    assert against(evaluated) == [sentence]


def test_every_limit_of_the_money_is_named_with_its_figures(toy: Instance) -> None:
    """Section 5 of the toy's README: fit-out 292,000, equipment 70,000, in all 362,000."""
    three = ("S1:convert:clinic", "S2:convert:canteen", "S2:convert:clinic")
    assert against(built(toy, three).verification) == [
        "over the budget by CNY 82,000: the capital is CNY 362,000, the budget CNY 280,000",
        "over the cap of Public works money by CNY 72,000: nobody else may pay fit_out, which cost "
        "CNY 292,000, and the cap is CNY 220,000",
        "over the cap of Operator's equipment money by CNY 10,000: nobody else may pay equipment, which "
        "cost CNY 70,000, and the cap is CNY 60,000",
        "government would have to pay CNY 292,000, 80.66 % of the capital; at most 80 % is allowed",
    ]
    rows = toy["eligibility"]
    unpaid = dataclasses.replace(toy, tables={**toy.tables, "eligibility": rows[rows["fund"] == "works"]})
    assert "no fund may pay equipment of S2:convert:canteen (CNY 30,000)" in against(
        built(unpaid, ("S2:convert:canteen",)).verification
    )
    least = toy["parties"].assign(min_share=[0.0, 0.3, 0.0, 0.0, 0.0])
    asked = dataclasses.replace(toy, tables={**toy.tables, "parties": least})
    assert against(built(asked, ("S2:convert:canteen",)).verification) == [
        "enterprise can pay at most CNY 30,000, 23.08 % of the capital; at least 30 % is asked for"
    ]


def test_a_ledger_is_named_missing_only_where_one_exists(toy: Instance) -> None:
    """The verifier's own flows agree with the ledger's about every choice of one option a site."""
    options = derive_options(toy)
    purse = result.Purse(toy, options)
    by_site = [["", *options.table["option"][options.table["site"] == s]] for s in ("S1", "S2", "S3")]
    answers = set()
    for names in itertools.product(*by_site):
        choose = options.table["option"].isin(names).to_numpy()
        stock = Stock(toy)
        payable = not obstacles(toy, stock, [stock.offers[n] for n in names if n])
        assert payable == purse.accepts(choose), names
        answers.add(payable)
    assert answers == {True, False}


def test_a_ledger_without_its_rows_is_found(out: Path) -> None:
    edit(out / "ledger.csv", lambda t: t.iloc[:0])
    assert "ledger.csv: the rows are missing: this choice can be paid." in texts(result.verify(out))


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
        "coverage.csv, clinic, after_persons: a mandatory service must reach everyone it can reach; 240.0 persons are left out.",
        "coverage.csv, west culture, after_persons = 640.0: expected >= 792.000000. the coverage floor of the policy.",
        "coverage.csv, east canteen, after_persons = 90.0: expected >= 102.000000. the coverage floor of the policy.",
    ]
    looked_at = result.verify_tables(
        strict, found.tables, {**found.run, "status": "evaluated", "arguments": {"plan": "mine.csv"}}
    )
    assert looked_at.ok
    assert looked_at.given
    assert against(looked_at) == [
        "Clinic is mandatory, but 240 people within its reach are not covered",
        "Culture room in circle West circle 西圈: 72.72 % covered, floor 90 %",
        "Canteen in circle East circle 东圈: 52.94 % covered, floor 60 %",
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
    assert "run.json, stages.basic.objective = 1: expected 850.0. derived from the inputs." in texts(verified)


def test_a_column_that_is_blank_throughout_is_read(toy: Instance, tmp_path: Path) -> None:
    """Where every service serves its own unit, nobody's minutes are told."""
    folder = tmp_path / "district"
    shutil.copytree(toy.path, folder)
    edit(folder / "services.csv", lambda t: t.assign(measure="unit", standard_min="", standard_m=""))
    edit(folder / "demand.csv", lambda t: t.assign(unit="v1"))
    edit(folder / "sites.csv", lambda t: t.assign(unit="v1"))
    made = built(panhuo.read(folder), ("S1:convert:clinic",))
    assert len(made.allocation)
    assert made.allocation["minutes"].isna().all()
    assert texts(result.verify(result.write(made, tmp_path / "out"))) == []


def test_a_proposal_may_be_called_as_the_settings_are(toy: Instance, tmp_path: Path) -> None:
    proposal = tmp_path / "instance.toml"
    proposal.write_text('title = "Thrift"\n[policy]\nbudget_cny = 150000\n', encoding="utf-8")
    made = built(panhuo.read(toy.path, proposal), ("S2:convert:canteen",))
    assert texts(result.verify(result.write(made, tmp_path / "out"))) == []


@pytest.mark.parametrize("method", ["straight", "minutes"])
def test_minutes_that_nobody_knows_are_blank(toy: Instance, tmp_path: Path, method: str) -> None:
    """The way D6 – S1 is given for adults; seniors are served by its metres, but how long they walk is not known."""
    folder = tmp_path / "district"
    shutil.copytree(toy.path, folder)
    (folder / "minutes.csv").write_text("demand,place,profile,minutes,metres\nD6,S1,adult,3,100\n", encoding="utf-8")
    settings = (folder / "instance.toml").read_text(encoding="utf-8")
    settings = settings.replace('method = "straight"', f'method = "{method}"')
    (folder / "instance.toml").write_text(settings, encoding="utf-8")
    made = built(panhuo.read(folder), ("S1:convert:culture",))
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
    assert texts(solved(required).verification) == []
    unused = texts(solved(required, ("S2:convert:canteen", "S3:keep:culture")).verification)
    assert "plan.csv, S1: the site is required but not used." in unused
    assert not any("S3" in text for text in unused)
    assert (
        against(built(required, ("S2:convert:canteen", "S3:keep:culture")).verification)[0]
        == "S1 Old shop 老商铺 is required but not used"
    )


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
        result.verify(tmp_path)


def test_verification_imports_nothing_of_the_model() -> None:
    """Only the instance, the words, numpy, pandas and the standard library."""
    folder = Path(result.__file__).parent / "verify"
    imported = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
    own = {m for m in imported if m.startswith("panhuo")}
    allowed = ("panhuo.instance", "panhuo.words", "panhuo.result.sentences", "panhuo.result.verify")
    assert {m for m in own if not m.startswith(allowed)} == set()
    assert {m.split(".")[0] for m in imported} & {
        "scipy",
        "sklearn",
        "pyomo",
        "highspy",
        "ortools",
        "geopandas",
    } == set()
