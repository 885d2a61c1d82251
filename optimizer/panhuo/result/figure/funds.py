"""What every fund pays of every item."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from panhuo.result.figure.canvas import LINE, SOFT, Floats
from panhuo.result.figure.slide import LEFT, WIDE, box, line, slide
from panhuo.result.money.sheets import fund_item_table
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T

_NAMES, _TOP, _BOTTOM = 2.3, 4.1, 0.65
_SHORT = 8
"""Longer heads stand in two lines."""

_SUMS = {"capital_cny": T("Capital"), "yearly_cny": T("A year")}


def funds(result: Result, speech: Speech) -> Figure | None:
    """Draw a table of funds and items, a cell darker the more it holds; nothing where no fund pays."""
    table = fund_item_table(result.run).set_index("fund")
    table = table.loc[:, table.notna().any()]
    table = table[(table.fillna(0.0) != 0).any(axis=1)]
    if table.empty:
        return None
    title = T("What each fund pays, item by item ({unit})", unit=speech.unit)
    sums = {column: table[column].sum() for column in _SUMS if column in table}
    said = [f"{speech.text(_SUMS[column])} {speech.money(cny)}" for column, cny in sums.items()]
    figure = slide(result, speech, title, speech.row(said))
    wide, high = (WIDE - 2 * LEFT - _NAMES) / len(table.columns), (_TOP - _BOTTOM) / (len(table) + 1)
    high = min(high, 0.4)
    size = min(10.5, 30 * high, 12.5 * wide)
    axes = box(
        figure, LEFT + _NAMES, _TOP - high * (len(table) + 1), wide * len(table.columns), high * (len(table) + 1)
    )
    axes.set(xlim=(0, len(table.columns)), ylim=(len(table) + 1, 0), xticks=[], yticks=[])
    items = table.drop(columns=list(sums)).fillna(0.0)
    shades, extent = _shades(table, items), (0, len(table.columns), len(table), 0)
    axes.imshow(shades, extent=extent, aspect="auto", cmap="Blues", vmin=0, vmax=2.2, interpolation="nearest")
    for k, column in enumerate(table.columns):
        words = speech.text(_SUMS[column]) if column in sums else speech.item(column.removesuffix("_cny"))
        head = words.replace(" ", "\n", 1) if len(words) > _SHORT else words
        line(
            figure, LEFT + _NAMES + wide * (k + 0.96), _TOP + 0.2, head, min(size, 9.5), SOFT, wide=wide, align="right"
        )
        values = [*table[column], table[column].sum()]
        for n, value in enumerate(values):
            if value == value and value:  # noqa: PLR0124 (NaN)
                axes.text(k + 0.96, n + 0.5, speech.bare(value), fontsize=size, ha="right", va="center")
        if column in sums:
            axes.axvline(k, color="white", linewidth=2)
            axes.axvline(k + 1, color="white", linewidth=4)
    axes.axhline(len(table), color=LINE, linewidth=1.2)
    for n, words in enumerate([*(speech.called("funds", fund) for fund in table.index), speech.text(T("In all"))]):
        line(figure, LEFT, _TOP - high * (n + 0.5), words, min(10.5, 30 * high), wide=_NAMES - 0.1)
    return figure


def _shades(table: pd.DataFrame, items: pd.DataFrame) -> Floats:
    """Say how dark every cell is: by the square root, so that small amounts show; sums stay white."""
    most = float(items.to_numpy().max(initial=0.0)) or 1.0
    return np.sqrt(items.reindex(columns=table.columns, fill_value=0.0).clip(lower=0.0) / most).to_numpy(float)
