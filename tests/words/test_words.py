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
    found = {"a {x}": "here.py:1", "b": "here.py:2", "c": "here.py:3"}
    known = {"a {x}": "甲 {y}", "b": "", "old": "旧"}
    assert words.lacking(found, known) == [
        "missing (here.py:2): b",
        "missing (here.py:3): c",
        "stale: old",
        "placeholders differ: a {x}",
    ]


def test_a_pattern_that_is_no_literal_is_refused(tmp_path):
    (tmp_path / "room.py").write_text("T(name)\n", encoding="utf-8")
    with pytest.raises(TypeError, match=r"room\.py:1: T\(\) needs a literal"):
        words.sentences(tmp_path)


def test_a_sentence_takes_its_language_where_it_is_shown():
    sentence = T("row {row}", row=14)
    assert sentence.to("en") == "row 14"
    assert sentence.to("zh") == "第 14 行"
    assert str(sentence) == "row 14"


def test_a_sentence_inside_a_sentence_takes_the_same_language():
    inner = T("row {row}", row=3)
    assert Text("{where}", {"where": inner}).to("zh") == "第 3 行"
