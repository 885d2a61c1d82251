"""What stands in a cell becomes a value of the column's kind."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from panhuo.instance.reading.units import fold, scale
from panhuo.instance.schema import Column, spoken
from panhuo.words import T, Text

ONE = Fraction(1)
LARGEST_POWER, SMALLEST_POWER = 12, -40
"""Powers of ten beyond which a number is a slip: a float no longer tells its hundredths apart once it is multiplied."""
PLAIN = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d*)?|\.\d+)", re.ASCII).fullmatch
"""Matches a number that Python reads as it is."""
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)¥?(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?P<power>(?:e[+-]?\d+)?)(?P<unit>\D.*)?"
).fullmatch
_SEPARATORS = re.compile(r"[;；、|｜]")
_DATE = re.compile(
    r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?(?:[t ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?)?"
).fullmatch
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})").fullmatch
_FLOOR = re.compile(
    r"(?P<below>负|-|b|地下|地下室)?(?:第|f|l)?(?P<number>\d+|[一二两三四五六七八九十]+)(?:层|楼|f|l)?"
).fullmatch
_FLOORS = re.compile(
    r"(?:(?P<number>\d+(?:\.\d*)?)|(?P<han>[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]))(?:层|楼|f|floors?)?"
).fullmatch
"""Matches how many floors there are, as it is written: 3层, 3F, 十二层."""
_YES = frozenset({"yes", "y", "true", "t", "1", "1.0", "是", "有", "√", "✓"})
_NO = frozenset({"no", "n", "false", "f", "0", "0.0", "否", "无", "没有", "不是", "×", "✗"})
_NOTHING = frozenset({"nan", "<na>", "#n/a"})
_NO_NUMBER = _NOTHING | {"na", "n/a", "null", "none", "nat"}
_WITHOUT_WORDS = ("number", "numbers", "integer", "integers", "floor", "date", "flag")
_FULL_WIDTH = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}


class CellError(ValueError):
    """A cell does not hold what its column asks for."""

    def __init__(self, rule: Text, mend: Text) -> None:
        super().__init__(rule)
        self.rule = rule
        self.mend = mend


def is_blank(value: Any, kind: str = "text") -> bool:
    """Whether a cell holds nothing: empty, spaces, NaN, or a word that programs write for nothing."""
    if isinstance(value, str):
        word = value.strip()
        if not word:
            return True
        if len(word) > 5 or word[0].isdigit():
            return False
        return word.lower() in (_NO_NUMBER if kind in _WITHOUT_WORDS else _NOTHING)
    if value is None or value is pd.NaT or value is pd.NA:
        return True
    return isinstance(value, float) and math.isnan(value)


def text(value: Any) -> str:
    """Write a cell as text: 500111001.0 of a spreadsheet becomes 500111001, a date its ISO form."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return str(value)


def identifier(value: Any) -> str:
    """Write a cell as a key: text with half-width digits and letters; leading zeros stay."""
    word = text(value)
    return word if word.isascii() else word.translate(_FULL_WIDTH)


def number(value: Any, column: Column, factor: Fraction = ONE) -> Fraction:
    """Read a number exactly, in the unit of its column; a unit in the cell comes before that of the header.

    Raises
    ------
    CellError
        Where it is no number, or its unit does not fit.
    """
    if isinstance(value, bool):
        raise _not_a_number()
    if isinstance(value, int):
        return _exact(Decimal(value)) * factor
    if isinstance(value, float):
        if math.isinf(value):
            raise _not_a_number()
        return _exact(Decimal(repr(float(value)))) * factor
    if not isinstance(value, str):
        raise _not_a_number()
    word = fold(value)
    if column.unit == "floors" and (floors := _FLOORS(word)):
        word = floors["number"] or str(_chinese(floors["han"]))
    found = _NUMBER(word)
    if found is None:
        raise _not_a_number()
    if unit := found["unit"]:
        of_cell = scale(column, unit)
        if of_cell is None:
            wanted = spoken.unit(column.unit or "–")
            raise CellError(
                T("the unit {unit} does not fit a column in [{wanted}]", unit=unit, wanted=wanted),
                T("Write the number in [{wanted}]", wanted=wanted) if column.unit else T("Write a plain number"),
            )
        factor = of_cell
    digits = found["number"].replace(",", "")
    return _exact(Decimal(found["sign"] + digits + found["power"])) * factor


def is_plain(value: float) -> bool:
    """Whether a float is a number as it is: finite, and no slip by many powers of ten."""
    return value == 0 or 1e-40 <= abs(value) < 1e12


def _exact(decimal: Decimal) -> Fraction:
    if decimal and not SMALLEST_POWER <= decimal.adjusted() < LARGEST_POWER:
        rule = T("must be below 10^{most} (and not below 10^{least})", most=LARGEST_POWER, least=SMALLEST_POWER)
        raise CellError(rule, T("Correct the number"))
    return Fraction(decimal) if decimal else Fraction(0)


def _not_a_number() -> CellError:
    return CellError(T("must be a number"), T("Write a plain number such as 1234.5"))


def whole(value: Any, column: Column, factor: Fraction = ONE) -> int:
    """Read a whole number."""
    exact = number(value, column, factor)
    if exact.denominator != 1:
        raise CellError(T("must be a whole number"), T("Round it, or correct it"))
    return int(exact)


