"""How far it is: walking minutes from demand points to places, and who lies in whose catchment.

Nobody else knows how minutes come about; what leaves this room is sparse: only pairs within the longest standard.
"""

from panhuo.access.areas import Areas, areas
from panhuo.access.catchments import Catchments, catchments
from panhuo.access.delivery import delivery
from panhuo.access.keeping import folder as cache_folder
from panhuo.access.search import StoppedError
from panhuo.access.snaps import Snaps, to_walkable
from panhuo.access.streets import Streets, streets
from panhuo.access.travel import ORIGINS

__all__ = [
    "ORIGINS",
    "Areas",
    "Catchments",
    "Snaps",
    "StoppedError",
    "Streets",
    "areas",
    "cache_folder",
    "catchments",
    "delivery",
    "streets",
    "to_walkable",
]
