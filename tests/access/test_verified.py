"""Verification works minutes out for itself; on tangled streets with buses both find the same, pair by pair."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streets import tangle

from panhuo.access import ORIGINS, catchments
from panhuo.instance import Instance
from panhuo.result.verify.ground import ORIGINS as THEIR_ORIGINS
from panhuo.result.verify.ground import Ground, Near


def with_buses(instance: Instance, seed: int) -> Instance:
    """Three lines between stops at random; one runs one way only, and two share a stop."""
    rng = np.random.default_rng(seed)
    rows = []
    for line, stops in (("a", 4), ("b", 3), ("c", 2)):
        at = np.round(rng.uniform(-50, 800, (stops, 2)), 3)
        if line == "b":
            at[0] = rows[1]["x_m"], rows[1]["y_m"]
        for seq, (x, y) in enumerate(at.tolist()):
            ride = np.nan if seq == 0 else float(rng.integers(1, 4)) / 4
            rows.append(
                {"line": line, "seq": seq, "stop": "", "x": x, "y": y, "headway_min": 2.0, "ride_min": ride,
                 "both_ways": line != "c", "x_m": x, "y_m": y}
            )  # fmt: skip
    return replace(instance, tables={**instance.tables, "bus": pd.DataFrame(rows)})


def listed(near: Near) -> dict[tuple[int, int], tuple[float, str]]:
    pairs = zip(near.demand.tolist(), near.place.tolist(), near.value.tolist(), near.origin, strict=True)
    return {(i, j): (value, THEIR_ORIGINS[origin]) for i, j, value, origin in pairs}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("home", [False, True])
def test_the_same_minutes_from_the_same_source(tmp_path: Path, seed: int, *, home: bool) -> None:
    instance = with_buses(tangle(tmp_path, seed, "way_home = true\n" if home else ""), seed)
    reach, ground, sources = catchments(instance), Ground(instance), set()
    for profile, minutes in reach.minutes.items():
        theirs: dict[tuple[int, int], tuple[float, str]] = {}
        for block in ground.blocks(np.ones(ground.places, dtype=bool)):
            theirs |= listed(block.minutes[profile])
        stored, codes = minutes.tocoo(), reach.origin[profile].data
        mine = {
            (int(i), int(j)): (float(value), ORIGINS[code])
            for i, j, value, code in zip(stored.row, stored.col, stored.data, codes, strict=True)
        }
        assert mine.keys() == theirs.keys()
        assert len(mine) > 20
        for pair, (value, origin) in mine.items():
            assert value == pytest.approx(theirs[pair][0], abs=1.1e-3)  # a thousandth, where rounding goes either way
            assert origin == theirs[pair][1]
            sources.add(origin)
    assert sources == {"network", "bus"}
