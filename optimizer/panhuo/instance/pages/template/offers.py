"""What may be entered in a cell of the template's workbook: lists to choose from, and limits of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panhuo.instance.pages import wording
from panhuo.instance.schema import Column, spoken
from panhuo.words import Lang

Rule = dict[str, Any]
"""A rule as XlsxWriter's ``data_validation`` takes it."""

_TITLES: dict[Lang, tuple[str, str]] = {"en": ("Not in the list", "Out of range"), "zh": ("不在列表中", "超出范围")}
_BESIDE: dict[Lang, str] = {
    "en": "Keep it only if you know that it is understood.",
    "zh": "确认能被识别再保留。",
}
_SIGNS = {"≥": ">=", "≤": "<="}


def of_column(column: Column, lang: Lang, cell: str, ranges: Mapping[str, str]) -> Rule | None:
    """Say what cells of a column may hold; ``None`` where anything may stand there.

    Parameters
    ----------
    column : Column
        The column.
    lang : {"zh", "en"}
        Language of the words offered.
    cell : str
        The first of the cells, such as ``B2``.
    ranges : mapping of str to str
        Table → formula of the cells that hold its keys.
    """
    several = column.kind == "list"  # a list offers its words, and leaves writing several of them to the planner
    if offered := _words(column, lang):
        return _chosen(offered, lang, strict=not several)
    if column.refers in ranges:
        return _chosen(ranges[column.refers], lang, strict=not several)
    if column.kind in ("number", "integer"):
        said = f"{wording.rule(column, lang)} {spoken.unit(column.unit).to(lang)}".strip()
        return _limited(wording.bounds(column), said, lang, cell, whole=column.kind == "integer")
    return None


def of_key(key: wording.Key, lang: Lang, cell: str) -> Rule | None:
    """Say what the value of a setting may be; ``None`` where anything may stand there."""
    if key.choices:
        return _chosen(list(key.choices), lang, strict=not isinstance(key.default, tuple))
    if isinstance(key.default, bool):
        return _chosen(["true", "false"], lang, strict=True)
    return _limited(key.bounds, key.limits, lang, cell, whole=False) if key.bounds else None


def _words(column: Column, lang: Lang) -> list[str]:
    if column.kind == "flag":
        return ["yes", "no"] if lang == "en" else ["是", "否"]
    words = {**column.choices, **column.words}
    if lang == "en":
        return list(words)
    return [next((w for w in also if not w.isascii()), key) for key, also in words.items()]


def _chosen(source: list[str] | str, lang: Lang, *, strict: bool) -> Rule:
    rule: Rule = {"validate": "list", "source": source, "show_error": strict}
    if strict:  # other spellings are read too, so this only asks back
        rule |= {"error_type": "warning", "error_title": _TITLES[lang][0], "error_message": _BESIDE[lang]}
    return rule


def _limited(bounds: tuple[tuple[str, float], ...], said: str, lang: Lang, cell: str, *, whole: bool) -> Rule | None:
    """Limit a number; a text passes, for a number may be written with its unit."""
    asked = [f"{cell}{_SIGNS.get(sign, sign)}{limit:g}" for sign, limit in bounds]
    asked += [f"{cell}=INT({cell})"] if whole else []
    if not asked:
        return None
    whole_word = {"en": "whole number", "zh": "整数"}[lang] if whole else ""
    return {
        "validate": "custom",
        "value": f"=OR(ISTEXT({cell}),AND({','.join(asked)}))",
        "error_title": _TITLES[lang][1],
        "error_message": " ".join(filter(None, (said, whole_word))),
    }
