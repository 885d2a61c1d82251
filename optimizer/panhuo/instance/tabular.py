"""Going through a table row by row, column by column underneath: wide tables of few rows are what an instance has."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd


def tuples(table: pd.DataFrame) -> Iterator[Any]:
    """Give the rows as named tuples, without the index.

    ``DataFrame.itertuples`` gives the same in four times as long, for it takes every column by position and makes
    the class of the tuples anew.
    """
    return map(_tuple(tuple(map(str, table.columns)))._make, _cells(table))


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows as dicts by column."""
    columns = list(map(str, table.columns))
    return [dict(zip(columns, row, strict=True)) for row in _cells(table)]


def _cells(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    if not len(table):  # most tables of most districts
        return iter(())
    return zip(*(column for _, column in table.items()), strict=True)


@cache
def _tuple(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns, rename=True)
