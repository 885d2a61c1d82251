"""Options in full, each rule worked by hand."""

from typing import Any

import numpy as np
import pytest

from panhuo.assemble import derive_options
from panhuo.assemble.options import Options

AIDED = '[operating.private_aided]\noperator = "enterprise"\n'
PUBLIC = '[operating.public_public]\noperator = "government"\n'


def keys(options: Options) -> list[str]:
    return list(options.table["option"])


def cell(options: Options, option: str, column: str) -> Any:
    return options.table.set_index("option").at[option, column]


def rules(options: Options) -> dict[tuple[str, str, str], str]:
    return {(r.site, r.mode, r.service): r.rule for r in options.excluded.itertuples()}


def test_without_operating_modes_and_sizes_an_option_is_a_site_a_mode_and_a_service(make) -> None:
    options = derive_options(make())
    assert keys(options) == ["s1:convert:canteen", "s1:convert:hall", "s2:convert:canteen", "s2:convert:hall"]
    assert options.offers == ("s1:canteen", "s1:hall", "s2:canteen", "s2:hall")
    assert options.accounts == ("s1:canteen:", "s1:hall:", "s2:canteen:", "s2:hall:")
    assert list(options.projects["project"]) == ["s1:convert", "s2:convert"]
    assert list(options.table["project"]) == ["s1:convert"] * 2 + ["s2:convert"] * 2
    assert np.isinf(options.table["capacity_persons"]).all()
    assert options.table["capital_year"].isna().all()
    assert options.table["open_year"].isna().all()
    assert not options.income_fen.any()
    assert not options.subsidy_fen.any()
    assert options.tariffs == {}
    assert len(options.works) == len(options.in_kind) == 0
    assert options.work_options.shape == (0, 4)


def test_operating_modes(make) -> None:
    """The hall is in no list: it is run by nobody in particular."""
    toml = AIDED + 'services = ["canteen"]\n' + PUBLIC + 'services = ["canteen"]\n'
    options = derive_options(make(toml))
    assert keys(options)[:3] == [
        "s1:convert:canteen:private_aided", "s1:convert:canteen:public_public", "s1:convert:hall",
    ]  # fmt: skip
    assert options.offers == ("s1:canteen", "s1:hall", "s2:canteen", "s2:hall")
    assert options.accounts[:3] == ("s1:canteen:private_aided", "s1:canteen:public_public", "s1:hall:")
    assert cell(options, "s1:convert:hall", "operating") == ""


def test_a_service_that_no_operating_mode_runs_in_a_mode_is_excluded_there(make) -> None:
    toml = "[modes.keep]\n[modes.convert]\n" + AIDED + 'services = ["canteen"]\nmodes = ["convert"]\n'
    options = derive_options(make(toml))
    assert rules(options) == {("s1", "keep", "canteen"): "operating", ("s2", "keep", "canteen"): "operating"}
    assert "s1:keep:hall" in keys(options)
    assert "s1:convert:canteen:private_aided" in keys(options)


def sized(**canteen: Any) -> list[dict[str, Any]]:
    base = {"class": "basic", "measure": "metres", "standard_m": 500}
    return [
        base | {"service": "canteen", "min_area_m2": 50} | canteen,
        base | {"service": "hall", "min_area_m2": 60, "area_m2": 80},
    ]


def test_sizes(make) -> None:
    """Of 60, 120 and 240.5 m² the room of 100 m² takes 60, that of 250 m² all."""
    options = derive_options(make(services=sized(sizes_m2="120;60;240.5")))
    areas = {k: cell(options, k, "area_m2") for k in keys(options) if "canteen" in k}
    assert areas == {
        "s1:convert:canteen:60": 60, "s2:convert:canteen:60": 60, "s2:convert:canteen:120": 120,
        "s2:convert:canteen:240.5": 240.5,
    }  # fmt: skip
    assert cell(options, "s2:convert:canteen:120", "capital_cny") == 12_000
    assert cell(options, "s2:convert:hall", "size") == ""


