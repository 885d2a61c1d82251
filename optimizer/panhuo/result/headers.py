"""The Chinese headers of a result's tables: shown in the workbook, accepted in a plan that is given."""

from __future__ import annotations

from panhuo.instance.schema.choices import ITEMS
from panhuo.words import Lang
from panhuo.words.headers import HEADERS

KINDS = {"chosen": "选用", "existing": "现状", "not chosen": "未选用"}
"""Kinds of place → Chinese."""


def header(key: str, lang: Lang) -> str:
    """Name a column; what an item costs is called by the item."""
    if lang == "en":
        return key
    item = key.removesuffix("_cny")
    return HEADERS[key] if key in HEADERS else f"{ITEMS.get(item, item)}（元）"
