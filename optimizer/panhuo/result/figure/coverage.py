"""Coverage before and after, service by service."""

from __future__ import annotations

from matplotlib.figure import Figure

from panhuo.result.figure.pairs import Pair, draw_pairs
from panhuo.result.figure.slide import slide
from panhuo.result.page.people import served_services
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, figures


def coverage(result: Result, speech: Speech) -> Figure | None:
    """Draw the shares of those in need; nothing where nobody is in need."""
    pairs = []
    for service in served_services(result):
        c = result.run["coverage"][service]
        base = c["base_persons"]
        more = c["after"] - c["before"]
        pairs.append(
            Pair(speech.service(service), c["before"] / base, c["after"] / base, 1 - c["unreachable_persons"] / base,
                 ("+" if more >= 0.5 else "") + figures.count(more))
        )  # fmt: skip
    if not pairs:
        return None
    gained = T("{gained} newly covered, {lost} no longer", gained=speech.times(result.run["new_person_services"]),
               lost=speech.times(sum(c["lost_persons"] for c in result.run["coverage"].values())))  # fmt: skip
    figure = slide(result, speech, T("Who is covered, of all in need of the service"), gained)
    draw_pairs(figure, speech, pairs)
    return figure
