from pathlib import Path

import pytest

import panhuo
from panhuo.cli.screen import Screen
from panhuo.cli.tables import balance, person_services, show_services, show_stages, standing
from panhuo.words import figures
from panhuo.words.reader import language

TOY = Path(__file__).parents[2] / "instances" / "toy"


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
    [
        (0.0, "0.00%"),
        (0.000801, "0.09%"),
        (0.0008, "0.08%"),
        (0.001, "0.10%"),
        (1e-9, "0.00%"),
        (1e-7, "< 0.01%"),
        (1.0, "100.00%"),
        (1.01, "> 100%"),
        (None, "–"),
    ],
)
def test_a_gap_is_rounded_up(share, shown):
    assert figures.gap(share) == shown


def test_money_is_in_wan_yuan_for_chinese_readers():
    assert figures.money(12_345_678, "zh") == "1,234.57 万元"
    assert figures.money(12_345_678, "en") == "CNY 12.35 million"


def record(status, *gaps):
    return {"status": status, "stages": [{"gap": g} for g in gaps]}


def test_the_gap_stated_is_the_largest_of_all_objectives():
    assert standing(record("within_gap", 0.0001, 0.0008), 2).to("en") == (
        "Proven to within 0.08% of the best possible, in every objective."
    )
    assert "0.08%" in standing(record("within_gap", 0.0001, 0.0008), 2).to("zh")


def test_an_objective_that_was_not_reached_leaves_the_gap_unknown():
    assert "is it known" in standing(record("time_limit", 0.0001), 2).to("en")
    assert "within 0.01%" in standing(record("time_limit", 0.0001, 0.0), 2).to("en")
    assert "is it known" in standing(record("time_limit", 0.0001, None), 2).to("en")


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [((700, 1340, 0), (700, 1340, 640, 0)), ((10.4, 9.8, 0.6), (10, 10, 1, 1)), ((10.6, 10.2, 0.4), (11, 10, 0, 1))],
)
def test_what_is_shown_adds_up(numbers, shown):
    before, after, new, lost = balance(*numbers)
    assert (before, after, new, lost) == shown
    assert before + new - lost == after


def losing(toy, lost):
    empty = dict.fromkeys(("base_persons", "before", "after", "new_persons", "unreachable_persons", "lost_persons"), 0)
    coverage = {service: {**empty} for service in toy["services"]["service"]}
    coverage["clinic"] |= {
        "base_persons": 100,
        "before": 50,
        "after": 60,
        "new_persons": 10 + lost,
        "lost_persons": lost,
    }
    return {"coverage": coverage, "new_person_services": 10 + lost}


def test_who_is_no_longer_covered_is_told(toy, capsys):
    show_services(Screen("en", json=False, quiet=False), toy, losing(toy, 0))
    assert "No longer covered" not in capsys.readouterr().out
    show_services(Screen("en", json=False, quiet=False), toy, losing(toy, 5))
    shown = capsys.readouterr().out
    assert "No longer covered" in shown
    assert next(line.split() for line in shown.splitlines() if line.startswith("Clinic"))[2:7] == [
        "100", "50", "60", "15", "5",
    ]  # fmt: skip
    assert "no room that may become the service" in shown
    assert person_services(losing(toy, 5)).to("en").startswith("15 person-services gained and 5 person-services")


def test_objectives_that_a_limit_cut_off_are_listed(capsys):
    stage = {"name": "basic", "objective": 5, "bound": 20, "gap": 3.0, "seconds": 1.0}
    district = panhuo.read(TOY)
    show_stages(Screen("zh", json=False, quiet=False), district, {"stages": [stage]}, ["basic", "quality"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split()[:4] == ["基础保障", "5.0000", "20", ">"]
    assert lines[4].split() == ["品质提升", "未求到", "–", "–", "–"]
