"""Breaking text into lines for a terminal: Chinese between characters, the rest between words.

A figure stays beside its unit, and no line begins with a closing mark.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from rich.cells import cell_len, get_character_cell_size

_OPENING = "（「『《〈【“‘([{"
_CLOSING = "，。；：、！？）」』》〉】”’…)]},.;:!?%"


def spoken(text: str) -> str:
    """Keep what would steer a terminal (escapes, backspaces, line ends) from doing so: it is data."""
    if text.isprintable():
        return text
    return "".join(" " if c.isspace() else "?" if unicodedata.category(c) in ("Cc", "Cf") else c for c in text)


def wide(text: str) -> int:
    """Count the columns that text takes."""
    return cell_len(text)


def pieces(text: str) -> list[str]:
    """Cut text wherever a line may end; a space at the end of a piece is dropped where the line does end there."""
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    begin = 0
    for n in range(1, len(text)):
        if _may_end(text[begin:n], text[n]):
            yield text[begin:n]
            begin = n
    if begin < len(text):
        yield text[begin:]


def _may_end(piece: str, after: str) -> bool:
    """Say whether a line may end between a piece and the character after it."""
    last = piece[-1]
    if after == " ":
        return False
    if last == " ":
        word = piece.rstrip()
        return not (word[-1:].isdigit() or (word.endswith("CNY") and after.isdigit()))
    if last in _OPENING or after in _CLOSING or last.isdigit():
        return False
    return _is_wide(last) or _is_wide(after)


def _is_wide(character: str) -> bool:
    return get_character_cell_size(character) == 2


def lines(text: str, width: int, *, fold: bool = False) -> list[str]:
    """Break text into lines.

    Parameters
    ----------
    width : int [columns]
        Of a line.
    fold : bool
        Also cut what has no place to break and is longer than a line; otherwise it stands whole on a line of its own,
        so that a path can be copied.
    """
    found, line = [], ""
    for piece in _pieces(text):
        if line and wide((line + piece).rstrip()) > width:
            found.append(line.rstrip())
            line = ""
        line += piece
        while fold and wide(line.rstrip()) > width:
            head = _head(line, width)
            found.append(head)
            line = line[len(head) :]
    return [*found, line.rstrip()]


def _head(text: str, width: int) -> str:
    """Take as many characters as fit, at least one."""
    n = 1
    while n < len(text) and wide(text[: n + 1]) <= width:
        n += 1
    return text[:n]
