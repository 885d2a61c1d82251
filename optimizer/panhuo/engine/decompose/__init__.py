"""Decomposition: prices of the rows that span sites, exact clusters for bounds, windows for plans."""

from panhuo.engine.decompose.solve import UnboundedError, solve_decomposed

__all__ = ["UnboundedError", "solve_decomposed"]
