"""The result: plan, verification, ledger, and the files they are written to."""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo.result.books import Books
    from panhuo.result.building import build
    from panhuo.result.figure import LIMIT_MIN, draw_areas, spread
    from panhuo.result.given import choice_of
    from panhuo.result.off import off_said
    from panhuo.result.origins import minutes_from, off_network, way_said
    from panhuo.result.page import Basemap
    from panhuo.result.people.coverage import baseline
    from panhuo.result.plan import Result
    from panhuo.result.rebuilding import rebuild
    from panhuo.result.remarks import merged
    from panhuo.result.unbound import carried_out
    from panhuo.result.verify import Discrepancy, Verification, verify_tables
    from panhuo.result.writing import checkpoint, guard, unfinished, write

__all__ = [
    "LIMIT_MIN", "Basemap", "Books", "Discrepancy", "Result", "Verification", "baseline", "build", "carried_out",
    "checkpoint", "choice_of", "draw_areas", "guard", "merged", "minutes_from", "off_network", "off_said", "rebuild",
    "spread", "unfinished", "verify_tables", "way_said", "write",
]  # fmt: skip
__getattr__ = late(
    __name__,
    {
        "books": ["Books"],
        "building": ["build"],
        "figure": ["LIMIT_MIN", "draw_areas", "spread"],
        "given": ["choice_of"],
        "off": ["off_said"],
        "origins": ["minutes_from", "off_network", "way_said"],
        "page": ["Basemap"],
        "people.coverage": ["baseline"],
        "plan": ["Result"],
        "rebuilding": ["rebuild"],
        "remarks": ["merged"],
        "unbound": ["carried_out"],
        "verify": ["Discrepancy", "Verification", "verify_tables"],
        "writing": ["checkpoint", "guard", "unfinished", "write"],
    },
)
