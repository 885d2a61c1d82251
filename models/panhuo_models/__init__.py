"""The formulations of Panhuo in Pyomo: one module a family of constraints, one a formulation."""
