"""The two small tables of the first sheet, people by service and money by party, and their charts."""

from __future__ import annotations

from math import ceil
from typing import Any

from panhuo.instance.schema import PARTIES
from panhuo.result.workbook.cells import Cell, Kind
from panhuo.result.workbook.charts import AFTER, BEFORE, LEDGERS, bars
from panhuo.result.workbook.flow import Flow, Made
from panhuo.result.workbook.grid import Grid, added, quoted
from panhuo.result.workbook.tables import Laying
from panhuo.result.workbook.wording import LEDGERS as WORDS
from panhuo.words import T, Text

WAN = 10_000
"""Chinese readers expect sums in 万元."""
_WIDE, _NARROW, _HIGH = 660, 490, 460
"""Sizes of the charts [px]: names of services need room."""
_LINE = 20
"""Height of a row [px]."""


def charts(book: Any, flow: Flow, laying: Laying, served: tuple[int, int], paid: tuple[int, int] | None) -> None:
    """Draw both tables beside each other; of money that nobody pays there is nothing to draw."""
    sheet, lang = flow.sheet, laying.lang
    flow.row += 1
    shares = bars(book, sheet.name, T("Share of those in need who are covered").to(lang), served, (7, 8),
                  (BEFORE, AFTER), across=True, numbers="0%", most=1)  # fmt: skip
    shares.set_size({"width": _WIDE, "height": _HIGH})
    sheet.insert_chart(flow.row, 0, shares, {"x_offset": 4, "object_position": 3})
    if paid is not None:
        money = bars(book, sheet.name, _unit(T("Money by party"), laying), paid, (1, 3, 5), LEDGERS, across=False,
                     numbers="#,##0")  # fmt: skip
        money.set_size({"width": _NARROW, "height": _HIGH})
        sheet.insert_chart(flow.row, 4, money, {"x_offset": 4, "object_position": 3})
    flow.row += ceil(_HIGH / _LINE)


def coverage(flow: Flow, laying: Laying, grid: Grid) -> tuple[int, int]:
    """Write people before and after, service by service; gives the rows."""
    lang = laying.lang
    flow.section(T("Coverage by service").to(lang))
    heads = (T("Service"), T("In need"), T("Covered before"), T("Covered after"), T("Newly covered"),
             T("No longer covered"), T("Unreachable"), T("Share before"), T("Share after"))  # fmt: skip
    keys = {"base_persons": "base_persons", "before": "before_persons", "after": "after_persons",
            "new_persons": "new_persons", "lost_persons": "lost_persons",
            "unreachable_persons": "unreachable_persons"}  # fmt: skip
    rows: list[list[Cell | Made]] = []
    for service, figures in laying.result.run["coverage"].items():
        where = {grid.span("service"): "A{row}"}
        base = figures["base_persons"]
        rows.append(
            [
                laying.wording("service", service),
                *(Made(added(grid.span(column), where), figures[key]) for key, column in keys.items()),
                *(
                    Made(f'IF(B{{row}}=0,"",{at}{{row}}/B{{row}})', figures[side] / base if base else None)
                    for side, at in (("before", "C"), ("after", "D"))
                ),
            ]
        )
    persons: Kind = "whole_persons"
    kinds: list[Kind] = ["text", *(persons for _ in keys), "share", "share"]
    return flow.table([head.to(lang) for head in heads], kinds, rows, {})


def parties(flow: Flow, laying: Laying, ledger: Grid) -> tuple[int, int] | None:
    """Write what each party pays, carries and gives, with its shares; gives the rows above the sums, if any."""
    lang, money = laying.lang, laying.result.run["money"]
    flow.section(_unit(T("Money by party"), laying))
    unit = WAN if lang == "zh" else 1
    carry = [party for party in PARTIES if any(party in money[name] for name in WORDS)]
    first, last = flow.row + 2, flow.row + 1 + len(carry)
    heads = [T("Party"), T("Capital"), T("Share"), T("A year"), T("Share"), T("In kind"), T("Share with in kind")]
    sums = {name: sum(money[name].values()) for name in WORDS}
    whole = {"B": sums["capital"], "D": sums["yearly"], "F": sums["in_kind"]}

    def share(columns: str, of: float) -> Made:
        parts = "+".join(f"{c}{{row}}" for c in columns)
        total = sum(whole[c] for c in columns)
        all_ = "+".join(f"SUM({c}${first}:{c}${last})" for c in columns)
        return Made(f"IF({all_}=0,0,({parts})/({all_}))", of / total if total else 0.0)

    rows: list[list[Cell | Made]] = []
    for party in carry:
        cny = {name: float(money[name].get(party, 0.0)) for name in WORDS}
        paid = {
            name: Made(
                added(
                    ledger.span("amount_cny"),
                    {ledger.span("party"): "$A{row}", ledger.span("ledger"): quoted(said.to(lang))},
                )
                + (f"/{WAN}" if unit != 1 else ""),
                cny[name] / unit,
            )
            for name, said in WORDS.items()
        }
        rows.append(
            [
                laying.wording("party", party),
                paid["capital"], share("B", cny["capital"]), paid["yearly"], share("D", cny["yearly"]),
                paid["in_kind"], share("BF", cny["capital"] + cny["in_kind"]),
            ]
        )  # fmt: skip
    bottom: list[Cell | Made] = [T("In all").to(lang)]
    for column in "BDF":
        value = round(whole[column], 2) / unit
        bottom += [Made(f"SUM({column}{first}:{column}{last})", value) if carry else value, None]
    kinds: tuple[Kind, ...] = ("text", "money", "share", "money", "share", "money", "share")
    flow.table([head.to(lang) for head in heads], kinds, [*rows, bottom], {len(rows): "sum"})
    return (first - 1, last - 1) if carry else None


def _unit(title: Text, laying: Laying) -> str:
    said = T("{title} ({unit})", title=title, unit="万元" if laying.lang == "zh" else "CNY")
    return said.to(laying.lang)
