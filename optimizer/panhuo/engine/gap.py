"""What is said of a stage: the value of the final choice, the bound, the gap."""

from __future__ import annotations

from panhuo.engine.compile import Compiled
from panhuo.engine.errors import SolverError
from panhuo.engine.measure import stage_value
from panhuo.engine.program import Answer, Reason, StageOutcome
from panhuo.engine.prove import Proven
from panhuo.engine.settle import Settled
from panhuo_models.data import Objective, SitingData
from panhuo_models.money import UNIT

PROVEN = 1e-8
"""A gap no larger than this is rounding, not doubt."""
_ZERO = 1e-6
_BEYOND = 1e-5


def stage_outcome(
    data: SitingData, compiled: Compiled, stage: int, answer: Answer, settled: Settled,
    proven: Proven | None = None, *, gave_way: bool = False,
) -> StageOutcome:  # fmt: skip
    """Value the final decision in one stage and hold it against the stage's bound.

    The bound of a later stage is that of all plans that keep what the earlier ones reached. Where the decision had to
    give up a hair of that to leave room for rounding, it may be better than the bound: no plan that keeps it all is.

    Parameters
    ----------
    data : SitingData
        The data.
    compiled : Compiled
        Its matrix, rows merged or not.
    stage : int
        Which stage.
    answer : Answer
        How the stage was solved.
    settled : Settled
        The final decision; its point tells what the parties pay.
    proven : Proven, optional
        What the prices of the stage alone bound.
    gave_way : bool
        The decision reaches less of an earlier stage than this one was to keep.

    Returns
    -------
    StageOutcome
        In persons, shares or CNY.

    Raises
    ------
    SolverError
        The value lies beyond the bound: one of the two is wrong.
    """
    objective, unit = data.objectives[stage], unit_of(data.objectives[stage])
    if objective.measure in ("party_capital", "party_yearly"):
        value = float((compiled.costs @ settled.point + compiled.offsets)[stage]) * unit
    else:
        value = stage_value(data, objective, settled.decision)
    bound = None if answer.bound is None else answer.bound * unit
    if bound is not None:
        beyond = value - bound if objective.maximise else bound - value
        if beyond > _BEYOND * max(1.0, abs(value)) and not gave_way:
            raise SolverError(f"stage {objective.name}: value {value!r} lies beyond the bound {bound!r}")
        bound = max(bound, value) if objective.maximise else min(bound, value)
        bound = 0.0 if abs(bound) <= _ZERO and abs(value) <= _ZERO else bound
    gap = relative_gap(value, bound, maximise=objective.maximise)
    status: Reason = answer.reason
    if status in ("optimal", "within_gap"):
        status = "optimal" if gap is not None and gap <= PROVEN else "within_gap"
    certified = None if proven is None or proven.bound is None else proven.bound * unit
    if certified is not None:
        certified = max(certified, value) if objective.maximise else min(certified, value)
    return StageOutcome(
        objective.name, "max" if objective.maximise else "min", value, bound, gap, status, answer.seconds, certified,
        None if proven is None else proven.proof,
    )  # fmt: skip


def unit_of(objective: Objective) -> float:
    """CNY, persons, points or share in one unit of the stage's objective in the model."""
    return UNIT if objective.measure in ("capital", "party_capital", "party_yearly") else 1.0


def relative_gap(value: float, bound: float | None, *, maximise: bool) -> float | None:
    """Give (bound − value)/|value| where maximised, (value − bound)/|value| where minimised; 0 where both are 0.

    None where there is no bound, or where the value is 0 and the bound is not.
    """
    if bound is None:
        return None
    difference = bound - value if maximise else value - bound
    if value == 0:
        return 0.0 if bound == 0 else None
    return max(difference, 0.0) / abs(value)
