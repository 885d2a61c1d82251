"""Tables and settings about money: what they hold once read, and every fault."""

from pathlib import Path

import pytest

from panhuo.instance import read
from panhuo.instance.policy import Complex, Quota

OPERATING = """
[operating.public_private]
operator = "enterprise"
services = ["canteen"]
price_classes = ["inclusive", "market"]
margin_min = 0
margin_max = 0.08
pooled_by = "owner"
subsidy_cny = 20000
write_off_years = 8
[operating.public_public]
operator = "government"
[in_kind]
rent_cny_per_m2 = 120
volunteer_cny_per_hour = 20
years = 10
"""
POLICY = """start_year = 2026
affordable_share = 0.1
price_cap_cny = 20
complex = {min_area_m2 = 600, min_functions = 3, named = ["canteen"], min_named = 1}
quotas = [{measure = "capital", by = "circle_type", min_factor = 0.5, max_factor = 2}]
"""


@pytest.fixture
def menu(folder):
    """The six points with tiers, a tariff, works, links, and everything that settings may say of money."""
    folder.toml += POLICY + OPERATING
    folder.tables["tiers"] = [
        ["tier", "group", "share", "need", "income_cny_per_month"],
        ["poor", "adult", "0.1", "2", "700"],
        ["poor", "senior", "0.3", "2", "700"],
        ["rest", "adult", "0.9", "1", ""],
        ["rest", "senior", "0.7", "1", ""],
    ]
    folder.tables["tariffs"] = [
        ["tariff", "service", "price_class", "tier", "price_cny", "government_cny", "uptake", "existing", "operating"],
        ["meal", "canteen", "inclusive", "poor", "8", "4", "0.6", "", ""],
        ["meal", "canteen", "inclusive", "rest", "12", "", "0.5", "", ""],
        ["dear", "canteen", "market", "poor", "15", "", "0.3", "yes", "公建民营"],
        ["dear", "canteen", "market", "rest", "15", "", "0.4", "yes", "公建民营"],
    ]
    folder.tables["shared_works"] = [
        ["work", "item", "modes", "services", "column", "op", "value", "capital_cny"],
        ["lift", "access", "改", "canteen;culture", "楼层", ">=", "2层", "40万元"],
        ["water", "fire", "", "", "", "", "", "50000"],
    ]
    folder.tables["links"] = [
        ["link", "kind", "service_a", "service_b", "within_m", "bonus"],
        ["care", "加分", "canteen", "culture", "", "2"],
        ["apart", "incompatible", "canteen", "canteen", "300", ""],
        ["beside", "requires", "culture", "canteen", "1公里", ""],
    ]
    folder.tables["funds"] = [
        ["fund", "party", "cap_cny", "年度上限（万元/年）", "min_share", "max_share", "central", "complex_only", "debt_service", "cover"],
        ["central", "government", "500000", "", "", "0.8", "yes", "是", "", ""],
        ["bond", "government", "500000", "5", "0.1", "", "", "", "8%", "1.2"],
    ]  # fmt: skip
    folder.tables["eligibility"] = [
        ["fund", "items", "operating", "years", "max_share"],
        ["central", "fit_out", "公建民营；公建公营", "2026;2027", "80%"],
        ["bond", "", "", "2026", ""],
    ]
    folder.tables["parties"] = [
        ["bound", "party", "ledger", "scope", "services", "operating", "min_share", "max_share"],
        ["", "government", "", "", "", "", "", "0.9"],
        ["fees", "居民", "年度", "", "canteen", "", "0.2", ""],
        ["per_site", "community", "含实物的投资", "项目", "", "listed", "0.1", "0.5"],
    ]
    folder.column("services", "visits_per_year", "250", "").column("services", "capacity_per_m2", "0.5", "")
    folder.column("services", "sizes_m2", "", "60；120").column("services", "income_cny_per_m2", "", "24元/m²/月")
    folder.column("sites", "market_rent_cny_per_m2", "10元/m²/月", "")
    folder.column("existing", "capacity_persons", "")
    folder.column("costs", "yearly_cny_per_visit", "7", "").column("costs", "operating", "", "listed")
    folder.tables["conversions"] = [["site", "mode", "service", "capacity_persons"], ["s1", "改", "canteen", "90"]]
    return folder


