"""Headers as planners write them, matched to the columns of a table."""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from panhuo.instance.reading.units import WORDS, fold, scale
from panhuo.instance.schema import TABLES, Column, Table, spoken
from panhuo.instance.schema.edited import DECIDED, PLAN
from panhuo.words import Text

CLOSE = 0.75
"""How alike two names must be (difflib's ratio) for one to be taken for a slip of the other."""

LONG = 3
"""A word for a family longer than this may be misspelt, or run into the member's name (people60, peopleold)."""

_TABLES = TABLES | {table.name: table for table in (PLAN, DECIDED)}
_TOTALS = frozenset({"总", "合计", "总计", "小计", "常住", "总常住", "户籍", "全部", "total", "all", "sum"})
_RATES = ("密度", "比例", "占比", "比重", "率", "density", "share", "rate")
_AROUND = "_-–—·.:()[]（）"
_BRACKET = re.compile(r"(.+?)[_,:]?[(\[【〔{](.+?)[)\]】〕}]").fullmatch
_HAN_UNITS = tuple(sorted((w for w in WORDS if not w.isascii() or w == "m2"), key=len, reverse=True))


@dataclass(frozen=True)
class Head:
    """A header and the column it means.

    Parameters
    ----------
    header : str
        As it stands in the file.
    column : Column
        What it means.
    name : str
        English name; that of the member where the column is a family.
    unit : str
        The unit the header carries, as written.
    factor : Fraction or None
        What that unit is worth in the column's; ``None`` where it does not fit.
    """

    header: str
    column: Column
    name: str
    unit: str = ""
    factor: Fraction | None = Fraction(1)


def match(table: Table, header: str) -> Head | None:
    """Find the column a header means; ``None`` where it means none."""
    return _plain(table, header) or _with_unit(table, header) or _family(table, header)


def _plain(table: Table, header: str) -> Head | None:
    exact, folded = _spellings(table.name)
    name = exact.get(header.strip()) or folded.get(fold(header))
    column = table.column(name) if name else None
    return Head(header, column, column.name) if column is not None else None


@functools.cache
def _spellings(table: str) -> tuple[dict[str, str], dict[str, str]]:
    """Map spellings to English names, as written and folded; names come before aliases."""
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    columns = [c for c in _TABLES[table].columns if not c.family]
    for names in ([(c, (c.name, c.zh)) for c in columns], [(c, c.aliases) for c in columns]):
        for column, words in names:
            for word in words:
                exact.setdefault(word, column.name)
                folded.setdefault(fold(word), column.name)
    return exact, folded


def _family(table: Table, header: str) -> Head | None:
    name = "".join(unicodedata.normalize("NFKC", header).split())
    for column in table.columns:
        if not column.family:
            continue
        for spelling in (column.name, column.zh, *column.aliases):
            prefix = fold(spelling)[:-1]
            if name.casefold().startswith(prefix) and len(name) > len(prefix):
                return Head(header, column, column.family + name[len(prefix) :])
    return None


def _with_unit(table: Table, header: str) -> Head | None:
    name = "".join(unicodedata.normalize("NFKC", header).split())
    folded = name.casefold()
    bracketed = _BRACKET(name)
    splits = [(bracketed[1], bracketed[2], True)] if bracketed else []
    if folded.endswith(_HAN_UNITS):
        splits += [
            (name[: -len(w)].rstrip("_"), w, name[: -len(w)].endswith("_")) for w in _HAN_UNITS if folded.endswith(w)
        ]
    for bare, unit, parted in splits:
        head = _plain(table, bare) or (_family(table, bare) if parted else None)
        if head is not None:
            return Head(header, head.column, head.name, unit, scale(head.column, unit))
    return None


def as_said(head: Head, header: str) -> Head:
    """Read a column from a header that does not name it; the unit in its brackets counts, as in 面积（亩）."""
    bracketed = _BRACKET("".join(unicodedata.normalize("NFKC", header).split()))
    if head.unit or bracketed is None or fold(bracketed[2]) not in WORDS:
        return replace(head, header=header)
    return replace(head, header=header, unit=bracketed[2], factor=scale(head.column, bracketed[2]))


def near_family(header: str, column: Column, *, totals: bool) -> str:
    """Find the member of a family that a header outside it probably means; empty where it means none.

    Parameters
    ----------
    header : str
        As it stands in the file: 老人人数 for 人数_老人, people60 or poeple_60 for people_60.
    column : Column
        The family, or a plain column, which has no members.
    totals : bool
        A total (总人口) counts as a member too.
    """
    if not column.family:
        return ""
    name = "".join(unicodedata.normalize("NFKC", header).split())
    bracketed = _BRACKET(name)
    name = bracketed[1] if bracketed and fold(bracketed[2]) in WORDS else name
    for spelling in spellings(column):
        stem = fold(spelling).rstrip("_*")
        start, end = name[: len(stem)].casefold(), name[-len(stem) :].casefold()
        slip = len(stem) > LONG and closest(fold(name)[: len(stem) + 1], [stem + "_"]) is not None
        before, after = name[: -len(stem)].strip(_AROUND), name[len(stem) :].strip(_AROUND)
        if start == stem and after and not (stem.isascii() and len(stem) <= LONG and name[len(stem)].isalpha()):
            member = after
        elif end == stem and before and (not stem.isascii() or not name[-len(stem) - 1].isalnum()):
            member = before
        elif slip and after:
            member = after
        else:
            continue
        counted = not member.casefold().endswith(_RATES) and (totals or member.casefold() not in _TOTALS)
        return member if counted else ""
    return ""


def known(table: Table, header: str) -> bool:
    """Whether a header means a column of the table."""
    return match(table, header) is not None


def near_column(table: Table, word: str, names: Iterable[str]) -> Text | None:
    """Find the column of a table, among those it has, that a word is probably a slip of; in the word's language."""
    found = {n: table.column(n) for n in names}
    spelt = {s: n for n, c in found.items() for s in (spellings(c) if c is not None and not c.family else (n,))}
    near = closest(word, spelt)
    if near is None:
        return None
    column = found[spelt[near]]
    return spoken.Said(near, zh=near) if column is None else spoken.column(column, spelt[near], word)


def closest(word: str, names: Iterable[str]) -> str | None:
    """Find the name a word is probably a slip of."""
    by_folded = {fold(n): n for n in names if n}
    found = difflib.get_close_matches(fold(word), by_folded, n=1, cutoff=CLOSE)
    return by_folded[found[0]] if found else None


def spellings(column: Column) -> tuple[str, ...]:
    """Every header that means a column."""
    return (column.name, column.zh, *column.aliases)
