"""The headers of the template: what stands over each column, in either language."""

from __future__ import annotations

from collections.abc import Iterator

from panhuo.instance.schema import Column, Table, spoken
from panhuo.words import Lang

_MEMBERS = {
    "people_": (("adult", "成人"), ("senior", "老人")),
    "capital_cny_": (("structure", "结构"), ("equipment", "设备")),
    "yearly_cny_": (("staff", "人员"),),
}
"""Examples of the members of families of columns, in both languages."""


def headings(table: Table, lang: Lang) -> Iterator[tuple[str, Column]]:
    """Give every header of a table and the column it means; a Chinese header says its unit, as the English names do."""
    for column in table.columns:
        name = column.name if lang == "en" else column.zh
        unit = spoken.unit(column.unit).to(lang)
        said = f"（{unit}）" if lang == "zh" and unit not in ("", name) else ""
        if not column.family:
            yield name + said, column
            continue
        for member in _MEMBERS[column.family]:
            yield name[:-1] + member[lang == "zh"] + said, column
