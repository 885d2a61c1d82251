"""The map: before and after, one row of panels a service."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from panhuo.result.plan import Result
from panhuo.result.remarks import synthetic
from panhuo.words import Lang, T, Text

CJK_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Microsoft YaHei", "SimHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "SimSun",
)  # fmt: skip
"""Fonts with Chinese characters, the first that the machine has is taken."""

ORDER = ("unreachable", "not_covered", "covered", "new")
COLOURS = {"covered": "#56B4E9", "new": "#D55E00", "not_covered": "#8C8C8C", "unreachable": "#DCDCDC"}
"""After Okabe and Ito (https://jfly.uni-koeln.de/color/): told apart by the colour-blind, and by lightness in print."""

_FACILITY, _ROOM = "#004A75", "#000000"

LABELS = {
    "covered": T("Covered before"),
    "new": T("Newly covered"),
    "not_covered": T("Not covered"),
    "unreachable": T("Out of reach of any room"),
}
_ACROSS = 3
"""Services side by side."""

_PANEL, _GAP, _TITLE, _HEAD, _FOOT = 2.7, 0.14, 0.44, 0.5, 0.45
"""Width of a panel, gap beside a pair, height of its title, of the heading and of the legend [inches]."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Style:
    """Language and fonts of one drawing."""

    lang: Lang
    fonts: tuple[str, ...]
    left_out: list[str] = field(default_factory=list)

    def text(self, sentence: Text) -> str:
        return sentence.to(self.lang)


def draw_map(result: Result, path: Path, lang: Lang = "en") -> Text | None:
    """Draw who is covered before and after, service by service.

    Parameters
    ----------
    result : Result
        The plan.
    path : Path
        The PNG file.
    lang : {"zh", "en"}
        Language of the words.

    Returns
    -------
    Text or None
        A remark, where the machine has no font for what should stand there.
    """
    style = _style(lang)
    services = result.instance["services"]
    across = min(_ACROSS, len(services))
    rows = -(-len(services) // across)
    window = _window(_drawn(result))
    wide, high = _PANEL, _PANEL * float(np.ptp(window[1]) / np.ptp(window[0]))
    size = across * 2 * wide + (across + 1) * _GAP, rows * (high + _TITLE) + _HEAD + _FOOT
    figure = Figure(figsize=size, dpi=160)
    FigureCanvasAgg(figure)
    for n, service in enumerate(services["service"]):
        row, column = divmod(n, across)
        left, bottom = _GAP + column * (2 * wide + _GAP), size[1] - _HEAD - (row + 1) * (high + _TITLE)
        pair = [
            figure.add_axes((x / size[0], bottom / size[1], 0.985 * wide / size[0], high / size[1]))
            for x in (left, left + wide)
        ]
        for axes in pair:
            axes.set(xlim=window[0], ylim=window[1], aspect="equal", xticks=[], yticks=[])
        _service(result, service, pair, style)
    _heading(figure, result, style)
    _legend(figure, style)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure.savefig(path, metadata={"Software": None})
    lacking = [w for w in caught if "missing from font" in str(w.message)]
    for other in [w for w in caught if w not in lacking]:
        warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)
    if lang != style.lang:
        return T("The map is labelled in English: this machine has no font with Chinese characters")
    if lacking or style.left_out:
        return T("Some words are missing on the map: this machine has no font with all their characters")
    return None


def _heading(figure: Figure, result: Result, style: _Style) -> None:
    """Write what the map is of, the proposal, and that an example is one."""
    instance = result.instance
    titles = [(instance.settings.title, instance.settings.title_zh)]
    if instance.proposal is not None:
        titles.append((instance.proposal.title, instance.proposal.title_zh))
    said = [_speakable((zh if style.lang == "zh" else "") or en or zh, style) for en, zh in titles]
    wide, high = figure.get_size_inches()
    remarks = [style.text(remark) for remark in synthetic(instance)]
    rows = ((" – ".join(filter(None, said)), 0.17, 12, "bold"), *((remark, 0.37, 8, "normal") for remark in remarks))
    for words, below, size, weight in rows:
        figure.text(
            _GAP / wide, 1 - below / high, words, va="center", fontsize=size, fontweight=weight,
            fontfamily=list(style.fonts),
        )  # fmt: skip


def _style(lang: Lang) -> _Style:
    have = set(font_manager.get_font_names())
    cjk = next((name for name in CJK_FONTS if name in have), None)
    return _Style("en", ("DejaVu Sans",)) if cjk is None else _Style(lang, ("DejaVu Sans", cjk))


def _speakable(text: str, style: _Style) -> str:
    """Leave out what the fonts cannot draw, so that no boxes appear."""
    if len(style.fonts) > 1:
        return text
    spoken = "".join(c for c in text if ord(c) < 0x2E80).strip()
    if spoken != text.strip():
        style.left_out.append(text)
    return spoken


def _drawn(result: Result) -> Floats:
    """Position of everything that is drawn: demand points, existing facilities and chosen rooms, (N, 2) [m]."""
    sites = result.instance["sites"]
    tables = (result.instance["demand"], result.instance["existing"], sites[sites["id"].isin(result.plan["site"])])
    return np.concatenate([table[["x_m", "y_m"]].to_numpy(float) for table in tables])


def _window(at: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give the limits of every panel: all points with a margin, no flatter than 1:3 nor steeper than 3:2.

    The margin is wide enough for the largest mark.
    """
    low, high = (at.min(axis=0), at.max(axis=0)) if len(at) else (np.zeros(2), np.ones(2))
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-6)
    half = np.maximum(half, (half[1] / 1.5, half[0] / 3)) * 1.08
    (left, bottom), (right, top) = middle - half, middle + half
    return (float(left), float(right)), (float(bottom), float(top))


