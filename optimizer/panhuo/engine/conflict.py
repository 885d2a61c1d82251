"""Why no plan exists: an irreducible set of what is at odds, in words."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from panhuo.engine.compile import Compiled, compile_plan
from panhuo.engine.highs import solve_highs
from panhuo.engine.program import Limits, Program, Quiet
from panhuo.words import T, Text
from panhuo_models.data import Bools, Reach, SitingData

_Rows = dict[tuple[str, object], int]
_SECONDS = 10.0


class InfeasibleError(Exception):
    """No plan exists; ``conflicts`` says what is at odds."""

    def __init__(self, conflicts: tuple[Text, ...]) -> None:
        super().__init__("; ".join(str(text) for text in conflicts))
        self.conflicts = conflicts


def impossible(data: SitingData) -> tuple[Text, ...]:
    """Name what no plan can do, whatever else it does: seen without solving anything.

    Parameters
    ----------
    data : SitingData
        The data.

    Returns
    -------
    tuple of Text
        Required sites without any option; floors above what can be reached.
    """
    has_option = np.zeros(len(data.sites), dtype=bool)
    has_option[data.project_site[data.option_project]] = True
    empty = [
        T("required site {site}: no service may open there", site=data.sites[j])
        for j in np.flatnonzero(data.site_required & ~has_option).tolist()
    ]
    high = [
        T(
            "floor {floor}: {persons} people are asked for, {reachable} can be reached",
            floor=floor.name,
            persons=_people(floor.persons),
            reachable=_people(float(data.tallies.reachable[floor.tally])),
        )
        for floor in data.floors
        if floor.persons > data.tallies.reachable[floor.tally] + 1e-6
    ]
    return (*empty, *high)


def _people(count: float) -> str:
    return f"{count:,.1f}".removesuffix(".0")


def conflicts(data: SitingData) -> tuple[Text, ...]:
    """Name an irreducible set of demands that no plan meets together.

    The set is found by dividing (QuickXplain: Junker 2004, Proceedings of AAAI-04): without any one of its members a
    plan exists. Linear relaxations make the set small where they can, integer programs make it irreducible; where these
    run out of time the set is still at odds, but may be larger than it need be.

    Parameters
    ----------
    data : SitingData
        Data without any plan.

    Returns
    -------
    tuple of Text
        The members, in the order: sites, floors, services, money, floor area.
    """
    needed = np.isin(data.reach.tally, [floor.tally for floor in data.floors]) | data.reach.mandatory
    reach = data.reach
    data = replace(
        data, reach=Reach(reach.within[needed], reach.demand[needed], reach.tally[needed], reach.mandatory[needed])
    )
    compiled = compile_plan(data, data.reach)
    demands = _demands(data, compiled)
    until = time.monotonic() + _SECONDS
    always = np.ones(len(compiled.row_lower), dtype=bool)
    always[[n for demand in demands for n in demand.rows]] = False
    for whole in (False, True):
        possible = partial(_possible, compiled, always, whole=whole, until=until)
        if not possible(demands):
            demands = _at_odds([], False, demands, possible)
    return tuple(demand.text for demand in demands)


@dataclass(frozen=True)
class _Demand:
    """Rows (of the planning rows) and columns that ask for one thing together."""

    text: Text
    rows: tuple[int, ...] = ()
    mandatory: bool = False


def _at_odds(
    given: list[_Demand], added: bool, demands: list[_Demand], possible: Callable[[list[_Demand]], bool]
) -> list[_Demand]:
    """Find a smallest part of the demands that, with what is given, allows no plan; all of them allow none."""
    if added and not possible(given):
        return []
    if len(demands) <= 1:
        return demands
    half = len(demands) // 2
    first, second = demands[:half], demands[half:]
    later = _at_odds([*given, *first], True, second, possible)
    return [*_at_odds([*given, *later], bool(later), first, possible), *later]


def _possible(compiled: Compiled, always: Bools, demands: list[_Demand], *, whole: bool, until: float) -> bool:
    """Whether some plan (or a fraction of one) meets the demands; what is not decided in time counts as possible."""
    left = until - time.monotonic()
    if left <= 0:
        return True
    asked = always.copy()
    asked[[n for demand in demands for n in demand.rows]] = True
    covered = np.arange(compiled.matrix.shape[1]) >= len(compiled.names)
    must = any(demand.mandatory for demand in demands)
    program = Program(
        matrix=compiled.matrix,
        row_lower=np.where(asked, compiled.row_lower, -np.inf),
        row_upper=np.where(asked, compiled.row_upper, np.inf),
        lower=compiled.lower if must else np.where(covered, 0.0, compiled.lower),
        upper=compiled.upper,
        integer=compiled.integer if whole else np.zeros_like(compiled.integer),
        cost=np.zeros(compiled.matrix.shape[1]),
        offset=0.0,
        maximise=True,
    )
    return solve_highs(program, Limits(gap=0.0, time_limit=left), Quiet()).reason != "infeasible"


def _demands(data: SitingData, compiled: Compiled) -> list[_Demand]:
    """Group the rows that may be at odds by what asks for them."""
    number = {name: n for n, name in enumerate(compiled.rows)}
    found = [*_pins(data, number), *_payments(data, number)]
    unpaid = np.flatnonzero(~data.money.eligible.any(axis=0)).tolist()
    rows = tuple(number["money.balance", q] for q in unpaid if ("money.balance", q) in number)
    found.append(_Demand(T("some options have costs that no fund may pay"), rows))
    for family, text in (
        ("siting.area", T("floor area: the services of a site must fit into it")),
        ("siting.one_mode", T("a site is used in one mode at most")),
    ):
        found.append(_Demand(text, tuple(n for (name, _), n in number.items() if name == family)))
    return [demand for demand in found if demand.rows or demand.mandatory]


def _pins(data: SitingData, number: _Rows) -> list[_Demand]:
    """List what must be used or covered: required sites, floors, mandatory services."""
    found = [
        _row(number, "siting.required", data.sites[j], T("required site {site}: it must be used", site=data.sites[j]))
        for j in np.flatnonzero(data.site_required).tolist()
    ]
    for n, floor in enumerate(data.floors):
        text = T("floor {floor}: at least {persons} people", floor=floor.name, persons=_people(floor.persons))
        found.append(_row(number, "equity.floor", n, text))
    if data.reach.mandatory.any():
        found.append(_Demand(T("mandatory services: everyone they can reach must be covered"), mandatory=True))
    return found


def _payments(data: SitingData, number: _Rows) -> list[_Demand]:
    """List what bounds payments: budget, fund caps, shares of the parties."""
    money = data.money
    found = [_row(number, "money.budget", None, T("budget: at most {cny} CNY", cny=f"{money.budget:,.2f}"))]
    for fund, cap in zip(money.funds, money.cap.tolist(), strict=True):
        text = T("fund {fund}: at most {cny} CNY", fund=fund, cny=f"{cap:,.2f}")
        found.append(_row(number, "money.cap", fund, text))
    for p, party in enumerate(money.parties):
        least, most = f"{money.share_min[p]:.1%}", f"{money.share_max[p]:.1%}"
        text = T("party {party}: at least {share} of the capital", party=party, share=least)
        found.append(_row(number, "money.share_min", party, text))
        text = T("party {party}: at most {share} of the capital", party=party, share=most)
        found.append(_row(number, "money.share_max", party, text))
    return found


def _row(number: _Rows, family: str, index: object, text: Text) -> _Demand:
    """Give the demand of one row; of none where the model needed no such row."""
    return _Demand(text, (number[family, index],) if (family, index) in number else ())
