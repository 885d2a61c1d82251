"""The municipality that measurements are taken on is an instance like any other."""

import subprocess
import sys
from pathlib import Path

import panhuo
from panhuo.access import catchments

BUILDER = Path(__file__).resolve().parents[2] / "benchmarks" / "municipality.py"


def written(folder: Path) -> None:
    command = [sys.executable, BUILDER, folder, "--points", "300", "--sites", "15", "--side", "25"]
    subprocess.run(command, check=True, timeout=120, capture_output=True)


def test_a_small_one_has_streets_slopes_and_minutes(tmp_path):
    written(tmp_path)
    instance = panhuo.read(tmp_path)
    assert (len(instance["demand"]), len(instance["sites"])) == (300, 15)
    net = instance.network
    assert 1_000 < len(net.start) <= 2 * 25 * 24
    assert net.stairs.any()
    assert instance.elevation is not None
    minutes = catchments(instance).minutes
    assert minutes["adult"].nnz > minutes["senior"].nnz > minutes["step_free"].nnz > 0


def test_the_same_seed_gives_the_same_municipality(tmp_path):
    for name in ("first", "second"):
        written(tmp_path / name)
    for file in ("demand.csv", "sites.csv", "elevation.tif"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()
