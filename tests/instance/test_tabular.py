"""Rows gone through by column are what pandas makes of them."""

import pandas as pd
import pytest

from panhuo.instance.tabular import records, tuples


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": pd.array(["a", "b"], dtype="str"),
            "area_m2": [1.5, 2.0],
            "floors": pd.array([3, 4], dtype="Int64"),
            "open": pd.array([True, False], dtype="boolean"),
            "groups": [("x",), ()],
            "class": ["basic", "quality"],
        },
        index=[7, 3],
    )


def test_rows_are_those_of_pandas(table: pd.DataFrame) -> None:
    for n in (2, 0):
        some = table.iloc[:n]
        assert list(tuples(some)) == list(some.itertuples(index=False))
        assert records(some) == some.to_dict("records")
    first = next(tuples(table))
    assert (first.id, first.area_m2, first.groups) == ("a", 1.5, ("x",))
    assert [type(cell) for cell in first] == [type(cell) for cell in next(table.itertuples(index=False))]
