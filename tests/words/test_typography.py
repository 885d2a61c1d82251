"""Chinese sentences are set as Chinese is: full-width marks, one space between Chinese and Latin, none beside a mark."""

import re

import pytest

from .sentences import translations

HAN = r"[\u3400-\u9fff]"
MARK = r"[，。；：！？、（）“”《》…]"
FAULTS = {
    "a half-width mark beside Chinese": rf"{HAN}[,;:!?().]|[,;:!?()]{HAN}",
    "no space between Chinese and Latin": rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}",
    "a space beside a full-width mark": rf" {MARK}|{MARK} ",
    "spaces in a row, or at an end": r"  |^ | $",
    "a space between Chinese characters": rf"{HAN} {HAN}",
    "straight quotation marks": rf"{HAN}[\"']|[\"']{HAN}",
}


def faults(text: str) -> list[str]:
    """Name the rules that a sentence breaks; what fills its places or is quoted is data and follows no rule."""
    shown = re.sub(r"“[^”]*”|\{\w+\}", "\ufffc", text)
    return [name for name, pattern in FAULTS.items() if re.search(pattern, shown)]


def test_the_chinese_sentences_are_set_as_chinese_is() -> None:
    found = {said: broken for said in translations().values() if (broken := faults(said))}
    assert found == {}


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("第 {row} 行，共 3 列（见 sites.csv）。", []),
        ("{a}:{b}", []),
        ("写法为“编号:方式”，如 a:b", []),
        ("好,不好", ["a half-width mark beside Chinese"]),
        ("表(旧)", ["a half-width mark beside Chinese"]),
        ("共3列", ["no space between Chinese and Latin"]),
        ("好， 不好", ["a space beside a full-width mark"]),
        ("好  {a} ", ["spaces in a row, or at an end"]),
        ("表 格", ["a space between Chinese characters"]),
        ('写"是"', ["straight quotation marks"]),
    ],
)
def test_faults_of_typography_are_found(text: str, broken: list[str]) -> None:
    assert faults(text) == broken