def floor(value: Any) -> int:
    """Read a storey: 1F, 3层, 一楼, 负一, B1, -1, 地下一层, 十二层. The ground floor is 1, basements are negative."""
    word = fold(text(value)) if not isinstance(value, bool) else ""
    word = {"首层": "1", "底层": "1", "地下室": "-1", "负层": "-1"}.get(word, word)
    found = _FLOOR(word)
    if found is None:
        raise CellError(
            T("must be one floor, such as 1, 3F, 一层, 负一 or B1"), T("Write one floor; basements are negative")
        )
    digits = found["number"]
    storey = int(digits) if digits.isdigit() else _chinese(digits)
    if storey == 0:
        raise CellError(T("there is no floor 0"), T("Write 1 for the ground floor, -1 for the first basement"))
    return -storey if found["below"] else storey


def _chinese(word: str) -> int:
    tens, ten, ones = word.rpartition("十")
    try:
        return (10 * (_DIGITS[tens] if tens else 1) if ten else 0) + (_DIGITS[ones] if ones else 0)
    except KeyError as error:
        raise CellError(
            T("must be one floor, such as 1, 3F, 一层, 负一 or B1"), T("Write the floor as a number")
        ) from error


def flag(value: Any) -> bool:
    """Read yes or no."""
    word = fold(text(value))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError(T("must be yes or no (是/否, 有/无, 1/0)"), T("Write yes or no, or leave it blank"))


def date(value: Any) -> dt.datetime:
    """Read a day; of a month or a year its first day."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    word = unicodedata.normalize("NFKC", text(value)).strip().lower()
    found = _COMPACT_DATE(word) or _DATE(word)
    if found is not None:
        year, month, day = (int(part) if part else 1 for part in found.groups())
        try:
            if 1800 <= year <= 2200:
                return dt.datetime(year, month, day)
        except ValueError:
            pass
    raise CellError(T("must be a date, such as 2027-06-30"), T("Write it as year-month-day"))


def choice(value: Any, column: Column) -> str:
    """Find the key that a spelling means."""
    key = _meant(value, column.choices)
    if key is not None:
        return key
    raise CellError(
        T("must be one of {choices}", choices=spoken.choices(column.choices)), T("Write one of these words")
    )


def _meant(value: Any, of: Mapping[str, tuple[str, ...]]) -> str | None:
    word = fold(text(value)) if of else ""
    return next((key for key, also in of.items() if word == fold(key) or word in map(fold, also)), None)


def parts(value: Any, column: Column) -> tuple[str, ...]:
    """Split a list at ; ； 、 or |; a choice, or another word that the column knows, becomes its key."""
    words = (word.strip() for word in _SEPARATORS.split(text(value)))
    if column.choices:
        return tuple(choice(word, column) for word in words if word)
    return tuple(_meant(word, column.words) or identifier(word) for word in words if word)


def several(value: Any, column: Column, factor: Fraction) -> tuple[float, ...] | tuple[int, ...]:
    """Read numbers separated by ; ； 、 or |."""
    words = (word for word in _SEPARATORS.split(value) if word.strip()) if isinstance(value, str) else (value,)
    if column.kind == "integers":
        return tuple(whole(word, column, factor) for word in words)
    return tuple(float(number(word, column, factor)) for word in words)


def reader(column: Column, factor: Fraction = ONE) -> Callable[[Any], Any]:
    """Give the function that reads a filled cell of a column.

    Parameters
    ----------
    column : Column
        The column.
    factor : Fraction
        What the unit of the header is worth in the unit of the column.
    """
    if column.kind == "number":
        unscaled = factor == ONE

        def quick(value: Any) -> float:
            if unscaled and type(value) is str and PLAIN(value):
                return float(value)
            return float(number(value, column, factor))

        return quick
    simple: dict[str, Callable[[Any], Any]] = {
        "id": identifier,
        "text": text,
        "integer": lambda value: whole(value, column, factor),
        "floor": floor,
        "flag": flag,
        "date": date,
        "choice": lambda value: choice(value, column),
        "list": lambda value: parts(value, column),
        "numbers": lambda value: several(value, column, factor),
        "integers": lambda value: several(value, column, factor),
    }
    return simple[column.kind]


BLANKS: dict[str, Any] = {
    "id": "", "text": "", "choice": "", "list": (), "numbers": (), "integers": (), "number": math.nan,
    "integer": pd.NA, "floor": pd.NA, "flag": pd.NA, "date": pd.NaT,
}  # fmt: skip
"""What a blank cell of each kind holds once read."""


def series(values: list[Any], kind: str, index: Any = None) -> pd.Series[Any]:
    """Make a typed column of read values."""
    if isinstance(BLANKS[kind], tuple):
        made = pd.Series([None] * len(values), index=index, dtype=object)
        made[:] = values
        return made
    dtype: dict[str, Any] = {
        "number": "float64",
        "integer": "Int64",
        "floor": "Int64",
        "flag": "boolean",
        "date": "datetime64[ns]",
    }
    return pd.Series(values, index=index, dtype=dtype.get(kind, str))
