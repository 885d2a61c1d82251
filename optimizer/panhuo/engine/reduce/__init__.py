"""Exact reduction of a program: rows that others imply, columns and modes that others dominate."""

from panhuo.engine.reduce.sides import Sides
from panhuo.engine.reduce.smaller import Reduced, left, needed, reduced

__all__ = ["Reduced", "Sides", "left", "needed", "reduced"]
