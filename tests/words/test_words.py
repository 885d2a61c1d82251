import importlib.util
from pathlib import Path

import pytest

from panhuo.words import T, Text

_spec = importlib.util.spec_from_file_location("sentences", Path(__file__).with_name("sentences.py"))
assert _spec is not None
assert _spec.loader is not None
words = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(words)


def test_every_sentence_has_a_chinese_translation_and_none_is_stale():
    found = words.sentences()
    assert len(found) > 100
    assert words.lacking(found, words.translations()) == []


def test_what_is_lacking_is_named():
    found = {("a {x}",): "here.py:1", ("b", "bs"): "here.py:2", ("c",): "here.py:3"}
    known = {("a {x}",): "甲 {y}", ("b", "bs"): "", ("old",): "旧"}
    assert words.lacking(found, known) == [
        "missing (here.py:2): b | bs",
        "missing (here.py:3): c",
        "stale: old",
        "placeholders differ: a {x}",
    ]


def test_a_pattern_that_is_no_literal_is_refused(tmp_path):
    (tmp_path / "room.py").write_text("T(name)\n", encoding="utf-8")
    with pytest.raises(TypeError, match=r"room\.py:1: T\(\) needs a literal"):
        words.sentences(tmp_path)
    (tmp_path / "room.py").write_text('T("{n} room", "{n} rooms", n=3)\n', encoding="utf-8")
    with pytest.raises(TypeError, match=r"room\.py:1: a sentence with a plural needs its count"):
        words.sentences(tmp_path)


def test_a_sentence_takes_its_language_where_it_is_shown():
    sentence = T("row {row}", row=14)
    assert sentence.to("en") == "row 14"
    assert sentence.to("zh") == "第 14 行"
    assert str(sentence) == "row 14"


def test_a_sentence_inside_a_sentence_takes_the_same_language():
    inner = T("row {row}", row=3)
    assert Text("{where}", {"where": inner}).to("zh") == "第 3 行"


@pytest.mark.parametrize(
    ("count", "en", "zh"),
    [(1, "1 person is left out", "漏了 1 人"), (0.6, "1 person is left out", "漏了 1 人"), (0, "0 people are left out", "漏了 0 人"),
     (1234, "1,234 people are left out", "漏了 1,234 人")],
)  # fmt: skip
def test_a_sentence_has_a_form_for_one(count, en, zh, monkeypatch):
    monkeypatch.setattr("panhuo.words.catalogue", lambda _: {"{count} person is left out": "漏了 {count} 人"})
    sentence = T("{count} person is left out", "{count} people are left out", count=count)
    assert sentence.to("en") == en
    assert sentence.to("zh") == zh
