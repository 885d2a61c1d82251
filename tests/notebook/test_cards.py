"""Instances and results show themselves: HTML that needs nothing, obeys nobody, and is small and quick."""

import base64
import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import panhuo
from panhuo.notebook import Dots, Marks, card, drawing, sentence, table

HOSTILE = '<script>alert(1)</script>" onload="x'


class Read(HTMLParser):
    """Reads a card: its elements, attributes and text; what is opened is closed in turn."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words, self._open = [], [], [], []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "img":
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def pictures(read):
    return [base64.b64decode(v.partition(",")[2]).decode() for k, v in read.attributes if k == "src"]


@pytest.fixture(scope="module")
def solved(toy):
    return panhuo.solve(toy)


@pytest.fixture
def speaking(monkeypatch):
    def speak(locale):
        monkeypatch.setenv("LC_ALL", locale)

    return speak


@pytest.mark.parametrize(("locale", "lang"), [("zh_CN.UTF-8", "zh-CN"), ("de_DE.UTF-8", "en")])
def test_cards_need_nothing_and_speak_the_locale(toy, solved, speaking, locale, lang):
    speaking(locale)
    for shown in (toy, solved):
        read = Read(shown._repr_html_())
        assert set(read.tags) <= {"div", "p", "img", "table", "caption", "thead", "tbody", "tr", "th", "td"}
        assert {k for k, _ in read.attributes} <= {"style", "lang", "alt", "src", "scope"}
        assert dict(read.attributes)["lang"] == lang
        (picture,) = pictures(read)
        assert {element.tag.rpartition("}")[2] for element in ET.fromstring(picture).iter()} <= {
            "svg", "g", "path", "rect", "circle", "text",
        }  # fmt: skip
        assert not re.search(
            r"(?:https?:)?//(?!www\.w3\.org/2000/svg)", picture + " ".join(v for k, v in read.attributes if k != "src")
        )
        words = "".join(read.words)
        assert ("文化活动站" if lang == "zh-CN" else "Culture room") in words


def test_the_instance_says_what_there_is(toy, speaking):
    """Section 1 of the toy's README: 1,580 people, of whom 350 need a canteen."""
    speaking("en_GB.UTF-8")
    words = Read(toy._repr_html_()).words
    assert words[:2] == [
        "Toy: three rooms, solved by hand",
        "demand points: 6 (1,580 people), life circles: 2, rooms: 3, existing facilities: 2, services: 3",
    ]
    at = words.index("Canteen")
    assert words[at : at + 5] == ["Canteen", "basic", "15 min on foot", "350", "0"]


def test_the_result_says_how_good_it_is_who_is_covered_who_pays_and_which_rooms(solved, speaking):
    speaking("en_GB.UTF-8")
    words = Read(solved._repr_html_()).words
    assert words[0] == "Toy: three rooms, solved by hand – proven best"
    assert "Verified." in words
    at = words.index("Clinic")
    assert words[at : at + 10] == ["Clinic", "basic", "1,580", "700", "1,340", "640", "0", "0", "44.3%", "84.8%"]
    at = words.index("government")
    assert words[at : at + 3] == ["government", "216,000", "78.3%"]
    at = words.index("S3")
    assert words[at : at + 6] == ["S3", "Reading room 阅览室", "keep", "Culture room", "360", "30,000"]


def test_a_result_that_does_not_agree_says_so(solved, speaking):
    speaking("en_GB.UTF-8")
    fault = panhuo.verify.__globals__["Discrepancy"]("plan.csv", None, None, None, None, solved.notes[0])
    wrong = replace(solved, verification=replace(solved.verification, faults=(fault,)))
    assert "Not verified: the figures do not agree." in Read(wrong._repr_html_()).words
    assert repr(wrong).endswith("3 rooms used, not verified)")


def test_representations_are_one_short_line(toy, solved):
    assert repr(toy).endswith(
        "instances/toy: demand points: 6 (1,580 people), life circles: 2, rooms: 3, existing facilities: 2, services: 3)"
    )
    assert repr(solved).endswith("instances/toy: optimal, gap 0.00%, 3 rooms used, verified)")


def test_names_are_never_instructions(toy, speaking):
    speaking("en_GB.UTF-8")
    services = toy["services"].assign(name_en=HOSTILE)
    settings = toy.settings.model_copy(update={"title": HOSTILE})
    read = Read(replace(toy, tables={**toy.tables, "services": services}, settings=settings)._repr_html_())
    assert "script" not in read.tags
    assert {k for k, _ in read.attributes} <= {"style", "lang", "alt", "src", "scope"}
    assert read.words.count(HOSTILE) == 4
    legend = drawing([Dots(HOSTILE, np.zeros((1, 2)), "#000", np.ones(1))])
    assert [e.text for e in ET.fromstring(legend).iter() if e.text == HOSTILE] == [HOSTILE]
    whole = card(HOSTILE, [sentence(HOSTILE), table(HOSTILE, [HOSTILE], [[HOSTILE]])], "en")
    assert Read(whole).words == [HOSTILE] * 5


def test_a_map_grows_with_what_can_be_told_apart_not_with_the_data():
    rng = np.random.default_rng(1)
    at = rng.uniform(0, 50_000, (200_000, 2))
    start = time.perf_counter()
    shown = drawing(
        [Dots("people", at, "#888", rng.uniform(1, 90, len(at))), Marks("rooms", at[:3000], "#E69F00", "star")]
    )
    assert time.perf_counter() - start < 5  # on a busy machine; less than one on an idle one
    assert len(shown) < 3_000_000
    assert len(drawing([Dots("people", np.repeat(at[:10], 9999, axis=0), "#888", np.ones(99_990))])) < 3_000


def test_positions_are_where_they_are():
    """North is up, and the middle of the drawing is the middle of the district."""
    shown = drawing([Marks("a", np.array([[0.0, 0.0], [1000.0, 700.0]]), "#000", "square")])
    path = next(e.get("d") for e in ET.fromstring(shown).iter() if e.tag.endswith("path"))
    (x0, y0), (x1, y1) = [tuple(map(float, p)) for p in re.findall(r"M([\d.]+) ([\d.]+)m", path)]
    assert (x0, x1) == (14, 626)
    assert y0 > y1
    assert x0 + x1 == 640


def test_one_place_alone_is_drawn_too():
    shown = drawing(
        [Marks("a", np.array([[5.0, 5.0]]), "#000", "diamond"), Dots("none", np.zeros((0, 2)), "#000", np.zeros(0))]
    )
    assert ">none<" not in shown
    assert "nan" not in shown
    ET.fromstring(drawing([]))
