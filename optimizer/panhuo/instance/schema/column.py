"""What a table is: columns with type, unit, rule and words in both languages.

The tables themselves are in the modules beside this one. They drive validation, the template and the
documentation of the format, so a rule is stated here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

Kind = Literal["id", "text", "number", "integer", "flag", "date", "choice", "list", "numbers", "integers", "floor"]
"""What a cell holds, and what it becomes once read:

id, text, choice   str, "" where blank (an id keeps leading zeros; a choice is its English key)
number             float64, NaN where blank
integer, floor     Int64, <NA> where blank (a floor may be written 1F, 一层, 负一; basements are negative)
flag               boolean, <NA> where blank (yes/no, 是/否, 有/无, 1/0, true/false)
date               datetime64, NaT where blank
list               tuple of str, () where blank (separated by ; ； 、 or |)
numbers, integers  tuple of float or int, () where blank (separated likewise)
"""


@dataclass(frozen=True)
class Column:
    """One column of an input table.

    Parameters
    ----------
    name : str
        English snake_case name with the unit as suffix. A name ending in ``*`` is a family:
        ``people_*`` stands for ``people_60_69`` and the like.
    kind : Kind
        What a cell holds.
    zh : str
        The Chinese header; accepted on reading, shown to Chinese readers.
    help_en, help_zh : str
        What the column means, in one sentence.
    required : bool
        The column must be there and no cell may be blank.
    blank : str
        What a blank cell (or an absent column) means, in English; empty for required columns.
    blank_zh : str
        The same in Chinese.
    default : object
        The value a blank cell takes; ``None`` leaves it blank.
    like : str
        The column of the same row whose value a blank cell takes.
    unit : str
        m², CNY, min, m, km/h, … or empty. A header or a cell may carry 万元, 亿元, 亩, 公顷: they are converted.
    above, least, most : float or None
        Exclusive lower, inclusive lower and inclusive upper limit of a number, or of each of several.
    choices : mapping of str to tuple of str
        For a choice: key → further spellings that mean the same.
    words : mapping of str to tuple of str
        For a list that is not closed: key → further spellings of it; any other word stays.
    refers : str
        ``table`` whose key every value must name; empty where there is none.
    aliases : tuple of str
        Further headers that mean this column.
    """

    name: str
    kind: Kind
    zh: str
    help_en: str
    help_zh: str
    required: bool = False
    blank: str = ""
    blank_zh: str = ""
    default: Any = None
    like: str = ""
    unit: str = ""
    above: float | None = None
    least: float | None = None
    most: float | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refers: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The prefix of a family of columns (``people_`` of ``people_*``); empty for a plain column."""
        return self.name[:-1] if self.name.endswith("*") else ""


@dataclass(frozen=True)
class Table:
    """One input table.

    Parameters
    ----------
    name : str
        Name of the file without ending, or of the sheet.
    zh : str
        Chinese name of the sheet or file; accepted on reading.
    help_en, help_zh : str
        What the table is for.
    columns : tuple of Column
        Its columns, in the order the template writes them.
    key : tuple of str
        The columns that together must be unique; empty where rows may repeat.
    required : bool
        The table must be there and hold at least one row.
    absent_en, absent_zh : str
        What holds where the table is not given.
    located : bool
        The table holds positions (x, y) and so must state its coordinate system.
    repeats : bool
        Rows of one key may repeat where their numbers agree; where they do not, that is a fault.
    """

    name: str
    zh: str
    help_en: str
    help_zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False
    absent_en: str = ""
    absent_zh: str = ""
    located: bool = False
    repeats: bool = False

    def column(self, name: str) -> Column | None:
        """Find a column by its exact English name, or the family it belongs to."""
        own = self._named.get(name)
        if own is not None:
            return own
        families = (c for c in self._families if name.startswith(c.family) and len(name) > len(c.family))
        return next(families, None)

    @cached_property
    def _named(self) -> Mapping[str, Column]:
        return {c.name: c for c in self.columns}

    @cached_property
    def _families(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.family)

    @property
    def families(self) -> tuple[str, ...]:
        """The prefixes of the table's families of columns."""
        return tuple(c.family for c in self.columns if c.family)
