"""The formulations of Panhuo in Pyomo: one module a family of constraints, one a formulation."""

from panhuo_models.light import resolve_scipy

resolve_scipy()
