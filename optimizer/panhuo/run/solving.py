"""From an instance to a verified plan, each step one call to the room below."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from panhuo import engine as optimiser
from panhuo import result
from panhuo.access import StoppedError
from panhuo.assemble import derive_options, money_conflicts, siting_data, told
from panhuo.engine import Engine, InfeasibleError, Limits, NoPlanError, Watch
from panhuo.instance import GivenPlan, Instance
from panhuo.instance.reading.decisions import tabled
from panhuo.result import Books, Result
from panhuo.run.clock import Clock, Step
from panhuo.run.reaching import Reached, distrusted, walked


def solve(
    instance: Instance,
    *,
    gap: float = 1e-3,
    time_limit: float = math.inf,
    threads: int = 0,
    seed: int = 0,
    solver: Literal["highs", "scip", "cpsat"] = "highs",
    engine: Engine = "auto",
    cache: bool = True,
    watch: Watch | None = None,
    reached: Reached | None = None,
    step: Step | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> Result:
    """Find the plan of an instance, and check it with code that shares nothing with the model.

    Parameters
    ----------
    instance : Instance
        What :func:`panhuo.read` gave.
    gap : float
        Relative gap at which every stage may stop, on newly covered person-services.
    time_limit : float
        Seconds for all stages together.
    threads : int
        Threads of the solver, and of the search for walking minutes; 0 leaves it to them.
    seed : int
        Random seed of the solver.
    solver : {"highs", "scip", "cpsat"}
        Who solves the matrix.
    engine : {"auto", "exact", "decompose"}
        One search over all sites, or decomposition; auto goes by size.
    cache : bool
        Keep walking minutes along a network on disk, and use those kept.
    watch : Watch, optional
        Follows the solve and may stop it.
    reached : callable, optional
        Is told the share of the walking minutes that is worked out.
    step : callable, optional
        Is told the name of each step as it begins.
    arguments : mapping, optional
        What to note as the arguments of the run; by default the parameters above.

    Returns
    -------
    Result
        The plan, its tables, what the solver said and what verification found.

    Raises
    ------
    InfeasibleError
        No plan meets the policy; names what is at odds.
    NoPlanError
        A limit came before any plan.
    InstanceError
        People or places lie where the network does not let anybody walk.
    UnboundedError
        Decomposition was asked for and cannot bound a stage.
    """
    clock, limits = Clock(step), Limits(gap, time_limit, threads, seed)
    with clock.step("access"):
        try:
            reach = walked(instance, cache, reached, watch, threads)
        except StoppedError:
            raise NoPlanError from None
    with clock.step("assemble"):
        options = derive_options(instance)
        if at_odds := money_conflicts(instance, options):
            raise InfeasibleError(told(instance, at_odds))
        assembled = siting_data(instance, options, reach)
        books = Books(instance, options, assembled)
    with clock.step("solve"):
        try:
            outcome = optimiser.solve(
                assembled.data, limits, solver=solver, engine=engine, accept=books.accepts, watch=watch
            )
        except InfeasibleError as odds:
            raise InfeasibleError(told(instance, odds.conflicts)) from None
    if outcome.decision is None:
        raise NoPlanError
    noted = arguments or {
        "gap": gap, "time_limit": time_limit, "threads": threads, "seed": seed, "engine": engine, "solver": solver,
    }  # fmt: skip
    found = result.build(
        books, reach, outcome.decision, outcome=outcome, notes=told(instance, assembled.notes), seconds=clock.seconds,
        arguments=noted, seed=seed, step=step,
    )  # fmt: skip
    return distrusted(reach, found)


def evaluate(
    instance: Instance,
    plan: GivenPlan | pd.DataFrame | None = None,
    *,
    file: str = "plan.csv",
    cache: bool = True,
    reached: Reached | None = None,
    step: Step | None = None,
) -> Result:
    """Work out coverage, cost and ledger of the existing stock, or of any given plan; no site is looked for.

    Who goes where, and tariffs that the plan does not name, are chosen as the objectives like it best.

    Parameters
    ----------
    plan : GivenPlan or DataFrame, optional
        What :func:`panhuo.instance.read_plan` gave, or text columns: ``option``, or ``site``, ``mode`` and ``service``;
        beside these maybe ``operating``, ``size`` and ``tariff``.
    file : str
        Where the plan was read from.
    cache : bool
        Keep walking minutes along a network on disk, and use those kept.
    reached : callable, optional
        Is told the share of the walking minutes that is worked out.
    step : callable, optional
        Is told the name of each step as it begins.

    Raises
    ------
    InstanceError
        The plan names options that do not exist or are excluded.
    """
    clock = Clock(step)
    with clock.step("access"):
        reach = walked(instance, cache, reached)
    with clock.step("assemble"):
        options = derive_options(instance)
        assembled = siting_data(instance, options, reach)
        data = assembled.data
        choose, level = np.zeros(len(data.options), dtype=bool), np.zeros(len(data.outlets), dtype=bool)
        if plan is not None:
            given = tabled(plan, file) if isinstance(plan, pd.DataFrame) else plan
            choose, level = result.choice_of(instance, options, data.outlets, given)
    with clock.step("solve"):
        decision = result.carried_out(data, choose, level)
    noted = {} if plan is None else {"plan": file}
    books = Books(instance, options, assembled)
    found = result.build(books, reach, decision, seconds=clock.seconds, arguments=noted, step=step)
    return distrusted(reach, found)


def write_lp(
    instance: Instance,
    path: Path,
    *,
    cache: bool = True,
    reached: Reached | None = None,
    step: Step | None = None,
) -> None:
    """Write the whole model, reach rows and all, as an LP file.

    Parameters
    ----------
    path : Path
        The file.
    cache : bool
        Keep walking minutes along a network on disk, and use those kept.
    reached : callable, optional
        Is told the share of the walking minutes that is worked out.
    step : callable, optional
        Is told the name of each step as it begins.

    Raises
    ------
    InstanceError
        The model has too many reach rows to be written out.
    """
    clock = Clock(step)
    with clock.step("access"):
        reach = walked(instance, cache, reached)
    with clock.step("assemble"):
        data = siting_data(instance, derive_options(instance), reach).data
    with clock.step(path.name):
        optimiser.write_lp(data, path)