def test_everything_about_money_is_read(menu) -> None:
    instance = menu.read()
    assert not instance.warnings
    services = instance["services"].set_index("service")
    assert services["sizes_m2"].to_dict() == {"canteen": (), "culture": (60.0, 120.0)}
    assert services["visits_per_year"].loc["canteen"] == 250
    assert services["capacity_per_m2"].loc["canteen"] == 0.5
    assert services["income_cny_per_m2"].to_dict() == {"canteen": 0.0, "culture": 288.0}
    assert instance["sites"]["market_rent_cny_per_m2"].iloc[0] == 120
    assert instance["existing"]["capacity_persons"].isna().all()
    assert instance["conversions"]["capacity_persons"].tolist() == [90.0]
    assert instance["costs"][["operating", "yearly_cny_per_visit"]].iloc[0].tolist() == ["", 7.0]
    funds = instance["funds"].set_index("fund")
    assert funds.loc["central", ["yearly_cap_cny", "min_share", "max_share", "cover"]].tolist() == [0.0, 0.0, 0.8, 1.0]
    assert funds.loc["bond", ["yearly_cap_cny", "min_share", "max_share", "cover"]].tolist() == [50000, 0.1, 1.0, 1.2]
    assert funds["debt_service"].loc["bond"] == 0.08
    assert funds[["central", "complex_only"]].to_numpy().tolist() == [[True, True], [False, False]]
    eligibility = instance["eligibility"]
    assert eligibility["operating"].tolist() == [("public_private", "public_public"), ()]
    assert eligibility["years"].tolist() == [(2026, 2027), (2026,)]
    assert eligibility["max_share"].tolist() == [0.8, 1.0]
    assert instance["shared_works"]["column"].tolist() == ["floor", ""]
    assert instance["shared_works"]["value"].tolist() == ["2", ""]
    assert instance["shared_works"]["capital_cny"].tolist() == [400000.0, 50000.0]
    tariffs = instance["tariffs"]
    assert tariffs["government_cny"].tolist() == [4.0, 0.0, 0.0, 0.0]
    assert tariffs["enterprise_cny"].tolist() == tariffs["donor_cny"].tolist() == [0.0] * 4
    assert tariffs["existing"].tolist() == [False, False, True, True]
    assert tariffs["operating"].tolist() == [(), (), ("public_private",), ("public_private",)]
    assert tariffs["name_zh"].tolist() == ["meal", "meal", "dear", "dear"]
    assert instance["tiers"]["need"].tolist() == [2, 2, 1, 1]
    assert instance["links"]["kind"].tolist() == ["bonus", "incompatible", "requires"]
    assert instance["links"]["within_m"].tolist()[1:] == [300.0, 1000.0]


def test_settings_about_money(menu) -> None:
    settings = menu.read().settings
    assert list(settings.operating) == ["public_private", "public_public"]
    private = settings.operating["public_private"]
    assert (private.operator, private.services, private.modes) == ("enterprise", ("canteen",), ())
    assert (private.margin_min, private.margin_max, private.pooled_by, private.write_off_years) == (0, 0.08, "owner", 8)
    public = settings.operating["public_public"]
    assert (public.margin_min, public.subsidy_cny, public.pays_rent, public.volunteer_hours) == (None, 0, False, 0)
    assert (settings.in_kind.rent_cny_per_m2, settings.in_kind.years) == (120, 10)
    assert (settings.policy.start_year, settings.policy.affordable_share, settings.policy.price_cap_cny) == (
        2026, 0.1, 20,
    )  # fmt: skip
    assert settings.policy.complex == Complex(min_area_m2=600, min_functions=3, named=("canteen",), min_named=1)
    assert settings.policy.quotas == (Quota(measure="capital", by="circle_type", min_factor=0.5, max_factor=2),)


def test_without_a_word_about_money(folder) -> None:
    instance = folder.read()
    assert instance.settings.operating == {}
    assert instance.settings.policy.complex is None
    assert instance.settings.in_kind.years == 1
    assert all(instance[name].empty for name in ("shared_works", "tiers", "tariffs", "links"))
    assert instance["funds"][["yearly_cap_cny", "max_share", "cover"]].to_numpy().tolist() == [[0.0, 1.0, 1.0]]
    assert instance["eligibility"]["max_share"].tolist() == [1.0]


