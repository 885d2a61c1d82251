"""Bounds derived again from prices alone, by code of its own.

Weak duality: for prices y of the rows, no x within its bounds and the rows has c·x > Σ y·limit + Σ max (c − Aᵀy)·x,
whatever the prices are. Nothing here knows the engine. The planning rows are those of the Pyomo model, as Pyomo itself
writes them down; reach, flow and counting rows are laid out anew from the data, unmerged; bounds of columns that have
none are taken from rows; and every sum is rounded outward.
"""

from panhuo.result.bound.check import Derived, check
from panhuo.result.bound.file import Parts, Stored, stored

__all__ = ["Derived", "Parts", "Stored", "check", "stored"]
