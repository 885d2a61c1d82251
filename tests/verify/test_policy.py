"""A plan is held against every rule of its inputs: made under milder ones, it goes against stricter ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

import panhuo
from panhuo import result

from .quarter import TABLES, added, changed, quarter
from .tampering import Rich, Spoilt, texts

CANTEEN = "s0:convert:canteen:private_aided:120"


class Stricter(NamedTuple):
    """Inputs that the plan goes against, and what is said of it."""

    expected: str
    tables: dict[str, Any]
    toml: tuple[tuple[str, str], ...] = ()


def settings(expected: str, old: str, new: str) -> Stricter:
    return Stricter(expected, {}, ((old, new),))


def party(expected: str, **row: Any) -> Stricter:
    return Stricter(expected, added("parties", {"bound": "new", **row}))


def fund(expected: str, name: str, **cells: Any) -> Stricter:
    return Stricter(expected, changed("funds", {"fund": name}, **cells))


def eligible(expected: str, name: str, **cells: Any) -> Stricter:
    return Stricter(expected, changed("eligibility", {"fund": name}, **cells))


def link(expected: str, **row: Any) -> Stricter:
    return Stricter(expected, added("links", {"link": "new", **row}))


NOT_PAID = "may not pay this item of this option"

CASES: dict[str, Stricter] = {
    # who may pay what
    "a cap": fund("ledger.csv, city, amount_cny = 74202.97: expected <= 70000.00. The cap of the fund", "city", cap_cny=70000),
    "a yearly cap": fund("ledger.csv, city, amount_cny = 96659.97: expected <= 90000.00. The yearly cap of the fund", "city", yearly_cap_cny=90000),
    "a fund's least share": fund("ledger.csv, state, amount_cny = 32538.23: expected 63348.24 … 316741.20. The fund's share of the plan's capital, between 0.2 and 1.0", "state", min_share=0.2),
    "a fund's largest share": fund("ledger.csv, firm, amount_cny = 150000.00: expected 0.00 … 126696.48. The fund's share", "firm", max_share=0.4),
    "a second central source": Stricter(
        "ledger.csv, s0:convert:canteen:private_aided:120 fit_out, fund = firm, state: one central source an item at most",
        changed("funds", {"fund": "firm"}, central="yes"),
    ),
    "a fund for complexes": fund("ledger.csv, s2:convert:nursery:listed fit_out firm, fund = firm: the fund pays in embedded complexes only", "firm", complex_only="yes"),
    "an item": eligible(f"ledger.csv, s0:convert:lift access state, fund = state: the fund {NOT_PAID}", "state", items="fit_out"),
    "a mode": eligible(f"s0:convert:lift access state, fund = state: the fund {NOT_PAID}", "state", modes="add"),
    "a zone": eligible(f"s0:convert:lift access state, fund = state: the fund {NOT_PAID}", "state", zones="old"),
    "an owner": eligible(f"s0:convert:lift access state, fund = state: the fund {NOT_PAID}", "state", ownerships="private"),
    "a service": eligible(f"{CANTEEN} fit_out state, fund = state: the fund {NOT_PAID}", "state", services="hall"),
    "a service of a shared work": Stricter(
        f"ledger.csv, s0:convert:lift access state, fund = state: the fund {NOT_PAID}",
        changed("shared_works", {"work": "lift"}, services="canteen") | changed("eligibility", {"fund": "state"}, services="hall"),
    ),
    "an operating mode": eligible(f"{CANTEEN} fit_out state, fund = state: the fund {NOT_PAID}", "state", operating="listed"),
    "a year": eligible(f"s0:convert:hall:public_public fit_out city, fund = city: the fund {NOT_PAID}", "city", years="2027"),
    "a year of operation": eligible(f"{CANTEEN} visit_subsidy city, fund = city: the fund may not pay this of the year", "city", years="2026"),
    "a share of an item": eligible("s0:convert:canteen:private_aided:120 equipment city, amount_cny = 28000.00: expected <= 24000.00. The largest share of an item that the fund may pay", "city", max_share=0.5),
    "two rows, of which the larger share holds": Stricter("", added("eligibility", {"fund": "city", "items": "equipment", "max_share": 0.1})),
    "two rows, neither of which allows all of it": Stricter(
        f"ledger.csv, s0:convert:canteen:private_aided:120 equipment city, fund = city: the fund {NOT_PAID}",
        {"eligibility": [
            *changed("eligibility", {"fund": "city"}, items="fit_out;visit_subsidy;operating_subsidy;operation")["eligibility"],
            {"fund": "city", "items": "equipment", "operating": "listed"},
        ]},
    ),
    "a yearly item": eligible(f"{CANTEEN} visit_subsidy city, fund = city: the fund may not pay this of the year", "city", items="fit_out;equipment;operation"),
    "the budget": settings("ledger.csv, amount_cny = 316741.20: expected <= 300000.00. The budget", "budget_cny = 500000", "budget_cny = 300000"),
    # shares
    "a party's least share": party("ledger.csv, new, amount_cny = 20000.00: expected 31674.12 … 316741.20. The party's share of the plan's capital", party="donor", min_share=0.1),
    "a party's largest share": party("ledger.csv, new, amount_cny = 106741.20: expected 0.00 … 95022.36. The party's share of the plan's capital", party="government", max_share=0.3),
    "a share of a service's capital": party("ledger.csv, new canteen, amount_cny = 48935.63: expected 0.00 … 48415.84. The party's share", party="government", scope="service", services="canteen", max_share=0.4),
    "a share of a project's capital": party("ledger.csv, new s0:convert, amount_cny = 70343.51: expected 72667.44 … 181668.60. The party's share", party="government", scope="project", min_share=0.4),
    "a share of a project's capital without shared works": party("ledger.csv, new s0:convert, amount_cny = 48935.63: expected 60519.80 … 121039.60. The party's share", party="government", scope="project", services="canteen", min_share=0.5),
    "a share of an operating mode's capital": party("ledger.csv, new, amount_cny = 0.00: expected 8604.62 … 86046.20. The party's share", party="donor", operating="listed", min_share=0.1),
    "a share of the year": party("ledger.csv, new, amount_cny = 152298.00: expected 0.00 … 148965.74. The party's share of the year, between 0.0 and 0.5", party="resident", ledger="yearly", max_share=0.5),
    "a share of a service's year": party("ledger.csv, new canteen, amount_cny = 14999.00: expected 24354.29 … 243542.97. The party's share of the year", party="enterprise", ledger="yearly", scope="service", services="canteen", min_share=0.1),
    "a share of a project's year": party("ledger.csv, new s1:convert, amount_cny = 26475.00: expected 0.00 … 23827.50. The party's share of the year", party="community", ledger="yearly", scope="project", services="nursery", max_share=0.9),
    "a share with what is in kind": party("ledger.csv, new, amount_cny = 68600.00: expected 79123.24 … 395616.20. The party's share of capital and gifts in kind, between 0.2 and 1.0", party="community", ledger="capital_with_in_kind", min_share=0.2),
    "a quota of all money": settings("ledger.csv, c1, amount_cny = 135072.60: expected 147029.27 … 316741.20. Money in keeping with the people of the group", 'by = "circle", min_factor = 0.3 }', 'by = "circle", min_factor = 1.0 }'),
    "a quota of a fund": settings("ledger.csv, city new_estate, amount_cny = 36397.69: expected 0.00 … 34444.56. Money in keeping", "max_factor = 2.0", "max_factor = 1.0"),
    "a quota of floor area": settings("plan.csv, c1, area_m2 = 220.00: expected 77.98 … 214.46. Floor area in keeping with the people of the group", "max_factor = 1.9", "max_factor = 1.1"),
    # prices
    "what can be paid": settings("allocation.csv, d0 canteen adult poor s0, tier = poor: the tier cannot pay the price of the place", "affordable_share = 0.2", "affordable_share = 0.15"),
    "a price cap": settings("plan.csv, s0:convert:canteen:private_aided:120, option: excluded by the rule no_tariff", "price_cap_cny = 15", "price_cap_cny = 11.99"),
    "a class of tariffs": settings("plan.csv, s0:convert:canteen:private_aided:120, tariff = fair: a tariff the option may charge: cheap", 'price_classes = ["inclusive", "market"]', 'price_classes = ["safety_net", "market"]'),
    "a tariff's operating mode": Stricter("plan.csv, s0:convert:canteen:private_aided:120, option: excluded by the rule no_tariff", changed("tariffs", {"tariff": "fair"}, operating="public_public")),
    # the year
    "the least margin": settings("accounts.csv, s0:convert:canteen:private_aided:120, surplus_cny = 4570.88: expected >= 6856.32. The least margin of the operating mode", "margin_min = 0.02", "margin_min = 0.03"),
    "the largest margin": settings("accounts.csv, s0:convert:canteen:private_aided:120, surplus_cny = 4570.88: expected <= 3428.16. The largest margin", "margin_min = 0.02\nmargin_max = 0.3", "margin_min = 0.01\nmargin_max = 0.015"),
    "the largest subsidy": settings("accounts.csv, s0:convert:canteen:private_aided:120, subsidy_cny = 39902.47: expected <= 12000.00. The largest operating subsidy", "subsidy_cny = 30000", "subsidy_cny = 0"),
    "the years of a write-off": settings("accounts.csv, s0:convert:canteen:private_aided:120, write_off_cny = 1729.14: expected 2017.33", "write_off_years = 7", "write_off_years = 6"),
    "who runs it": settings("accounts.csv, s0:convert:canteen:private_aided:120, operator = enterprise: expected community", 'services = ["canteen"]\noperator = "enterprise"', 'services = ["canteen"]\noperator = "community"'),
    "what in kind is worth": settings("s0:convert:hall:public_public space government, amount_cny = 20110.00: expected 24132.00", "years = 2.5", "years = 3"),
    # what stands where
    "a complex more": settings("plan.csv = 1: expected 2. The least number of embedded complexes", "least = 1", "least = 2"),
    "a complex of more": settings("plan.csv = 0: expected 1. The least number of embedded complexes", "min_area_m2 = 150", "min_area_m2 = 201"),
    "a complex with more functions": settings("plan.csv = 0: expected 1. The least number of embedded complexes", "min_functions = 2", "min_functions = 3"),
    "a complex with more named functions": settings("plan.csv = 0: expected 1. The least number of embedded complexes", 'named = ["canteen"], min_named = 1', 'named = ["canteen", "nursery"], min_named = 2'),
    "something needed at the same site": link("plan.csv, s2 nursery, service: the link new asks for hall beside it", kind="requires", service_a="nursery", service_b="hall"),
    "something needed nearby": link("plan.csv, s1 hall, service: the link new asks for canteen beside it", kind="requires", service_a="hall", service_b="canteen", within_m=599.999),
    "neighbours that do not go together": link("plan.csv, s1 nursery, service = s0: the link new bars canteen beside it", kind="incompatible", service_a="nursery", service_b="canteen", within_m=600),
    "at the same site": link("plan.csv, s1 nursery, service = s1: the link new bars hall beside it", kind="incompatible", service_a="nursery", service_b="hall"),
    "two of a kind": link("plan.csv, s1 nursery, service = s2: the link new bars nursery beside it", kind="incompatible", service_a="nursery", service_b="nursery", within_m=60),
    "beside what exists and stays": link("plan.csv, s0:convert:canteen:private_aided:120, option: excluded by the rule new", kind="incompatible", service_a="canteen", service_b="canteen", within_m=50),
    "an excluded site": settings("plan.csv, s2:convert:nursery:listed, option: excluded by the rule status", 'required_sites = ["s0"]', 'required_sites = ["s0"]\nexcluded_sites = ["s2"]'),
    "who may run it where": settings("plan.csv, s1:convert:nursery:listed, option: excluded by the rule operating", 'services = ["nursery"]', 'services = ["nursery"]\nmodes = ["add"]'),
    "what nobody may pay": Stricter("plan.csv, s0:convert:hall:public_public, option: excluded by the rule unpayable", changed("shared_works", {"work": "lift"}, item="dig") | changed("eligibility", {"fund": "city"}, items="fit_out;equipment")),
    "another size": Stricter("plan.csv, s0:convert:canteen:private_aided:120, option: no such option", changed("services", {"service": "canteen"}, sizes_m2="60;110")),
    "another capacity": Stricter("plan.csv, s0:convert:canteen:private_aided:120, capacity_persons = 60.0: expected 48.0", changed("services", {"service": "canteen"}, capacity_per_m2=0.4)),
    "a given capacity": Stricter("plan.csv, s1:convert:nursery:listed, capacity_persons = 28.0: expected 1.5", {"conversions": [{"site": "s1", "mode": "convert", "service": "nursery", "capacity_persons": 1.5}]}),
    "a given area": Stricter("plan.csv, s1:convert:nursery:listed, capacity_persons = 28.0: expected 25.2", {"conversions": [{"site": "s1", "mode": "convert", "service": "nursery", "area_m2": 63}]}),
    "a dearer operating mode": Stricter("plan.csv, s0:convert:canteen:private_aided:120, yearly_cny = 131500.00: expected 141500.00", added("costs", {"item": "staff", "service": "canteen", "operating": "private_aided", "yearly_cny": 140000})),
    "a dearer visit": Stricter("accounts.csv, s0:convert:canteen:private_aided:120, visits_cost_cny = 90743.95: expected 104993.00", added("costs", {"item": "food", "service": "canteen", "operating": "private_aided", "yearly_cny_per_visit": 7})),
    # people
    "a floor": settings("coverage.csv, c0 canteen, after_persons = 46.8: expected >= 48.000000. The coverage floor of the policy", "share = 0.1", "share = 0.4"),
    "a mandatory service": Stricter("coverage.csv, nursery, after_persons: a mandatory service must reach everyone it can reach; persons left out: 40", changed("services", {"service": "nursery"}, mandatory="yes")),
    "a mandatory service that is reached": Stricter("", changed("services", {"service": "hall"}, mandatory="yes")),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_plan_that_goes_against_its_inputs_is_found(rich: Rich, tmp_path: Path, case: str) -> None:
    stricter = CASES[case]
    instance = panhuo.read(quarter(tmp_path / "q", stricter.toml, **stricter.tables))
    found = texts(result.verify_tables(instance, rich.tables, rich.run))
    if stricter.expected:
        assert any(stricter.expected in text for text in found), found
    else:
        assert found == []


def _held(rich: Rich, path: Path, **tables: Any) -> Spoilt:
    """The quarter's result, held against other inputs."""
    toml = tables.pop("toml", ())
    instance = panhuo.read(quarter(path, toml, **tables))
    return Spoilt.of(rich, instance)


