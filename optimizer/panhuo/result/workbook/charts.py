"""The charts of the workbook, drawn by the spreadsheet from its own cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

BEFORE, AFTER = "#56B4E9", "#D55E00"
LEDGERS = ("#0072B2", "#E69F00", "#009E73")


def bars(
    book: Any, sheet_name: str, heading: str, rows: tuple[int, int], columns: Sequence[int], colours: Sequence[str],
    *, across: bool, numbers: str, most: float | None = None,
) -> Any:  # fmt: skip
    """Draw columns of a small table beside each other.

    Parameters
    ----------
    rows : (int, int)
        First and last row of the table's body, counted from 0; headers stand above, names in the first column.
    columns : sequence of int
        The columns to draw.
    across : bool
        Bars lie, names from top to bottom.
    numbers : str
        Number format of the axis.
    most : float, optional
        Where the axis ends.
    """
    chart = book.add_chart({"type": "bar" if across else "column"})
    first, last = rows
    for column, colour in zip(columns, colours, strict=True):
        chart.add_series(
            {
                "name": [sheet_name, first - 1, column],
                "categories": [sheet_name, first, 0, last, 0],
                "values": [sheet_name, first, column, last, column],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    names, values = (chart.set_y_axis, chart.set_x_axis) if across else (chart.set_x_axis, chart.set_y_axis)
    names({"reverse": across, "num_font": {"size": 9}, "interval_unit": 1})
    values({"num_format": numbers, "max": most, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_title({"name": heading, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    return chart
