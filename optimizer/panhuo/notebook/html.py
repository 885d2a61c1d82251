"""A card: a title, sentences, tables and a picture, as HTML that any notebook shows and none takes for instructions."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

from panhuo.words import Lang

_CARD = (
    "font-family:system-ui,sans-serif;font-size:13px;line-height:1.45;color:#1b1f24;background:#fff;"
    "border:1px solid #d0d7de;border-radius:6px;padding:10px 14px;max-width:900px"
)
_CELL = "padding:2px 10px 2px 0;border:0;vertical-align:top;background:none;white-space:{space};text-align:{side}"


def card(title: str, parts: Sequence[str], lang: Lang) -> str:
    """Put parts, which are HTML, under a title, which is text."""
    body = "".join(parts)
    tongue = "zh-CN" if lang == "zh" else "en"
    return (
        f'<div lang="{tongue}" style="{_CARD}">'
        f'<div style="font-size:16px;font-weight:600">{escape(title)}</div>{body}</div>'
    )


def sentence(text: str, *, small: bool = False) -> str:
    """Write a sentence."""
    look = "margin:4px 0;color:#57606a;font-size:12px" if small else "margin:4px 0"
    return f'<p style="{look}">{escape(text)}</p>'


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """Write a table; the first ``words`` columns are words, the others figures, which are never broken."""
    looks = [
        _CELL.format(space="normal" if n < words else "nowrap", side="left" if n < words else "right")
        for n in range(len(heads))
    ]
    line = "border-bottom:1px solid #8c959f;font-weight:600"
    # heads may be broken: they are words, whatever stands below them
    head = "".join(
        f'<th scope="col" style="{look.replace("nowrap", "normal")};vertical-align:bottom;{line}">{escape(cell)}</th>'
        for look, cell in zip(looks, heads, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f'<td style="{look}">{escape(cell)}</td>' for look, cell in zip(looks, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return (
        '<table style="border-collapse:collapse;margin:8px 0;font-size:12px;color:inherit">'
        f'<caption style="text-align:left;font-weight:600;color:inherit;caption-side:top">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def image(drawing: str, said: str) -> str:
    """Put an SVG drawing in, as an image: what it holds touches nothing else on the page.

    Parameters
    ----------
    said : str
        What it shows, for those who do not see it.
    """
    held = base64.b64encode(drawing.encode("utf-8")).decode("ascii")
    return (
        f'<img alt="{escape(said)}" style="max-width:100%;height:auto;display:block;margin:8px 0" '
        f'src="data:image/svg+xml;base64,{held}">'
    )
