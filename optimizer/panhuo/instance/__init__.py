"""The instance: a folder of tables, or a workbook, read, checked and brought into one metric frame.

`story` tells the whole of it: files → raw tables → typed tables → checks → one metric frame → `Instance`.

Each room knows only the rooms below it; rooms on one line do not know each other:

- `story`, `pages` (template and documentation of the format)
- `ground` (lines become a network, rasters heights), `inhabitants` (rasters and buildings become demand points)
- `checking` (what must hold, and what holds where nothing is given), `position` (coordinates)
- `reading` (files, headers, cells, settings, proposals)
- `instance` (what comes out), `findings` (faults gathered on the way)
- `faults`, `policy` (what the settings say)
- `schema` (one table per input table: column, type, unit, rule, words)
"""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo.instance.faults import Fault, InstanceError
    from panhuo.instance.instance import Instance
    from panhuo.instance.pages.template import write_template
    from panhuo.instance.policy import Settings
    from panhuo.instance.reading.decisions import GivenPlan, read_plan
    from panhuo.instance.story import read

__all__ = ["Fault", "GivenPlan", "Instance", "InstanceError", "Settings", "read", "read_plan", "write_template"]
__getattr__ = late(
    __name__,
    {
        "faults": ["Fault", "InstanceError"],
        "instance": ["Instance"],
        "pages.template": ["write_template"],
        "policy": ["Settings"],
        "reading.decisions": ["GivenPlan", "read_plan"],
        "story": ["read"],
    },
)
