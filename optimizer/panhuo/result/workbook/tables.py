"""The tables of a plan laid out as sheets: columns, sums, and the formulas between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from panhuo.instance.schema.edited import DECISION, DECISIONS
from panhuo.result.headers import header
from panhuo.result.plan import Result
from panhuo.result.workbook.cells import Cell, Kind, people, plain
from panhuo.result.workbook.grid import SHOWN, Field, Grid
from panhuo.result.workbook.sheets import called
from panhuo.result.workbook.wording import Wording
from panhuo.words import Lang, T, Text

LEAD = T("Sum of the rows shown")
_PERSON_SERVICES = T("Sum of the rows shown; over several services: person-services")
_ONE_LEDGER = T("Sum of the rows shown. Filter one ledger: the three are never added up")

_KINDS: Mapping[str, Kind] = {
    "_cny": "money", "_cny_per_month": "money", "_m2": "area", "_share": "share", "margin": "share",
    "margin_min": "share", "margin_max": "share", "per_day_best": "rate", "per_day_needed": "rate", "visits": "count",
    "months": "count", "year": "year", "year_open": "year", "delivery_min": "rate", "detail": "sentence",
}  # fmt: skip
"""What a column holds by the end of its key; people and supply are shown by their values, all others are text."""


def kind_of(key: str, values: list[Cell]) -> Kind:
    """Say what a column of a result holds."""
    if key.endswith(("persons", "supply")):
        return people(values)
    return next((kind for end, kind in _KINDS.items() if key.endswith(end)), "text")


@dataclass(frozen=True)
class Laying:
    """Lays tables out for one workbook.

    Parameters
    ----------
    result : Result
        Whose tables they are.
    wording : Wording
        How keys are called.
    """

    result: Result
    wording: Wording

    @property
    def lang(self) -> Lang:
        """The workbook's language."""
        return self.wording.lang

    def grid(
        self,
        key: str,
        table: pd.DataFrame,
        *,
        lead: Text | None = None,
        above: Mapping[str, str] | None = None,
        formulas: Mapping[str, str] | None = None,
        values: Mapping[str, float | None] | None = None,
        kinds: Mapping[str, Kind] | None = None,
        kept: int = 0,
    ) -> Grid:
        """Lay a table out.

        Parameters
        ----------
        key : str
            The sheet.
        lead : Text
            What the line of sums says.
        above : mapping of str to str
            Column → how what stands in the line of sums comes about.
        formulas : mapping of str to str
            Column → how its cells come about.
        values : mapping of str to float
            Column → its value in the line of sums, where that is not the sum of the column.
        kinds : mapping of str to str
            Column → what it holds, where its key does not say so.
        kept : int
            Columns at the left that stay in sight.
        """
        fields = []
        for column in map(str, table.columns):
            cells = [self.wording(column, plain(value)) for value in table[column]]
            kind = (kinds or {}).get(column) or kind_of(column, cells)
            fields.append(
                Field(
                    column, header(column, self.lang), kind, cells, (formulas or {}).get(column, ""),
                    (above or {}).get(column, ""), (values or {}).get(column),
                )
            )  # fmt: skip
        if key in DECISIONS:
            fields.insert(0, Field("decision", DECISION[self.lang == "zh"], "decision", [""] * len(table)))
        said = "" if lead is None else lead.to(self.lang)
        return Grid(called(key, self.lang), tuple(fields), said, kept)

    def plan(self) -> Grid:
        """Lay out the chosen options; what names a row for programs comes last."""
        return self.grid("plan", _last(self.result.tables["plan"], "option"), lead=LEAD,
                         above=_sums("area_m2", "capital_cny", "yearly_cny"))  # fmt: skip

    def sites(self) -> Grid:
        """Lay out every room."""
        return self.grid("sites", self.result.tables["sites"], lead=LEAD,
                         above=_sums("area_used_m2", "capital_cny", "yearly_cny"), kept=3)  # fmt: skip

    def coverage(self) -> Grid:
        """Lay out people by circle and service, with the shares covered."""
        table = self.result.tables["coverage"].copy()
        table.insert(1, "circle_name", table["circle"])
        values = {}
        for side in ("before", "after"):
            table[f"{side}_share"] = table[f"{side}_persons"] / table["base_persons"].where(table["base_persons"] > 0)
            whole = table["base_persons"].sum()
            values[f"{side}_share"] = float(table[f"{side}_persons"].sum() / whole) if whole > 0 else None
        people_ = [c for c in table.columns if c.endswith("_persons")]
        shares = {s: f'IF({{base_persons}}=0,"",{{{s[:-6]}_persons}}/{{base_persons}})' for s in values}
        return self.grid("coverage", table, lead=_PERSON_SERVICES, formulas=shares, above=_sums(*people_) | shares,
                         values=values, kept=2)  # fmt: skip

    def ledger(self) -> Grid:
        """Lay out who pays what; the room by its name, the service of the option."""
        table = self.result.tables["ledger"]
        service = self.result.tables["plan"].set_index("option")["service"]
        table = table.assign(
            site_name=table["site"].map(self.wording.places), service=table["option"].map(service).fillna("")
        )
        order = ["site", "site_name", "mode", "service", "work", "item", "fund", "party", "ledger", "year",
                 "amount_cny", "option"]  # fmt: skip
        return self.grid("ledger", table[order], lead=_ONE_LEDGER, above=_sums("amount_cny"))

    def supply(self) -> Grid:
        """Lay out which kitchen feeds which place."""
        return self.grid("supply", _last(self.result.tables["supply"], "option"))


def _sums(*columns: str) -> dict[str, str]:
    return dict.fromkeys(columns, SHOWN)


def _last(table: pd.DataFrame, column: str) -> pd.DataFrame:
    rest: Sequence[str] = [c for c in table.columns if c != column]
    return table[[*rest, column]]
