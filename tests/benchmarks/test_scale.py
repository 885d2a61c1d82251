"""Districts to proven gaps, small: traces, medians, and seeds that fail."""

import json
import sys
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture
def scale(script, monkeypatch):
    generate = script("generate")
    monkeypatch.setitem(generate.SIZES, "S", generate.Size(200, 12, 2, 14))
    return script("scale")


@pytest.mark.parametrize("engine", ["auto", "decompose"])
def test_a_trace_ends_proven(script, scale, tmp_path, engine):
    districts = script("districts")
    district = districts.District("S", 1, budget=0.2)
    file, _ = districts.assembled(tmp_path, district)
    assert pd.read_csv(tmp_path / district.name / "needs.csv")["service"].is_unique  # a row a demand point and service
    got = scale.solve(file, engine, 1e-4, 30.0, 1)
    assert got["gap"] <= 1e-4
    assert got["objective"] <= got["bound"]
    assert 0 <= got["first_plan_s"] <= got["to_gap_s"]["0.01"] <= got["to_gap_s"]["0.0001"] <= got["total_s"]
    assert got["trace"][-1][1:] == [got["objective"], got["bound"], got["gap"]]
    assert got["engine"] == ("exact" if engine == "auto" else engine)


def test_one_seed_that_fails_loses_nothing_of_the_others(script, scale, tmp_path, monkeypatch, capsys):
    districts, measured = script("districts"), script("measured")
    whole = districts.assembled

    def here(_, words, time_limit):
        return scale.solve(Path(words[1]), words[3], 1e-4, time_limit, 1)

    monkeypatch.setattr(measured, "alone", here)

    def assembled(work, district):
        if district.seed == 2:
            raise ValueError("no such district")
        return whole(work, district)

    monkeypatch.setattr(districts, "assembled", assembled)
    words = ["S", "--seeds", "1,2", "--peer", "highs", "--work", tmp_path, "--json", tmp_path / "runs.jsonl"]
    monkeypatch.setattr(sys, "argv", ["scale.py", *map(str, words)])
    scale.main()
    told = capsys.readouterr().out
    assert "S-2-k2-f1-c0-b0.05, auto failed: not assembled: no such district" in told
    last = told.strip().splitlines()[-2:]
    assert last[0].startswith("| S × 2 k2-f1-c0-b0.05 | Panhuo |")
    assert last[1].startswith("| S × 2 k2-f1-c0-b0.05 | HiGHS on merged rows |")
    assert all(line.endswith("1 of 2 failed |") for line in last)
    notes = [json.loads(line) for line in (tmp_path / "runs.jsonl").read_text().splitlines()]
    assert [("failed" in note, note["asked"]) for note in notes] == [
        (False, "auto"), (False, "exact"), (True, "exact"), (True, "auto"),
    ]  # fmt: skip
