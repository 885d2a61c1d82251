"""Exact reduction of a program: rows that others imply, columns and modes that others dominate."""

from panhuo.engine.reduce.smaller import Reduced, reduced

__all__ = ["Reduced", "reduced"]
