"""The plan as map layers: a GeoPackage that opens styled in QGIS, with ArcGIS's layers in it, and Shapefiles.

Each module knows only those above it:

- `layer` (what a layer is), `titles` (how columns are called), `position` (points, lines, polygons on the globe)
- `frames` (rooms, demand, circles, existing, service lines), `allocation` (ArcGIS's location-allocation layers)
- `qml` (QGIS's style files), `looks` (which layer looks how)
- `package` (plan.gpkg), `shapes` (Shapefiles)
"""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo.result.layers.package import write_layers
    from panhuo.result.layers.shapes import shape_file, write_shapes

__all__ = ["shape_file", "write_layers", "write_shapes"]
__getattr__ = late(__name__, {"package": ["write_layers"], "shapes": ["shape_file", "write_shapes"]})
