"""Laying a table out for a width: figures are never broken nor cut, words are broken into lines.

Where the columns do not fit beside each other, they stand below each other in several blocks, each with the columns
that say what a row is of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from panhuo.cli.wrapping import lines, pieces, wide

GAP = 2
"""Columns between two columns of a table."""

_WORDS = 14
"""Columns that words are given at least, where they need as many."""

_HEAD = 8
"""The same for the head of a column."""

Row = Sequence[str]


@dataclass(frozen=True)
class _Column:
    """One column: the columns it can do with, those its cells would like, and those its head would like."""

    head: str
    cells: Sequence[str]
    words: bool

    @property
    def cell(self) -> int:
        return max(map(wide, self.cells), default=0)

    @property
    def full(self) -> int:
        return max(self.cell, wide(self.head))

    @property
    def least(self) -> int:
        head = max(_longest([self.head]), min(wide(self.head), _HEAD))
        if not self.words:
            return max(self.cell, head)
        return max(min(self.cell, max(_WORDS, min(_longest(self.cells), _WORDS + GAP))), head)


def _longest(texts: Sequence[str]) -> int:
    return max((wide(piece.rstrip()) for text in texts for piece in pieces(text)), default=0)


@dataclass(frozen=True)
class Block:
    """Part of a table as it stands on the screen: lines of the head, width of the rule below it, lines of the rows."""

    head: list[str]
    rule: int
    rows: list[str]


def blocks(heads: Row, rows: Sequence[Row], *, words: int, keys: int, width: int | None) -> list[Block]:
    """Lay a table out.

    Parameters
    ----------
    words : int
        So many columns, the first, are words; the others are figures, which stand to the right.
    keys : int
        So many columns, the first, say what a row is of: every block has them.
    width : int [columns] or None
        What there is; ``None``: as much as it takes.
    """
    columns = [_Column(head, [row[n] for row in rows], n < words) for n, head in enumerate(heads)]
    if width is None or _together([c.full for c in columns]) <= width:
        return [_block(columns, [c.full for c in columns])]
    fixed, others = columns[:keys], columns[keys:]
    parts = _parts(fixed, others, width, len(others))
    # as few blocks as there must be, and none much wider than another
    most = next(n for n in range(1, len(others) + 1) if len(_parts(fixed, others, width, n)) == len(parts))
    return [_block(part, _widths(part, width)) for part in _parts(fixed, others, width, most)]


def _together(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _parts(fixed: list[_Column], others: list[_Column], width: int, most: int) -> list[list[_Column]]:
    """Deal columns out, in their order, at most so many a block and as many as fit, one at least."""
    found = [list(fixed)]
    for column in others:
        part = found[-1]
        full = _together([c.least for c in [*part, column]]) > width or len(part) - len(fixed) == most
        if full and len(part) > len(fixed):
            found.append([*fixed, column])
        else:
            part.append(column)
    return found


def _widths(part: list[_Column], width: int) -> list[int]:
    """Start from what is needed; what is left goes first to words, then to heads."""
    found = [c.least for c in part]
    for wanted in ([c.cell if c.words else 0 for c in part], [c.full for c in part]):
        while _together(found) < width and any(have < want for have, want in zip(found, wanted, strict=True)):
            for n, want in enumerate(wanted):
                if found[n] < want and _together(found) < width:
                    found[n] += 1
    return found


def _block(part: list[_Column], widths: list[int]) -> Block:
    count = len(part[0].cells)
    head = [lines(c.head, width, fold=True) for c, width in zip(part, widths, strict=True)]
    height = max(len(cell) for cell in head)
    hanging = [[""] * (height - len(cell)) + cell for cell in head]  # heads stand on the rule
    rows = (_row(n, part, widths) for n in range(count))
    told = [line for row in rows for line in _joined(row, part, widths)]
    return Block(_joined(hanging, part, widths), _together(widths), told)


def _row(n: int, part: list[_Column], widths: list[int]) -> list[list[str]]:
    return [
        lines(c.cells[n], width, fold=True) if c.words else [c.cells[n]] for c, width in zip(part, widths, strict=True)
    ]


def _joined(cells: list[list[str]], part: list[_Column], widths: list[int]) -> list[str]:
    """Set the lines of a row's cells beside each other."""
    found = []
    for n in range(max(len(cell) for cell in cells)):
        texts = [cell[n] if n < len(cell) else "" for cell in cells]
        set_ = [_set(text, width, c.words) for text, c, width in zip(texts, part, widths, strict=True)]
        found.append((" " * GAP).join(set_).rstrip())
    return found


def _set(text: str, width: int, left: bool) -> str:
    blank = " " * (width - wide(text))
    return text + blank if left else blank + text
