"""How cells look: number formats, and what tells headers, sums and cells to fill in apart."""

from __future__ import annotations

from typing import Any, Literal

from panhuo.result.workbook.cells import FORMATS, Kind

Role = Literal["row", "sum", "head", "title", "section", "words", "label", "link", "figure_head"]

_ROLES: dict[Role, dict[str, Any]] = {
    "row": {},
    "sum": {"bold": True, "bg_color": "#EEF3F7"},
    "head": {"bold": True, "bg_color": "#D5E3EE", "bottom": 1, "valign": "vcenter"},
    "title": {"bold": True, "font_size": 16},
    "section": {"bold": True, "font_size": 12, "bottom": 1, "bottom_color": "#0072B2"},
    "words": {"text_wrap": True, "valign": "top"},
    "figure_head": {"bold": True, "bg_color": "#D5E3EE", "bottom": 1, "align": "right", "text_wrap": True},
    "label": {"text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
}
_TO_FILL = {"bg_color": "#FFF8DC", "border": 1, "border_color": "#D9CFA8"}


class Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[Kind, Role], Any] = {}

    def __call__(self, kind: Kind, role: Role = "row") -> Any:
        """Give the format for what a cell holds and what it is."""
        if (kind, role) not in self._made:
            fill = _TO_FILL if kind == "decision" and role == "row" else {}
            # text keeps apart from a number before it
            indent = {"indent": 1} if kind == "text" and role in ("row", "head") else {}
            made = {**_ROLES[role], **fill, **indent, "num_format": FORMATS[kind]}
            self._made[kind, role] = self._book.add_format(made)
        return self._made[kind, role]
