import pytest

from panhuo.cli import figures
from panhuo.cli.screen import language
from panhuo.cli.tables import standing


@pytest.fixture
def spoken(monkeypatch):
    def speak(**variables):
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return speak


@pytest.mark.parametrize("words", [["--lang", "zh", "check", "x"], ["check", "x", "--lang=zh"]])
def test_the_language_asked_for_wins(words, spoken):
    spoken(LANG="en_GB.UTF-8")
    assert language(words) == "zh"


def test_the_locale_gives_the_language(spoken):
    spoken(LANG="zh_CN.UTF-8")
    assert language(["check", "x"]) == "zh"
    assert language(["check", "x", "--lang", "en"]) == "en"
    spoken(LC_ALL="de_DE.UTF-8", LANG="zh_CN.UTF-8")
    assert language([]) == "en"


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.0, "0.00 %"), (0.000801, "0.09 %"), (0.0008, "0.08 %"), (0.001, "0.10 %"), (1e-9, "< 0.01 %"), (None, "–")],
)
def test_a_gap_is_rounded_up(share, shown):
    assert figures.gap(share) == shown


def test_money_is_in_wan_yuan_for_chinese_readers():
    assert figures.money(12_345_678, "zh") == "1,234.57 万元"
    assert figures.money(12_345_678, "en") == "CNY 12,345,678"


def record(status, *gaps):
    return {"status": status, "stages": [{"gap": g} for g in gaps]}


def test_the_gap_stated_is_the_largest_of_all_objectives():
    assert standing(record("within_gap", 0.0001, 0.0008), 2).to("en") == (
        "Proven to within 0.08 % of the best possible, in every objective."
    )
    assert "0.08 %" in standing(record("within_gap", 0.0001, 0.0008), 2).to("zh")


def test_an_objective_that_was_not_reached_leaves_the_gap_unknown():
    assert "is it known" in standing(record("time_limit", 0.0001), 2).to("en")
    assert "within 0.01 %" in standing(record("time_limit", 0.0001, 0.0), 2).to("en")
    assert "is it known" in standing(record("time_limit", 0.0001, None), 2).to("en")
