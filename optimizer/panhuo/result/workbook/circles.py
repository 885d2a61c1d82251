"""Circles across services: where the plan leaves whom behind."""

from __future__ import annotations

from typing import Any

import pandas as pd

from panhuo.instance.schema.edited import HEADERS_IN
from panhuo.result.headers import header
from panhuo.result.workbook.cells import Cell, people, plain
from panhuo.result.workbook.grid import ALL, Field, Grid, added
from panhuo.result.workbook.sheets import called
from panhuo.result.workbook.tables import Laying
from panhuo.words import T

_SIDES = ("before", "after")


def circle_grid(laying: Laying, coverage: Grid) -> Grid:
    """Lay out the share covered after of every circle and service, and of all services together before and after.

    ``rank`` counts from the circle furthest behind after.
    """
    table, lang = laying.result.tables["coverage"], laying.lang
    columns = [f"{end}_persons" for end in ("base", *_SIDES)]
    by = table.groupby("circle", sort=False)
    sums = by[columns].sum()
    sums = sums[sums["base_persons"] > 0]
    circles = [str(circle) for circle in sums.index]
    types = by["circle_type"].first().reindex(circles)
    base = [plain(v) for v in sums["base_persons"].round(6)]
    shares = {side: sums[f"{side}_persons"] / sums["base_persons"] for side in _SIDES}
    fields = [
        Field("circle", header("circle", lang), "text", circles),
        Field("name", header("circle_name", lang), "text", [laying.wording("circle_name", c) for c in circles]),
        Field("type", header("circle_type", lang), "text", [laying.wording("circle_type", str(t)) for t in types]),
        Field("rank", T("From behind").to(lang), "count", [plain(v) for v in shares["after"].rank(method="min")],
              "RANK({after},{all_after},1)"),
        Field("base", T("In need, all services").to(lang), people(base), base, above=ALL),
    ]  # fmt: skip
    heads = {"before": T("All services, before"), "after": T("All services, after")}
    for side in _SIDES:
        whole = float(table[f"{side}_persons"].sum() / table["base_persons"].sum()) if len(sums) else None
        above = f"SUM({coverage.span(f'{side}_persons')})/SUM({coverage.span('base_persons')})"
        fields.append(_share(side, heads[side].to(lang), shares[side], above, whole))
    served = [s for s in laying.result.run["coverage"] if laying.result.run["coverage"][s]["base_persons"] > 0]
    after = _matrix(table, circles)
    for service in served:
        figures = laying.result.run["coverage"][service]
        where = {coverage.span("service"): "{head}"}
        above = f"{added(coverage.span('after_persons'), where)}/{added(coverage.span('base_persons'), where)}"
        whole = figures["after"] / figures["base_persons"]
        fields.append(_share(f"of_{service}", str(laying.wording("service", service)), after[service], above, whole))
    lead = T("Whole instance; furthest behind is 1").to(lang)
    return Grid(called("circles", lang), tuple(fields), lead, 2)


def _matrix(table: pd.DataFrame, circles: list[str]) -> pd.DataFrame:
    needed = table[table["base_persons"] > 0]
    share = needed.assign(share=needed["after_persons"] / needed["base_persons"])
    return share.pivot_table(index="circle", columns="service", values="share").reindex(circles)


def _share(key: str, head: str, values: pd.Series, above: str, whole: float | None) -> Field:
    cells: list[Cell] = [plain(v) for v in values]
    return Field(key, head, "share", cells, above=above, value=whole)


def shade(book: Any, sheet: Any, grid: Grid) -> None:
    """Shade shares from 0 to 1, and mark the circle furthest behind: in all, and for each service."""
    scale = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1,
             "min_color": "#FFFFFF", "max_color": "#56B4E9"}  # fmt: skip
    behind = book.add_format({"bold": True, "bg_color": "#F5C27A"})
    last = book.add_format({"bold": True, "font_color": "#A33B00"})
    first, bottom = HEADERS_IN, grid.last - 1
    for column, field in enumerate(grid.fields):
        if field.kind == "share":
            sheet.conditional_format(first, column, bottom, column, {"type": "bottom", "value": 1, "format": last})
            sheet.conditional_format(first, column, bottom, column, scale)
    at = next(n for n, field in enumerate(grid.fields) if field.key == "rank")
    rule = {"type": "formula", "criteria": f"=${grid.letter('rank')}{HEADERS_IN + 1}=1", "format": behind}
    sheet.conditional_format(first, 0, bottom, at, rule)
