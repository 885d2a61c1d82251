"""All figures of a result, for slides and for print."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from panhuo.result.figure.canvas import saved, settings
from panhuo.result.figure.circles import circles
from panhuo.result.figure.coverage import coverage
from panhuo.result.figure.equity import equity
from panhuo.result.figure.funds import funds
from panhuo.result.figure.overview import overview
from panhuo.result.figure.parties import parties
from panhuo.result.figure.service import service_map
from panhuo.result.figure.years import years
from panhuo.result.page.people import served_services
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import Lang, Text

FORMS = ("png", "svg")

Draw = Callable[[Result, Speech], Figure | None]

CHARTS: Mapping[str, Draw] = {
    "overview": overview, "coverage": coverage, "circles": circles, "equity": equity, "parties": parties,
    "funds": funds, "years": years,
}  # fmt: skip
"""What is drawn of every result that has it, by the name of its files; a map for each service in need comes beside."""


def draw_figures(result: Result, folder: Path, lang: Lang = "en") -> tuple[Text, ...]:
    """Draw everything, each as PNG and as SVG, into a new folder.

    Parameters
    ----------
    folder : Path
        Is made.
    lang : {"zh", "en"}
        Language of the words.

    Returns
    -------
    tuple of Text
        Remarks, where no font has a character.
    """
    folder.mkdir()
    speech = Speech.of(result.instance, lang)
    remarks: dict[str, Text] = {}
    for name, draw in _all(result).items():
        with settings():
            figure = draw(result, speech)
            if figure is None:
                continue
            for form in FORMS:
                if (remark := saved(figure, folder / f"{name}.{form}")) is not None:
                    remarks[str(remark)] = remark
    return tuple(remarks.values())


def figure_file(name: str) -> bool:
    """Say whether a file of that name is one of ours."""
    stem, _, form = name.rpartition(".")
    return form in FORMS and (stem in CHARTS or re.fullmatch(r"service-\d+-\w+", stem, re.ASCII) is not None)


def _all(result: Result) -> dict[str, Draw]:
    """Name every figure and who draws it."""
    services, needed = result.instance["services"]["service"], set(served_services(result))
    digits, plain = len(str(len(services))), re.compile(r"\W+", re.ASCII)
    maps: dict[str, Draw] = {
        f"service-{n:0{digits}}-{plain.sub('_', key)}": partial(service_map, service=key)
        for n, key in enumerate(services, 1)
        if key in needed
    }
    return {**CHARTS, **maps}
