"""Walking minutes for a run: kept on disk, told of, and given up where the run is."""

from __future__ import annotations

from collections.abc import Callable

from panhuo.access import Catchments, cache_folder, catchments
from panhuo.engine import Watch
from panhuo.instance import Instance

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
