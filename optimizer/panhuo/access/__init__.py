"""How far it is: walking minutes from demand points to places, and who lies in whose catchment.

Nobody else knows how minutes come about; what leaves this room is sparse: only pairs within the longest standard.
"""

from panhuo.access.catchments import Catchments, catchments
from panhuo.access.delivery import delivery

__all__ = ["Catchments", "catchments", "delivery"]
