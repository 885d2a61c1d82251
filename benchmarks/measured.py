"""Runs measured in a process of their own, and what must stand beside their figures: commit, command, machine."""

from __future__ import annotations

import json
import os
import platform
import shlex
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
NEAR = (0.01, 0.005, 0.0025, 0.002, 0.001, 0.0003, 0.0001)
"""Gaps whose time is told."""
_AFTER_S = 600.0
"""Seconds beyond its limit after which a run that does not end is ended."""
_LOOK_S = 0.5
"""Seconds between two looks at the memory of a run and of what it started."""


def alone(script: str, words: list[str], time_limit: float) -> dict[str, Any]:
    """Run a script in a fresh process; the last line it prints that begins with { is JSON and holds ``peak_mb``.

    Parameters
    ----------
    script : str
        Its path.
    words : list of str
        What stands on its command line.
    time_limit : float
        Seconds that it gives itself; much later it is ended.

    Returns
    -------
    dict
        What it printed, with ``wall_s`` and the ``load`` of the machine before it, ``peak_mb`` with the processes it
        started; or ``failed``: why it printed nothing.
    """
    load, start = round(psutil.getloadavg()[0], 1), time.perf_counter()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = psutil.Popen([sys.executable, script, *words], stdout=out, stderr=errors)
        most = 0.0
        while True:
            with suppress(psutil.TimeoutExpired):
                process.wait(_LOOK_S)
                break
            most = max(most, _tree_mb(process))
            if time.perf_counter() - start > time_limit + _AFTER_S:
                for one in (*process.children(recursive=True), process):
                    one.kill()
                process.wait()
                return {"failed": f"did not end {_AFTER_S:.0f} s after its time was up", "load": load}
        wall = time.perf_counter() - start
        out.seek(0)
        errors.seek(0)
        lines = [line for line in out if line.startswith("{")]
        told = [line.strip() for line in errors if line.strip()] or ["nothing said"]
    if process.returncode or not lines:
        return {"failed": f"exit {process.returncode}: {told[-1]}", "wall_s": wall, "load": load}
    got = json.loads(lines[-1])
    return {**got, "peak_mb": max(got["peak_mb"], most), "wall_s": wall, "load": load}


def _tree_mb(process: psutil.Process) -> float:
    """Memory that a process and those it started hold now [MB]: CBC runs in one of its own."""
    held = 0.0
    try:
        for one in (process, *process.children(recursive=True)):
            held += one.memory_info().rss / 2**20
    except psutil.NoSuchProcess:  # it ended meanwhile
        return held
    return held


def peak_mb() -> float:
    """Peak memory of this process [MB].

    On Linux what ``getrusage`` says begins with what the process that started this one held: VmHWM does not.
    """
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset / 2**20
    if sys.platform == "linux":
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    import resource  # noqa: PLC0415

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def loaded() -> None:
    """Have numba load all of itself, as it else does at the first call of a loop: an import, which is not counted."""
    import numba  # noqa: PLC0415

    numba.njit(lambda: None)()


def beside(packages: tuple[str, ...]) -> dict[str, Any]:
    """Say what produced the figures: commit, command, machine, versions."""
    return {
        "commit": commit(),
        "command": shlex.join(["python", *sys.argv]),
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cores": os.cpu_count(),
        "niceness": psutil.Process().nice(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: installed(name) for name in packages},
    }


def told(machine: dict[str, Any]) -> str:
    """Put it into a sentence for the page."""
    named = ", ".join(f"{name} {number}" for name, number in machine["versions"].items() if number)
    kind = f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}, {named}"
    other = "" if machine["niceness"] == 0 else f"; niceness {machine['niceness']}: not a measurement"
    return f"`{machine['command']}`, commit {machine['commit']}, {kind}, {machine['date']}{other}"


def commit() -> str:
    """Name the commit; with a plus where files differ from it."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if git("status", "--porcelain", "-uno") else "")


def installed(package: str) -> str | None:
    """Give the version of a package; None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def numbers(text: str) -> list[int]:
    """Read whole numbers: 101-105, or 1,4,7-9."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found


def note(path: Path | None, record: dict[str, Any]) -> None:
    """Add a record to a file of one JSON a line, at once: what is measured stays, whatever comes after."""
    if path is not None:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def shown(values: list[float | None], form: str = "{:.1f}", *, worst: bool = True) -> str:
    """Give median and, in brackets, the worst; where one is missing, how many there are."""
    there = [value for value in values if value is not None]
    if not there:
        return "–"
    if len(there) < len(values):  # what was not reached is later than anything
        ordered: list[float | None] = [*sorted(there), *[None] * (len(values) - len(there))]
        middle = ordered[(len(values) - 1) // 2] if len(values) % 2 else ordered[len(values) // 2]
        told = "–" if middle is None else form.format(middle)
        return f"{told} ({len(there)} of {len(values)})"
    if not worst or len(there) == 1:
        return form.format(median(there))
    return f"{form.format(median(there))} ({form.format(max(there))})"


def reached(trace: list[list[float | None]], gap: float) -> float | None:
    """Give the first second at which a trace of (seconds, objective, bound, gap) is within a gap."""
    return next((row[0] for row in trace if row[3] is not None and row[3] <= gap), None)