@pytest.mark.parametrize(("sizes", "option"), [("120;240", "s1:convert:canteen:120"), ("120", "s1:convert:canteen")])
def test_a_room_smaller_than_every_size_gives_what_it_has(make, sizes: str, option: str) -> None:
    options = derive_options(make(services=sized(sizes_m2=sizes)))
    assert [k for k in keys(options) if k.startswith("s1:convert:canteen")] == [option]
    assert cell(options, option, "area_m2") == 100


def test_a_given_area_is_the_one_size_of_every_operating_mode(make) -> None:
    given = [{"site": "s2", "mode": "convert", "service": "canteen", "area_m2": 77.5, "capacity_persons": 40.1234567}]
    services = sized(sizes_m2="60;120", capacity_per_m2=0.3)
    options = derive_options(make(AIDED + PUBLIC, services=services, conversions=given))
    mine = [k for k in keys(options) if k.startswith("s2:convert:canteen")]
    assert mine == ["s2:convert:canteen:private_aided", "s2:convert:canteen:public_public"]
    for key in mine:
        assert cell(options, key, "area_m2") == 77.5
        assert cell(options, key, "capacity_persons") == 40.123456, "rounded down to a millionth"


def test_capacity_goes_with_the_area(make) -> None:
    """0.3333333 persons/m² × 60.5 m² = 20.16666465, rounded down to a millionth."""
    options = derive_options(make(services=sized(area_m2=60.5, capacity_per_m2=0.3333333)))
    assert cell(options, "s1:convert:canteen", "capacity_persons") == 20.166664
    assert np.isinf(cell(options, "s1:convert:hall", "capacity_persons"))


def test_years(make) -> None:
    """A room that is free in 2028 is paid for in 2028; 13 months later is 2029."""
    sites = [
        {"id": "s1", "x": 0, "y": 0, "area_m2": 100, "available_from": "2028-11-30"},
        {"id": "s2", "x": 100, "y": 0, "area_m2": 250, "available_from": "2025-01-01"},
    ]
    given = [{"site": "s2", "mode": "convert", "service": "hall", "months": 12}]
    toml = "[modes.convert]\nmonths = 11\n[policy]\nstart_year = 2026\n"
    options = derive_options(make(toml, sites=sites, conversions=given))
    years = options.table.set_index("option")[["capital_year", "open_year"]]
    assert years.loc["s1:convert:hall"].tolist() == [2028, 2028]
    assert years.loc["s2:convert:canteen"].tolist() == [2026, 2026]
    assert years.loc["s2:convert:hall"].tolist() == [2026, 2027]


def test_costs_of_an_operating_mode(make) -> None:
    """The service weighs more than the mode, the mode more than the operating mode."""
    costs = [
        {"item": "x", "capital_cny": 1},
        {"item": "x", "operating": "private_aided", "capital_cny": 2},
        {"item": "x", "mode": "convert", "capital_cny": 3},
        {"item": "x", "mode": "convert", "operating": "private_aided", "capital_cny": 4},
        {"item": "x", "service": "canteen", "capital_cny": 5},
        {"item": "x", "service": "canteen", "mode": "convert", "operating": "public_public", "capital_cny": 6},
    ]
    options = derive_options(make("[modes.keep]\n[modes.convert]\n" + AIDED + PUBLIC, costs=costs))
    capital = options.table.set_index("option")["capital_cny"]
    assert capital["s1:keep:hall:public_public"] == 1
    assert capital["s1:keep:hall:private_aided"] == 2
    assert capital["s1:convert:hall:public_public"] == 3
    assert capital["s1:convert:hall:private_aided"] == 4
    assert capital["s1:convert:canteen:private_aided"] == 5
    assert capital["s1:convert:canteen:public_public"] == 6


