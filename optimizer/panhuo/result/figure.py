"""The map: before and after, one row of panels a service."""

from __future__ import annotations

from dataclasses import dataclass
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
from panhuo.words import Lang, T, Text

CJK_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Microsoft YaHei", "SimHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "SimSun",
)  # fmt: skip
"""Fonts with Chinese characters, the first that the machine has is taken."""

ORDER = ("unreachable", "not_covered", "covered", "new")
COLOURS = {"covered": "#56B4E9", "new": "#E69F00", "not_covered": "#555555", "unreachable": "#CFCFCF"}
"""After Okabe and Ito (https://jfly.uni-koeln.de/color/): told apart by the colour-blind, and by lightness in print."""

LABELS = {
    "covered": T("Covered before"),
    "new": T("Newly covered"),
    "not_covered": T("Not covered"),
    "unreachable": T("Out of reach of any room"),
}
FACILITY, ROOM = T("Existing facility"), T("Chosen room")
_ACROSS = 2
"""Services side by side."""


@dataclass(frozen=True)
class _Style:
    """Language and fonts of one drawing."""

    lang: Lang
    fonts: tuple[str, ...]

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
        A remark, where the machine has no font for Chinese and the words are English.
    """
    style, note = _style(lang)
    services = result.instance["services"]
    rows = -(-len(services) // _ACROSS)
    shape = _shape(result)
    width, high = 3.3, float(np.clip(3.3 * shape, 1.7, 3.6)) + 0.42
    figure = Figure(figsize=(_ACROSS * 2 * width + 0.3, rows * high + 1.3), dpi=150)
    FigureCanvasAgg(figure)
    head, foot = 0.62 / figure.get_figheight(), 0.5 / figure.get_figheight()
    grid = figure.add_gridspec(
        rows, _ACROSS * 2, left=0.01, right=0.99, top=1 - head, bottom=foot, wspace=0.03, hspace=0.42 / high
    )
    for n, service in enumerate(services["service"]):
        row, column = divmod(n, _ACROSS)
        pair = [figure.add_subplot(grid[row, 2 * column + side]) for side in (0, 1)]
        _service(result, service, pair, style)
    title = (result.instance.settings.title_zh if style.lang == "zh" else "") or result.instance.settings.title
    _say(figure, 0.012, 1 - 0.25 / figure.get_figheight(), _speakable(title, style), style, size=12, weight="bold")
    _legend(figure, style)
    figure.savefig(path, metadata={"Software": None})
    return note


def _style(lang: Lang) -> tuple[_Style, Text | None]:
    have = set(font_manager.get_font_names())
    cjk = next((name for name in CJK_FONTS if name in have), None)
    if cjk is None:
        note = T("The map is labelled in English: this machine has no font with Chinese characters")
        return _Style("en", ("DejaVu Sans",)), note if lang == "zh" else None
    return _Style(lang, ("DejaVu Sans", cjk)), None


def _speakable(text: str, style: _Style) -> str:
    """Leave out what the fonts cannot draw, so that no boxes appear."""
    return text if len(style.fonts) > 1 else "".join(c for c in text if ord(c) < 0x2E80).strip()


def _say(figure: Figure, x: float, y: float, words: str, style: _Style, size: float, weight: str = "normal") -> None:
    figure.text(x, y, words, fontsize=size, fontweight=weight, fontfamily=list(style.fonts), va="center")


def _shape(result: Result) -> float:
    """Height over width of the district."""
    points = result.instance["demand"][["x_m", "y_m"]].to_numpy(float)
    wide, high = np.ptp(points, axis=0) if len(points) else (1.0, 1.0)
    return float(high / wide) if wide > 0 else 1.0


def _service(result: Result, service: str, pair: list[Axes], style: _Style) -> None:
    instance, figures = result.instance, result.run["coverage"][service]
    demand, sites, existing = instance["demand"], instance["sites"], instance["existing"]
    rows = result.tables["demand"]
    mine = rows[rows["service"] == service].set_index("demand").reindex(demand["id"])
    at = demand[["x_m", "y_m"]].to_numpy(float)
    here = existing[existing["service"] == service][["x_m", "y_m"]].to_numpy(float)
    plan = result.tables["plan"]
    rooms = sites[sites["id"].isin(plan["site"][plan["service"] == service])][["x_m", "y_m"]].to_numpy(float)
    before, after = _states(mine, after=False), _states(mine, after=True)
    names = instance["services"].set_index("service")[f"name_{style.lang}"]
    name = _speakable(str(names[service] or ""), style) or service
    base = figures["base_persons"]
    for axes, states, head in (
        (pair[0], before, _head(style, T("{name}: before", name=name), figures["before"], base)),
        (pair[1], after, _head(style, T("after"), figures["after"], base)),
    ):
        _people(axes, at, mine["persons"].to_numpy(float), states)
        _facilities(axes, here)
        if axes is pair[1]:
            axes.scatter(
                rooms[:, 0], rooms[:, 1], s=26, marker="D", c="#D55E00", edgecolors="white", linewidths=0.6, zorder=5
            )
        axes.set_title(head, fontsize=8, fontfamily=list(style.fonts), loc="left", pad=3)
        _frame(axes, at)
    _scale_bar(pair[0], at, style)


def _head(style: _Style, side: Text, persons: float, base: float) -> str:
    if not base:
        return style.text(T("{side}, nobody in need", side=side))
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


def _people(axes: Axes, at: NDArray[np.float64], persons: NDArray[np.float64], states: NDArray[np.str_]) -> None:
    """Draw demand points; more of them, smaller dots, and an area that grows with their people."""
    share = np.nan_to_num(persons) / max(float(np.nanmax(persons, initial=0.0)), 1e-9)
    dot = float(np.clip(6000 / max(len(at), 1), 1.2, 40))
    for state in ORDER:
        mine = states == state
        axes.scatter(
            at[mine, 0], at[mine, 1], s=dot * (0.5 + 1.5 * share[mine]), c=COLOURS[state], linewidths=0, zorder=2
        )


def _facilities(axes: Axes, at: NDArray[np.float64]) -> None:
    axes.scatter(at[:, 0], at[:, 1], s=11, marker="s", c="#0072B2", edgecolors="white", linewidths=0.4, zorder=4)


def _frame(axes: Axes, at: NDArray[np.float64]) -> None:
    low, high = at.min(axis=0), at.max(axis=0)
    middle, half = (low + high) / 2, (high - low).max() * 0.5
    span = np.maximum((high - low) / 2, half * 0.25) * 1.06 + 1e-9
    axes.set_xlim(middle[0] - span[0], middle[0] + span[0])
    axes.set_ylim(middle[1] - span[1], middle[1] + span[1])
    axes.set_aspect("equal", adjustable="box")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#BBBBBB")
        spine.set_linewidth(0.6)


def _scale_bar(axes: Axes, at: NDArray[np.float64], style: _Style) -> None:
    """Draw a bar of a round length, about a quarter of the width."""
    wide = max(float(np.ptp(at[:, 0])), 1.0)
    power = 10.0 ** np.floor(np.log10(wide / 4))
    length = max(step * power for step in (1, 2, 5) if step * power <= wide / 4)
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    left, bottom = axes.get_xlim()[0] + 0.04 * wide, axes.get_ylim()[0] + 0.05 * float(np.ptp(axes.get_ylim()))
    axes.plot([left, left + length], [bottom, bottom], color="black", linewidth=1.4, solid_capstyle="butt", zorder=6)
    axes.annotate(words, (left + length / 2, bottom), (0, 2), textcoords="offset points", ha="center", va="bottom",
                  fontsize=6, fontfamily=list(style.fonts), zorder=6)  # fmt: skip


def _legend(figure: Figure, style: _Style) -> None:
    def dot(colour: str, marker: str = "o", edge: str = "none") -> Line2D:
        return Line2D([], [], linestyle="", marker=marker, color=colour, markeredgecolor=edge, markersize=6)

    handles = [dot(COLOURS[state]) for state in ("covered", "new", "not_covered", "unreachable")]
    labels = [style.text(LABELS[state]) for state in ("covered", "new", "not_covered", "unreachable")]
    handles += [dot("#0072B2", "s"), dot("#D55E00", "D")]
    labels += [style.text(FACILITY), style.text(ROOM)]
    figure.legend(handles, labels, loc="lower center", ncols=6, frameon=False,
                  prop={"family": list(style.fonts), "size": 8})  # fmt: skip
