"""From a decision to a result: tables, record, verification."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from panhuo.access import Catchments
from panhuo.engine.program import Decision, Outcome
from panhuo.result.books import Books
from panhuo.result.certificate import certificate
from panhuo.result.off import off_said
from panhuo.result.plan import Result
from panhuo.result.remarks import merged, synthetic
from panhuo.result.summary import goals, summary
from panhuo.result.tables import tables
from panhuo.result.verify import verify_tables
from panhuo.result.why import nothing_chosen, turned_away
from panhuo.words import Text


def build(
    books: Books,
    catchments: Catchments,
    decision: Decision,
    *,
    outcome: Outcome | None = None,
    notes: Sequence[Text] = (),
    seconds: Mapping[str, float],
    arguments: Mapping[str, Any],
    seed: int = 0,
    step: Callable[[str], object] | None = None,
) -> Result:
    """Work out everything that follows from a decision, and have it verified.

    Parameters
    ----------
    books : Books
        The books of the instance.
    decision : Decision
        Chosen options, tariffs, and who goes where.
    outcome : Outcome, optional
        What the solver said of it.
    notes : sequence of Text
        What a reader of the figures should know.
    seconds : mapping of str to float
        Time of the steps before; ledger and verify are added.
    arguments, seed
        Noted in run.json.
    step : callable, optional
        Is told the name of each step as it begins.
    """
    instance = books.instance
    start = time.perf_counter()
    if step is not None:
        step("ledger")
    written = books.write(decision)
    found = tables(books, catchments, written)
    took = {**seconds, "ledger": time.perf_counter() - start}
    empty = () if outcome is None else nothing_chosen(books, found)
    said = (
        *empty,
        *turned_away(books, written),
        *notes,
        *off_said(instance, catchments.snapping),
        *merged(instance),
        *synthetic(instance),
    )
    run = summary(books, catchments, written, found, outcome, seconds=took, arguments=arguments, seed=seed)
    start = time.perf_counter()
    if step is not None:
        step("verify")
    verification = verify_tables(instance, found, run)
    run["seconds"]["verify"] = round(time.perf_counter() - start, 3)
    run["verified"] = verification.ok
    proofs = certificate(books.assembled, outcome)
    result = Result(instance, found, run, outcome, verification, tuple(goals(books)), said, proofs)
    run["notes"] = [str(remark) for remark in result.remarks]
    return result
