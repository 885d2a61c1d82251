"""Units a header or a cell may carry, and what they are worth in the unit of the column."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fractions import Fraction

from panhuo.instance.schema import Column

Scales = Mapping[str, int | Fraction]

_MONEY: Scales = {
    "元": 1, "人民币": 1, "cny": 1, "rmb": 1, "yuan": 1, "¥": 1, "千元": 1000, "万元": 10**4, "万": 10**4,
    "百万元": 10**6, "亿元": 10**8, "亿": 10**8,
}  # fmt: skip
# 1 亩 = 1/15 公顷 = 2000/3 m²
_AREA: Scales = {
    "m2": 1, "m^2": 1, "sqm": 1, "平方米": 1, "平米": 1, "平方": 1, "亩": Fraction(2000, 3), "mu": Fraction(2000, 3),
    "公顷": 10**4, "ha": 10**4, "平方千米": 10**6, "平方公里": 10**6, "km2": 10**6,
}  # fmt: skip
_LENGTH: Scales = {"m": 1, "米": 1, "metres": 1, "meters": 1, "km": 1000, "千米": 1000, "公里": 1000, "里": 500}
_PEOPLE: Scales = {"人": 1, "persons": 1, "people": 1, "口": 1, "千人": 1000, "万人": 10**4}
_MINUTES: Scales = {
    "min": 1,
    "分": 1,
    "分钟": 1,
    "minutes": 1,
    "h": 60,
    "小时": 60,
    "时": 60,
    "秒": Fraction(1, 60),
    "s": Fraction(1, 60),
}
_VISITS: Scales = {"次": 1, "人次": 1, "餐": 1, "visits": 1, "visit": 1, "meals": 1}
_YEARS, _MONTHS = ("/年", "/year", "/a", "每年"), ("/月", "/month", "每月")
_PER_YEAR = {**dict.fromkeys(_YEARS, Fraction(1)), "": Fraction(1), **dict.fromkeys(_MONTHS, Fraction(12))}
_PER_MONTH = {word: per / 12 for word, per in _PER_YEAR.items()} | {"": Fraction(1)}


def _per(money: Scales, area: Scales) -> dict[str, Fraction]:
    return {f"{m}/{a}": Fraction(v) / w for m, v in money.items() for a, w in area.items()}


def _over(words: Scales, times: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {word + per: v * w for word, v in words.items() for per, w in times.items()}


_SHARES: Scales = {"%": Fraction(1, 100), "‰": Fraction(1, 1000)}
_SCALES: dict[str, Scales] = {
    "CNY": _MONEY,
    "CNY/year": _over(_MONEY, _PER_YEAR),
    "CNY/month": _over(_MONEY, _PER_MONTH),
    "CNY/visit": {m + per: v for m, v in _MONEY.items() for per in ("", *(f"/{w}" for w in _VISITS))},
    "CNY/CNY/year": _over({"%": Fraction(1, 100), "元/元": 1, "cny/cny": 1}, _PER_YEAR),
    "m²": _AREA,
    "CNY/m²": _per(_MONEY, _AREA),
    "CNY/m²/year": _over(_per(_MONEY, _AREA), _PER_YEAR),
    "m": _LENGTH,
    "min": _MINUTES,
    "km/h": {
        "km/h": 1, "kmh": 1, "公里/小时": 1, "千米/小时": 1, "公里/时": 1, "千米/时": 1,
        "m/s": Fraction(18, 5), "米/秒": Fraction(18, 5), "m/min": Fraction(3, 50), "米/分钟": Fraction(3, 50),
    },
    "persons": _PEOPLE,
    "persons/m²": _per(_PEOPLE, _AREA),
    "visits/year": _over(_VISITS, _PER_YEAR),
    "persons/resident": {"人/人": 1, "persons/resident": 1},
    "floors": {"层": 1},
    "m/m": {"m/m": 1, "米/米": 1, **_SHARES},
    "months": {"月": 1, "个月": 1, "months": 1, "month": 1, "年": 12, "years": 12},
}  # fmt: skip
_POSITION = dict.fromkeys(("°", "度", "degrees", "deg", "m", "米"), 1)

WORDS: frozenset[str] = frozenset().union(*_SCALES.values(), _SHARES, _POSITION)
"""Every unit word that is understood, folded."""


def fold(text: str) -> str:
    """Bring a text to the form in which headers, choices and units are compared: half-width, no spaces, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().replace("−", "-")


def scale(column: Column, word: str) -> Fraction | None:
    """Tell what one of a unit is worth in the unit of a column.

    Parameters
    ----------
    column : Column
        The column.
    word : str
        The unit as written: 万元, 亩, km, %, …

    Returns
    -------
    Fraction or None
        The factor, exact; ``None`` where the unit does not fit the column.
    """
    word = fold(word)
    if column.name in ("x", "y") and word in _POSITION:
        return Fraction(1)
    if word in _SHARES and column.most == 1:
        return Fraction(_SHARES[word])
    factor = _SCALES.get(column.unit, {}).get(word)
    return None if factor is None else Fraction(factor)
