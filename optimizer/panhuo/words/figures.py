"""Figures as readers expect them: the one place that writes numbers for people.

In sentences and headings large figures are short: people from 10,000 in 万人, money from 10,000 yuan in 万元 and from
10⁸ in 亿元 for Chinese readers, millions from a million on for English ones, with two decimals; what is smaller is
whole. Tables that name their unit in the head take :func:`count` and :func:`bare`; faults, findings and limits take
:func:`yuan`, which is exact to the fen; the files that are summed (CSV) hold plain numbers and take none of these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from panhuo.words import Lang, Text

_LARGE: dict[Lang, tuple[tuple[int, int, str], ...]] = {
    "zh": ((100_000_000, 100, "亿"), (10_000, 1, "万")),
    "en": ((1_000_000_000, 10_000, "billion"), (1_000_000, 1, "million")),
}
"""From which size a figure is written in which word, and the step in which one below that size is written."""

NO_GAP = 1e-8
"""Gap below which it is arithmetic, and counts as none."""


@dataclass(frozen=True, kw_only=True)
class Figure(Text):
    """A figure inside a sentence, which takes the sentence's language.

    Parameters
    ----------
    number : float
        What is told.
    write : callable
        Which of the functions of this module writes it, such as :func:`people`.
    """

    number: float
    write: Callable[[float, Lang], str]

    def to(self, lang: Lang) -> str:
        """Write the figure in one language."""
        return self.write(self.number, lang)

    def __str__(self) -> str:
        return self.to("en")


def figure(write: Callable[[float, Lang], str], number: float) -> Figure:
    """Put a figure into a sentence: ``T("{cost} at most", cost=figure(money, cny))``."""
    return Figure(pattern="", number=float(number), write=write)


def count(number: float) -> str:
    """Write a number of persons, sites, …; whole, thousands separated."""
    return f"{number:z,.0f}"


def short(number: float, lang: Lang) -> str:
    """Write a number for a heading that says what is counted: 9,999, 1.23 万; 12,345, 1.23 million."""
    return " ".join(filter(None, _short(number, lang)))


def people(number: float, lang: Lang) -> str:
    """Write a number of people with its word: 9,999 人, 1.23 万人; 1 person, 1.23 million people."""
    return _counted(number, lang, ("person", "people"), "人")


def services(number: float, lang: Lang) -> str:
    """Write a number of person-services with its word; who gains two services counts twice."""
    return _counted(number, lang, ("person-service", "person-services"), "人次")


def money(cny: float, lang: Lang) -> str:
    """Write an amount in CNY: 3,500 元, 12.35 万元, 1.23 亿元; CNY 12,345, CNY 1.23 million."""
    number, size = _short(cny, lang)
    return f"{number} {size}元" if lang == "zh" else f"CNY {number} {size}".rstrip()


def bare(cny: float, lang: Lang) -> str:
    """Write an amount without its unit, for tables that name :func:`unit` in the head."""
    return f"{cny / 10_000:z,.2f}" if lang == "zh" else f"{cny:z,.0f}"


def unit(lang: Lang) -> str:
    """Name the unit of :func:`bare`."""
    return "万元" if lang == "zh" else "CNY"


def yuan(cny: float, lang: Lang) -> str:
    """Write an amount exactly, to the fen where it has any."""
    return f"{visit(cny)} 元" if lang == "zh" else f"CNY {visit(cny)}"


def visit(cny: float) -> str:
    """Write what a visit, or a month of visits, costs [CNY]; no decimals where there are none."""
    return f"{cny:z,.0f}" if cny == round(cny) else f"{cny:z,.2f}"


def percent(share: float) -> str:
    """Write a share with one decimal."""
    return f"{share:z.1%}"


def round_percent(share: float) -> str:
    """Write a share without decimals, where it stands beside the figures it is of."""
    return f"{share:z.0%}"


def gap(share: float | None) -> str:
    """Write a gap with two decimals, rounded up: what is stated is always proven. A dash where it is not known.

    What is below :data:`NO_GAP` counts as none; beyond 100 % the figure says nothing.
    """
    if share is None:
        return "–"
    if share > 1:
        return "> 100%"
    if share < NO_GAP:
        return "0.00%"
    if share < 1e-4:
        return "< 0.01%"
    return f"{math.ceil(share * 10_000 * (1 - 1e-12)) / 100:.2f}%"


def seconds(number: float, lang: Lang) -> str:
    """Write a time in seconds."""
    return f"{number:,.1f} {'秒' if lang == 'zh' else 's'}"


def _counted(number: float, lang: Lang, en: tuple[str, str], zh: str) -> str:
    shown, size = _short(number, lang)
    if lang == "zh":
        return f"{shown} {size}{zh}"
    return " ".join(filter(None, (shown, size, en[shown != "1" or bool(size)])))


def _short(number: float, lang: Lang) -> tuple[str, str]:
    """Write a figure as a number and the word for its size, which is empty for a small one."""
    for size, step, word in _LARGE[lang]:
        if round(abs(number) / step) * step >= size:
            return f"{number / size:,.2f}", word
    return count(number), ""
