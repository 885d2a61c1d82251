"""What is kept on disk comes back as it was, and only for the same input."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streets import slope, tangle

from panhuo.access import Catchments, along, cache_folder, catchments, keeping, travel
from panhuo.access.search import StoppedError
from panhuo.instance import Instance


@pytest.fixture
def town(tmp_path: Path) -> Instance:
    return tangle(tmp_path / "town", 2)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often minutes are worked out."""
    counted: list[int] = []
    real = along.along

    def counting(*given: Any, **more: Any) -> Any:
        counted.append(1)
        return real(*given, **more)

    monkeypatch.setattr(travel, "along", counting)
    return counted


def same(one: Catchments, other: Catchments) -> None:
    for profile in one.minutes:
        for a, b in ((one.minutes, other.minutes), (one.origin, other.origin)):
            for part in ("data", "indices", "indptr"):
                assert np.array_equal(getattr(a[profile], part), getattr(b[profile], part))
    assert (one.metres != other.metres).nnz == 0
    assert one.snapping is not None
    assert other.snapping is not None
    assert one.snapping.legs.equals(other.snapping.legs)
    assert one.snapping.pieces.equals(other.snapping.pieces)


def test_kept_and_read_again(town: Instance, runs: list[int], tmp_path: Path) -> None:
    cache = tmp_path / "kept"
    first = catchments(town, cache=cache)
    assert len(list(cache.iterdir())) == 1, "nothing half written is left"
    same(first, catchments(town, cache=cache))
    assert len(runs) == 1
    same(first, catchments(town))
    assert len(runs) == 2


def test_a_damaged_file_is_made_anew(town: Instance, runs: list[int], tmp_path: Path) -> None:
    """Cut short, emptied, a byte turned in the middle of an array, something else altogether."""
    first = catchments(town, cache=tmp_path / "kept")
    (file,) = (tmp_path / "kept").iterdir()
    sound = file.read_bytes()
    turned = bytearray(sound)
    turned[sound.index(np.ascontiguousarray(first.minutes["adult"].data[:4]).tobytes())] ^= 1
    for n, damaged in enumerate((sound[: len(sound) // 2], b"", bytes(turned), b"PK\x03\x04 no archive")):
        file.write_bytes(damaged)
        same(first, catchments(town, cache=tmp_path / "kept"))
        assert len(runs) == 2 + n
        assert file.read_bytes() != damaged


def test_a_sound_archive_of_other_minutes_is_made_anew(town: Instance, runs: list[int], tmp_path: Path) -> None:
    """Whoever changes a number and writes the archive again leaves all of its own checksums right."""
    first = catchments(town, cache=tmp_path / "kept")
    assert first.travel.kept is None
    (file,) = (tmp_path / "kept").iterdir()
    assert catchments(town, cache=tmp_path / "kept").travel.kept == file
    with np.load(file) as held:
        arrays = dict(held)
    for name in ("minutes0.data", "rode0", "metres.indices", "legs1", "component"):
        other = arrays[name].copy()
        other[0] = not other[0] if other.dtype == bool else other[0] + 1
        with file.open("wb") as stream:
            np.savez(stream, **{**arrays, name: other})
        runs.clear()
        same(first, catchments(town, cache=tmp_path / "kept"))
        assert len(runs) == 1, name


def _moved(instance: Instance, table: str, column: str, value: Any) -> Instance:
    frame = instance[table].copy()
    frame.loc[0, column] = value
    return replace(instance, tables={**instance.tables, table: frame})


def test_whatever_minutes_depend_on_makes_another_file(town: Instance) -> None:
    net = town.network
    assert net is not None
    access = town.settings.access
    others = [
        _moved(town, "demand", "x_m", 1.0),
        _moved(town, "sites", "y_m", 1.0),
        _moved(town, "profiles", "speed_km_h", 4.0),
        _moved(town, "profiles", "max_grade", 0.5),
        _moved(town, "profiles", "climbs_stairs", False),
        _moved(town, "services", "standard_min", 7.0),
        _moved(town, "services", "measure", "metres"),
        replace(town, elevation=None),
        replace(town, elevation=slope(0.1)),
        replace(town, network=replace(net, stairs=~net.stairs)),
        replace(town, network=replace(net, shape=net.shape + 0.001)),
        replace(town, network=replace(net, length_m=net.length_m * 2)),
        replace(
            town, settings=town.settings.model_copy(update={"access": access.model_copy(update={"way_home": True})})
        ),
        replace(town, metric_crs="EPSG:4544"),
    ]
    prints = [keeping.fingerprint(instance) for instance in (town, *others)]
    assert len(set(prints)) == len(prints)
    assert keeping.fingerprint(_moved(town, "demand", "people_adult", 99.0)) == prints[0], (
        "who lives there is no matter"
    )


def test_a_folder_that_cannot_be_written_to(town: Instance, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    same(catchments(town), catchments(town, cache=tmp_path / "file" / "kept"))


def test_an_interrupted_write_leaves_nothing(town: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping.np, "savez", full)
    with pytest.raises(KeyboardInterrupt):
        catchments(town, cache=tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []


def test_the_folder_does_not_grow_for_ever(town: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not used for longest goes first; what was just written stays."""
    cache = tmp_path / "kept"
    names = []
    for n in range(3):
        moved = _moved(town, "demand", "x_m", float(n))
        catchments(moved, cache=cache)
        file = cache / f"{keeping.fingerprint(moved)}.npz"
        names.append(file)
        os.utime(file, (n, n))
    catchments(_moved(town, "demand", "x_m", 0.0), cache=cache)  # used again: now the newest
    monkeypatch.setattr(keeping, "MOST_BYTES", 2 * names[0].stat().st_size + names[0].stat().st_size // 2)
    catchments(_moved(town, "demand", "x_m", 3.0), cache=cache)
    left = set(cache.iterdir())
    assert names[0] in left
    assert names[1] not in left
    assert len(left) == 2


def test_progress_reaches_the_end_and_a_stop_is_heard(town: Instance, tmp_path: Path) -> None:
    import threading

    told: list[float] = []
    catchments(town, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoppedError):
        catchments(town, cache=tmp_path / "kept", stop=stop)
    assert not (tmp_path / "kept").exists(), "what was broken off is not kept"


def test_tests_leave_the_users_folder_alone() -> None:
    assert cache_folder().is_relative_to(os.environ["PANHUO_CACHE"])
