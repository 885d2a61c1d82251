"""No cell of a result can be changed alone without being found."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pytest

from .tampering import Rich, Spoilt

FREE = {("sites", "detail"), ("accounts", "pool")}
"""What is said, and not a figure: words, and the names of pools."""


def changed(cell: str) -> str:
    """Another cell of its kind: a number by its last digit (of six decimals by the fifth), yes for no, another word."""
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return {"yes": "no", "no": "yes", "": "x"}.get(cell, cell + "x")
    places = -int(number.as_tuple().exponent)
    return str(number + (Decimal("0.00001") if places > 5 else Decimal(1).scaleb(-places)))


@pytest.mark.slow
def test_every_cell_counts(rich: Rich) -> None:
    left = []
    for name, table in rich.tables.items():
        for column in [c for c in table.columns if (name, c) not in FREE]:
            for line in range(len(table)):
                spoilt = Spoilt.of(rich)
                was = table.at[line, column]
                spoilt.tables[name].loc[line, column] = changed(was)
                if spoilt.verified().ok:
                    left.append((name, line, column, was, changed(was)))
    assert left == []
