"""Decomposition: prices of the rows that span sites, exact clusters for bounds, windows for plans."""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo.engine.decompose.solve import solve_decomposed
    from panhuo.engine.decompose.work import Guide

__all__ = ["Guide", "solve_decomposed"]
__getattr__ = late(__name__, {"solve": ["solve_decomposed"], "work": ["Guide"]})
