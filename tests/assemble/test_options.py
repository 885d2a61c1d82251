"""Options against the table worked out in instances/toy/README.md."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from panhuo.access import catchments
from panhuo.assemble import derive_options, payable, siting_data
from panhuo.assemble.exact import rated, whole
from panhuo.assemble.options import pins
from panhuo.instance import Instance
from panhuo.instance.policy import Operating, Pin
from panhuo_models.data import Money


def test_toy_options(toy: Instance) -> None:
    table = derive_options(toy).table.set_index("option")
    expected = {
        "S1:convert:clinic": (80, 116_000.00), "S1:convert:culture": (60, 40_000.00),
        "S2:convert:canteen": (100, 130_000.00), "S2:convert:clinic": (80, 116_000.00),
        "S2:convert:culture": (60, 40_000.00), "S3:convert:culture": (60, 40_000.00),
        "S3:keep:culture": (60, 29_999.80),
    }  # fmt: skip
    assert {o: (r.area_m2, r.capital_cny) for o, r in table.iterrows()} == expected
    assert table.loc["S2:convert:canteen", "yearly_cny"] == 94_000.00
    assert table["months"].to_dict() == {o: 2 if ":keep:" in o else 6 for o in expected}


def test_toy_exclusions_keep_the_rules_name(toy: Instance) -> None:
    options = derive_options(toy)
    why = {(r.site, r.mode, r.service): r.rule for r in options.excluded.itertuples()}
    assert len(why) == 11
    assert why["S1", "convert", "canteen"] == "kitchen_flue"
    assert why["S3", "convert", "clinic"] == "clinic_beside"
    assert why["S3", "convert", "canteen"] == "min_area"
    assert sum(rule == "keep_former_use" for rule in why.values()) == 8
    assert len(options.table) + len(why) == 3 * 2 * 3


def test_rounding_half_up() -> None:
    np.testing.assert_array_equal(whole([155.345, 0.005, 2.675, float("nan"), 12]), [15535, 1, 268, -1, 1200])
    # 333.33 CNY/m² × 60.50 m² = 20,166.465 CNY: half a fen goes up
    np.testing.assert_array_equal(rated(np.array([33333]), np.array([6050]), np.array([7])), [2016647 + 7])


def convert(toy: Instance, **row: object) -> Instance:
    blank = {
        "allowed": pd.NA,
        "area_m2": np.nan,
        "months": pd.NA,
        "capacity_persons": np.nan,
        "supply": np.nan,
        "source": "",
    }
    table = pd.DataFrame([{**blank, **row}])
    table["allowed"] = table["allowed"].astype("boolean")
    table["months"] = table["months"].astype("Int64")
    table["area_m2"] = table["area_m2"].astype(float)
    return replace(toy, tables={**toy.tables, "conversions": table})


def test_conversion_overrides_area_months_and_costs(toy: Instance) -> None:
    instance = convert(toy, site="S2", mode="convert", service="canteen", area_m2=90.0, months=9,
                       capital_cny_equipment=np.nan, capital_cny_fume=1234.56)  # fmt: skip
    every = toy["eligibility"].iloc[:1].assign(items=[()])
    instance = replace(instance, tables={**instance.tables, "eligibility": every})
    options = derive_options(instance)
    row = options.table.set_index("option").loc["S2:convert:canteen"]
    assert (row["area_m2"], row["months"], row["capital_cny"]) == (90.0, 9, 1234.56)
    o = list(options.table["option"]).index("S2:convert:canteen")
    fen = dict(zip(options.items, options.capital_fen[o], strict=True))
    assert fen == {"fit_out": 0, "equipment": 0, "fume": 123456}, "given items replace all derived ones"
    assert row["yearly_cny"] == 90_000 + 90 * 40, "yearly costs were not given and stay derived"


def test_conversion_may_allow_what_a_rule_excludes(toy: Instance) -> None:
    options = derive_options(convert(toy, site="S1", mode="convert", service="canteen", allowed=True))
    assert "S1:convert:canteen" in set(options.table["option"])


def test_conversion_may_exclude_and_must_fit(toy: Instance) -> None:
    no = derive_options(convert(toy, site="S2", mode="convert", service="canteen", allowed=False))
    big = derive_options(convert(toy, site="S2", mode="convert", service="canteen", area_m2=181.0))
    for options, rule in ((no, "conversion"), (big, "conversion_area")):
        row = options.excluded.query("site == 'S2' and mode == 'convert' and service == 'canteen'")
        assert list(row["rule"]) == [rule]


@pytest.mark.parametrize("pin", ["table", "policy"])
def test_an_excluded_site_has_no_option(toy: Instance, pin: str) -> None:
    if pin == "table":
        sites = toy["sites"].assign(status=["candidate", "excluded", "candidate"])
        instance = replace(toy, tables={**toy.tables, "sites": sites})
    else:
        policy = toy.settings.policy.model_copy(update={"excluded_sites": ("S2",)})
        instance = replace(toy, settings=toy.settings.model_copy(update={"policy": policy}))
    options = derive_options(instance)
    assert "S2" not in set(options.table["site"])
    assert set(options.excluded.query("site == 'S2'")["rule"]) == {"status"}


def with_policy(toy: Instance, **policy: object) -> Instance:
    changed = toy.settings.policy.model_copy(update=policy)
    return replace(toy, settings=toy.settings.model_copy(update={"policy": changed}))


def test_what_the_policy_drops_is_excluded_by_that_name(toy: Instance) -> None:
    """S1 could not be a canteen anyway: the rule that excluded it first keeps it."""
    dropped = tuple(Pin(site=s, mode="convert", service="canteen") for s in ("S1", "S2"))
    options = derive_options(with_policy(toy, dropped=dropped))
    why = {(r.site, r.mode, r.service): (r.rule, r.name_zh) for r in options.excluded.itertuples()}
    assert "S2:convert:canteen" not in set(options.table["option"])
    assert why["S2", "convert", "canteen"] == ("dropped", "政策方案放弃该用法")
    assert why["S1", "convert", "canteen"][0] == "kitchen_flue"
    assert len(why) == 12


def test_one_operating_mode_is_dropped_or_pinned(toy: Instance) -> None:
    two = {key: Operating(operator="community") for key in ("public_public", "listed")}
    run = replace(toy, settings=toy.settings.model_copy(update={"operating": two}))
    place = {"site": "S2", "mode": "convert", "service": "canteen"}
    struck = derive_options(with_policy(run, dropped=(Pin(**place, operating="listed"),)))
    assert [o for o in struck.table["option"] if "canteen" in o] == ["S2:convert:canteen:public_public"]
    assert "dropped" not in set(struck.excluded["rule"])
    asked = (Pin(**place), Pin(**place, operating="listed"), Pin(**place, size="60"))
    instance = with_policy(run, pinned=asked, required_sites=("S3",))
    options = derive_options(instance)
    keys = options.table["option"]
    found = {pin.name: [keys[o] for o in pin.options] for pin in pins(instance, options)}
    both = ["S2:convert:canteen:public_public", "S2:convert:canteen:listed"]
    assert found.pop("S3") == [o for o in keys if o.startswith("S3:")]
    assert found == {"S2:convert:canteen": both, "S2:convert:canteen:listed": both[1:], "S2:convert:canteen:60": []}


def test_the_most_exact_cost_row_counts(toy: Instance) -> None:
    base = toy["costs"].iloc[:0]
    rows = [("", "", 1.0), ("", "convert", 2.0), ("canteen", "", 3.0), ("clinic", "convert", 4.0)]
    costs = pd.concat([base, pd.DataFrame(
        [{"service": k, "mode": m, "operating": "", "item": "x", "capital_cny_per_m2": 0.0, "capital_cny": c,
          "yearly_cny_per_m2": 0.0, "yearly_cny": 0.0, "yearly_cny_per_visit": np.nan, "source": ""}
         for k, m, c in rows])])  # fmt: skip
    every = toy["eligibility"].iloc[:1].assign(items=[()])
    tables = {**toy.tables, "costs": costs.reset_index(drop=True), "eligibility": every}
    table = derive_options(replace(toy, tables=tables)).table
    capital = table.set_index("option")["capital_cny"]
    assert capital["S2:convert:canteen"] == 3.0, "the service rules over the mode"
    assert capital["S2:convert:clinic"] == 4.0
    assert capital["S2:convert:culture"] == 2.0
    assert capital["S3:keep:culture"] == 1.0


def test_without_any_cost_row_there_is_no_option(toy: Instance) -> None:
    options = derive_options(replace(toy, tables={**toy.tables, "costs": toy["costs"].iloc[:0]}))
    assert len(options.table) == 0
    assert (options.excluded["rule"] == "no_cost").sum() == 7
    data = siting_data(toy, options, catchments(toy)).data
    assert data.money.cost.shape == (0, 0)
    assert len(data.reach) == 0


def test_payable(toy: Instance) -> None:
    options = derive_options(toy)
    allowed = payable(toy, options.table, options.items)
    funds, items = list(toy["funds"]["fund"]), list(options.items)
    for f in funds:
        for i in items:
            expected = (f, i) in {("works", "fit_out"), ("equip", "equipment")}
            assert (allowed[funds.index(f), :, items.index(i)] == float(expected)).all()


def lone(toy: Instance, **party: float) -> Instance:
    funds = toy["funds"].iloc[:1].assign(cap_cny=200_000.0)
    parties = toy["parties"].assign(min_share=0.0, max_share=1.0)
    for key, value in party.items():
        parties.loc[parties["party"] == "community", key] = value
    eligibility = toy["eligibility"].iloc[:1].assign(fund=funds["fund"].iloc[0], items=[()])
    return replace(toy, tables={**toy.tables, "funds": funds, "parties": parties, "eligibility": eligibility})


def paid(instance: Instance) -> Money:
    return siting_data(instance, derive_options(instance), catchments(instance)).data.money


def test_a_lone_fund_is_a_budget(toy: Instance) -> None:
    instance = lone(toy)
    found = paid(instance)
    assert found.funds == ()
    assert found.budget == 200_000
    assert found.cost.sum() == sum(derive_options(instance).table["capital_cny"])


def test_a_fund_whose_share_is_bound_is_more_than_a_budget(toy: Instance) -> None:
    assert len(paid(lone(toy, min_share=0.1)).funds) == 1
