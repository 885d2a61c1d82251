"""What later stages keep of an earlier one."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from panhuo.engine.compile import Compiled, Row
from panhuo_models.data import Objective

_SLACK = 1e-6
_RELATIVE = 1e-9


def least_kept(objective: Objective, value: float, bound: float | None, gap: float) -> float:
    """Say how far a stage's value may fall, or where minimised, rise, in later stages.

    Parameters
    ----------
    objective : Objective
        The stage.
    value : float
        What it reached, in the units of the model.
    bound : float or None
        What is proven of it.
    gap : float
        Relative gap asked for.

    Returns
    -------
    float
        value less the tolerance, but no farther behind the bound than the larger of tolerance and gap.
    """
    epsilon, most = objective.tolerance, max(objective.tolerance, gap)
    if objective.maximise:
        least = value - epsilon * abs(value)
        return min(value, max(least, bound / (1 + most))) if bound is not None and value > 0 else least
    worst = value + epsilon * abs(value)
    return max(value, min(worst, bound / (1 - most))) if bound is not None and bound > 0 and most < 1 else worst


def falls_short(objective: Objective, value: float, kept: float) -> bool:
    """Say whether a value is worse than what was to be kept, by more than a hair."""
    hair = _SLACK + _RELATIVE * abs(kept)
    return value < kept - hair if objective.maximise else value > kept + hair


def keep(compiled: Compiled, stage: int, least: float, *, hair: bool = True) -> Row:
    """Give the row that keeps a stage at a value, but for a hair; coefficients are scaled to at most 1."""
    slack = slack_of(least) if hair else 0.0
    lower, upper = (least - slack, np.inf) if compiled.maximise[stage] else (-np.inf, least + slack)
    row = sp.csr_matrix(compiled.costs[[stage]])
    scale = scale_of(compiled, stage)
    offset = float(compiled.offsets[stage])
    return Row(row / scale, (lower - offset) / scale, (upper - offset) / scale)


def slack_of(least: float) -> float:
    """Give the hair by which a kept value may be missed."""
    return _SLACK + _RELATIVE * abs(least)


def scale_of(compiled: Compiled, stage: int) -> float:
    """Give what the row that keeps a stage is divided by: a power of ten, so that decimal data stay decimal."""
    largest = float(np.abs(sp.csr_matrix(compiled.costs[[stage]]).data).max(initial=0.0))
    return float(10.0 ** np.ceil(np.log10(max(largest, 1e-6))))
