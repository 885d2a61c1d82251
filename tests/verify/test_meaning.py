"""Discrepancies as a planner reads them: the keys of the files, and beside them what they mean."""

from dataclasses import replace

import pytest

from panhuo.result.verify.findings import Findings
from panhuo.result.verify.meaning import explained, meanings, value
from panhuo.words import T

RULE = T("derived from the inputs")


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        (
            "zh",
            "plan.csv，S1:convert:clinic（Old shop 老商铺、改、社区卫生服务站），capital_cny（投资） = 9.00：应为 8.00。由输入推算。",
        ),
        (
            "en",
            "plan.csv, S1:convert:clinic (Old shop 老商铺, Clinic), capital_cny = 9.00: expected 8.00. Derived from the inputs.",
        ),
    ],
)
def test_keys_are_explained(toy, lang, line):
    found = Findings()
    found.known = meanings(toy)
    found.add("plan.csv", "S1:convert:clinic", "capital_cny", "9.00", "8.00", RULE)
    (fault,) = found.verification(solved=True).faults
    assert fault.to(lang) == line
    assert str(fault) == "plan.csv, S1:convert:clinic, capital_cny = 9.00: expected 8.00. Derived from the inputs."


def test_columns_of_the_record_and_values_are_explained_too(toy):
    known = meanings(toy)
    assert explained("coverage.clinic.after", known, "en") == "coverage.clinic.after (Clinic)"
    assert explained("money.by_fund_item.works.fit_out", known, "zh").endswith("（政府改造资金、装修）")
    assert value("government", known, "zh") == "government（政府）"
    assert value("", known, "zh") == "空"
    assert value(RULE, known, "en") == "derived from the inputs"


def test_numbers_are_not_taken_for_keys(toy):
    """A site may be called 120, and a size too."""
    sites = toy["sites"].assign(id=["120", "S2", "S3"], name=["Hall", "", ""])
    known = meanings(replace(toy, tables={**toy.tables, "sites": sites}))
    assert explained("120:keep:clinic::120", known, "en") == "120:keep:clinic::120 (Hall, Clinic)"
    assert explained("S2:keep:clinic::120", known, "en") == "S2:keep:clinic::120 (Clinic)"
    assert value("120", known, "en") == "120"
    assert value(120, known, "en") == "120"


def test_a_key_that_means_two_things_is_left_as_it_is(toy):
    funds = toy["funds"].assign(fund=["clinic", "equip"])
    known = meanings(replace(toy, tables={**toy.tables, "funds": funds}))
    assert explained("clinic", known, "en") == "clinic"
    assert explained("equip", known, "en") == "equip (Operator's equipment money)"