def test_an_operating_mode_without_costs_is_no_option(make) -> None:
    costs = [
        {"item": "x", "service": "canteen", "operating": "public_public", "capital_cny": 5},
        {"item": "x", "service": "hall", "operating": "private_aided", "capital_cny": 5},
    ]
    options = derive_options(make(AIDED + PUBLIC + 'services = ["canteen"]\n', costs=costs))
    assert keys(options) == [
        "s1:convert:canteen:public_public", "s1:convert:hall:private_aided", "s2:convert:canteen:public_public",
        "s2:convert:hall:private_aided",
    ]  # fmt: skip
    assert rules(options) == {}
    nothing = derive_options(make(AIDED + 'services = ["canteen"]\n', costs=costs))
    assert rules(nothing)["s1", "convert", "canteen"] == "no_cost"


def test_cost_of_a_visit(make) -> None:
    """Looked up among the rows that state it, item by item; other columns of the same rows are another matter."""
    costs = [
        {"item": "food", "yearly_cny_per_visit": 6},
        {"item": "food", "service": "canteen", "yearly_cny_per_visit": 7.125},
        {"item": "food", "operating": "public_public", "yearly_cny_per_visit": 5},
        {"item": "food", "service": "hall", "yearly_cny": 300},
        {"item": "gas", "yearly_cny_per_visit": 0.5},
        {"item": "gas", "service": "canteen", "operating": "public_public", "yearly_cny_per_visit": 0},
    ]
    options = derive_options(make(AIDED + PUBLIC, costs=costs))
    assert options.visit_cost_fen == {
        ("canteen", ""): 713 + 50, ("canteen", "private_aided"): 713 + 50, ("canteen", "public_public"): 713,
        ("hall", ""): 650, ("hall", "private_aided"): 650, ("hall", "public_public"): 550,
    }  # fmt: skip
    assert cell(options, "s1:convert:hall:private_aided", "yearly_cny") == 300


def test_rent_in_kind_income_and_subsidy(make) -> None:
    """s1 is the state's at 120.555 CNY/m², s2 private without a rent of its own: 100 CNY/m²."""
    sites = [
        {"id": "s1", "x": 0, "y": 0, "area_m2": 100, "ownership": "state", "market_rent_cny_per_m2": 120.555},
        {"id": "s2", "x": 100, "y": 0, "area_m2": 250, "ownership": "private"},
    ]
    toml = (
        "[in_kind]\nrent_cny_per_m2 = 100\nvolunteer_cny_per_hour = 20.5\nyears = 2.5\n"
        + AIDED + "pays_rent = true\nsubsidy_cny = 1000\nsubsidy_cny_per_m2 = 10\nvolunteer_hours = 10.1\n"
        + PUBLIC + 'services = ["canteen"]\n'
    )  # fmt: skip
    services = sized(area_m2=90, income_cny_per_m2=3)
    options = derive_options(make(toml, sites=sites, services=services))
    # 120.56 × 90 beside staff; 100 × 80 for the hall
    assert options.yearly_items == ("staff", "rent")
    assert cell(options, "s1:convert:canteen:private_aided", "yearly_cny") == 1000 + 10_850.40
    assert cell(options, "s2:convert:hall:private_aided", "yearly_cny") == 1000 + 8000
    assert cell(options, "s1:convert:canteen:public_public", "yearly_cny") == 1000
    fen = dict(zip(keys(options), zip(options.income_fen, options.subsidy_fen, strict=True), strict=True))
    assert fen["s1:convert:canteen:private_aided"] == (27_000, 190_000)
    assert fen["s1:convert:canteen:public_public"] == (27_000, 0)
    assert fen["s1:convert:hall:private_aided"] == (0, 180_000)
    given = {(keys(options)[r.option], r.item): (r.party, r.fen) for r in options.in_kind.itertuples()}
    assert given == {
        # 120.56 × 90 × 2.5; 100 × 90 × 2.5
        ("s1:convert:canteen:public_public", "space"): ("government", 2_712_600),
        ("s2:convert:canteen:public_public", "space"): ("enterprise", 2_250_000),
        # 10.1 hours × 20.50 × 2.5 = 517.625
        **{(k, "volunteers"): ("community", 51_763) for k in keys(options) if "private_aided" in k},
    }


