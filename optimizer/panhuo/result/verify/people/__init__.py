"""People, counted again: who is reached, who is assigned where, who is served."""

from panhuo.result.verify.people.counted import Counted, check_people
from panhuo.result.verify.people.demand import Row, Rows, rows
from panhuo.result.verify.people.promises import check_promises
from panhuo.result.verify.people.reach import Choice, Reached, assigned, positions, reached

__all__ = [
    "Choice", "Counted", "Reached", "Row", "Rows", "assigned", "check_people", "check_promises", "positions",
    "reached", "rows",
]  # fmt: skip
