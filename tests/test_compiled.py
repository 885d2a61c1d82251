"""Loops in machine code."""

from pathlib import Path

import numba.core.caching
import pytest

from panhuo import compiled as room
from panhuo.compiled import compiled


def double(number):
    return 2 * number


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A folder of its own for the code."""
    monkeypatch.setattr(numba.core.caching.config, "CACHE_DIR", str(tmp_path))
    return tmp_path


def index(folder: Path) -> Path:
    (found,) = folder.rglob("*.nbi")
    return found


def code(folder: Path) -> Path:
    (found,) = folder.rglob("*.nbc")
    return found


def loaded(made) -> bool:
    """Whether a call took the code from the disk."""
    return bool(made.stats.cache_hits)


def test_it_is_compiled_once(kept):
    first, second = compiled(double), compiled(double)
    assert first(21) == 42
    assert not loaded(first)
    assert second(21) == 42
    assert loaded(second)


@pytest.mark.parametrize("which", [index, code])
@pytest.mark.parametrize("left", [0, 30, -1])
def test_code_that_was_cut_off_is_compiled_anew(kept, which, left):
    compiled(double)(21)
    cut = which(kept)
    whole = cut.read_bytes()
    cut.write_bytes(whole[:left])
    again = compiled(double)
    assert again(21) == 42
    assert not loaded(again)
    after = compiled(double)
    assert after(21) == 42
    assert loaded(after)


@pytest.fixture
def full(monkeypatch):
    """A disk that takes no more."""

    def refused(*_):
        raise OSError(28, "No space left on device")

    return lambda: monkeypatch.setattr(numba.core.caching.IndexDataCacheFile, "_open_for_write", refused)


def test_a_full_disk_keeps_nothing(kept, full):
    full()
    assert compiled(double)(21) == 42
    assert not [*kept.rglob("*.nb?")]


def test_a_full_disk_with_code_that_was_cut_off_does_no_harm(kept, full):
    compiled(double)(21)
    index(kept).write_bytes(b"")
    full()
    assert compiled(double)(21) == 42


def test_where_no_folder_takes_the_code_it_is_compiled_all_the_same(monkeypatch):
    def nowhere(_):
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(room, "_OnDisk", nowhere)
    made = compiled(double)
    assert made is not double
    assert made(21) == 42
