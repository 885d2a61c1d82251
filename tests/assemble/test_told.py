"""Keys are put into a reader's words: Chinese names for Chinese readers, the keys of the tables for English ones."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from kitchen import TABLES, kitchen

from panhuo.access import catchments
from panhuo.assemble import derive_options, money_conflicts, siting_data, told
from panhuo.words import Text

POLICY = """
objectives = [{ name = "meals", name_zh = "用餐", measure = "coverage" }, { name = "basic", measure = "coverage" }]
floors = [{ service = "canteen", share = 0.1 }]
quotas = [
  { measure = "capital", by = "circle", fund = "city", min_factor = 0.1 },
  { measure = "capital", by = "circle", min_factor = 0.1 },
  { measure = "floor_area", by = "circle", min_factor = 0.1 },
]
"""

SENTENCES = {
    "fund {fund}: at most {cny} CNY": ({"fund": "city", "cny": "80,000.00"}, "资金 市财政：最多 80,000.00 元"),
    "{operating}: the least margin": ({"operating": "public_private, listed"}, "公建民营、挂牌"),
    "no fund may pay {items} of the year": ({"items": "visit_subsidy, operation"}, "按人次补贴、弥补亏损"),
    "floor {floor}: at least {persons} people": ({"floor": "canteen c >= 10%", "persons": "9"}, "中区的食堂不低于 10%"),
    "share {limit}: at least {share}": (
        {"limit": "government ≥ 10% of capital with what is given in kind of project s1:convert (bound all)",
         "share": "10.0%"}, "政府占含实物的投资 ≥ 10%（项目：s1:convert；约束 all）",
    ),
    "share {limit}: at most {share}": ({"limit": "fund city ≤ 50% of capital", "share": "50.0%"}, "市财政占投资 ≤ 50%"),
    "quota {quota}: at least {share} of the floor area": (
        {"quota": "c 3–7% of floor area by people", "share": "3.0%"}, "中区按人口得面积 3–7%",
    ),
    "The quota of {what} leaves {group} out: no option stands there": (
        {"what": "fund city", "group": "c"}, "市财政",
    ),
    "Stage {stage} leaves circle {circle} out for {service}: nobody there can be reached": (
        {"stage": "meals", "circle": "c", "service": "canteen"}, "用餐",
    ),
    "budget: at most {cny} CNY": ({"cny": "1.00"}, "1.00"),
}  # fmt: skip


@pytest.mark.parametrize("pattern", SENTENCES)
def test_chinese_readers_read_names_and_english_ones_keys(tmp_path: Path, pattern: str) -> None:
    values, chinese = SENTENCES[pattern]
    circles = [{"circle": "c", "name": "中区", "type": "town"}]
    (said,) = told(kitchen(tmp_path, POLICY, circles=circles), [Text(pattern, values)])
    assert chinese in said.to("zh")
    assert said.to("en") == pattern.format(**values)


def test_every_bound_of_a_model_has_chinese_words(tmp_path: Path) -> None:
    each = itertools.product(("plan", "service", "project"), ("capital", "yearly", "capital_with_in_kind"))
    parties = [
        {"bound": f"b{n}", "party": "government", "ledger": ledger, "scope": scope, "max_share": 0.9}
        for n, (scope, ledger) in enumerate(each)
    ]
    funds = [TABLES["funds"][0] | {"min_share": 0.1}, *TABLES["funds"][1:]]
    services = [TABLES["services"][0] | {"mandatory": "yes"}]
    sites = [site | {"circle": "c"} for site in TABLES["sites"]]
    instance = kitchen(tmp_path, POLICY, parties=parties, funds=funds, services=services, sites=sites)
    options = derive_options(instance)
    data = siting_data(instance, options, catchments(instance)).data
    names = {"limit": [x.name for x in data.money.limits], "quota": [x.name for x in data.quotas],
             "floor": [x.name for x in data.floors]}  # fmt: skip
    assert [len(of) > 0 for of in names.values()] == [True] * 3
    for blank, of in names.items():
        for bound in of:
            (said,) = told(instance, [Text(f"{{{blank}}}", {blank: bound})])
            assert said.to("en") == bound
            assert not any(word in said.to("zh") for word in (" of ", "canteen", "city", "capital", "mandatory")), bound


def test_money_at_odds_is_told_in_chinese(tmp_path: Path) -> None:
    instance = kitchen(tmp_path, eligibility=TABLES["eligibility"][:1])
    (said,) = told(instance, money_conflicts(instance, derive_options(instance)))
    assert "设备" in said.to("zh")
    assert "食堂" in said.to("zh")
    assert "equipment" in said.to("en")
