"""Figures as readers want them: thousands separated, money in 万元 for Chinese readers, gaps rounded outward."""

from __future__ import annotations

import math

from panhuo.words import Lang


def count(number: float) -> str:
    """Write a number of persons, sites, …; whole, thousands separated."""
    return f"{number:,.0f}"


def money(cny: float, lang: Lang) -> str:
    """Write an amount in CNY: 万元 in Chinese, yuan in English."""
    return f"{cny / 10_000:,.2f} 万元" if lang == "zh" else f"CNY {cny:,.0f}"


def bare(cny: float, lang: Lang) -> str:
    """Write an amount without its unit, for tables that name it in the title: 万元 in Chinese, CNY in English."""
    return f"{cny / 10_000:,.2f}" if lang == "zh" else f"{cny:,.0f}"


def yuan(cny: float, lang: Lang) -> str:
    """Write a small amount to the fen."""
    return f"{cny:,.2f} 元" if lang == "zh" else f"CNY {cny:,.2f}"


def visit(cny: float) -> str:
    """Write what a visit, or a month of visits, costs [CNY]; no decimals where there are none."""
    return f"{cny:,.0f}" if cny == round(cny) else f"{cny:,.2f}"


def percent(share: float) -> str:
    """Write a share with one decimal."""
    return f"{100 * share:.1f} %"


def gap(share: float | None) -> str:
    """Write a gap with two decimals, rounded up: what is stated is always proven. A dash where it is not known.

    What is below 1e-8 is arithmetic, and counts as none; beyond 100 % the figure says nothing.
    """
    if share is None:
        return "–"
    if share > 1:
        return "> 100 %"
    if share < 1e-8:
        return "0.00 %"
    if share < 1e-4:
        return "< 0.01 %"
    return f"{math.ceil(share * 10_000 * (1 - 1e-12)) / 100:.2f} %"


def seconds(number: float) -> str:
    """Write a time in seconds."""
    return f"{number:,.1f} s"