def _grant(spoilt: Spoilt, cny: float) -> None:
    """Pay the canteen so much more of an operating subsidy, wherever that is written."""
    spoilt.shift("accounts", {"option": CANTEEN}, subsidy_cny=cny, surplus_cny=cny)
    spoilt.set("accounts", {"option": CANTEEN}, margin=(4570.88 + cny) / (228543.97 + cny))
    spoilt.shift("ledger", {"option": CANTEEN, "item": "operating_subsidy"}, amount_cny=cny)


def test_a_subsidy_too_small_or_too_large_is_found(rich: Rich, tmp_path: Path) -> None:
    """The surplus of 4,570.88 is 0.02 of 228,543.97. Less 11.66 both, it is 1.995 %, which still rounds to 2.00 %.

    Three fen more than is needed are too many.
    """
    bounds = [row for row in TABLES["parties"] if row["bound"] != "meals"]
    rule = "The least margin of the operating mode."
    little = _held(rich, tmp_path / "q", parties=bounds)
    _grant(little, -11.66)
    assert not [text for text in little.faults() if rule in text]
    _grant(little, -0.01)
    assert f"accounts.csv, {CANTEEN}, surplus_cny = 4559.21: expected >= 4570.65. {rule}" in little.faults()
    much = _held(rich, tmp_path / "r", parties=bounds)
    _grant(much, 0.03)
    rule = "an operating subsidy is what the least margin needs, and no more."
    assert f"accounts.csv, {CANTEEN}, subsidy_cny = 39902.50: {rule}" in much.faults()


