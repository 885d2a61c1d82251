"""Decomposition: prices of the rows that span sites, exact clusters for bounds, windows for plans."""

from panhuo.engine.decompose.solve import Guide, UnboundedError, solve_decomposed

__all__ = ["Guide", "UnboundedError", "solve_decomposed"]