def test_parties_are_completed_where_no_row_speaks_of_their_capital(menu) -> None:
    parties = menu.read()["parties"].set_index("bound")
    assert parties["party"].to_dict() == {
        "government": "government", "fees": "resident", "per_site": "community", "enterprise": "enterprise",
        "resident": "resident", "donor": "donor",
    }  # fmt: skip
    assert parties["ledger"].tolist() == ["capital", "yearly", "capital_with_in_kind", *["capital"] * 3]
    assert parties["scope"].tolist() == ["plan", "plan", "project", "plan", "plan", "plan"]
    assert parties["max_share"].to_dict() == {
        "government": 0.9, "fees": 1.0, "per_site": 0.5, "enterprise": 1.0, "resident": 0.0, "donor": 1.0,
    }  # fmt: skip


def test_a_completed_party_takes_no_key_that_is_there(menu) -> None:
    parties = menu.put("parties", 3, "bound", "").read()["parties"]
    assert parties["bound"].is_unique
    assert parties.set_index("bound").loc[["resident", "resident_capital"], "max_share"].tolist() == [1.0, 0.0]


def test_least_shares_beyond_the_whole_are_no_fault_of_reading(menu) -> None:
    menu.put("parties", 2, "min_share", "0.9").tables["parties"].append(
        ["", "enterprise", "", "", "", "", "0.2", ""],
    )
    assert menu.read()["parties"]["min_share"].sum() == pytest.approx(1.4)


