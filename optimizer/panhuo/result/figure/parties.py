"""Who carries the money: capital, a year, and what is given in kind."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from panhuo.instance.schema import PARTIES
from panhuo.result.figure.canvas import LINE, SOFT
from panhuo.result.figure.purses import LOOKS, stacked
from panhuo.result.figure.slide import HIGH, LEFT, WIDE, box, line, slide
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, figures

_LEDGERS = {"capital": T("Capital"), "yearly": T("A year"), "in_kind": T("In kind")}
_NAMES, _BARS, _ROW = 1.6, 0.58, 0.285
_NARROW = 0.07
"""A part of less than this share bears no figure in its bar."""


def parties(result: Result, speech: Speech) -> Figure | None:
    """Draw each party's share of every ledger, and its amounts below; nothing where nothing is spent."""
    money = result.run["money"]
    shown = {ledger: money[ledger] for ledger in _LEDGERS if sum(money[ledger].values()) > 0}
    if not shown:
        return None
    sums = {ledger: sum(paid.values()) for ledger, paid in shown.items()}
    says = speech.row([f"{speech.text(_LEDGERS[k])} {speech.money(cny)}" for k, cny in sums.items()])
    figure = slide(result, speech, T("Who carries the money"), says)
    high = _BARS * len(shown)
    axes = box(figure, LEFT + _NAMES, 4.6 - high, WIDE - 2 * LEFT - _NAMES, high)
    axes.set(xlim=(0, 1), ylim=(len(shown) - 0.5, -0.5), xticks=[], yticks=[])
    for n, (ledger, paid) in enumerate(shown.items()):
        shares = {party: cny / sums[ledger] for party, cny in paid.items()}
        stacked(axes, n + 0.12, shares, thick=0.42)
        line(figure, LEFT, 4.6 - _BARS * (n + 0.62), speech.text(_LEDGERS[ledger]), 12, wide=_NAMES - 0.1)
        start = 0.0
        for party, share in shares.items():
            if share >= _NARROW:
                words = f"{speech.party(party)} {figures.percent(share)}"
                axes.text(start + share / 2, n - 0.14, words, fontsize=9, ha="center", va="bottom")
            start += share
    _amounts(figure, speech, shown, 4.6 - high - 0.32)
    return figure


def _amounts(figure: Figure, speech: Speech, shown: dict[str, dict[str, float]], top: float) -> None:
    """Write the amounts of each party, with its colour."""
    wide = (WIDE - 2 * LEFT - 2.2) / len(shown)
    ends = [LEFT + 2.2 + wide * (n + 1) for n in range(len(shown))]
    for end, ledger in zip(ends, shown, strict=True):
        line(figure, end, top, speech.text(_LEDGERS[ledger]), 10, SOFT, align="right")
    rows = [party for party in PARTIES if any(party in paid for paid in shown.values())]
    for n, party in enumerate(rows):
        middle = top - _ROW * (n + 1)
        colour, hatch = LOOKS[party]
        place, size = (LEFT / WIDE, (middle - 0.09) / HIGH), (0.3 / WIDE, 0.18 / HIGH)
        figure.add_artist(Rectangle(place, *size, facecolor=colour, hatch=hatch, edgecolor="white"))
        line(figure, LEFT + 0.42, middle, speech.party(party), 11, wide=1.7)
        for end, paid in zip(ends, shown.values(), strict=True):
            words = speech.money(paid[party]) if party in paid else "–"
            line(figure, end, middle, words, 11, align="right")
    bottom = top - _ROW * (len(rows) + 1)
    axes = box(figure, LEFT, bottom + _ROW / 2, WIDE - 2 * LEFT, 0.01)
    axes.set(xticks=[], yticks=[])
    axes.axhline(0, color=LINE, linewidth=1.2)
    line(figure, LEFT + 0.42, bottom, speech.text(T("In all")), 11)
    for end, paid in zip(ends, shown.values(), strict=True):
        line(figure, end, bottom, speech.money(sum(paid.values())), 11, align="right")
