"""What was worked out is kept on disk, under a hash of everything it was worked out from."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import scipy.sparse as sp

from panhuo.access.along import Along
from panhuo.instance import Instance

MOST_BYTES = 4 * 2**30
"""The folder is kept below this: what was not used for longest goes first."""

_CHECKSUM = "checksum"

_TABLES = {
    "demand": ("x_m", "y_m"),
    "sites": ("x_m", "y_m"),
    "existing": ("x_m", "y_m"),
    "bus": ("line", "seq", "x_m", "y_m", "headway_min", "ride_min", "both_ways"),
    "profiles": ("profile", "speed_km_h", "climbs_stairs", "stairs_factor", "max_grade", "rides_bus"),
    "services": ("measure", "standard_min", "standard_m"),
}
"""Columns that minutes depend on."""


def folder() -> Path:
    """Name the folder: that of the environment variable PANHUO_CACHE, else the user's cache folder of the system."""
    return Path(os.environ.get("PANHUO_CACHE") or platformdirs.user_cache_dir("panhuo", appauthor=False)) / "walks"


def kept(instance: Instance, cache: Path, make: Callable[[], Along]) -> Along:
    """Read what was worked out before for the same input, or work it out and keep it.

    A file that is damaged, or was changed by anybody, is made anew. A folder that cannot be written to keeps nothing.

    Parameters
    ----------
    cache : Path
        The folder; made where it does not exist.
    make : callable
        Works it out.
    """
    file = cache / f"{fingerprint(instance)}.npz"
    known = _read(file)
    if known is not None:
        return known
    made = make()
    with suppress(OSError):  # a full disk, or a folder of somebody else: the minutes are there all the same
        _write(file, made)
        _tidy(cache, file)
    return made


def fingerprint(instance: Instance) -> str:
    """Hash everything that minutes along the network depend on, the code included."""
    digest = hashlib.sha256()

    def take(name: str, value: Any) -> None:
        held = value.tobytes() if isinstance(value, np.ndarray) and value.dtype != object else repr(value).encode()
        shape = getattr(value, "shape", ()), str(getattr(value, "dtype", type(value).__name__))
        digest.update(f"{name} {shape} {len(held)}\n".encode())
        digest.update(held)

    for source in sorted(Path(__file__).parent.glob("*.py")):
        take(source.name, source.read_text(encoding="utf-8"))
    take("frame", instance.metric_crs)
    take("access", instance.settings.access.model_dump_json())
    for part in (instance.network, instance.elevation):
        if part is not None:
            for item in dataclasses.fields(part):
                take(item.name, getattr(part, item.name))
    for table, columns in _TABLES.items():
        for column in columns:
            values = instance[table][column].to_numpy()
            take(f"{table}.{column}", values if values.dtype.kind in "fib" else values.tolist())
    return digest.hexdigest()


def _read(file: Path) -> Along | None:
    """Read a file; ``None`` where there is none, or where it does not hold what was written."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
            arrays = dict(held)
        if arrays.pop(_CHECKSUM).item() != _checksum(arrays):
            return None
        profiles = [str(p) for p in arrays["profiles"]]
        known = Along(
            {p: _matrix(arrays, f"minutes{n}") for n, p in enumerate(profiles)},
            {p: arrays[f"rode{n}"] for n, p in enumerate(profiles)},
            _matrix(arrays, "metres"),
            {p: arrays[f"legs{n}"] for n, p in enumerate(profiles)},
            arrays["component"],
            file,
        )
        os.utime(file)
    except Exception:  # a damaged archive may fail in any way
        return None
    return known


def _checksum(arrays: dict[str, Any]) -> str:
    """Hash all that a file holds: those of the archive are not enough, as whoever changes a part writes new ones."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _matrix(arrays: dict[str, Any], name: str) -> sp.csr_matrix:
    parts = tuple(arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    return sp.csr_matrix(parts, shape=tuple(arrays[f"{name}.shape"]))


def _write(file: Path, made: Along) -> None:
    """Write to a file of another name first, so that nobody ever reads half of one."""
    arrays: dict[str, Any] = {"profiles": np.array(list(made.minutes), dtype=np.str_), "component": made.component}
    matrices = {"metres": made.metres}
    for n, profile in enumerate(made.minutes):
        matrices[f"minutes{n}"] = made.minutes[profile]
        arrays[f"rode{n}"], arrays[f"legs{n}"] = made.rode[profile], made.legs[profile]
    for name, matrix in matrices.items():
        arrays[f"{name}.shape"] = np.array(matrix.shape)
        for part in ("data", "indices", "indptr"):
            arrays[f"{name}.{part}"] = getattr(matrix, part)
    arrays[_CHECKSUM] = np.array(_checksum(arrays))
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            np.savez(stream, **arrays)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _tidy(cache: Path, newest: Path) -> None:
    """Delete what was not used for longest where the folder has grown too large."""
    files = sorted(cache.glob("*.npz"), key=lambda f: f.stat().st_mtime, reverse=True)
    used = newest.stat().st_size
    for file in files:
        if file != newest:
            used += file.stat().st_size
            if used > MOST_BYTES:
                file.unlink(missing_ok=True)
