"""How far it is, worked out again: heights, snapping, walking, buses and driving by code of their own.

Nothing here knows how the room access goes about it: every position is a node of a graph, in which scipy's Dijkstra
searches.
"""

from panhuo.result.verify.ground.between import ORIGINS, Block, Ground, Near
from panhuo.result.verify.ground.driving import delivery_minutes

__all__ = ["ORIGINS", "Block", "Ground", "Near", "delivery_minutes"]
