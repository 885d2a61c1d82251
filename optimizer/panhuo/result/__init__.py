"""The result: plan, verification, ledger, and the files they are written to."""

from panhuo.result.books import Books
from panhuo.result.figure import LIMIT_MIN, draw_areas, spread
from panhuo.result.given import choice_of
from panhuo.result.off import off_said
from panhuo.result.origins import minutes_from, off_network, way_said
from panhuo.result.page import Basemap
from panhuo.result.people.coverage import baseline
from panhuo.result.plan import Result, build
from panhuo.result.rebuild import rebuild
from panhuo.result.remarks import merged
from panhuo.result.tables import tables
from panhuo.result.unbound import carried_out
from panhuo.result.verify import Discrepancy, Verification, verify, verify_tables
from panhuo.result.write import checkpoint, guard, unfinished, write

__all__ = [
    "LIMIT_MIN", "Basemap", "Books", "Discrepancy", "Result", "Verification", "baseline", "build", "carried_out",
    "checkpoint", "choice_of", "draw_areas", "guard", "merged", "minutes_from", "off_network", "off_said", "rebuild",
    "spread", "tables", "unfinished", "verify", "verify_tables", "way_said", "write",
]  # fmt: skip
