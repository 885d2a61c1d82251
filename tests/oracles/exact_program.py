"""Linear programs in exact fractions: a solver proposes a basis, fractions prove it optimal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

import highspy
import numpy as np

Coefficients = Mapping[int, Fraction]
Row = tuple[Coefficients, Fraction | None, Fraction | None]
_BETTER = 1e-6
"""What is no better than this is not proved."""


@cache
def exact(value: float) -> Fraction:
    """The fraction that the decimal digits of a float mean."""
    return Fraction(repr(round(float(value), 9)))


@dataclass
class LinearProgram:
    """Maximise cost·x, lower ≤ row·x ≤ upper for every row, x ≥ 0; ``None`` is an open end."""

    cost: list[Fraction] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def column(self, cost: Fraction = Fraction(0)) -> int:
        """Add a column; gives its number."""
        self.cost.append(cost)
        return len(self.cost) - 1

    def row(self, coefficients: Coefficients, lower: Fraction | None, upper: Fraction | None) -> None:
        """Add a row."""
        self.rows.append(({c: v for c, v in coefficients.items() if v}, lower, upper))

    def maximum(self, beyond: Fraction | None = None) -> Fraction | None:
        """The exact optimum; ``None`` where no point exists.

        One that the solver finds to be no better than ``beyond`` is not proved, and given as ``None`` too. Raises
        AssertionError where the basis proves nothing.
        """
        rows = self._rows()
        if not rows:
            return None if rows is None else self._nothing()
        highs = _solved_roughly(self.cost, rows)
        if highs is None or (beyond is not None and -highs.getObjectiveValue() < float(beyond) + _BETTER):
            return None
        return _proved(self.cost, rows, *_basis(highs, rows))

    def roughly(self) -> float | None:
        """The optimum in floating-point numbers; ``None`` where no point exists."""
        rows = self._rows()
        if not rows:
            return None if rows is None else float(self._nothing())
        highs = _solved_roughly(self.cost, rows)
        return None if highs is None else -float(highs.getObjectiveValue())

    def _rows(self) -> list[Row] | None:
        """Rows that hold columns; ``None`` where one without any cannot be met."""
        for coefficients, lower, upper in self.rows:
            if not coefficients and ((lower is not None and lower > 0) or (upper is not None and upper < 0)):
                return None
        return [row for row in self.rows if row[0]]

    def _nothing(self) -> Fraction:
        """The optimum without rows."""
        assert not self.cost or max(self.cost) <= 0, "unbounded"
        return Fraction(0)


def _solved_roughly(cost: list[Fraction], rows: list[Row]) -> highspy.Highs | None:
    """Solve in floating-point numbers; ``None`` where no point exists."""
    inf = highspy.kHighsInf
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(rows)
    lp.col_cost_ = np.array([-float(c) for c in cost])
    lp.col_lower_, lp.col_upper_ = np.zeros(len(cost)), np.full(len(cost), inf)
    index = [c for coefficients, _, _ in rows for c in coefficients]
    lengths = [len(coefficients) for coefficients, _, _ in rows]
    values = np.array([float(v) for coefficients, _, _ in rows for v in coefficients.values()])
    start = np.concatenate([[0], np.cumsum(lengths)])
    scale = 1.0 / np.maximum(1.0, np.maximum.reduceat(np.abs(values), start[:-1]))
    lp.row_lower_ = np.array([-inf if low is None else float(low) for _, low, _ in rows]) * scale
    lp.row_upper_ = np.array([inf if high is None else float(high) for _, _, high in rows]) * scale
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = start.astype(np.int32), np.array(index, dtype=np.int32)
    lp.a_matrix_.value_ = values * np.repeat(scale, lengths)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("presolve", "off")
    for tolerance in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        highs.setOptionValue(tolerance, 1e-9)
    highs.passModel(lp)
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kUnknown:
        # The dual simplex lost its way: the primal one finds the basis.
        highs.clearSolver()
        highs.setOptionValue("simplex_strategy", 4)
        highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    assert status == highspy.HighsModelStatus.kOptimal, highs.modelStatusToString(status)
    return highs


def _basis(highs: highspy.Highs, rows: list[Row]) -> tuple[list[int], list[tuple[int, Fraction]]]:
    """Read off the basic columns, and the active rows with the bound they are active at."""
    basis = highs.getBasis()
    basic = [c for c, s in enumerate(basis.col_status) if s == highspy.HighsBasisStatus.kBasic]
    active = []
    for n, ((_, lower, upper), s) in enumerate(zip(rows, basis.row_status, strict=True)):
        if s != highspy.HighsBasisStatus.kBasic:
            bound = upper if s == highspy.HighsBasisStatus.kUpper or lower is None else lower
            assert bound is not None
            active.append((n, bound))
    assert len(basic) == len(active)
    return basic, active


def _proved(cost: list[Fraction], rows: list[Row], basic: list[int], active: list[tuple[int, Fraction]]) -> Fraction:
    """Work the basis out in fractions; its point must meet every row, and its prices every sign."""
    matrix = [[rows[n][0].get(c, Fraction(0)) for c in basic] for n, _ in active]
    x = _solved(matrix, [bound for _, bound in active])
    point = dict(zip(basic, x, strict=True))
    assert all(v >= 0 for v in x), "the basis is not feasible"
    for coefficients, lower, upper in rows:
        value = sum((v * point.get(c, Fraction(0)) for c, v in coefficients.items()), Fraction(0))
        assert lower is None or value >= lower, "the basis is not feasible"
        assert upper is None or value <= upper, "the basis is not feasible"
    prices = _solved([list(column) for column in zip(*matrix, strict=True)], [cost[c] for c in basic])
    for (n, bound), price in zip(active, prices, strict=True):
        _, lower, upper = rows[n]
        if lower != upper:
            assert price >= 0 if bound == upper else price <= 0, "the basis is not optimal"
    reduced = list(cost)
    for (n, _), price in zip(active, prices, strict=True):
        for c, v in rows[n][0].items():
            reduced[c] -= price * v
    assert all(r <= 0 for r in reduced), "the basis is not optimal"
    return sum((cost[c] * v for c, v in point.items()), Fraction(0))


def _solved(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """Solve a square system by elimination."""
    system = [[*row, b] for row, b in zip(matrix, right, strict=True)]
    for k in range(len(system)):
        pivot = next(i for i in range(k, len(system)) if system[i][k])
        system[k], system[pivot] = system[pivot], system[k]
        head = system[k][k]
        system[k] = [v / head for v in system[k]]
        for i, row in enumerate(system):
            if i != k and row[k]:
                factor = row[k]
                system[i] = [a - factor * b if b else a for a, b in zip(row, system[k], strict=True)]
    return [row[-1] for row in system]