def test_without_operating_mode_nothing_is_given(make) -> None:
    toml = "[in_kind]\nrent_cny_per_m2 = 100\n" + AIDED + 'services = ["canteen"]\n'
    options = derive_options(make(toml))
    assert [keys(options)[o] for o in options.in_kind["option"]] == [
        "s1:convert:canteen:private_aided", "s2:convert:canteen:private_aided",
    ]  # fmt: skip


def test_rent_is_added_to_given_costs(make) -> None:
    given = [{"site": "s1", "mode": "convert", "service": "hall", "yearly_cny_rent": 7}]
    toml = "[in_kind]\nrent_cny_per_m2 = 100\n" + AIDED + "pays_rent = true\n"
    options = derive_options(make(toml, conversions=given))
    assert cell(options, "s1:convert:hall:private_aided", "yearly_cny") == 7 + 8000


def test_tariffs_an_account_may_charge(make, charged) -> None:
    toml = AIDED + 'services = ["canteen"]\nprice_classes = ["inclusive", "market"]\n' + PUBLIC
    assert derive_options(make(toml, **charged)).tariffs == {
        ("canteen", "private_aided"): ("fair", "dear"), ("canteen", "public_public"): ("safe", "dear"),
    }  # fmt: skip
    capped = derive_options(make(toml + "[policy]\nprice_cap_cny = 12\n", **charged))
    assert capped.tariffs["canteen", "private_aided"] == ("fair",), "a cap is closed"


def test_an_account_without_tariff_is_no_option(make, charged) -> None:
    toml = AIDED + 'services = ["canteen"]\nprice_classes = ["inclusive"]\n' + PUBLIC + 'price_classes = ["market"]\n'
    capped = derive_options(make(toml + "[policy]\nprice_cap_cny = 12\n", **charged))
    assert "s1:convert:canteen:private_aided" in keys(capped)
    assert "s1:convert:canteen:public_public" not in keys(capped)
    assert "s1:convert:hall:public_public" in keys(capped), "a service without tariffs needs none"
    assert rules(capped) == {}
    low = derive_options(make(toml + "[policy]\nprice_cap_cny = 11.99\n", **charged))
    assert rules(low) == {(s, "convert", "canteen"): "no_tariff" for s in ("s1", "s2")}
    assert set(low.excluded["name_zh"]) == {"没有可采用的收费方案"}


def test_an_option_with_an_item_that_no_fund_may_pay_is_none(make) -> None:
    """The city pays canteens' fitting-out by whomever they are run, halls' only under public operation."""
    eligibility = [
        {"fund": "city", "services": "canteen", "items": "fit_out"},
        {"fund": "city", "services": "hall", "operating": "public_public"},
    ]
    options = derive_options(make(AIDED + PUBLIC, eligibility=eligibility))
    assert {k.partition(":convert:")[2] for k in keys(options)} == {
        "canteen:private_aided", "canteen:public_public", "hall:public_public",
    }  # fmt: skip
    assert rules(options) == {}
    assert options.unpayable == {}
    only_aided = derive_options(make(AIDED, eligibility=eligibility))
    assert rules(only_aided) == {(s, "convert", "hall"): "unpayable" for s in ("s1", "s2")}
    assert list(only_aided.projects["project"]) == ["s1:convert", "s2:convert"]
    assert only_aided.unpayable == {}, "of a canteen the item can be paid"


def test_a_shared_work_that_no_fund_may_pay_takes_its_options_along(make) -> None:
    works = [{"work": "lift", "item": "access", "column": "floor", "op": ">", "value": 1, "capital_cny": 1000,
              "services": "hall"}]  # fmt: skip
    options = derive_options(make(shared_works=works, eligibility=[{"fund": "city", "items": "fit_out"}]))
    assert rules(options) == {("s2", "convert", "hall"): "unpayable"}
    assert len(options.works) == 0
    assert options.unpayable == {"access": ("hall",)}
    free = derive_options(
        make(shared_works=[works[0] | {"capital_cny": 0}], eligibility=[{"fund": "city", "items": "fit_out"}])
    )
    assert rules(free) == {}, "what costs nothing needs no payer"
