"""What the format's columns and settings mean, in both languages, for the template and the documentation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from panhuo.instance.pages.settings_words import SETTINGS
from panhuo.instance.policy import (
    Access,
    Complex,
    Condition,
    Driving,
    Floor,
    InKind,
    Mode,
    Operating,
    People,
    Pin,
    Policy,
    Quota,
    Settings,
    Stage,
    TableNote,
)
from panhuo.instance.schema import TABLES, Column, Table, spoken
from panhuo.words import Lang

_KINDS = {
    "id": ("key", "编号"),
    "text": ("text", "文字"),
    "number": ("number", "数值"),
    "integer": ("whole number", "整数"),
    "flag": ("yes or no", "是/否"),
    "date": ("date", "日期"),
    "choice": ("one of", "选项"),
    "list": ("list (separated by ;)", "列表（用 ; 分隔）"),
    "numbers": ("numbers (separated by ;)", "若干数值（用 ; 分隔）"),
    "integers": ("whole numbers (separated by ;)", "若干整数（用 ; 分隔）"),
    "floor": ("floor", "楼层"),
}


@dataclass(frozen=True)
class Key:
    """One key of ``instance.toml``.

    Parameters
    ----------
    name : str
        Its name.
    choices : tuple of str
        The values it may take, where these are words.
    bounds : tuple of (str, float)
        Its limits, e.g. (("≥", 1), ("≤", 5)).
    default : object
        What holds where it is not given; ``None`` where there is no default.
    required : bool
        It must be given.
    example : str
        A value it may take, in TOML; for the template, where there is no default.
    means : str
        What it means.
    """

    name: str
    choices: tuple[str, ...]
    bounds: tuple[tuple[str, float], ...]
    default: Any
    required: bool
    example: str
    means: str

    @property
    def limits(self) -> str:
        """Its limits in signs, e.g. "≥ 1, ≤ 5"."""
        return ", ".join(f"{sign} {limit:g}" for sign, limit in self.bounds)


SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", Settings),
    ("access", Access),
    ("access.driving", Driving),
    ("people", People),
    ("modes.convert", Mode),
    ("operating.public_private", Operating),
    ("in_kind", InKind),
    ("policy", Policy),
    ("policy.complex", Complex),
    ("[policy.quotas]", Quota),
    ("[policy.floors]", Floor),
    ("[policy.pinned]", Pin),
    ("[policy.objectives]", Stage),
    ("[tables.NAME.where]", Condition),
    *((f"tables.{t.name}", TableNote) for t in TABLES.values() if t.required or t.located),
)
"""The sections of ``instance.toml``; those in brackets may stand there several times."""

OPTIONAL = ("policy.complex",)
"""Sections that mean something by being there."""


def keys(model: type[BaseModel], lang: Lang) -> Iterator[Key]:
    """List the keys of a section.

    Parameters
    ----------
    model : type of BaseModel
        The model of the section.
    lang : Lang
        The language of the meaning.
    """
    for name, info in model.model_fields.items():
        default = None if info.is_required() else info.get_default()
        if isinstance(default, BaseModel) or (model is Settings and name == "tables"):
            continue  # a section of its own
        english, chinese = SETTINGS[f"{model.__name__}.{name}"]
        means = chinese if lang == "zh" else english or str(info.description)
        choices = _literals(info.annotation)
        yield Key(name, choices, _bounds(info), default, info.is_required(), _example(info, choices), means)


def _example(info: FieldInfo, choices: tuple[str, ...]) -> str:
    if info.examples or choices:
        return json.dumps(info.examples[0] if info.examples else choices[0])
    return "0" if _numeric(info.annotation) else '""'


def _numeric(annotation: Any) -> bool:
    return annotation in (int, float) or any(map(_numeric, get_args(annotation)))


def _literals(annotation: Any) -> tuple[str, ...]:
    values = get_args(annotation)
    if values and all(isinstance(v, str) for v in values):
        return tuple(v for v in values if v)
    if type(None) in values:
        return _literals(next(value for value in values if value is not type(None)))
    if get_origin(annotation) in (tuple, dict) and values:
        return _literals(values[0])
    return ()


def _bounds(info: FieldInfo) -> tuple[tuple[str, float], ...]:
    signs = (("gt", ">"), ("ge", "≥"), ("le", "≤"), ("lt", "<"))
    return tuple((sign, getattr(m, name)) for name, sign in signs for m in info.metadata if hasattr(m, name))


def absent(key: Key, lang: Lang) -> str:
    """Say what holds where a key is not given."""
    if key.required:
        return "required" if lang == "en" else "必填"
    if key.name == "objectives":
        return "basic, quality, distinctive"
    if isinstance(key.default, dict):
        return ", ".join(key.default)
    if isinstance(key.default, bool):
        return str(key.default).lower()
    return "" if key.default in (None, "", ()) else json.dumps(key.default).strip('"')


def kind(column: Column, lang: Lang) -> str:
    """Say what a cell of a column holds."""
    word = _KINDS[column.kind][lang == "zh"]
    if not column.choices:
        return word
    return word + (": " if lang == "en" else "：") + spoken.choices(column.choices).to(lang)


def bounds(column: Column) -> tuple[tuple[str, float], ...]:
    """List what limits a column's numbers, e.g. (("≥", 0), ("≤", 1))."""
    signs = ((">", column.above), ("≥", column.least), ("≤", column.most))
    return tuple((sign, limit) for sign, limit in signs if limit is not None)


def rule(column: Column, lang: Lang) -> str:
    """Say what limits a column's values."""
    said = [f"{sign} {limit:g}" for sign, limit in bounds(column)]
    if column.refers:
        tables = column.refers.split("|")
        if lang == "en":
            said.append(f"a key of {' or '.join(f'`{t}`' for t in tables)}")
        else:
            said.append(f"{'或'.join(f'“{TABLES[t].zh}”' for t in tables)}表中的编号")
    return ", ".join(said)


def blank(column: Column, lang: Lang) -> str:
    """Say what a blank cell means."""
    if column.required:
        return "must be filled" if lang == "en" else "必填"
    return column.blank if lang == "en" else column.blank_zh


def means(column: Column, lang: Lang) -> str:
    """Say what a column means."""
    return column.help_en if lang == "en" else column.help_zh


def comment(column: Column, lang: Lang) -> str:
    """Explain a column in a few lines, for the header of a workbook."""
    labels = ("Unit", "Rule", "Blank") if lang == "en" else ("单位", "规则", "空白")
    parts = (
        (labels[0], spoken.unit(column.unit).to(lang)),
        (labels[1], rule(column, lang)),
        (labels[2], blank(column, lang)),
    )
    sep = ": " if lang == "en" else "："
    lines = [means(column, lang), kind(column, lang), *(label + sep + said for label, said in parts if said)]
    return "\n".join(lines)


def title(table: Table, lang: Lang) -> str:
    """Name a table in a language."""
    return table.name if lang == "en" else table.zh
