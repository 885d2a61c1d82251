"""A column read at once equals its cells read one by one, in values and in faults."""

import datetime as dt
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panhuo.instance.reading import cells, columns
from panhuo.instance.reading.cells import CellError
from panhuo.instance.schema import TABLES, Column

KINDS = {
    "id": Column("id", "id", "", "", ""),
    "text": Column("name", "text", "", "", ""),
    "number": TABLES["sites"].column("area_m2"),
    "share": Column("share", "number", "", "", "", most=1),
    "integer": Column("seq", "integer", "", "", ""),
    "floor": TABLES["sites"].column("floor"),
    "flag": Column("open", "flag", "", "", ""),
    "date": Column("since", "date", "", "", ""),
    "choice": TABLES["network"].column("oneway"),
    "list": Column("kinds", "list", "", "", ""),
    "numbers": Column("sizes", "numbers", "", "", ""),
    "integers": Column("years", "integers", "", "", ""),
}
WORDS = [
    "", " ", "NaN", "nan", "#N/A", "None", "n/a", "是", "否", "yes", "no", "0", "1", "-0", "0.0", "007", " 12 ", "12.50", ".5", "5.",
    "1234567890123", "-1", "+3", "1e3", "1e-45", "inf", "1_000", "１２３．４５", "1,234.5", "12万", "1.2亩", "50%", "3层", "负一",
    "B1", "0层", "2027-06", "2027-06-30", "20270630", "2027-13-01", "a;b", "1;2；3", "yes;no", "reverse", "-1 ", "ｄ１", "٣", "½", "\x04",
]  # fmt: skip
OTHER = [
    None,
    math.nan,
    0.0,
    -0.0,
    1.0,
    1,
    0,
    True,
    False,
    2.5,
    1e12,
    1e-41,
    math.inf,
    500111001.0,
    pd.NaT,
    pd.NA,
    dt.date(2027, 6, 30),
]


def _one_by_one(values: list[Any], column: Column, factor: Fraction) -> tuple[list[Any], list[Any], list[Any]]:
    made, errors, nothings = [], [], []
    read = cells.reader(column, factor)
    for at, value in enumerate(values):
        blank = cells.BLANKS[column.kind]
        if cells.is_blank(value, column.kind):
            if isinstance(value, str) and value.strip():
                nothings.append((at, value.strip()))
            made.append(blank)
            continue
        try:
            made.append(read(value))
        except CellError as error:
            errors.append((at, str(error.rule), str(error.mend)))
            made.append(blank)
    return made, errors, nothings


def _same(one: list[Any], other: list[Any]) -> bool:
    return [(type(v), repr(v)) for v in one] == [(type(v), repr(v)) for v in other]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_column_equals_its_cells(kind: str, data: st.DataObject) -> None:
    texts = st.one_of(st.sampled_from(WORDS), st.text(max_size=6), st.decimals(-9999, 9999, places=2).map(str))
    plain = st.lists(texts, max_size=12)
    numbers = st.lists(st.one_of(st.floats(), st.sampled_from([0.0, 1e12, 1e-41, 7.0])), max_size=12)
    mixed = st.lists(st.one_of(texts, st.sampled_from(OTHER), st.floats(), st.integers()), max_size=12)
    values = data.draw(st.one_of(plain, numbers, mixed))
    factor = data.draw(st.sampled_from([Fraction(1), Fraction(2000, 3)]))
    made, errors, nothings = _one_by_one(values, KINDS[kind], factor)
    found = columns.read(values, KINDS[kind], factor)
    assert _same(_unsigned(found.made), _unsigned(made))
    assert [(at, str(e.rule), str(e.mend)) for at, e in found.errors] == errors
    assert found.nothings == nothings


def _unsigned(values: list[Any]) -> list[Any]:
    """Take -0.0 for 0.0."""
    return [v + 0.0 if type(v) is float else v for v in values]


def _plainly(value: Any) -> str | None:
    word = value.strip() if isinstance(value, str) else ""
    if len(word) > 1 and word.isdigit() and word[0] == "0":
        return None
    try:
        return f"{float(cells.number(value, Column('', 'number', '', '', ''))):.15g}"
    except CellError:
        return None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(OTHER), st.floats(), st.integers()), max_size=8))
def test_numbers_among_columns_that_no_one_knows(values: list[Any]) -> None:
    expected = ["" if cells.is_blank(value) else _plainly(value) for value in values]
    found = columns.numbered(pd.Series(values, dtype=object))
    assert found == (None if None in expected else expected)


def test_a_long_column_of_plain_numbers_is_read_as_python_reads_it() -> None:
    rng = np.random.default_rng(5)
    texts = [f"{v:.{d}f}" for v, d in zip(rng.uniform(-1e6, 1e6, 5000), rng.integers(0, 12, 5000), strict=True)]
    assert columns.read(texts, KINDS["number"]).made == list(map(float, texts))
