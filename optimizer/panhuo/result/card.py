"""How a result shows itself in a notebook: how good it is proven to be, coverage, money, a small map, the rooms."""

from __future__ import annotations

import numpy as np

from panhuo.notebook import Dots, Marks, card, drawing, image, sentence, table
from panhuo.result.page.layout import Table
from panhuo.result.page.map import COLOURS
from panhuo.result.page.money import party_sums
from panhuo.result.page.people import coverage_table
from panhuo.result.page.rooms import rooms
from panhuo.result.page.speech import Speech
from panhuo.result.page.story import story
from panhuo.result.plan import Result
from panhuo.words import Lang, T, Text

MOST = 20
"""Rooms that are listed."""

_SHAPES = {"keep": "hexagon", "convert": "triangle", "rebuild": "diamond", "add": "star"}
_GAINED = 0.5
"""Persons who gain at a demand point, from which on it is shown so."""


def show(result: Result, lang: Lang) -> str:
    """Show a result as HTML that needs nothing else."""
    speech, settings = Speech.of(result.instance, lang), result.instance.settings
    title = (settings.title_zh if lang == "zh" else "") or settings.title or settings.title_zh
    verified = T("Verified.") if result.verification.ok else T("Not verified: the figures do not agree.")
    return card(
        " – ".join(filter(None, [title, speech.text(_STATUS[result.status])])),
        [
            *(sentence(told) for told in [*story(result, speech), speech.text(verified)]),
            image(_map(result, speech), speech.text(T("Map of the rooms chosen and of where people gain a service"))),
            _told(coverage_table(result, speech), speech),
            _told(party_sums(result, speech), speech),
            *_rooms(result, speech),
            *(sentence(speech.text(remark), small=True) for remark in result.remarks),
        ],
        lang,
    )


_STATUS = {
    "optimal": T("proven best"), "within_gap": T("within the gap asked for"),
    "time_limit": T("stopped by the time limit"),
    "interrupted": T("interrupted"), "evaluated": T("evaluated"),
}  # fmt: skip


def _told(of: Table, speech: Speech) -> str:
    return table(speech.text(of.caption), [speech.text(head) for head in of.heads], of.rows, of.words)


def _rooms(result: Result, speech: Speech) -> list[str]:
    """List the first rooms chosen."""
    chosen = [room for room in rooms(result, speech) if room.chosen]
    if not chosen:
        return []
    heads = [
        T("Room"), T("Name"), T("Mode"), T("Services"), T("Person-services there"),
        T("Capital ({unit})", unit=speech.unit),
    ]  # fmt: skip
    rows = [[r.id, r.name, r.mode, r.services, r.persons, r.capital] for r in chosen[:MOST]]
    found = [table(speech.text(T("Rooms chosen")), [speech.text(head) for head in heads], rows, words=4)]
    if len(chosen) > MOST:
        more = T(
            "{count} room more is in the table sites",
            "{count} rooms more are in the table sites",
            count=len(chosen) - MOST,
        )
        found.append(sentence(speech.text(more), small=True))
    return found


def _map(result: Result, speech: Speech) -> str:
    instance, sites = result.instance, result.tables["sites"]
    demand = instance["demand"]
    at = {name: instance[name][["x_m", "y_m"]].to_numpy(float) for name in ("demand", "existing", "sites")}
    by_point = result.tables["demand"].groupby("demand")[["persons", "before_persons", "after_persons"]].sum()
    need, before, after = by_point.reindex(demand["id"]).fillna(0.0).to_numpy(float).T
    gains = after - before >= _GAINED
    mode = sites.set_index("site").reindex(instance["sites"]["id"])
    used = (mode["chosen"] == "yes").to_numpy(bool)

    def counted(words: Text, count: int) -> str:
        return speech.text(T("{words} ({count})", words=words, count=f"{count:,}"))

    modes = [
        Marks(counted(words, int(mine.sum())), at["sites"][mine], COLOURS[key], _SHAPES[key], 4.8)
        for key, words in _MODES.items()
        for mine in [used & (mode["mode"] == key).to_numpy(bool)]
    ]
    people = np.where(need > 0, need, 0.0)
    return drawing(
        [
            Dots(speech.text(T("Where people live")), at["demand"][~gains], "#B3B3B3", people[~gains]),
            Marks(counted(T("Existing facilities"), len(at["existing"])), at["existing"], "#56B4E9", "square", 2.8),
            Marks(counted(T("Rooms not chosen"), int((~used).sum())), at["sites"][~used], "#333333", "cross", 2.5),
            Dots(speech.text(T("People gain a service")), at["demand"][gains], COLOURS["new"], people[gains]),
            *modes,
        ]
    )


_MODES = {
    "keep": T("Chosen: keep"), "convert": T("Chosen: convert"), "rebuild": T("Chosen: rebuild"),
    "add": T("Chosen: add on"),
}  # fmt: skip
