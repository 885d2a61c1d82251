"""The toy's tables equal its README; odd instances equal what verification derives by itself."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from panhuo import result
from panhuo.access import catchments
from panhuo.instance import Instance, InstanceError
from panhuo.instance.policy import Pin, Stage
from panhuo.instance.reading.decisions import tabled
from panhuo.result import Result

from .conftest import BY_HAND, built, opened


def test_the_toy_is_verified(found: Result) -> None:
    assert [str(f) for f in found.verification.faults] == []
    assert found.verification.ok
    assert found.run["verified"] is True


def test_coverage_is_that_of_the_readme(found: Result) -> None:
    by_service = found.coverage.groupby("service").sum(numeric_only=True).astype(int)
    columns = ["before_persons", "after_persons", "new_persons", "base_persons", "unreachable_persons"]
    assert by_service[columns].loc["canteen"].tolist() == [0, 210, 210, 350, 140]
    assert by_service[columns].loc["clinic"].tolist() == [700, 1340, 640, 1580, 0]
    assert by_service[columns].loc["culture"].tolist() == [640, 1000, 360, 1580, 340]
    assert by_service["lost_persons"].tolist() == [0, 0, 0]


def test_everyone_covered_goes_to_the_nearest_place_once(found: Result) -> None:
    rows = found.allocation
    assert not rows.duplicated(["demand", "service", "profile"]).any()
    assert rows["persons"].sum() == 210 + 1340 + 1000
    boundary = rows[(rows["demand"] == "D4") & (rows["service"] == "canteen")].iloc[0]
    assert (boundary["place"], boundary["kind"], boundary["minutes"], boundary["metres"]) == (
        "S2",
        "chosen",
        15.0,
        800.0,
    )
    there = rows[(rows["demand"] == "D1") & (rows["service"] == "culture")].iloc[0]
    assert (there["place"], there["kind"], there["option"], there["minutes"]) == ("E2", "existing", "", 0.0)


def test_the_record_states_the_plan(found: Result) -> None:
    run = found.run
    assert (found.status, found.objective, found.bound, found.gap) == ("optimal", 850, 850, 0.0)
    assert run["new_person_services"] == 1210
    assert (run["capital_cny"], run["yearly_cny"]) == (275_999.8, 239_600.0)
    assert run["shares"]["capital"]["government"] == pytest.approx(215_999.8 / 275_999.8)
    assert run["stages"][1]["gap"] == pytest.approx(0.01)
    assert isinstance(run["coverage"]["canteen"]["after"], int)


def test_every_fund_says_what_is_left_of_it(found: Result, toy: Instance) -> None:
    assert [(f["fund"], f["cap_cny"], f["used_cny"], f["left_cny"]) for f in found.run["funds"]] == [
        ("works", 220_000, 215_999.8, 4_000.2),
        ("equip", 60_000, 60_000, 0),
    ]
    unpaid = built(toy, ("S1:convert:clinic",)).run["funds"]
    assert [(f["used_cny"], f["left_cny"]) for f in unpaid] == [(None, None)] * 2


def test_an_examples_figures_say_so(toy: Instance, found: Result) -> None:
    words = "Partly synthetic data: see the tables' notes"
    assert found.run["notes"] == [words]
    note = toy.settings.tables["circles"]
    settings = toy.settings.model_copy(update={"tables": {"circles": note}})
    assert built(dataclasses.replace(toy, settings=settings), BY_HAND).run["notes"] == []


def test_a_site_is_told_why_it_is_not_chosen(toy: Instance) -> None:
    sites = built(toy, ("S3:keep:culture",)).sites.set_index("site")
    assert sites["reason"].to_dict() == {"S1": "not_chosen", "S2": "not_chosen", "S3": "chosen"}
    assert str(sites.at["S1", "detail"]) == (
        "As Clinic (convert) it would newly cover 640 people for CNY 116,000, CNY 181 a person"
    )


def test_what_the_policy_pins_and_drops_is_told_in_words(toy: Instance) -> None:
    pinned = (Pin(site="S2", mode="convert", service="canteen"),)
    dropped = (Pin(site="S1", mode="convert", service="clinic", operating="listed", size="80"),)
    policy = toy.settings.policy.model_copy(update={"pinned": pinned, "dropped": dropped})
    settings = toy.settings.model_copy(update={"policy": policy})
    detail = built(dataclasses.replace(toy, settings=settings), BY_HAND[1:]).sites.set_index("site")["detail"]
    assert detail["S2"].to("zh") == "政策方案锁定：老年食堂（改）"
    assert detail["S1"].to("en").endswith(". Dropped by the policy: Clinic (convert, listed, 80 m²)")
    assert detail["S1"].to("zh").endswith("社区卫生服务站（改、挂牌、80 m²）")


def test_a_site_without_gain_without_option_or_excluded_says_so(toy: Instance) -> None:
    needs, sites = toy["needs"], toy["sites"].copy()
    sites["status"] = ["candidate", "excluded", "candidate"]
    sites["status_by"], sites["status_reason"] = ["", "town hall", ""], ["", "let to a school", ""]
    sites.loc[2, "area_m2"] = 20.0
    tables = {**toy.tables, "needs": needs[needs["service"] != "clinic"].reset_index(drop=True), "sites": sites}
    made = built(dataclasses.replace(toy, tables=tables), ())
    assert made.sites["reason"].tolist() == ["no_gain", "excluded", "no_option"]
    assert str(made.sites["detail"][1]) == "Asked for by town hall: let to a school"
    assert str(made.sites["detail"][2]) == (
        "Excluded by: Smaller than the service needs (3); Keeping a room keeps its use (care) (2); "
        "No clinic beside a waste station (1)"
    )
    assert made.verification.ok


def test_what_the_policy_pins_rules_over_the_table(toy: Instance) -> None:
    sites = toy["sites"].assign(status=["excluded", "required", "candidate"])
    policy = toy.settings.policy.model_copy(update={"required_sites": ("S1",), "excluded_sites": ("S2",)})
    settings = toy.settings.model_copy(update={"policy": policy})
    made = built(dataclasses.replace(toy, tables={**toy.tables, "sites": sites}, settings=settings), ())
    assert made.sites["status"].tolist() == ["required", "excluded", "candidate"]
    assert made.sites["reason"].tolist() == ["not_chosen", "excluded", "not_chosen"]
    assert made.verification.ok
    assert [str(b) for b in made.verification.breaches] == ["plan.csv, S1: the site is required but not used."]
    assert made.run["notes"][-1] == "Against the policy: S1 Old shop 老商铺 is required but not used"


def test_any_choice_of_an_intricate_district_is_counted_as_verification_counts_it(intricate: Instance) -> None:
    books, reach = opened(intricate), catchments(intricate)
    options, level = books.options, np.zeros(len(books.assembled.data.outlets), dtype=bool)
    rng = np.random.default_rng(7)
    assert set(intricate["services"]["measure"]) == {"unit", "minutes", "metres"}
    lost = 0.0
    for n in range(12):
        mode = options.table["site"].map({s: rng.choice(["keep", "convert"]) for s in intricate["sites"]["id"]})
        choose = (options.table["mode"] == mode).to_numpy() & (rng.random(len(mode)) < (0, 0.4, 0.7, 1)[n % 4])
        decision = result.carried_out(books.assembled.data, choose, level)
        made = result.build(books, reach, decision, seconds={}, arguments={})
        lost += made.coverage["lost_persons"].sum()
        assert [str(f) for f in made.verification.faults] == []
    assert lost > 0


def test_parts_of_persons_are_not_rounded_away(toy: Instance) -> None:
    """A third of a person in each of 60 circles: rounded one by one they would miss the total by 2e-5."""
    names, sixty = [f"c{n}" for n in range(60)], range(60)
    demand = toy["demand"].iloc[[0] * 60].reset_index(drop=True)
    demand = demand.assign(id=[f"D{n}" for n in sixty], circle=names, people_adult=1.0, people_senior=0.0)
    circles = pd.DataFrame({"circle": names, "name": names, "type": ""}, dtype="str")
    needs = toy["needs"].assign(rate=0.3333333)
    tables = {**toy.tables, "demand": demand, "circles": circles, "needs": needs}
    made = built(dataclasses.replace(toy, tables=tables), ("S1:convert:clinic",))
    assert [str(f) for f in made.verification.faults] == []
    assert made.run["coverage"]["clinic"]["after"] == 19.999998
    assert made.run["stages"][0]["objective"] == 19.999998


def chosen(instance: Instance, plan: pd.DataFrame, file: str = "plan.csv") -> list[str]:
    """Name the options that a plan table names."""
    books = opened(instance)
    choose, level = result.choice_of(instance, books.options, books.assembled.data.outlets, tabled(plan, file))
    assert not level.any()
    return list(books.options.table["option"][choose])


def test_a_plan_table_gives_its_choice(toy: Instance) -> None:
    parts = pd.DataFrame([n.split(":") for n in BY_HAND], columns=["site", "mode", "service"])
    assert chosen(toy, pd.DataFrame({"option": BY_HAND})) == list(BY_HAND)
    assert chosen(toy, parts) == list(BY_HAND)
    assert chosen(toy, parts.iloc[:0]) == []


def test_a_plan_table_that_names_no_option_is_at_fault(toy: Instance) -> None:
    rows = ["S1:convert:clinic", "S1:convert:canteen", "S9:keep:clinic", "S1:convert:clinic"]
    with pytest.raises(InstanceError) as caught:
        chosen(toy, pd.DataFrame({"option": rows}), "mine.csv")
    assert [str(f) for f in caught.value.faults] == [
        "mine.csv row 3, option = S1:convert:canteen: excluded by the rule kitchen_flue (A kitchen needs a flue). Correct or delete the row.",
        "mine.csv row 4, option = S9:keep:clinic: there is no site S9. Correct or delete the row.",
        "mine.csv row 5, option = S1:convert:clinic: named before. Correct or delete the row.",
    ]
    with pytest.raises(InstanceError, match="names its options"):
        chosen(toy, pd.DataFrame({"site": ["S1"]}))


def test_a_plan_in_chinese_with_blank_rows_is_read(toy: Instance) -> None:
    rows = [["S1", "改", "clinic"], ["", " ", ""], ["S2", "改造", "老年食堂"], ["S3", "留", "Culture room"]]
    plan = pd.DataFrame(rows, columns=["资产编号", " 方式", "服务"])
    assert chosen(toy, plan) == list(BY_HAND)
    by_name = pd.DataFrame({"方案": [*BY_HAND, ""], "备注": ["", "x", "", ""]})
    assert chosen(toy, by_name) == list(BY_HAND)


def test_a_row_that_is_no_option_says_why(toy: Instance) -> None:
    rows = [
        ["S9", "改", "clinic"], ["", "", ""], ["S1", "拆", "clinic"], ["S1", "卖", "clinic"], ["S1", "改", "pool"],
        ["S1", "改", "canteen"],
    ]  # fmt: skip
    plan = pd.DataFrame(rows, columns=["资产编号", "方式", "服务"])
    with pytest.raises(InstanceError) as caught:
        chosen(toy, plan)
    assert [f.to("zh") for f in caught.value.faults] == [
        "plan.csv 第 2 行，资产编号 = S9：没有用房 S9。请改正或删去该行。",
        "plan.csv 第 4 行，方式 = 拆：instance.toml 不允许方式 拆。请改正或删去该行。",
        "plan.csv 第 5 行，方式 = 卖：没有方式 卖。请改正或删去该行。",
        "plan.csv 第 6 行，服务 = pool：没有服务 pool。请改正或删去该行。",
        "plan.csv 第 7 行 = S1:convert:canteen：被规则 kitchen_flue（食堂须有独立烟道）排除。请改正或删去该行。",
    ]


def test_a_plan_table_that_contradicts_itself_is_at_fault(toy: Instance) -> None:
    rows = pd.DataFrame([[n, *n.split(":")] for n in BY_HAND], columns=["option", "site", "mode", "service"])
    rows.loc[1, "service"] = "culture"
    with pytest.raises(InstanceError) as caught:
        chosen(toy, rows)
    assert [str(f) for f in caught.value.faults] == [
        "plan.csv row 3, service = culture: expected canteen. Correct or delete the row."
    ]


def test_an_id_of_digits_that_a_spreadsheet_rewrote_is_understood(toy: Instance) -> None:
    sites = toy["sites"].assign(id=["001", "S2", "S3"])
    renamed = dataclasses.replace(toy, tables={**toy.tables, "sites": sites})
    plan = pd.DataFrame({"option": ["001:convert:clinic"], "site": ["1"], "mode": ["convert"]})
    assert chosen(renamed, plan) == ["001:convert:clinic"]


def test_the_baseline_is_that_of_the_readme(toy: Instance) -> None:
    books = opened(toy)
    baseline = result.baseline(toy, books.options, catchments(toy), books.assembled.cells, books.before)
    baseline = baseline.set_index("service")
    assert baseline.astype(int).to_numpy().tolist() == [[350, 0, 140], [1580, 700, 0], [1580, 640, 340]]


def test_every_measure_of_a_stage_is_counted(toy: Instance) -> None:
    """By hand: the smallest reachable share is culture in the west, 640 of 880; works pays 215,999.80."""
    stages = (
        Stage(name="fair", measure="smallest_share"),
        Stage(name="old", measure="smallest_share", services=("canteen",), circle_types=("new_estate",)),
        Stage(name="all", measure="coverage"),
        Stage(name="cheap", measure="capital"),
        Stage(name="town", measure="party_capital", party="government"),
        Stage(name="none", measure="coverage", classes=("distinctive",)),
    )
    policy = toy.settings.policy.model_copy(update={"objectives": stages})
    services = toy["services"].assign(weight=[1.0, 2.0, 0.5])
    settings = toy.settings.model_copy(update={"policy": policy})
    made = built(dataclasses.replace(toy, tables={**toy.tables, "services": services}, settings=settings), BY_HAND)
    values = {stage["name"]: (stage["sense"], stage["objective"]) for stage in made.run["stages"]}
    assert values == {
        "fair": ("max", round(640 / 880, 9)),
        "old": ("max", 1),
        "all": ("max", 210 + 2 * 640 + 0.5 * 360),
        "cheap": ("min", 275_999.8),
        "town": ("min", 215_999.8),
    }
    assert made.verification.ok