TABLE_FAULTS = [
    # services
    ("services", 3, "sizes_m2", "60;50", ["services.csv row 3, sizes_m2 = 60; 50: must be ≥ min_area_m2 = 60. Correct one of the two areas."]),
    ("services", 3, "sizes_m2", "60;-50", [
        "services.csv row 3, sizes_m2 = 60; -50: must be > 0 [m²]. Correct the area or delete the row.",
        "services.csv row 3, sizes_m2 = 60; -50: must be ≥ min_area_m2 = 60. Correct one of the two areas.",
    ]),
    ("services", 3, "sizes_m2", "60;many", ["services.csv row 3, sizes_m2 = 60;many: must be a number. Write a plain number such as 1234.5."]),
    ("services", 3, "sizes_m2", "90;90.00001", ["services.csv row 3, sizes_m2 = 90; 90.00001: holds a size twice (options are named by six digits of it). Keep one of them."]),
    ("services", 3, "area_m2", "90", ["services.csv row 3, area_m2 = 90: must be blank where sizes_m2 is filled. Clear one of the two cells."]),
    ("services", 2, "capacity_per_m2", "0", ["services.csv row 2, capacity_per_m2 = 0: must be > 0 [persons/m²]. Correct the value or delete the row."]),
    ("services", 2, "visits_per_year", "", ["services.csv row 2, visits_per_year: must be filled where the service has tariffs. Write how often a served person comes in a year."]),
    # costs
    ("costs", 2, "mode", "改", ["costs.csv row 2, yearly_cny_per_visit = 7: must be blank where mode is filled: what a visit costs does not depend on the mode. Write it in a row without a mode."]),
    ("costs", 2, "operating", "民营", ["costs.csv row 2, operating = 民营: must be one of public_public, public_private, private_aided, listed. Write one of these words."]),
    # funds, eligibility, parties
    ("funds", 3, "max_share", "0.05", ["funds.csv row 3, min_share = 0.1: must be ≤ max_share = 0.05. Correct one of the two shares."]),
    ("funds", 3, "debt_service", "0", ["funds.csv row 3, debt_service = 0: must be > 0 [CNY/CNY/year]. Correct the amount or delete the row."]),
    ("funds", 3, "cover", "0.9", ["funds.csv row 3, cover = 0.9: must be ≥ 1. Correct the value or delete the row."]),
    ("eligibility", 2, "years", "26;2027", ["eligibility.csv row 2, years = 26; 2027: must be ≥ 1900. Correct the value or delete the row."]),
    ("eligibility", 2, "years", "2026.5", ["eligibility.csv row 2, years = 2026.5: must be a whole number. Round it, or correct it."]),
    ("parties", 4, "min_share", "0.6", ["parties.csv row 4, min_share = 0.6: must be ≤ max_share = 0.5. Correct one of the two shares."]),
    ("parties", 3, "ledger", "投资", ["parties.csv row 3, min_share = 0.2: residents pay no capital where max_share is blank, so they cannot pay at least this share of it. Write max_share too; or, if what visitors pay is meant, write yearly in ledger."]),
    ("parties", 4, "bound", "fees", ["parties.csv row 4, bound = fees: stands in row 3 already; bound must be unique. Give it another bound or delete the row."]),
    ("parties", 3, "bound", "government", ["parties.csv row 3, bound = government: stands in row 2 already; bound must be unique. Give it another bound or delete the row."]),
    ("parties", 3, "services", "cantene", ["parties.csv row 3, services = cantene: must be a key of services: canteen, culture. Did you mean canteen? Else add it there or delete the row."]),
    # shared works
    ("shared_works", 2, "column", "flor", ["shared_works.csv row 2, column = flor: must be a column of sites. Did you mean floor?"]),
    ("shared_works", 2, "op", "", ["shared_works.csv row 2, op: must be filled where column is filled. Write how the column is compared."]),
    ("shared_works", 3, "op", "blank", ["shared_works.csv row 3, op = blank: must be blank where column is blank. Name the column, or clear the cell."]),
    ("shared_works", 3, "value", "2", ["shared_works.csv row 3, value = 2: must be blank where column is blank. Name the column, or clear the cell."]),
    ("shared_works", 2, "value", "high", ["shared_works.csv row 2, value = high: must be one floor, such as 1, 3F, 一层, 负一 or B1. Write one floor; basements are negative."]),
    ("shared_works", 2, "item", "", ["shared_works.csv row 2, item: must not be blank. Fill the cell or delete the row."]),
    # tiers
    ("tiers", 3, "need", "3", ["tiers.csv row 3, need = 3: must be as in row 2, which is of tier poor too. Write the same in both rows."]),
    ("tiers", 3, "income_cny_per_month", "", ["tiers.csv row 3, income_cny_per_month: must be as in row 2, which is of tier poor too. Write the same in both rows."]),
    ("tiers", 4, "share", "0.8", ["tiers.csv, share: the shares of the group adult add up to 0.9, not to 1. Correct the shares."]),
    ("tiers", 4, "share", "0", ["tiers.csv row 4, share = 0: must be > 0. Correct the value or delete the row.", "tiers.csv, share: the shares of the group adult add up to 0.1, not to 1. Correct the shares."]),
    # tariffs
    ("tariffs", 2, "price_cny", "13", ["tariffs.csv row 2, price_cny = 13: must be ≤ 12, the price of the tier rest, which needs it less. Lower it, or correct the need in tiers."]),
    ("tariffs", 4, "government_cny", "1", ["tariffs.csv row 4, government_cny = 1: must be 0 where price_class is market. Clear the cell or change the class."]),
    ("tariffs", 2, "price_cny", "", ["tariffs.csv row 2, price_cny: must not be blank. Fill the cell or delete the row."]),
    ("tariffs", 3, "price_class", "safety_net", ["tariffs.csv row 3, price_class = safety_net: must be as in row 2, which is of tariff meal too. Write the same in both rows."]),
    ("tariffs", 5, "operating", "", ["tariffs.csv row 5, operating: must be as in row 4, which is of tariff dear too. Write the same in both rows."]),
    ("tariffs", 5, "existing", "", ["tariffs.csv row 5, existing: must be as in row 4, which is of tariff dear too. Write the same in both rows."]),
    ("tariffs", 2, "uptake", "1.5", ["tariffs.csv row 2, uptake = 1.5: must be ≤ 1. Correct the value or delete the row."]),
    ("tariffs", 3, "tier", "rich", [
        "tariffs.csv row 3, tier = rich: must be a key of tiers: poor, rest. Add it there, correct the name or delete the row.",
        "tariffs.csv row 2, tariff = meal: the tariff has no row for the tiers rest. Add a row for each.",
    ]),
    # links
    ("links", 2, "bonus", "", ["links.csv row 2, bonus: must be filled where kind is bonus. Write the points."]),
    ("links", 4, "bonus", "1", ["links.csv row 4, bonus = 1: must be blank where kind is requires. Clear the cell or change the kind."]),
    ("links", 4, "service_b", "culture", ["links.csv row 4, service_b = culture: must not be service_a where kind is requires. Name another service."]),
    ("links", 3, "within_m", "", ["links.csv row 3, within_m: must be filled where service_a and service_b are the same: a site has one at most. Write how far apart they must be."]),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "column", "value", "sentences"), TABLE_FAULTS)
