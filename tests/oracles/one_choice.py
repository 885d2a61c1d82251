"""What follows from a choice of options without any program."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from exact_program import exact

from panhuo_models.data import Objective, SitingData

Choice = tuple[int, ...]
"""Options, ascending."""
ZERO, ONE = Fraction(0), Fraction(1)


def is_complex(data: SitingData, choice: Choice, p: int) -> bool:
    """Whether a project is a complex."""
    asked = data.complexes
    if asked is None:
        return False
    own = [o for o in choice if data.option_project[o] == p]
    named = sum(bool(asked.named[data.option_service[o]]) for o in own)
    area = sum((exact(data.option_area[o]) for o in own), ZERO)
    return bool(own) and area >= exact(asked.area) and len(own) >= asked.functions and named >= asked.named_functions


def stays_open(data: SitingData, choice: Choice) -> list[bool]:
    """Whether each existing facility that some project would close stays."""
    used = sorted({int(data.option_project[o]) for o in choice})
    return [not closed for closed in data.closing_by.toarray()[:, used].any(axis=1).tolist()]


def covered(data: SitingData, choice: Choice) -> tuple[list[Fraction], bool]:
    """People of the reach rows per tally, and whether all mandatory rows that anything may reach are covered."""
    offered, stays = {int(data.option_offer[o]) for o in choice}, stays_open(data, choice)
    open_ = np.array([s in offered for s in range(len(data.offers))] + stays, dtype=bool)
    within = data.reach.within.toarray()
    reached = (within & open_).any(axis=1)
    counted = [ZERO] * len(data.tallies)
    for r in np.flatnonzero(reached).tolist():
        counted[data.reach.tally[r]] += exact(data.reach.demand[r])
    return counted, not np.any(data.reach.mandatory & within.any(axis=1) & ~reached)


def worth(data: SitingData, stage: Objective, counted: list[Fraction]) -> Fraction:
    """Σ_t weight[t]·(fixed[t] + counted[t] − before[t])."""
    tallies = data.tallies
    pairs = zip(stage.tallies.tolist(), stage.weight.tolist(), strict=True)
    return sum((exact(w) * (exact(tallies.fixed[t]) + counted[t] - exact(tallies.before[t])) for t, w in pairs), ZERO)


def points(data: SitingData, choice: Choice) -> Fraction:
    """What links earn."""
    offered = {int(data.option_offer[o]) for o in choice}
    earned = (
        link for link in data.links
        if link.kind == "bonus" and link.offer in offered and (link.held or offered & set(link.others))
    )  # fmt: skip
    return sum((exact(link.bonus) for link in earned), ZERO)


def spent_on(data: SitingData, choice: Choice) -> list[Fraction]:
    """Cost of every class: chosen options, and the works that one of them needs."""
    choose = np.zeros(len(data.options))
    choose[list(choice)] = 1
    units = np.concatenate([choose, data.work_options @ choose > 0])
    return [exact(round(v, 2)) for v in (data.money.cost @ units).tolist()]  # whole fen, whatever the sum is off by
