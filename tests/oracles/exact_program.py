"""Linear programs in exact fractions: a solver proposes a basis, fractions prove it optimal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import highspy
import numpy as np

Coefficients = Mapping[int, Fraction]


def exact(value: float) -> Fraction:
    """The fraction that the decimal digits of a float mean."""
    return Fraction(repr(round(float(value), 9)))


@dataclass
class LinearProgram:
    """Maximise cost·x, lower ≤ row·x ≤ upper for every row, x ≥ 0; ``None`` is an open end."""

    cost: list[Fraction] = field(default_factory=list)
    rows: list[tuple[Coefficients, Fraction | None, Fraction | None]] = field(default_factory=list)

    def column(self, cost: Fraction = Fraction(0)) -> int:
        """Add a column; gives its number."""
        self.cost.append(cost)
        return len(self.cost) - 1

    def row(self, coefficients: Coefficients, lower: Fraction | None, upper: Fraction | None) -> None:
        """Add a row."""
        self.rows.append(({c: v for c, v in coefficients.items() if v}, lower, upper))

    def maximum(self) -> Fraction | None:
        """The exact optimum; ``None`` where no point exists. Raises AssertionError where the basis proves nothing."""
        rows = []
        for coefficients, lower, upper in self.rows:
            if coefficients:
                rows.append((coefficients, lower, upper))
            elif (lower is not None and lower > 0) or (upper is not None and upper < 0):
                return None
        if not rows or not self.cost:
            assert not self.cost or max(self.cost) <= 0, "unbounded"
            return Fraction(0)
        basis = _proposed(self.cost, rows)
        return None if basis is None else _proved(self.cost, rows, *basis)


def _proposed(cost: list[Fraction], rows: list) -> tuple[list[int], list[tuple[int, Fraction]]] | None:
    """Ask HiGHS for an optimal basis: the basic columns, and the active rows with the bound they are active at."""
    inf = highspy.kHighsInf
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("presolve", "off")
    none = np.array([], dtype=np.int32), np.array([])
    for c in cost:
        highs.addCol(-float(c), 0.0, inf, 0, *none)
    for coefficients, lower, upper in rows:
        at = np.array(list(coefficients), dtype=np.int32)
        values = np.array([float(v) for v in coefficients.values()])
        scale = 1.0 / max(1.0, np.abs(values).max())
        low = -inf if lower is None else float(lower) * scale
        high = inf if upper is None else float(upper) * scale
        highs.addRow(low, high, len(at), at, values * scale)
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    assert status == highspy.HighsModelStatus.kOptimal, highs.modelStatusToString(status)
    basis = highs.getBasis()
    basic = [c for c, s in enumerate(basis.col_status) if s == highspy.HighsBasisStatus.kBasic]
    active = []
    for (_, lower, upper), s, n in zip(rows, basis.row_status, range(len(rows)), strict=True):
        if s != highspy.HighsBasisStatus.kBasic:
            bound = upper if s == highspy.HighsBasisStatus.kUpper or lower is None else lower
            assert bound is not None
            active.append((n, bound))
    assert len(basic) == len(active)
    return basic, active


def _proved(cost: list[Fraction], rows: list, basic: list[int], active: list[tuple[int, Fraction]]) -> Fraction:
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
