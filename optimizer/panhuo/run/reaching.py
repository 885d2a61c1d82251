"""Walking minutes for a run: kept on disk, told of, and given up where the run is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from panhuo.access import Catchments, cache_folder, catchments
from panhuo.engine import Watch
from panhuo.instance import Instance
from panhuo.words import T

if TYPE_CHECKING:  # minutes are walked without a result, too
    from panhuo.result import Result

Reached = Callable[[float], None]
"""Is told the share of the walking minutes that is worked out, 0 to 1."""


def walked(
    instance: Instance, cache: bool, reached: Reached | None, watch: Watch | None = None, threads: int = 0
) -> Catchments:
    """Work catchments out, or take them from disk, as a run was asked to."""
    return catchments(
        instance,
        cache=cache_folder() if cache else None,
        threads=threads,
        progress=reached,
        stop=None if watch is None else watch.stop,
    )


def distrusted(reach: Catchments, found: Result) -> Result:
    """Delete the minutes kept on disk where a result made with them does not pass verification, and say so."""
    file = reach.travel.kept
    if file is None or not found.verification.faults:
        return found
    with suppress(OSError):  # what cannot be deleted is named all the same
        file.unlink()
    told = T(
        "The walking minutes were those kept in {file}, which is deleted: run this again to have them anew", file=file
    )
    return replace(found, notes=(*found.notes, told))
