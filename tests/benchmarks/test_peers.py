"""Everybody finds the same optimum of the same arrays: by hand, and on a small made-up district."""

import json
import pickle
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

SOLVERS = ("highspy", "pyomo", "scip", "spopt-cbc", "spopt-highs")


@pytest.fixture
def plain(script):
    return script("plain")


@pytest.fixture
def by_hand(plain):
    """Offers 0 and 1 at site 0, 2 at site 1; offer 0 has an option in each of two modes.

    Option: 0 (offer 0, mode a, 2), 1 (offer 0, mode b, 5), 2 (offer 1, mode b, 2), 3 (offer 2, 3). Both offers of site
    0 fit only in mode b. Offer 0 reaches 9 people, offer 1 8, offer 2 7, of whom 3 are those of offer 0.
    """
    return plain.Problem(
        begin=np.array([0, 1, 3, 4, 5]), offer=np.array([0, 0, 2, 1, 2]), people=np.array([6.0, 3, 8, 4]),
        sites_allowed=2, of_offer=np.array([0, 0, 1, 2]), of_project=np.array([0, 1, 1, 2]),
        area_m2=np.array([10.0, 10, 10, 10]), cost=np.array([2.0, 5, 2, 3]), of_site=np.array([0, 0, 1]),
        room_m2=np.array([12.0, 20, 10]), budget=5.0,
    )  # fmt: skip


def solved(script, who, problem, kind):
    peers, plain = script("peers"), script("plain")
    if lacks := peers.missing(who):
        pytest.skip(f"{', '.join(lacks)} not installed")
    run = plain.Run(0.0, 30.0, 1)
    if who.startswith("spopt"):
        return plain.by_spopt(problem, kind, run, who[6:]), run
    return getattr(plain, f"by_{who}")(problem, kind, run), run


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # spopt's of PuLP
@pytest.mark.parametrize("who", SOLVERS)
def test_p_sites(script, by_hand, who):
    """Any two: 0 and 1 reach 17, 0 and 2 13, 1 and 2 15."""
    chosen, run = solved(script, who, by_hand, "p")
    assert chosen.tolist() == [True, True, False]
    assert by_hand.value("p", chosen) == (17.0, "")
    assert run.built_s > 0
    if who != "spopt-cbc":
        assert run.bound == pytest.approx(17, rel=1e-6)


@pytest.mark.parametrize("who", SOLVERS[:3])
def test_a_budget(script, by_hand, who):
    """For 5: offer 1 with 2 reaches 15 (5), offer 0 in mode a with 2 13 (5), offers 0 and 1 17 but cost 7."""
    chosen, run = solved(script, who, by_hand, "budget")
    assert chosen.tolist() == [False, False, True, True]
    assert by_hand.value("budget", chosen) == (15.0, "")
    assert run.bound == pytest.approx(15, rel=1e-6)
    chosen, _ = solved(script, who, replace(by_hand, budget=7.0), "budget")
    assert chosen.tolist() == [False, True, True, False]


def test_broken_limits_are_named(by_hand):
    every = np.ones(4, dtype=bool)
    assert by_hand.value("budget", every) == (21.0, "budget, one option an offer, one mode a site")
    small = replace(by_hand, room_m2=np.array([12.0, 19, 10]), budget=7.0)
    assert small.value("budget", np.array([False, True, True, False])) == (17.0, "floor area")
    assert by_hand.value("p", np.ones(3, dtype=bool)) == (21.0, "p")


@pytest.fixture
def small(script, tmp_path, monkeypatch):
    """A district of 200 points and 12 rooms, made up."""
    generate = script("generate")
    monkeypatch.setitem(generate.SIZES, "S", generate.Size(200, 12, 2, 14))
    return script("districts")


@pytest.mark.parametrize("kind", ["p", "budget"])
def test_panhuo_beside_plain_arrays(script, small, tmp_path, kind):
    peers, plain = script("peers"), script("plain")
    file, seconds = small.assembled(tmp_path, small.District("S", 1, budget=0.2))
    assert set(seconds) == {"generate_s", "read_s", "access_s", "assemble_s"}
    assert small.assembled(tmp_path, small.District("S", 1, budget=0.2)) == (file, {})
    data = pickle.loads(file.read_bytes())
    small.plainly(data).save(file.with_suffix(".npz"))
    everyone = ("panhuo", "highspy") if kind == "budget" else ("panhuo", "panhuo-mclp", "highspy")
    got = {who: peers.solve(who, kind, file, plain.Run(0.0, 30.0, 1)) for who in everyone}
    best = got["highspy"]["objective"]
    assert best > 0
    for figures in got.values():
        assert figures["objective"] == pytest.approx(best, rel=1e-9)
        assert figures["bound"] == pytest.approx(best, rel=1e-6)
        assert figures["broken"] == ""
        assert figures["to_gap_s"]["0.0001"] <= figures["total_s"]


def test_the_plain_problem_says_what_it_lacks(small, tmp_path):
    file, _ = small.assembled(tmp_path, small.District("S", 1, funds=6))
    with pytest.raises(ValueError, match="the plain problem has no funds"):
        small.plainly(pickle.loads(file.read_bytes()))


def test_the_table(script, small, tmp_path, monkeypatch, capsys):
    """Who is not installed is named; others go on. A contestant that fails loses nothing of the rest."""
    peers, plain, measured = script("peers"), script("plain"), script("measured")

    def here(_, words, time_limit):
        who, file = words[-2:]
        if who == "pyomo":
            return {"failed": "exit 1: out of luck"}
        return peers.solve(who, "p", Path(file), plain.Run(0.0, time_limit, 1))

    monkeypatch.setattr(measured, "alone", here)
    monkeypatch.setattr(peers, "missing", lambda who: ["pyscipopt"] if who == "scip" else [])
    words = ["--size", "S", "--seeds", "1,2", "--who", "panhuo-mclp", "highspy", "pyomo", "scip", "--work", tmp_path,
             "--json", tmp_path / "runs.jsonl"]  # fmt: skip
    monkeypatch.setattr(sys, "argv", ["peers.py", *map(str, words)])
    peers.main()
    told = capsys.readouterr().out
    assert "scip: pyscipopt not installed" in told
    rows = {line.split(" | ")[0][2:]: line for line in told.splitlines() if line.startswith("| ")}
    assert "| 1.0 |" in rows["**Panhuo**, `locate.mclp`"]
    assert rows["Pyomo + HiGHS"].endswith("exit 1: out of luck |")
    notes = [json.loads(line) for line in (tmp_path / "runs.jsonl").read_text().splitlines()]
    assert len(notes) == 8
    objectives = {(note["district"], round(note["objective"], 6)) for note in notes if "failed" not in note}
    assert len(objectives) == 2