def _service(result: Result, service: str, pair: list[Axes], style: _Style) -> None:
    instance, figures = result.instance, result.run["coverage"][service]
    demand, sites, existing = instance["demand"], instance["sites"], instance["existing"]
    rows = result.tables["demand"]
    mine = rows[rows["service"] == service].set_index("demand").reindex(demand["id"])
    at = demand[["x_m", "y_m"]].to_numpy(float)
    plan, modes = result.tables["plan"], instance.settings.modes
    closing = plan["site"][[modes[m].closes_existing for m in plan["mode"]]]
    here = existing["service"] == service
    standing = here & ~existing["site_id"].isin(closing)
    rooms = sites[sites["id"].isin(plan["site"][plan["service"] == service])][["x_m", "y_m"]].to_numpy(float)
    before, after = _states(mine, after=False), _states(mine, after=True)
    names = instance["services"].set_index("service")[f"name_{style.lang}"]
    name = _speakable(str(names[service] or ""), style) or _speakable(service, style)
    base = figures["base_persons"]
    for axes, states, open_, head in (
        (pair[0], before, here, _head(style, T("before:"), figures["before"], base)),
        (pair[1], after, standing, _head(style, T("after:"), figures["after"], base)),
    ):
        _people(axes, at, mine["persons"].to_numpy(float), states)
        x, y = existing.loc[open_, ["x_m", "y_m"]].to_numpy(float).T
        axes.scatter(x, y, s=4, marker="s", c=_FACILITY, linewidths=0, zorder=4)
        axes.set_title(head, fontsize=7.5, fontfamily=list(style.fonts), loc="left", pad=3)
        for spine in axes.spines.values():
            spine.set(color="#BBBBBB", linewidth=0.6)
    pair[1].scatter(rooms[:, 0], rooms[:, 1], s=12, marker="^", c=_ROOM, edgecolors="white", linewidths=0.3, zorder=5)
    pair[0].annotate(
        name, (0, 1), (0, 16), xycoords="axes fraction", textcoords="offset points",
        fontsize=9, fontweight="bold", fontfamily=list(style.fonts),
    )  # fmt: skip
    _scale_bar(pair[0], style)


def _head(style: _Style, side: Text, persons: float, base: float) -> str:
    if not base:
        return style.text(T("{side} nobody in need", side=side))
    count, all_, share = f"{persons:,.0f}", f"{base:,.0f}", f"{persons / base:.0%}"
    return style.text(T("{side} {persons} of {base} ({share})", side=side, persons=count, base=all_, share=share))


def _states(rows: pd.DataFrame, *, after: bool) -> NDArray[np.str_]:
    """Say of every demand point what holds for most of its people."""
    persons = rows[["persons", "before_persons", "after_persons", "unreachable_persons"]].fillna(0.0).to_numpy(float)
    need, before, covered, unreachable = persons.T
    half = need / 2
    states = np.where(unreachable >= half, "unreachable", "not_covered").astype("<U12")
    now = covered if after else before
    states[now >= half] = "covered"
    if after:
        states[(now >= half) & (before < half)] = "new"
    states[need <= 0] = ""
    return states


def _people(axes: Axes, at: Floats, persons: Floats, states: NDArray[np.str_]) -> None:
    """Draw demand points; more of them, smaller dots, and an area that grows with their people."""
    share = np.nan_to_num(persons) / max(float(np.nanmax(persons, initial=0.0)), 1e-9)
    dot = float(np.clip(7000 / max(len(at), 1), 2.0, 40))
    for state in ORDER:
        mine = states == state
        axes.scatter(
            at[mine, 0], at[mine, 1], s=dot * (0.5 + 1.5 * share[mine]), c=COLOURS[state], linewidths=0, zorder=2
        )


def _scale_bar(axes: Axes, style: _Style) -> None:
    """Draw a bar of a round length, at most a quarter of the width."""
    wide, high = float(np.ptp(axes.get_xlim())), float(np.ptp(axes.get_ylim()))
    power = 10.0 ** np.floor(np.log10(wide / 4))
    length = max(step * power for step in (1, 2, 5) if step * power <= wide / 4)
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    left, bottom = axes.get_xlim()[0] + 0.04 * wide, axes.get_ylim()[0] + 0.05 * high
    axes.plot([left, left + length], [bottom, bottom], color="black", linewidth=1.4, solid_capstyle="butt", zorder=6)
    axes.annotate(words, (left + length / 2, bottom), (0, 2), textcoords="offset points", ha="center", va="bottom",
                  fontsize=6, fontfamily=list(style.fonts), zorder=6)  # fmt: skip


def _legend(figure: Figure, style: _Style) -> None:
    def dot(colour: str, marker: str = "o", edge: str = "none") -> Line2D:
        return Line2D([], [], linestyle="", marker=marker, color=colour, markeredgecolor=edge, markersize=6)

    handles = [dot(COLOURS[state]) for state in ("covered", "new", "not_covered", "unreachable")]
    labels = [style.text(LABELS[state]) for state in ("covered", "new", "not_covered", "unreachable")]
    handles += [dot(_FACILITY, "s"), dot(_ROOM, "^")]
    labels += [style.text(T("Existing facility")), style.text(T("Chosen room"))]
    figure.legend(handles, labels, loc="lower center", ncols=6, frameon=False,
                  prop={"family": list(style.fonts), "size": 8})  # fmt: skip
