"""Who can be reached from where: from arrays as they come, or from two GeoDataFrames and a radius."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from panhuo.engine.alike import Places
from panhuo.engine.program import Floats
from panhuo.locate.arguments import Faults, Labels, number
from panhuo.locate.near import near, sum_by

SLACK_M = 1e-6
"""Metres by which a straight line may exceed the radius: the square root of two squares rounds."""
SLACK = 1e-9
"""The same as a share of the radius, where positions are in any unit."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of demand point and site.

    Parameters
    ----------
    matrix : csr_matrix, (R, J)
        Bool: within reach; or float: the distance, stored also where it is 0.
    demand, sites : Labels
        D demand points, J columns.
    row : (D,) int or None
        The row of each demand point, where points with the same sites have one row; None where each has its own.
    """

    matrix: sp.csr_matrix
    demand: Labels
    sites: Labels
    row: Places | None = None

    def summed(self, weight: Floats) -> Floats:
        """Add up weights of demand points (D,) by row, (R,)."""
        return weight if self.row is None else sum_by(self.row, weight, self.matrix.shape[0])

    def of_points(self, of_rows: NDArray[Any]) -> NDArray[Any]:
        """Give each demand point what its row has, (D,)."""
        return of_rows if self.row is None else of_rows[self.row]


def reach(given: Any, radius: Any, radius_m: Any, faults: Faults, threads: int = 0) -> Pairs:
    """Read who is within reach of what.

    Parameters
    ----------
    given : sparse or dense array (D, J), (array (D, 2), array (J, 2)), or (GeoDataFrame, GeoDataFrame)
        Yes and no (bool, or whole 0 and 1); or minutes or distances with a ``radius``; or positions of demand points
        and sites with a ``radius``, straight; or both as tables with ``radius_m``. Closed: who is exactly at the radius
        is within.
    radius, radius_m : float or None
        In the unit of the array or the positions; in metres, straight.
    faults : Faults
        Takes what is wrong.
    threads : int
        That look for who is within a straight radius; 0: all cores.

    Returns
    -------
    Pairs
        Bool; data of a byte an entry.
    """
    if _is_frames(given):
        if radius is not None:
            faults.add("radius", radius, "is for arrays", "Give radius_m for GeoDataFrames")
        if radius_m is None:
            faults.add("radius_m", None, "must be given with GeoDataFrames", "Give metres")
        limit, places = number("radius_m", radius_m, faults), _middles(given, faults)
        here, there = _labels(given)
        if places is None or limit is None:
            return Pairs(sp.csr_matrix((len(here), len(there)), dtype=bool), here, there)
        within, row = near(*places, limit + SLACK_M, threads)
        return Pairs(within, here, there, row)
    if radius_m is not None:
        faults.add("radius_m", radius_m, "is for GeoDataFrames", "Give radius for an array of distances")
    if isinstance(given, tuple) and [getattr(array, "ndim", 0) for array in given] == [2, 2]:
        return _positions(given, radius, faults, threads)
    matrix = _array(given, "reach", faults)
    if matrix.dtype == bool or (radius is None and np.issubdtype(matrix.dtype, np.integer)):
        if radius is not None:
            faults.add(
                "radius", radius, "is for distances, and reach says yes and no", "Leave it out, or give distances"
            )
        if matrix.nnz and matrix.dtype != bool and not np.isin([matrix.data.min(), matrix.data.max()], (0, 1)).all():
            faults.add("reach", matrix.data.max(), "must be yes and no without a radius", "Give radius, or 0 and 1")
        within = matrix.astype(bool)
        within.eliminate_zeros()
        return Pairs(within, *_rows(matrix))
    limit = number("radius", radius, faults)
    if radius is None:
        faults.add("radius", None, "must be given with distances", "Give the radius in their unit, or yes and no")
    _check_distances(matrix, "reach", faults)
    return Pairs(_kept(matrix, matrix.data <= (limit or 0.0), as_bool=True), *_rows(matrix))


def distances(given: Any, radius: Any, radius_m: Any, faults: Faults) -> Pairs:
    """Read distances; pairs beyond the radius, where one is given, may not be.

    Parameters
    ----------
    given : sparse or dense array (D, J), or (GeoDataFrame, GeoDataFrame)
        Distances, minutes or costs; what a sparse array does not store, and what is infinite or no number, may not be.
    radius, radius_m : float or None
        As in :func:`reach`.
    faults : Faults
        Takes what is wrong.

    Returns
    -------
    Pairs
        Float.
    """
    if _is_frames(given):
        if radius is not None:
            faults.add("radius", radius, "is for arrays", "Give radius_m for GeoDataFrames")
        return _near(given, np.inf if radius_m is None else radius_m, faults)
    if radius_m is not None:
        faults.add("radius_m", radius_m, "is for GeoDataFrames", "Give radius for an array of distances")
    matrix = _array(given, "distances", faults).astype(float)
    _check_distances(matrix, "distances", faults)
    limit = number("radius", radius, faults)
    return Pairs(_kept(matrix, matrix.data <= (np.finfo(float).max if limit is None else limit)), *_rows(matrix))


def _is_frames(given: Any) -> bool:
    return isinstance(given, tuple) and len(given) == 2 and all(hasattr(frame, "geometry") for frame in given)


def _array(given: Any, argument: str, faults: Faults) -> sp.csr_matrix:
    """Put an array into rows; of a dense one every entry is stored, but no is not."""
    if sp.issparse(given):
        matrix = sp.csr_matrix(given)
        if not matrix.has_canonical_format:
            matrix = matrix.copy()
            matrix.sum_duplicates()
        return matrix
    dense = np.asarray(given)
    if dense.ndim != 2 or not (dense.dtype == bool or np.issubdtype(dense.dtype, np.number)):
        faults.add(argument, f"array of shape {dense.shape}, {dense.dtype}", "must be numbers, demand points × sites",
                   "Give a sparse or dense array, or two GeoDataFrames")  # fmt: skip
        return sp.csr_matrix((0, 0))
    if dense.dtype == bool:
        return sp.csr_matrix(dense)
    rows, columns = dense.shape
    indices = np.tile(np.arange(columns, dtype=np.int32), rows)
    return sp.csr_matrix((dense.ravel(), indices, np.arange(rows + 1) * columns), shape=dense.shape)


def _rows(matrix: sp.csr_matrix) -> tuple[Labels, Labels]:
    return Labels(np.arange(matrix.shape[0])), Labels(np.arange(matrix.shape[1]))


def _check_distances(matrix: sp.csr_matrix, argument: str, faults: Faults) -> None:
    negative = np.flatnonzero(matrix.data < 0)
    if len(negative):
        n = negative[0]
        row = int(np.searchsorted(matrix.indptr, n, side="right")) - 1
        faults.add(f"{argument}[{row}, {matrix.indices[n]}]", matrix.data[n], "must be ≥ 0", "Correct the distance")


def _kept(matrix: sp.csr_matrix, kept: np.ndarray, *, as_bool: bool = False) -> sp.csr_matrix:
    """Keep some of the stored entries, zeros too; NaN compares as not kept."""
    indptr = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    indices = matrix.indices[kept]
    data = np.ones(len(indices), dtype=bool) if as_bool else matrix.data[kept]
    return sp.csr_matrix((data, indices, indptr), shape=matrix.shape)


def _positions(given: Any, radius: Any, faults: Faults, threads: int) -> Pairs:
    """Look up who is within a straight radius, from positions."""
    limit = number("radius", radius, faults)
    if radius is None:
        faults.add("radius", None, "must be given with positions", "Give the radius in their unit")
    before = len(faults.lines)
    for name, place in zip(("demand points", "sites"), given, strict=True):
        if place.shape[1] != 2 or not len(place) or not np.issubdtype(place.dtype, np.floating):
            faults.add(f"positions of the {name}", f"array of shape {place.shape}, {place.dtype}",
                       "must be x and y of each, with a point", "Give an array (rows, 2) of float")  # fmt: skip
        elif not np.isfinite([place.min(), place.max()]).all():
            row = int(np.flatnonzero(~np.isfinite(place).all(axis=1))[0])
            faults.add(f"positions of the {name}[{row}]", place[row], "must be finite", "Correct or leave out the row")
    here, there = (Labels(np.arange(len(place), dtype=np.int32)) for place in given)
    if len(faults.lines) > before or limit is None:
        return Pairs(sp.csr_matrix((len(here), len(there)), dtype=bool), here, there)
    within, row_of = near(given[0], given[1], limit * (1 + SLACK), threads)
    return Pairs(within, here, there, row_of)


def _near(given: Any, radius_m: Any, faults: Faults) -> Pairs:
    """Measure straight lines between two GeoDataFrames [m]."""
    limit, places = number("radius_m", radius_m, faults), _middles(given, faults)
    here, there = _labels(given)
    shape = (len(here), len(there))
    if places is None or limit is None:
        return Pairs(sp.csr_matrix(shape), here, there)
    if np.isinf(limit):
        metres = np.hypot(*(places[0][:, None, axis] - places[1][None, :, axis] for axis in (0, 1)))
        return Pairs(_array(metres, "distances", faults), here, there)
    found = cKDTree(places[0]).sparse_distance_matrix(cKDTree(places[1]), limit + SLACK_M, output_type="ndarray")
    order = np.lexsort((found["j"], found["i"]))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(found["i"], minlength=shape[0]))])
    return Pairs(sp.csr_matrix((found["v"][order], found["j"][order], indptr), shape=shape), here, there)


def _labels(given: Any) -> tuple[Labels, Labels]:
    demand, sites = given
    return Labels(demand.index.to_numpy(), demand), Labels(sites.index.to_numpy(), sites)


def _middles(given: Any, faults: Faults) -> tuple[Floats, Floats] | None:
    """Give the middle of each row of two GeoDataFrames [m]; None where they are at fault."""
    demand, sites = given
    before = len(faults.lines)
    for argument, frame in (("demand points", demand), ("sites", sites)):
        if frame.crs is None or not frame.crs.is_projected:
            faults.add(f"crs of the {argument}", "none" if frame.crs is None else frame.crs.to_string(),
                       "must be projected, in metres", "Project the table first: to_crs(…)")  # fmt: skip
        elif not all(axis.unit_conversion_factor == 1 for axis in frame.crs.axis_info[:2]):
            faults.add(f"crs of the {argument}", frame.crs.to_string(), "must be in metres", "Project the table first")
        if not len(frame) or bool((frame.geometry.isna() | frame.geometry.is_empty).any()):
            faults.add(
                f"geometry of the {argument}", "empty", "must be there, row by row", "Leave out rows without one"
            )
        if not frame.index.is_unique:
            faults.add(f"index of the {argument}", "repeated", "must name every row by itself", "Use reset_index()")
    if len(faults.lines) == before and demand.crs != sites.crs:
        faults.add("crs", f"{demand.crs.to_string()}, {sites.crs.to_string()}", "must be one for both tables",
                   "Project one of them: to_crs(…)")  # fmt: skip
    if len(faults.lines) > before:
        return None
    here, there = (np.column_stack([frame.geometry.centroid.x, frame.geometry.centroid.y]) for frame in given)
    return here, there