def test_tables_at_fault(menu, table: str, row: int, column: str, value: str, sentences: list[str]) -> None:
    assert menu.put(table, row, column, value).faults() == sentences


def test_two_tariffs_of_today(menu) -> None:
    menu.put("tariffs", 2, "existing", "yes").put("tariffs", 3, "existing", "yes")
    assert menu.faults() == [
        "tariffs.csv row 4, existing = yes: meal is the tariff of the service's existing facilities already. "
        "Keep one of them."
    ]


def test_items_of_a_year_in_chinese_and_items_that_nothing_has(menu) -> None:
    menu.put("eligibility", 2, "items", "按次补助；弥补亏损；access；operatoin；operatoin")
    instance = menu.read()
    assert instance["eligibility"]["items"].iloc[0] == (
        "visit_subsidy",
        "operation",
        "access",
        "operatoin",
        "operatoin",
    )
    assert [str(w) for w in instance.warnings if "cost item" in str(w)] == [
        "eligibility.csv row 2, items = operatoin: nothing has this cost item, so nothing is paid for it. "
        "Did you mean operation?"
    ]


def test_tariffs_that_no_operating_mode_may_charge(menu) -> None:
    """The mode that runs the canteen may charge the classes inclusive and market; the other may charge any."""

    def told() -> list[str]:
        return [str(w) for w in menu.read().warnings if "may charge it" in str(w)]

    assert told() == []
    menu.put("tariffs", 2, "operating", "listed").put("tariffs", 3, "operating", "listed")
    assert told() == [
        "tariffs.csv row 2, tariff = meal: no operating mode of the settings may charge it: "
        "see price_classes there, operating here. Nothing to do if that is meant."
    ]
    menu.put("tariffs", 2, "operating", "").put("tariffs", 3, "operating", "")
    menu.toml = menu.toml.replace('operator = "government"', 'operator = "government"\nprice_classes = ["market"]')
    assert told() == []
    menu.toml = menu.toml.replace('["inclusive", "market"]', '["market"]')
    assert len(told()) == 1


def test_equal_ranks_have_no_order(menu) -> None:
    for row in range(2, 6):
        menu.put("tiers", row, "need", "1")
    assert menu.put("tariffs", 2, "price_cny", "13").read()["tariffs"]["price_cny"].iloc[0] == 13


def test_a_group_that_needs_a_charged_service_and_is_in_no_tier(menu) -> None:
    del menu.tables["tiers"][2], menu.tables["tiers"][3]
    assert menu.faults() == [
        "tiers.csv, group: the group senior needs canteen, which has tariffs, and is in no tier. Add a row for it to a tier."
    ]
    menu.tables["needs"] = [["service", "group", "rate"], ["canteen", "adult", "1"], ["culture", "senior", "1"]]
    assert len(menu.read()["tiers"]) == 2


def test_tiers_of_unknown_groups_and_tariffs_without_tiers(menu) -> None:
    menu.put("tiers", 3, "group", "seniors")
    assert (
        "tiers.csv row 3, group = seniors: must be a group of demand, that is what follows people_: adult, senior. "
        "Did you mean senior? Else add it there or delete the row."
    ) in menu.faults()
    (menu.path / "tiers.csv").unlink()
    del menu.tables["tiers"]
    assert menu.faults() == [
        f"tariffs.csv row {row}, tier = {tier}: must be a key of tiers: there is none. "
        "Add it there, correct the name or delete the row."
        for row, tier in enumerate(("poor", "rest", "poor", "rest"), 2)
    ]


