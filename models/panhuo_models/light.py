"""Pyomo without the parts of SciPy that no model uses."""

from __future__ import annotations

import sys
from types import ModuleType

_PARTS = "scipy.stats", "scipy.integrate", "scipy.spatial"


def resolve_scipy() -> None:
    """Have Pyomo look for SciPy while empty modules stand in for parts of it that it would import, and use nowhere.

    They take 50 MB and a second. Whoever asks for one afterwards gets it.
    """
    absent = [part for part in _PARTS if part not in sys.modules]
    for part in absent:
        sys.modules[part] = ModuleType(part)
    try:
        from pyomo.common.dependencies import scipy_available  # noqa: PLC0415 (only while they stand in)

        bool(scipy_available)
    finally:
        for part in absent:
            del sys.modules[part]
