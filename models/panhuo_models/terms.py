"""Sums of decisions, term by term, so that a row without any is seen before it is written."""

from __future__ import annotations

from collections.abc import Iterable

import pyomo.environ as pyo

Terms = list[tuple[float, pyo.Var]]
"""(coefficient, decision) pairs."""


def times(factor: float, terms: Terms) -> Terms:
    """Multiply every term by the factor; nothing is left of them where it is 0."""
    return [(factor * coefficient, variable) for coefficient, variable in terms] if factor else []


def total(terms: Iterable[tuple[float, pyo.Var]]) -> pyo.Expression:
    """Add the terms up."""
    return pyo.quicksum(coefficient * variable for coefficient, variable in terms)
