"""Few of the twenty million points."""

import json
import sys

import numpy as np
import pytest


@pytest.fixture
def many(script):
    return script("twenty_million")


def test_against_one_row_a_point(many):
    ours, theirs = many.check(20, 6.25, 4, seed=1, points=400)
    assert ours == theirs > 0


def test_drawn_as_published(many):
    drawn = many.draw(5000, 100, seed=3)
    for place in ("sites", "points"):
        assert 0 <= drawn[place].min() < 1 < 29 < drawn[place].max() <= 30
    assert (drawn["demand"].min(), drawn["demand"].max()) == (1, 100)
    again = many.draw(5000, 100, seed=3)
    assert all(np.array_equal(drawn[name], again[name]) for name in drawn)


def test_what_is_covered_is_worked_out_again(many, tmp_path, monkeypatch, capsys):
    np.savez(tmp_path / "drawn.npz", **many.draw(3000, 30, seed=2))
    words = ["--file", tmp_path / "drawn.npz", "--radius", "5.5", "--budget", "5"]
    monkeypatch.setattr(sys, "argv", ["twenty_million.py", *map(str, words)])
    many.main()
    got = json.loads(capsys.readouterr().out)
    assert got["status"] == "optimal"
    assert got["recomputed"] == got["objective"] == got["bound"]
    assert len(got["chosen"]) == 5