SETTINGS_FAULTS = [
    ('operator = "enterprise"\n', "", "instance.toml, operating.public_private.operator: is required. Write this key."),
    ('operator = "enterprise"', 'operator = "firm"', "instance.toml, operating.public_private.operator = firm: "
     "must be one of government, community, enterprise. Write one of these words."),
    ("[operating.public_public]", "[operating.public]", "instance.toml, operating.public = public: must be one of public_public, "
     "public_private, private_aided, listed. Write one of these words."),
    ('services = ["canteen"]', 'services = ["canteen", "cultur"]', "instance.toml, operating.public_private.services = cultur: "
     "must be a service of services: canteen, culture. Did you mean culture?"),
    ("margin_max = 0.08", "margin_max = -0.1", "instance.toml, operating.public_private.margin_max = -0.1: must be ≥ margin_min = 0. "
     "Correct one of the two."),
    ('margin_min = 0\nmargin_max = 0.08\n', "", "instance.toml, operating.public_private.pooled_by = owner: needs margin_min. "
     "Write margin_min, or take it out."),
    ('margin_min = 0\nmargin_max = 0.08\npooled_by = "owner"\n', "margin_max = 0.08\n",
     "instance.toml, operating.public_private.margin_max = 0.08: needs margin_min. Write margin_min, or take it out."),
    ("write_off_years = 8", "write_off_years = 0", "instance.toml, operating.public_private.write_off_years = 0: must be > 0. Correct the value."),
    ("subsidy_cny = 20000", "subsidy_cny = true", "instance.toml, operating.public_private.subsidy_cny = True: must be a number. "
     "Write a plain number such as 1234.5."),
    ("years = 10", "years = 0", "instance.toml, in_kind.years = 0: must be > 0. Correct the value."),
    ("affordable_share = 0.1", "affordable_share = 10", "instance.toml, policy.affordable_share = 10: must be ≤ 1. Correct the value."),
    ("min_named = 1", "min_named = 2", "instance.toml, policy.complex.min_named = 2: is more than the 1 service of named. "
     "Name more services, or lower the number."),
    ('named = ["canteen"]', 'named = ["care"]', "instance.toml, policy.complex.named = care: must be a service of services: canteen, culture. "
     "Correct the name or take it out."),
    ('by = "circle_type"', 'by = "zone"', "instance.toml, policy.quotas[0].by = zone: must be one of circle_type, circle. "
     "Write one of these words."),
    ('by = "circle_type"', 'by = "circle", fund = "bnd"', "instance.toml, policy.quotas[0].fund = bnd: must be a fund of funds: central, bond. "
     "Did you mean bond?"),
    ('measure = "capital"', 'measure = "floor_area", fund = "bond"', "instance.toml, policy.quotas[0].fund = bond: "
     "must not be given where measure is floor_area. Take it out, or write capital."),
    ("max_factor = 2", "max_factor = 0.4", "instance.toml, policy.quotas[0].max_factor = 0.4: must be ≥ min_factor = 0.5. Correct one of the two."),
    ("start_year = 2026\n", "", "eligibility.csv row 2, years = 2026; 2027: needs policy.start_year, which the settings do not give. "
     "Write policy.start_year, or clear the cell."),
    ('complex = {min_area_m2 = 600, min_functions = 3, named = ["canteen"], min_named = 1}\n', "",
     "funds.csv row 2, complex_only = yes: needs policy.complex, which the settings do not give. Write [policy.complex], or clear the cell."),
    (OPERATING, "", "tariffs.csv row 2, service = canteen: no operating mode of the settings runs the service, so nobody could "
     "charge the tariff. Write a section such as [operating.public_private], or add the service to its services."),
    ("price_cap_cny = 20\n", 'objectives = [{name = "a", measure = "party_yearly"}]\n', "instance.toml, policy.objectives[0].party: "
     "must be filled where measure is party_yearly. Name the party."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), SETTINGS_FAULTS)
def test_settings_at_fault(menu, old: str, new: str, sentence: str) -> None:
    assert menu.toml.count(old) == 1
    menu.toml = menu.toml.replace(old, new)
    assert sentence in menu.faults()


def test_a_section_at_fault_is_told_alone(menu) -> None:
    menu.toml = menu.toml.replace('operator = "enterprise"\n', "")
    assert len(menu.faults()) == 1


def test_what_is_maximised_and_what_is_not(menu) -> None:
    menu.toml = menu.toml.replace(
        "price_cap_cny = 20\n",
        'objectives = [{name = "a", measure = "links"}, {name = "b", measure = "party_yearly", party = "government"}]\n',
    )
    assert [stage.maximise for stage in menu.read().settings.policy.objectives] == [True, False]


def _proposal(menu, text: str) -> Path:
    path = menu.path / "proposals" / "p.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text('title = "x"\n' + text, "utf-8")
    return path


