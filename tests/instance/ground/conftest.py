"""Small networks out of shapes, without files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from panhuo.instance.findings import Findings
from panhuo.instance.ground.network import build
from panhuo.instance.maps import Network
from panhuo.instance.policy import Settings
from panhuo.instance.reading import cells
from panhuo.instance.reading.raw import Typed
from panhuo.instance.schema import TABLES

Points = list[tuple[float, float]]


def table(shapes: list[Any] | None, crs: str = "local", **columns: list[Any]) -> Typed:
    """Make the table network; a shape is a list of points or a geometry."""
    drawn = [s if isinstance(s, shapely.Geometry) else shapely.LineString(s) for s in shapes or []]
    count = len(drawn) or len(next(iter(columns.values()), []))
    made = {
        c.name: cells.series(columns.get(c.name, [cells.BLANKS[c.kind]] * count), c.kind, range(1, count + 1))
        for c in TABLES["network"].columns
    }
    shaped = np.array([*drawn, None], dtype=object)[:-1] if shapes is not None else None
    return Typed(TABLES["network"], "network.gpkg", pd.DataFrame(made), {}, crs=crs, shapes=shaped)


@pytest.fixture
def laid() -> Callable[..., tuple[Network, list[str]]]:
    """Build a network of lines in local metres; gives it and the warnings."""

    def of(shapes: list[Any], access: dict[str, Any] | None = None, **columns: list[Any]) -> tuple[Network, list[str]]:
        findings = Findings()
        settings = Settings(title="t", access={"island_m": 0, **(access or {})})
        made = build({"network": table(shapes, **columns)}, {}, settings, "instance.toml", "local", findings)
        assert not findings.faults
        assert made is not None
        return made, [str(w) for w in findings.warnings]

    return of


@pytest.fixture
def faults() -> Callable[..., list[str]]:
    """Build a network that is at fault; gives the faults."""

    def of(read: Typed, frame: str = "local", people: Points = (), **access: Any) -> list[str]:
        findings, given, positions = Findings(), {"network": read}, {}
        if people:
            x, y = zip(*people, strict=True)
            positions["demand"] = pd.DataFrame({"x_m": x, "y_m": y})
        settings = Settings(title="t", access=access)
        assert build(given, positions, settings, "instance.toml", frame, findings) is None
        return [str(f) for f in findings.faults]

    return of