def test_a_bond_that_its_revenue_does_not_cover_is_found(rich: Rich, tmp_path: Path) -> None:
    """Both halls leave 4,000 CNY a year before subsidies; 0.06 · cover of what the bond pays may not be more."""
    share = Stricter("", added("eligibility"))
    for cover, covered in ((2.2, True), (2.3, False)):
        spoilt = _held(rich, tmp_path / f"{cover}", **share.tables | changed("funds", {"fund": "bond"}, cover=cover))
        for option in ("s0:convert:hall:public_public", "s1:convert:hall:public_public"):
            spoilt.set("ledger", {"option": option, "fund": "firm"}, fund="bond", party="government")
        # 39,221.12 + 29,837.95 = 69,059.07 CNY; of 8,000 CNY 60,606.06 are covered 2.2 times, 57,971.01 2.3 times
        spoilt.shift("ledger", {"option": "s0:convert:hall:public_public", "fund": "bond"}, amount_cny=-9059.07)
        said = [text for text in spoilt.faults() if "Own revenue covers the debt service of the bond" in text]
        assert said == (
            [] if covered else
            ["ledger.csv, bond, amount_cny = 60000.00: expected 8280.00 <= 8000.00. Own revenue covers the debt service of the bond."]
        )  # fmt: skip


def test_a_bonus_of_links_is_counted_again(rich: Rich, tmp_path: Path) -> None:
    """Canteen and hall stand in s0: 2.5 points; with another link that the hall in s1 has too, 3 more each."""
    more = added("links", {"link": "new", "kind": "bonus", "service_a": "hall", "service_b": "canteen", "within_m": 700,
                           "bonus": 3})  # fmt: skip
    spoilt = _held(rich, tmp_path / "q", **more)
    assert "run.json, stages.together.objective = 2.5: expected 8.5. Derived from the inputs." in spoilt.faults()
