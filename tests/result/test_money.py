"""The money of one canteen, worked out by hand in :mod:`kitchen`: ledger, prices, profit and loss, viability."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from districts import district
from kitchen import OPTION, TABLES, TOML, kitchen, visit

import panhuo
from panhuo import result
from panhuo.instance import InstanceError
from panhuo.result import Result
from panhuo.result.money.figures import money, subsidies
from panhuo.result.money.sheets import burden_table, fund_item_table, losing_table, party_table

from .conftest import built


def rows(table: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in table[list(columns)].itertuples(index=False)]


def test_everything_is_verified(fed: Result) -> None:
    assert [str(f) for f in (*fed.verification.faults, *fed.verification.breaches)] == []


def test_the_ledger_to_the_fen(fed: Result) -> None:
    own, lift = ("s1", "convert", OPTION, ""), ("s1", "convert", "", "lift")
    assert rows(fed.ledger, *fed.ledger.columns) == [
        (*own, "fit_out", "city", "government", "capital", 2026, 60_000.0),
        (*own, "equipment", "firm", "enterprise", "capital", 2026, 20_000.0),
        (*lift, "access", "city", "government", "capital", 2026, 20_000.0),
        (*lift, "access", "firm", "enterprise", "capital", 2026, 10_000.0),
        (*own, "price", "", "resident", "yearly", 2027, 110_000.0),
        (*own, "concession", "", "enterprise", "yearly", 2027, 16_250.0),
        (*own, "visit_subsidy", "city", "government", "yearly", 2027, 47_500.0),
        (*own, "donation", "gift", "donor", "yearly", 2027, 5_000.0),
        (*own, "operating_subsidy", "city", "government", "yearly", 2027, 50_255.0),
        (*own, "space", "", "government", "in_kind", 2027, 14_400.0),
        (*own, "volunteers", "", "community", "in_kind", 2027, 4_000.0),
    ]


def test_the_year_of_the_account(fed: Result) -> None:
    assert fed.accounts.drop(columns=["margin_min", "margin_max"]).to_dict("records") == [
        {
            "option": OPTION, "site": "s1", "service": "canteen", "operating": "public_private",
            "operator": "enterprise", "tariff": "fair", "visits": 16_250, "price_cny": 110_000.0,
            "government_cny": 47_500.0, "donor_cny": 5_000.0, "other_cny": 1_000.0, "subsidy_cny": 50_255.0,
            "fixed_cny": 130_005.0, "visits_cost_cny": 81_250.0, "write_off_cny": 2_500.0, "surplus_cny": 0.0,
            "margin": 0.0, "pool": "s1:canteen:public_private", "deficit_cny": 0.0, "concession_cny": 16_250.0,
            "break_even_visits": 16_250,
        }
    ]  # fmt: skip
    assert rows(fed.accounts, "margin_min", "margin_max") == [(0.0, 0.08)]


def test_what_a_visit_and_a_month_cost(fed: Result) -> None:
    parts = ("price_cny", "government_cny", "enterprise_cny", "donor_cny")
    assert rows(fed.prices, "option", "tariff", "tier", *parts) == [
        (OPTION, "fair", "plain", 8.0, 2.0, 1.0, 0.0),
        (OPTION, "fair", "poor", 4.0, 5.0, 1.0, 1.0),
    ]
    month = ("affordable", "persons", "visits", "burden_cny_per_month", "income_cny_per_month")
    assert rows(fed.prices, *month) == [
        ("yes", 45.0, 11_250, 166.67, 2000.0),  # 8 · 250 / 12
        ("yes", 20.0, 5_000, 83.33, 600.0),
    ]


def test_the_visits_that_places_need(fed: Result) -> None:
    """All visits bring 10 CNY on average and cost 5.

    Chosen: (130,005 + 2,500 − 1,000 − 60,000) / 5. Another room: nothing written off. The existing one, as large as the
    catalogue's smallest, gets no subsidy: 129,005 / 5.
    """
    assert rows(fed.viability, "place", "kind", "operating", "tariff", "best_visits", "needed_visits", "loses") == [
        ("s1", "chosen", "public_private", "fair", 16_250, 14_301, "no"),
        ("s2", "not chosen", "public_private", "fair", 16_250, 13_801, "no"),
        ("s3", "not chosen", "public_private", "fair", 3_250, 13_801, "yes"),
        ("e1", "existing", "", "fair", 3_250, 25_801, "yes"),
    ]
    assert fed.viability["per_day_needed"].tolist() == [14_301 / 365, 13_801 / 365, 13_801 / 365, 25_801 / 365]


def test_a_place_that_is_too_small_has_no_more_than_it_holds(tmp_path: Path) -> None:
    """26 of the 65 who would come: 18 plain and 8 poor, as they come. No number of visits is enough at 10 CNY a meal."""
    services = [TABLES["services"][0] | {"capacity_per_m2": 0.26}]
    found = built(kitchen(tmp_path, services=services), ()).viability.set_index("place")
    assert found.loc["s2", "best_visits"] == 18 * 250 + 8 * 250
    costs = [*TABLES["costs"][:4], {"item": "ingredients", "yearly_cny_per_visit": 10}]
    found = built(kitchen(tmp_path / "dear", costs=costs), ()).viability.set_index("place")
    assert pd.isna(found.loc["s2", "needed_visits"])
    assert found.loc["s2", "loses"] == "yes"


def test_the_best_tariff_of_a_place_is_shown(tmp_path: Path) -> None:
    """Dear: half of the plain come for 19 CNY, nobody poor can pay; (130,005 − 61,000) / 14 = 4,928.9 visits needed."""
    dear = [visit(tier, 19, 0, 0, 0, 0.5) | {"tariff": "dear"} for tier in ("plain", "poor")]
    found = built(kitchen(tmp_path, tariffs=[*TABLES["tariffs"], *dear]), ()).viability
    columns = ("tariff", "best_visits", "needed_visits")
    assert rows(found[found["place"] == "s2"], *columns) == [("dear", 9_375, 4_929)]  # 37.5 · 250
    assert rows(found[found["place"] == "e1"], *columns) == [("fair", 3_250, 25_801)]


def test_who_comes_before_and_after(fed: Result) -> None:
    columns = ("demand", "tier", "place", "option", "metres", "assigned_persons", "persons")
    before = [("d2", "plain", "e1", "", 0.0, 15.0, 9.0), ("d2", "poor", "e1", "", 0.0, 5.0, 4.0)]
    after = [("d1", "plain", "s1", OPTION, 0.0, 75.0, 45.0), ("d1", "poor", "s1", OPTION, 0.0, 25.0, 20.0)]
    assert rows(fed.tables["allocation_before"], *columns) == before
    assert rows(fed.allocation, *columns) == after + before
    figures = ("base_persons", "before_persons", "after_persons", "new_persons", "lost_persons", "unreachable_persons")
    assert rows(fed.coverage, *figures) == [(130.0, 13.0, 78.0, 65.0, 0.0, 10.0)]
    columns = ("tariff", "year_open", "capacity_persons", "served_persons", "capital_cny", "yearly_cny")
    assert rows(fed.plan, *columns) == [("fair", 2027, 65.0, 65.0, 80_000.0, 130_005.0)]
    assert fed.sites["capital_cny"].tolist() == [110_000.0, 0.0, 0.0]  # with the lift
    assert fed.sites["reason"].tolist() == ["chosen", "no_gain", "no_gain"]


def test_the_figures_of_the_record(fed: Result) -> None:
    run = fed.run
    assert run["capital_cny"] == 110_000
    assert run["shares"]["capital"] == {"government": round(8 / 11, 9), "enterprise": round(3 / 11, 9)}
    assert run["shares"]["yearly"] == {
        "government": round(97_755 / 229_005, 9), "enterprise": round(16_250 / 229_005, 9),
        "resident": round(110_000 / 229_005, 9), "donor": round(5_000 / 229_005, 9),
    }  # fmt: skip
    assert run["shares"]["capital_with_in_kind"] == {
        "government": round(94_400 / 128_400, 9), "community": round(4_000 / 128_400, 9),
        "enterprise": round(30_000 / 128_400, 9),
    }  # fmt: skip
    assert run["money"] == {
        "capital": {"government": 80_000, "enterprise": 30_000},
        "yearly": {"government": 97_755, "enterprise": 16_250, "resident": 110_000, "donor": 5_000},
        "in_kind": {"government": 14_400, "community": 4_000},
        "by_fund_item": {
            "city": {"fit_out": 60_000, "access": 20_000, "visit_subsidy": 47_500, "operating_subsidy": 50_255},
            "firm": {"equipment": 20_000, "access": 10_000},
            "gift": {"donation": 5_000},
        },
        "subsidy_per_new_person_cny": 1503.92,  # 97,755 / 65
        "losing": 2,
    }
    funds = {fund["fund"]: fund for fund in run["funds"]}
    assert [funds["city"][k] for k in ("used_cny", "left_cny", "yearly_used_cny", "yearly_left_cny")] == [
        80_000, 0, 97_755, 102_245,
    ]  # fmt: skip


def test_the_tables_for_readers(fed: Result) -> None:
    parties = party_table(fed.run)
    assert rows(parties, "party", "capital_cny", "yearly_cny", "in_kind_cny") == [
        ("government", 80_000.0, 97_755.0, 14_400.0),
        ("community", 0.0, 0.0, 4_000.0),
        ("enterprise", 30_000.0, 16_250.0, 0.0),
        ("resident", 0.0, 110_000.0, 0.0),
        ("donor", 0.0, 5_000.0, 0.0),
    ]
    items = fund_item_table(fed.run)
    assert rows(items, "fund", "capital_cny", "yearly_cny") == [
        ("city", 80_000.0, 97_755.0), ("firm", 30_000.0, 0.0), ("gift", 0.0, 5_000.0),
    ]  # fmt: skip
    assert rows(items, "fund", "access_cny")[:2] == [("city", 20_000.0), ("firm", 10_000.0)]
    burden = burden_table(fed.tables)
    assert rows(burden, "tier", "persons", "visits", "burden_cny_per_month") == [
        ("plain", 45.0, 11_250, 166.67), ("poor", 20.0, 5_000, 83.33),
    ]  # fmt: skip
    assert burden["burden_share"].tolist() == [166.67 / 2000, 83.33 / 600]
    assert losing_table(fed.tables)["place"].tolist() == ["e1", "s3"]


def test_the_files_hold_the_money(fed: Result, tmp_path: Path) -> None:
    out = result.write(fed, tmp_path / "out")
    assert (out / "prices.csv").read_text("utf-8-sig").splitlines()[1] == (
        f"{OPTION},fair,plain,8.00,2.00,1.00,0.00,yes,45,11250,166.67,2000.00"
    )
    assert (out / "ledger.csv").read_text("utf-8-sig").splitlines()[3] == (
        "s1,convert,,lift,access,city,government,capital,2026,20000.00"
    )
    assert (out / "viability.csv").read_text("utf-8-sig").splitlines()[4] == (
        "e1,existing,canteen,,fair,3250,25801,8.90411,70.687671,yes"
    )
    assert json.loads((out / "run.json").read_text("utf-8"))["money"] == fed.run["money"]
    assert panhuo.verify(out).ok


def test_a_public_canteen_has_its_deficit_paid(tmp_path: Path) -> None:
    """No margin is asked for: 129,005 + 81,250 − 162,500 = 47,755 are due, and nothing is written off or granted."""
    toml = TOML.format(policy="").split("[operating")[0] + (
        '[operating.public_public]\noperator = "government"\n\n[policy]\nstart_year = 2026\n'
    )
    eligibility = [*TABLES["eligibility"], {"fund": "city", "items": "operation"}]
    instance = _district(tmp_path, toml, eligibility=eligibility)
    made = built(instance, ("s1:convert:canteen:public_public",))
    assert rows(made.ledger[made.ledger["ledger"] == "yearly"], "item", "party", "amount_cny") == [
        ("price", "resident", 110_000.0),
        ("concession", "enterprise", 16_250.0),
        ("visit_subsidy", "government", 47_500.0),
        ("donation", "donor", 5_000.0),
        ("operation", "government", 47_755.0),
    ]
    account = made.accounts.iloc[0]
    assert (account["deficit_cny"], account["surplus_cny"], account["write_off_cny"]) == (47_755, -47_755, 0)
    assert account["break_even_visits"] == 25_801  # 129,005 / 5
    assert made.verification.ok


def test_rent_that_is_paid_is_not_given(tmp_path: Path) -> None:
    """72 · 100 = 7,200 of rent a year: the subsidy grows by it, and only volunteers are in kind."""
    toml = TOML.format(policy="").replace("write_off_years = 8", "write_off_years = 8\npays_rent = true")
    made = built(_district(tmp_path, toml), (OPTION,))
    assert made.accounts.iloc[0][["fixed_cny", "subsidy_cny"]].tolist() == [137_205.0, 57_455.0]
    assert made.run["money"]["in_kind"] == {"community": 4_000}
    assert made.verification.ok


def test_who_cannot_pay_does_not_come(tmp_path: Path) -> None:
    """At most an eighth of their 600 CNY: the poor cannot pay 83.33 a month."""
    toml = TOML.format(policy="").replace("affordable_share = 0.2", "affordable_share = 0.125")
    made = built(_district(tmp_path, toml), (OPTION,))
    assert rows(made.prices, "tier", "affordable", "persons", "visits") == [
        ("plain", "yes", 45.0, 11_250), ("poor", "no", 0.0, 0),
    ]  # fmt: skip
    assert made.allocation["tier"].tolist() == ["plain", "plain"]
    assert made.coverage["base_persons"].tolist() == [130.0]


def test_without_a_first_year_there_are_no_years(tmp_path: Path) -> None:
    toml = TOML.format(policy="").replace("start_year = 2026", "")
    made = built(_district(tmp_path, toml), (OPTION,))
    assert made.ledger["year"].isna().all()
    assert made.plan["year_open"].isna().all()
    assert made.verification.ok
    lines = (result.write(made, tmp_path / "out") / "ledger.csv").read_text("utf-8-sig").splitlines()
    assert lines[1] == f"s1,convert,{OPTION},,fit_out,city,government,capital,,60000.00"


def test_a_year_that_nobody_can_pay_is_told_and_the_rest_is_stated(tmp_path: Path) -> None:
    """The city has 90,000 of the 97,755 it would have to pay."""
    funds = [TABLES["funds"][0] | {"yearly_cap_cny": 90_000}, *TABLES["funds"][1:]]
    made = built(kitchen(tmp_path, funds=funds), (OPTION,))
    assert set(made.ledger["item"]) == {"fit_out", "equipment", "access", "price", "concession", "space", "volunteers"}
    assert made.run["money"]["subsidy_per_new_person_cny"] is None
    assert made.run["funds"][0]["yearly_used_cny"] is None
    assert made.verification.ok
    assert len(made.verification.breaches) == 1


@pytest.mark.parametrize(("persons", "each"), [(0.009999, None), (0.01, 50_000.0)])
def test_money_is_not_divided_by_a_trace_of_a_person(fed: Result, persons: float, each: float | None) -> None:
    """500 CNY of the city's, and less than a hundredth of a person newly served."""
    coverage = fed.coverage.assign(new_persons=persons)
    row = fed.ledger[fed.ledger["item"] == "visit_subsidy"].assign(amount_cny=500.0)
    tables = {**fed.tables, "coverage": coverage, "ledger": row}
    assert money(fed.instance, tables, year_paid=True)["subsidy_per_new_person_cny"] == each
    alone = subsidies(fed.instance, tables)["subsidy_per_new_person_cny"].tolist()
    assert alone == ([each] if each else pytest.approx([float("nan")], nan_ok=True))


