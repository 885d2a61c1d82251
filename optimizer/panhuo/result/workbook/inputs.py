"""What the plan was made from: files, sources, settings, versions; and the tables as they were read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from pydantic import BaseModel

from panhuo.instance.pages.settings_words import SETTINGS
from panhuo.instance.schema import TABLES, Column, spoken
from panhuo.instance.schema.choices import ITEMS
from panhuo.result.page.proof import STATES
from panhuo.result.workbook.cells import Cell, Kind, plain
from panhuo.result.workbook.grid import Field, Grid
from panhuo.result.workbook.sheets import LOOKED_UP, called
from panhuo.result.workbook.tables import Laying
from panhuo.words import Lang, T, Text

_NAMED = {"services": "service", "funds": "fund", "tiers": "tier"}
"""Table that a column refers to → the column of a result whose words it takes."""

Row = tuple[Text, str, str, str]
"""A kind of fact, its name, its value, and what that means."""


def facts_grid(laying: Laying) -> Grid:
    """List files with their hashes, sources and licences, settings, and the run: one fact a row."""
    lang = laying.lang
    rows = [*_files(laying), *_sources(laying), *_settings(laying), *_run(laying)]
    heads = (T("Kind"), T("Name"), T("Value"), T("Meaning"))
    kinds: tuple[Kind, ...] = ("text", "text", "sentence", "sentence")
    fields = [
        Field(str(n), head.to(lang), kind, [part.to(lang) if isinstance(part, Text) else part for part in column])
        for n, (head, kind, column) in enumerate(zip(heads, kinds, zip(*rows, strict=True), strict=True))
    ]
    return Grid(called("inputs", lang), tuple(fields))


def _files(laying: Laying) -> Iterator[Row]:
    means = T("SHA-256 of its bytes").to(laying.lang)
    for name, digest in laying.result.run["inputs"].items():
        yield T("File"), name, digest, means


def _sources(laying: Laying) -> Iterator[Row]:
    kinds = {"source": T("Source"), "licence": T("Licence"), "fact": T("Facts"), "synthetic": T("Made up"),
            "crs": T("Coordinate system")}  # fmt: skip
    for table, note in laying.result.instance.settings.tables.items():
        for key, kind in kinds.items():
            if value := getattr(note, key):
                parts = (column_called(table, part, laying.lang) for part in value)
                said = "; ".join(parts) if isinstance(value, tuple) else value
                yield kind, table_called(table, laying.lang), said, ""


def _settings(laying: Laying) -> Iterator[Row]:
    kinds = {True: T("Setting, as given"), False: T("Setting, by default")}
    for name, value, given, means in _leaves(laying.result.instance.settings, "", laying.lang):
        if not name.startswith("tables."):
            yield kinds[given], name, value, means
    proposal = laying.result.instance.proposal
    if proposal is not None:
        title = (proposal.title_zh if laying.lang == "zh" else "") or proposal.title
        yield T("Proposal"), "title", title, T("the settings above have it applied").to(laying.lang)


def _leaves(model: BaseModel, prefix: str, lang: Lang) -> Iterator[tuple[str, str, bool, str]]:
    """Walk through settings: dotted name, value, whether it was given, and what it means."""
    for name, info in type(model).model_fields.items():
        value, path = getattr(model, name), f"{prefix}{name}"
        english, chinese = SETTINGS.get(f"{type(model).__name__}.{name}", ("", ""))
        means = chinese if lang == "zh" else english or str(info.description or "")
        inner = value if isinstance(value, dict) else {str(n): v for n, v in enumerate(value, 1)} \
            if isinstance(value, tuple) else {"": value}  # fmt: skip
        models = {key: part for key, part in inner.items() if isinstance(part, BaseModel)}
        if models:
            for key, part in models.items():
                yield from _leaves(part, f"{path}.{key}." if key else f"{path}.", lang)
        else:
            yield path, _spelt(value), name in model.model_fields_set, means


def _spelt(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "; ".join(f"{key} = {_spelt(part)}" for key, part in value.items())
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _run(laying: Laying) -> Iterator[Row]:
    run, lang = laying.result.run, laying.lang
    state = STATES.get(run["status"], run["status"])
    yield T("Run"), "status", state.to(lang) if isinstance(state, Text) else state, ""
    yield T("Run"), "verified", (T("yes") if run["verified"] else T("no")).to(lang), ""
    yield T("Run"), "seed", str(run["seed"]), ""
    for name, value in run["arguments"].items():
        if value is not None:
            yield T("Argument"), name, str(value), ""
    for library, version in run["versions"].items():
        yield T("Version"), library, version, ""


def input_grids(laying: Laying) -> list[Grid]:
    """Lay out the tables read that people look things up in, as they rule: with the proposal applied."""
    instance = laying.result.instance
    return [_read(laying, name) for name in LOOKED_UP if name in instance.given and len(instance[name])]


def _read(laying: Laying, name: str) -> Grid:
    table, lang = TABLES[name], laying.lang
    frame = laying.result.instance[name]
    fields = []
    for key in map(str, frame.columns):
        column = table.column(key)
        if column is not None:
            cells = [_word(laying, key, column, value) for value in frame[key]]
            fields.append(Field(key, _head(name, column, key, lang), _kind(column, cells), cells))
    tab = T("Input {table}", table=table_called(name, lang)).to(lang)
    return Grid(tab, tuple(fields), T("As read, with the proposal applied").to(lang), 2)


def table_called(name: str, lang: Lang) -> str:
    """Name a table; a file that is none by its own name."""
    return TABLES[name].zh if lang == "zh" and name in TABLES else name


def column_called(table: str, name: str, lang: Lang) -> str:
    """Name a column of a table, without its unit."""
    column = TABLES[table].column(name) if table in TABLES else None
    if lang == "en" or column is None:
        return name
    if not column.family:
        return column.zh
    member = name.removeprefix(column.family)
    return column.zh[:-1] + ITEMS.get(member, member)


def _head(table: str, column: Column, key: str, lang: Lang) -> str:
    head = column_called(table, key, lang)
    if lang == "en":
        return head
    unit = spoken.unit(column.unit).to(lang)
    return f"{head}（{unit}）" if unit and not head.endswith("）") else head


def _word(laying: Laying, key: str, column: Column, value: Any) -> Cell:
    if column.kind == "flag":
        return "" if pd.isna(value) else (T("yes") if value else T("no")).to(laying.lang)
    parts = value if isinstance(value, tuple) else [plain(value)]
    told = [_part(laying, key, column, part) for part in parts]
    return "; ".join(map(str, told)) if isinstance(value, tuple) else told[0]


def _part(laying: Laying, key: str, column: Column, part: Any) -> Cell:
    """Put a cell into words, or one part of a list."""
    if not isinstance(part, str):
        return f"{part:g}" if column.kind == "numbers" else part
    if column.refers or key in ("item", "items"):
        part = laying.wording(_NAMED.get(column.refers, "item" if key == "items" else key), part)
    elif laying.lang == "zh":
        spelt = {**column.choices, **column.words}.get(part, ())
        part = next((word for word in spelt if not word.isascii()), part)
    return part


def _kind(column: Column, cells: list[Cell]) -> Kind:
    if column.kind == "date":
        return "date"
    if column.kind == "text":
        return "sentence"
    if column.kind not in ("number", "integer", "floor"):
        return "text"
    if column.unit.startswith("CNY"):
        return "money"
    if column.unit == "m²":
        return "area"
    if "year" in column.name:
        return "year"
    whole = all(cell is None or (isinstance(cell, float) and cell.is_integer()) for cell in cells)
    return "count" if whole else "number"
