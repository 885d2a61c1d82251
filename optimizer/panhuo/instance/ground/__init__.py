"""The ground: lines become a network, rasters heights.

`laying` is the way through: `osm` or `lines` → `traits` (who walks and drives there, by `kinds`) → `splitting` (cut at
shared vertices) → `joining` (ends that nearly meet) → `pieces` (what hangs together) → `network`; `nearby` compares it
with the people; `raster` reads the cells around it, `heights` looks along its lines, `elevation` tells what is unknown.
"""