def test_a_solved_plan_states_the_same(fed: Result) -> None:
    made = panhuo.solve(fed.instance)
    assert made.status == "optimal"
    assert made.objective == 65
    for name, table in fed.tables.items():
        pd.testing.assert_frame_equal(made.tables[name], table)


@pytest.mark.parametrize("columns", [("option",), ("site", "mode", "service"), ("site", "mode", "service", "tariff")])
def test_a_given_plan_may_leave_the_tariff_open(fed: Result, columns: tuple[str, ...]) -> None:
    made = panhuo.evaluate(fed.instance, fed.plan[list(columns)])
    assert made.status == "evaluated"
    assert made.verification.ok
    pd.testing.assert_frame_equal(made.ledger, fed.ledger)
    pd.testing.assert_frame_equal(made.accounts, fed.accounts)


def test_a_given_plan_may_name_the_tariff(tmp_path: Path) -> None:
    """Nobody would take the dear one by itself: for 20 CNY a tenth comes."""
    dear = [visit(tier, 20, 0, 0, 0, 0.1) | {"tariff": "dear"} for tier in ("plain", "poor")]
    instance = kitchen(tmp_path, tariffs=[*TABLES["tariffs"], *dear])
    row = {"site": "s1", "mode": "改", "service": "食堂", "operating": "公建民营"}
    for named, charged in (("", "fair"), ("dear", "dear"), ("fair", "fair")):
        made = panhuo.evaluate(instance, pd.DataFrame([row | {"tariff": named}]))
        assert made.plan["tariff"].tolist() == [charged]
        assert made.verification.ok
    with pytest.raises(InstanceError, match="row 2, tariff = cheap: expected fair, dear"):
        panhuo.evaluate(instance, pd.DataFrame([row | {"tariff": "cheap"}]))


