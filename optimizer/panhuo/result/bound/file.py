"""certificate.npz read back, and held against what it must be like."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panhuo.result.verify.findings import Findings
from panhuo.words import T
from panhuo_models.data import Floats, Ints, SitingData

FILE = "certificate.npz"


@dataclass(frozen=True, eq=False)
class Charged:
    """Inequalities across clusters, and their prices, as stated: see docs/results.md."""

    start: Ints
    column: Ints
    value: Floats
    upper: Floats
    price: Floats


@dataclass(frozen=True, eq=False)
class Parts:
    """The clusters of one stage, as stated: see docs/results.md."""

    cluster: Ints
    bounds: Floats
    values: Floats
    constant: float
    charged: Charged
    across: Stored


@dataclass(frozen=True, eq=False)
class Stored:
    """The prices of one stage, as stated: see docs/results.md.

    Parameters
    ----------
    rows, prices
        Planning rows by name, and their prices.
    reach, flow, counting : (R,), (G,), (T,) float
        Prices of the other rows, in the order of the data.
    serving_rows, serving : (n, 2) text, (n,) float
        Outlet and tier; price.
    fair_rows, fair : (n, 2) int, (n,) float
        Needier and less needy flow row; price.
    least, kept : (stages before,) float
        What each earlier stage keeps; price.
    parts : Parts or None
        Clusters, where there are any.
    """

    rows: NDArray[np.str_]
    prices: Floats
    reach: Floats
    flow: Floats
    serving_rows: NDArray[np.str_]
    serving: Floats
    fair_rows: Ints
    fair: Floats
    counting: Floats
    least: Floats
    kept: Floats
    parts: Parts | None


def stored(out: Path, data: SitingData, findings: Findings) -> dict[int, Stored]:
    """Read the certificate of a result's folder.

    Parameters
    ----------
    out : Path
        The folder.
    data : SitingData
        What the prices are of.
    findings : Findings
        Is told what is missing, of another shape, or no number.

    Returns
    -------
    dict of int to Stored
        By stage; what is not sound is left out.
    """
    try:
        with np.load(out / FILE, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as reason:
        findings.add(FILE, None, None, None, None, T("cannot be read ({reason})", reason=reason))
        return {}
    found = {}
    for s in range(len(data.objectives)):
        if f"stage{s}_prices" not in arrays:
            continue
        before = len(findings)
        prices = _stage(arrays, s, data, findings)
        if len(findings) == before and prices is not None:
            found[s] = prices
    return found


def _stage(arrays: Mapping[str, NDArray[Any]], s: int, data: SitingData, findings: Findings) -> Stored | None:
    """Read one stage."""
    found = _prices(_Take(arrays, f"stage{s}_", findings), s, data)
    if f"stage{s}_cluster" not in arrays:
        return found
    return replace(found, parts=_parts(_Take(arrays, f"stage{s}_", findings), arrays, s, data, findings))


def _parts(take: _Take, arrays: Mapping[str, NDArray[Any]], s: int, data: SitingData, findings: Findings) -> Parts:
    """Read the clusters of a stage."""
    bounds, upper = take.numbers("cluster_bounds", None), take.numbers("charged_upper", None)
    value = take.numbers("charged_value", None)
    start = take.whole("charged_start", (len(upper) + 1,), len(value) + 1)
    column = take.whole("charged_column", (len(value),), np.iinfo(np.int32).max)
    if len(start) and (start[0] != 0 or start[-1] != len(value) or (np.diff(start) < 0).any()):
        take.fault("charged_start", T("names what is not there"))
    charged = Charged(start, column, value, upper, take.numbers("charged", len(upper)))
    return Parts(
        take.whole("cluster", (len(data.sites),), len(bounds), least=-1),
        bounds,
        take.numbers("cluster_values", len(bounds), least=-np.inf),
        float(take.numbers("constant", ()).sum()),
        charged,
        _prices(_Take(arrays, f"stage{s}_across_", findings), s, data),
    )


def _prices(take: _Take, s: int, data: SitingData) -> Stored:
    """Read prices of rows."""
    rows, serving_rows = take.text("rows", None), take.text("serving_rows", 2)
    fair_rows = take.whole("fair_rows", (None, 2), len(data.flow))
    return Stored(
        rows,
        take.numbers("prices", len(rows)),
        take.numbers("reach", len(data.reach)),
        take.numbers("flow", len(data.flow)),
        serving_rows,
        take.numbers("serving", len(serving_rows)),
        fair_rows,
        take.numbers("fair", len(fair_rows)),
        take.numbers("counting", len(data.tallies)),
        take.numbers("least", s),
        take.numbers("kept", s),
        None,
    )


class _Take:
    """Takes arrays of one stage, and notes what is wrong with them."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], prefix: str, findings: Findings) -> None:
        self._arrays, self._prefix, self._findings = arrays, prefix, findings

    def numbers(self, name: str, length: int | tuple[()] | None, least: float | None = None) -> Floats:
        """Take finite numbers, or such as may be ``least`` too."""
        shape: tuple[int | None, ...] = length if isinstance(length, tuple) else (length,)
        found = self._array(name, shape, "f")
        if found is None:
            return np.zeros(0 if length is None or isinstance(length, tuple) else length)
        bad = ~np.isfinite(found) if least is None else np.isnan(found) | np.isposinf(found)
        if bad.any():
            self.fault(name, T("holds what is no number"))
            return np.where(bad, 0.0, found)
        return found.astype(np.float64)

    def whole(self, name: str, shape: tuple[int | None, ...], below: int, least: int = 0) -> Ints:
        """Take whole numbers from ``least`` up, all less than ``below``."""
        found = self._array(name, shape, "iu")
        if found is None or ((found < least) | (found >= below)).any():
            if found is not None:
                self.fault(name, T("names what is not there"))
            return np.zeros([0 if n is None else n for n in shape], dtype=np.int64)
        return found.astype(np.int64)

    def text(self, name: str, width: int | None) -> NDArray[np.str_]:
        """Take names."""
        shape: tuple[int | None, ...] = (None,) if width is None else (None, width)
        found = self._array(name, shape, "U")
        return np.zeros((0,) if width is None else (0, width), dtype=np.str_) if found is None else found

    def _array(self, name: str, shape: tuple[int | None, ...], kinds: str) -> NDArray[Any] | None:
        found = self._arrays.get(self._prefix + name)
        if found is None:
            self.fault(name, T("is missing"))
            return None
        fits = found.ndim == len(shape) and all(n is None or n == m for n, m in zip(shape, found.shape, strict=True))
        if not fits or found.dtype.kind not in kinds:
            self.fault(name, T("is of another size or kind than the inputs ask for"))
            return None
        return found

    def fault(self, name: str, rule: Any) -> None:
        """Note a fault of an array."""
        self._findings.add(FILE, None, self._prefix + name, None, None, rule)
