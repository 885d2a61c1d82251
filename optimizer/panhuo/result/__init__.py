"""The result: plan, verification, ledger, and the files they are written to."""

from panhuo.result.people.coverage import baseline
from panhuo.result.given import choice_of
from panhuo.result.ledger import Purse, ledger
from panhuo.result.plan import Result, build
from panhuo.result.summary import goals
from panhuo.result.tables import tables
from panhuo.result.verify import Discrepancy, Verification, verify, verify_tables
from panhuo.result.write import checkpoint, guard, write

__all__ = [
    "Discrepancy", "Purse", "Result", "Verification", "baseline", "build", "checkpoint", "choice_of", "goals", "guard",
    "ledger", "tables", "verify", "verify_tables", "write",
]  # fmt: skip