def test_a_given_plan_that_leaves_several_options_says_so(tmp_path: Path) -> None:
    services = [TABLES["services"][0] | {"area_m2": "", "sizes_m2": "80;100"}]
    instance = kitchen(tmp_path, services=services)
    row = {"site": "s1", "mode": "convert", "service": "canteen"}
    with pytest.raises(InstanceError) as caught:
        panhuo.evaluate(instance, pd.DataFrame([row]))
    assert [str(fault) for fault in caught.value.faults] == [
        f"plan.csv row 2 = s1:convert:canteen: may be any of {OPTION}:80, {OPTION}:100: operating and size say which. "
        "Correct or delete the row."
    ]
    made = panhuo.evaluate(instance, pd.DataFrame([row | {"size": "80"}]))
    assert made.plan["option"].tolist() == [f"{OPTION}:80"]
    with pytest.raises(InstanceError, match="operating or size do not fit"):
        panhuo.evaluate(instance, pd.DataFrame([row | {"size": "90"}]))
    with pytest.raises(InstanceError, match=r"size = 100: expected 80"):
        panhuo.evaluate(instance, pd.DataFrame([{"option": f"{OPTION}:80", "size": "100"}]))


def test_a_plan_against_the_rules_is_counted_all_the_same(tmp_path: Path) -> None:
    """s1 and s2 for the 100 of d1, in one of which nobody needs to come; and over the budget."""
    instance = kitchen(tmp_path, policy="budget_cny = 100000")
    made = built(instance, (OPTION, "s2:convert:canteen:public_private"))
    assert made.coverage["after_persons"].tolist() == [78.0]
    assert made.plan["served_persons"].sum() == 65.0
    assert made.verification.ok
    assert str(made.verification.against[0]).startswith("over the budget by CNY 90,000")


def _district(folder: Path, toml: str, **replaced: object) -> panhuo.Instance:
    return district(folder, toml, **{**TABLES, **replaced})
