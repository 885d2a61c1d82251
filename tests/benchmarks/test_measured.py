"""What the measuring scripts share."""

import json

import pytest


@pytest.fixture
def measured(script):
    return script("measured")


def test_numbers(measured):
    assert measured.numbers("101-103,7") == [101, 102, 103, 7]


def test_medians_tell_what_is_missing(measured):
    assert measured.shown([3.0, 1.0, 2.0]) == "2.0 (3.0)"
    assert measured.shown([3.0, 1.0, 2.0], worst=False) == "2.0"
    assert measured.shown([1.0, None, 2.0]) == "2.0 (2 of 3)"
    assert measured.shown([1.0, None, None]) == "– (1 of 3)"
    assert measured.shown([1.0, 2.0, None, None]) == "– (2 of 4)"  # the later of the two in the middle
    assert measured.shown([None]) == "–"


def test_first_second_within_a_gap(measured):
    trace = [[1.0, 5.0, None, None], [2.0, 5.0, 6.0, 0.2], [3.0, 5.9, 6.0, 0.017]]
    assert measured.reached(trace, 0.2) == 2.0
    assert measured.reached(trace, 0.1) == 3.0
    assert measured.reached(trace, 0.01) is None


def test_a_run_of_its_own(measured, tmp_path):
    held = tmp_path / "held.py"
    held.write_text("import json, sys\nprint('noise')\nprint(json.dumps({'said': sys.argv[1], 'peak_mb': 0.5}))\n")
    got = measured.alone(str(held), ["word"], 60)
    assert got["said"] == "word"
    assert got["peak_mb"] >= 0.5
    held.write_text("raise SystemExit('no such thing')\n")
    assert measured.alone(str(held), [], 60)["failed"] == "exit 1: no such thing"


def test_memory_is_this_process_s_own(measured):
    assert 10 < measured.peak_mb() < 100_000


def test_notes_are_added(measured, tmp_path):
    for n in range(2):
        measured.note(tmp_path / "runs.jsonl", {"n": n})
    assert [json.loads(line)["n"] for line in (tmp_path / "runs.jsonl").read_text().splitlines()] == [0, 1]


def test_a_page_names_commit_command_and_machine(measured):
    told = measured.told(measured.beside(("numpy", "no-such-package")))
    assert "commit " in told
    assert " cores, " in told
    assert "numpy " in told
    assert "no-such-package" not in told