@pytest.mark.parametrize("key", ["government", '"政府"'])
def test_a_proposal_changes_a_bound(menu, key: str) -> None:
    path = _proposal(menu, f"[change.parties.{key}]\nmax_share = 0.5\n[change.parties.fees]\nmin_share = 0.3\n")
    parties = read(menu.write(), path)["parties"].set_index("bound")
    assert parties.loc["government", "max_share"] == 0.5
    assert parties.loc["fees", "min_share"] == 0.3


def test_a_proposal_names_a_bound_that_is_not_there(menu, faults_of) -> None:
    path = _proposal(menu, "[change.parties.enterprise]\nmax_share = 0.5\n")
    assert faults_of(menu.write(), path) == [
        "proposals/p.toml, change.parties.enterprise: parties has no row enterprise. "
        "Name a row of the table: government, fees, per_site."
    ]


def test_a_proposal_changes_lists_of_numbers_and_operating_modes(menu) -> None:
    text = "[change.services.culture]\nsizes_m2 = [80, 160]\n"
    text += "[operating.public_private]\nmargin_max = 0.06\n[operating.listed]\noperator = 'enterprise'\n[in_kind]\nyears = 5\n"
    text += "[policy]\nprice_cap_cny = 10\n"
    changed = read(menu.write(), _proposal(menu, text))
    assert changed["services"]["sizes_m2"].tolist() == [(), (80.0, 160.0)]
    private = changed.settings.operating["public_private"]
    assert (private.margin_min, private.margin_max, private.services) == (0, 0.06, ("canteen",))
    assert list(changed.settings.operating) == ["public_private", "public_public", "listed"]
    assert (changed.settings.in_kind.years, changed.settings.in_kind.rent_cny_per_m2) == (5, 120)
    assert changed.settings.policy.price_cap_cny == 10


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[operating.public_private]\nmargin_max = 2\n", "operating.public_private.margin_max = 2: must be ≤ 1. Correct the value."),
        ("[operating.public_private]\nmargin_max = -0.5\n", "operating.public_private.margin_max = -0.5: must be ≥ margin_min = 0. "
         "Correct one of the two."),
        ("[policy.complex]\nmin_area_m2 = 600\nmin_functions = 1\nnamed = ['care']\n", "policy.complex.named = care: "
         "must be a service of services: canteen, culture. Correct the name or take it out."),
        ("[change.services.culture]\nsizes_m2 = [50]\n", "change.services.culture.sizes_m2 = 50: must be ≥ min_area_m2 = 60. "
         "Correct one of the two areas."),
    ],
)  # fmt: skip
def test_faults_of_a_proposal_name_its_file(menu, faults_of, text: str, sentence: str) -> None:
    assert faults_of(menu.write(), _proposal(menu, text)) == [f"proposals/p.toml, {sentence}"]


def test_units_in_the_words_of_the_reader(menu) -> None:
    from panhuo.instance import InstanceError

    menu.put("tariffs", 2, "price_cny", "-1").put("services", 2, "visits_per_year", "-1")
    menu.put("sites", 2, "market_rent_cny_per_m2", "3人").put("tiers", 2, "income_cny_per_month", "-1")
    menu.put("tiers", 3, "income_cny_per_month", "-1")
    with pytest.raises(InstanceError) as caught:
        menu.read()
    found = "\n".join(fault.to("zh") for fault in caught.value.faults)
    assert all(unit in found for unit in ("[元/次]", "[次/年]", "[元/m²/年]", "[元/月]"))


@pytest.mark.parametrize(
    ("table", "column", "header", "value", "read_as"),
    [
        ("tariffs", "price_cny", "居民付（元/餐）", "8", 8.0),
        ("tiers", "income_cny_per_month", "月收入（万元/年）", "1.2", 1000.0),
        ("services", "visits_per_year", "人均年次数（次/月）", "20", 240.0),
        ("services", "capacity_per_m2", "单位容量（人/亩）", "1000", 1.5),
        ("services", "sizes_m2", "面积档（亩）", "0.3；0.6", (200.0, 400.0)),
    ],
)
def test_units_in_headers(menu, table: str, column: str, header: str, value: str, read_as) -> None:
    at = 3 if column == "sizes_m2" else 2
    same = (2, 3) if table == "tiers" else (at,)
    for row in same:
        menu.put(table, row, column, value)
    if column == "capacity_per_m2":
        menu.put(table, 3, column, "")
    menu.rename(table, column, header)
    assert menu.read()[table][column].iloc[at - 2] == read_as
