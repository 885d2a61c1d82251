"""``verify --bound``: what it derives, what it refuses, and that nobody can claim more than the prices say."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

import panhuo
from panhuo.cli import main

pytestmark = pytest.mark.usefixtures("tables_alone")

INSTANCES = Path(__file__).resolve().parents[2] / "instances"


def run(capsys, *arguments):
    """Run a command with --json; its exit code and its object."""
    code = main([*map(str, arguments), "--json", "--lang", "en"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def solved(tables_alone, tmp_path_factory):
    """Solve an instance by parts, once."""
    made = {}

    def make(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp("bound") / name
            panhuo.write(panhuo.solve(panhuo.read(INSTANCES / name), engine="decompose", gap=0, threads=1), made[name])
        return made[name]

    return make


@pytest.fixture
def out(solved, tmp_path):
    """A copy of the solved toy, to be tampered with."""
    return copied(solved("toy"), tmp_path)


def copied(source: Path, folder: Path) -> Path:
    target = folder / "out"
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    return target


def arrays(out: Path) -> dict[str, np.ndarray]:
    with np.load(out / "certificate.npz") as archive:
        return dict(archive)


def change(out: Path, **changed) -> None:
    """Write certificate.npz anew, arrays changed or (None) left out."""
    found = {**arrays(out), **changed}
    np.savez(out / "certificate.npz", **{name: array for name, array in found.items() if array is not None})


def claim(out: Path, stage: int, **figures) -> None:
    """Write other figures of a stage into run.json, and of the first one at the top too."""
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    record["stages"][stage] |= figures
    if stage == 0:
        record |= figures
    (out / "run.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.mark.parametrize("name", ["toy", "hillside", "kitchens"])
def test_the_certified_bound_is_derived_again_and_lies_above_the_optimum(solved, capsys, name):
    folder = solved(name)
    code, found = run(capsys, "verify", folder, "--bound", "--clusters")
    assert code == 0
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    exact = panhuo.solve(panhuo.read(INSTANCES / name), engine="exact", gap=0, threads=1)
    assert exact.run["bound_certified"] is None
    assert record["bound_certified"] == record["stages"][0]["bound_certified"]
    assert [bound["name"] for bound in found["bounds"]] == [stage["name"] for stage in record["stages"]]
    for bound, stage in zip(found["bounds"], record["stages"], strict=True):
        assert bound["bound_certified"] == stage["bound_certified"]
        assert bound["bound_certified"] == pytest.approx(bound["derived"], rel=1e-6)
        sign = 1 if stage["sense"] == "max" else -1
        assert sign * (bound["bound_certified"] - bound["derived"]) >= 0
        assert sign * (bound["derived"] - stage["objective"]) >= 0
    first = found["bounds"][0]
    assert first["derived"] >= exact.objective
    assert first["keeps"] == {}
    assert found["clusters"]
    for stage in found["clusters"]:
        assert stage["confirmed"] == stage["clusters"] >= 1


def test_it_says_so_in_words(solved, capsys):
    assert main(["verify", str(solved("toy")), "--bound", "--clusters", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "no plan surpasses" in said
    assert "SCIP confirmed" in said
    assert main(["verify", str(solved("toy")), "--bound", "--lang", "zh"]) == 0
    assert "仅凭价格" in capsys.readouterr().out


def test_of_one_search_over_all_there_is_nothing_to_derive(toy, tmp_path, capsys):
    panhuo.write(panhuo.solve(toy, engine="exact", threads=1), tmp_path / "out")
    assert not (tmp_path / "out" / "certificate.npz").exists()
    code, found = run(capsys, "verify", tmp_path / "out", "--bound")
    assert code == 2
    assert "was not solved by parts" in found["faults"][0]["rule"]
    assert main(["verify", str(tmp_path / "out"), "--clusters"]) == 2
    assert "--bound" in capsys.readouterr().err


def faults(capsys, out):
    code, found = run(capsys, "verify", out, "--bound")
    assert code == 1
    return [(fault["file"], fault["column"]) for fault in found["faults"]]


def test_a_bound_that_claims_more_than_the_prices_is_caught(out, capsys):
    stated = json.loads((out / "run.json").read_text(encoding="utf-8"))["bound_certified"]
    claim(out, 0, bound_certified=stated - 1e-4)
    assert faults(capsys, out) == [("run.json", "stages.basic.bound_certified")]
    claim(out, 0, bound_certified=stated + 1.0)
    assert run(capsys, "verify", out, "--bound")[0] == 0, "a weaker claim is still true"
    claim(out, 0, bound_certified=None)
    assert faults(capsys, out) == [("run.json", "stages.basic.bound_certified")]


@pytest.mark.parametrize("name", ["prices", "reach", "counting"])
def test_worse_prices_no_longer_bear_the_claim(out, capsys, name):
    prices = arrays(out)[f"stage0_{name}"]
    assert np.any(prices)
    change(out, **{f"stage0_{name}": prices * 1.5})
    assert ("run.json", "stages.basic.bound_certified") in faults(capsys, out)


@pytest.mark.parametrize(
    ("name", "spoil", "column"),
    [
        ("reach", lambda found: found[:-1], "stage0_reach"),
        ("counting", lambda found: np.full_like(found, np.nan), "stage0_counting"),
        ("prices", lambda _: None, "stage0_prices"),
        ("rows", lambda found: np.array(["no such row", *found[1:]]), "stage0_rows"),
        ("cluster", lambda found: found + 99, "stage0_cluster"),
    ],
)  # fmt: skip
def test_what_is_shrunken_missing_or_no_number_is_caught(out, capsys, name, spoil, column):
    change(out, **{f"stage0_{name}": spoil(arrays(out)[f"stage0_{name}"])})
    found = faults(capsys, out)
    assert ("run.json", "stages.basic.bound_certified") in found
    assert name == "prices" or ("certificate.npz", column) in found


def test_without_the_file_or_with_another_nothing_is_certified(out, capsys):
    (out / "certificate.npz").write_bytes(b"prices")
    assert faults(capsys, out)[0] == ("certificate.npz", None)
    (out / "certificate.npz").unlink()
    assert faults(capsys, out)[0] == ("certificate.npz", None)


def test_a_later_stage_must_not_ask_more_than_the_plan_keeps(out, capsys):
    least = arrays(out)["stage1_least"]
    change(out, stage1_least=least * 1.1)
    assert ("certificate.npz", "stages.basic") in faults(capsys, out)


def test_clusters_that_claim_too_little_are_refuted(out, capsys):
    bounds = arrays(out)["stage0_cluster_bounds"]
    change(out, stage0_cluster_bounds=bounds - 50.0)
    code, found = run(capsys, "verify", out, "--bound", "--clusters")
    assert code == 1
    assert ("certificate.npz", "stage0_cluster_bounds") in [(f["file"], f["column"]) for f in found["faults"]]
    change(out, stage0_cluster_bounds=bounds + 50.0)
    code, found = run(capsys, "verify", out, "--bound", "--clusters")
    assert code == 1
    assert [(f["file"], f["column"]) for f in found["faults"]] == [("run.json", "stages.basic.bound")]


def test_the_same_run_writes_the_same_bytes(solved, toy, tmp_path):
    panhuo.write(panhuo.solve(toy, engine="decompose", gap=0, threads=1), tmp_path / "again")
    one, two = (folder / "certificate.npz" for folder in (solved("toy"), tmp_path / "again"))
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_rows_are_named_so_that_a_reader_can_place_them(solved, toy):
    found = arrays(solved("toy"))
    assert found["stages"].tolist() == ["basic", "quality"]
    assert set(found["sites"]) == set(toy["sites"]["id"])
    assert len(found["stage0_reach"]) == len(found["reach_demand"]) == len(found["reach_service"])
    assert found["reach_demand"].max() < len(toy["demand"])
    assert len(found["stage0_rows"]) == len(found["stage0_prices"]) > 0
    assert all("." in name for name in found["stage0_rows"].tolist())
