"""The problems of ``peers.py`` as plain arrays, and whatever solves them, one function each: build, then solve.

Two problems come from one generated district, with the people whom no existing place covers:

- ``p``: most people within reach of p sites, every site at the same cost;
- ``budget``: the district itself: options with costs and floor area, modes of which a site takes one, a budget.

Every solver gets the same file, one row a demand point and service, nothing merged, and gives back which sites (``p``)
or options (``budget``) it chose.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Problem:
    """Rows r, offers s (a service at a site), options o (an offer in a mode), projects (a site in a mode).

    Parameters
    ----------
    begin, offer : (R + 1,), (pairs,) int
        The offers that reach each row.
    people : (R,) float
        Weighted people of each row.
    sites_allowed : int
        p.
    of_offer, of_project : (O,) int
        Offer and project of each option.
    area_m2, cost : (O,) float
        What each option takes and costs; 10,000 CNY.
    of_site, room_m2 : (P,) int, float
        Site and floor area of each project.
    budget : float
        10,000 CNY.
    """

    begin: Ints
    offer: Ints
    people: Floats
    sites_allowed: int
    of_offer: Ints
    of_project: Ints
    area_m2: Floats
    cost: Floats
    of_site: Ints
    room_m2: Floats
    budget: float

    @property
    def offers(self) -> int:
        """S."""
        return int(self.of_offer.max()) + 1

    @property
    def within(self) -> sp.csr_matrix:
        """Who is within reach of which offer, (R, S)."""
        shape = (len(self.people), self.offers)
        return sp.csr_matrix((np.ones(len(self.offer)), self.offer, self.begin), shape=shape)

    def save(self, file: Path) -> None:
        """Write it."""
        np.savez(file, **{one.name: getattr(self, one.name) for one in fields(self)})

    @classmethod
    def load(cls, file: Path) -> Problem:
        """Read it."""
        with np.load(file) as held:
            return cls(**{name: held[name] if held[name].ndim else held[name].item() for name in held.files})

    def value(self, kind: str, chosen: NDArray[np.bool_]) -> tuple[float, str]:
        """Work out what a choice covers, and which limit it breaks (\"\" where none)."""
        open_ = chosen if kind == "p" else np.bincount(self.of_offer[chosen], minlength=self.offers) > 0
        people = float(self.people[(self.within @ open_.astype(np.int32)) > 0].sum())
        if kind == "p":
            return people, "" if chosen.sum() <= self.sites_allowed else "p"
        used = np.unique(self.of_project[chosen])
        area = np.bincount(self.of_project[chosen], self.area_m2[chosen], minlength=len(self.room_m2))
        broken = {
            "budget": self.cost[chosen].sum() > self.budget * (1 + 1e-9),
            "one option an offer": np.bincount(self.of_offer[chosen], minlength=1).max() > 1,
            "one mode a site": np.bincount(self.of_site[used], minlength=1).max() > 1,
            "floor area": bool((area > self.room_m2 + 1e-6).any()),
        }
        return people, ", ".join(name for name, is_so in broken.items() if is_so)


@dataclass
class Run:
    """What a solver is asked for, and what it says; seconds are counted from the first line of the build.

    Parameters
    ----------
    gap, time_limit, threads : float, float, int
        Relative gap, seconds of the solve, threads.
    trace : list of (seconds, objective, bound, gap)
        Where it stood; empty where it does not say.
    """

    gap: float
    time_limit: float
    threads: int
    began: float = field(default_factory=time.perf_counter)
    built_s: float = 0.0
    status: str = ""
    bound: float | None = None
    trace: list[list[float | None]] = field(default_factory=list)

    def built(self) -> None:
        """Note that the model stands."""
        self.built_s = time.perf_counter() - self.began

    def show(self, objective: float | None, bound: float | None, at: float | None = None) -> None:
        """Note where the solve stands, now or at so many seconds, where it moved."""
        if self.trace and self.trace[-1][1:3] == [objective, bound]:
            return
        known = objective is not None and bound is not None and objective > 0
        gap = max(bound - objective, 0.0) / objective if known else None
        self.trace.append([time.perf_counter() - self.began if at is None else at, objective, bound, gap])


Solver = Callable[[Problem, str, Run], NDArray[np.bool_]]


def by_spopt(problem: Problem, kind: str, run: Run, solver: str) -> NDArray[np.bool_]:
    """Solve with spopt, which knows p alone. It wants a dense array of distances: filled before the clock starts."""
    import pulp  # noqa: PLC0415
    from spopt.locate import MCLP  # noqa: PLC0415

    assert kind == "p"
    far = np.where(problem.within.toarray() > 0, 0.0, 2.0)
    run.began = time.perf_counter()
    model = MCLP.from_cost_matrix(far, problem.people, service_radius=1.0, p_facilities=problem.sites_allowed)
    run.built()
    limits = {"msg": False, "timeLimit": run.time_limit, "gapRel": run.gap, "threads": run.threads}
    try:
        model.solve(pulp.PULP_CBC_CMD(**limits) if solver == "cbc" else pulp.HiGHS(**limits), results=False)
        run.status = "calls it optimal"  # so it says also where its time was up
    except RuntimeError as refused:
        run.status = str(refused).split(".")[0]
    if solver == "highs":
        highs = model.problem.solverModel  # PuLP may hand over the negative, to be minimised
        sign = -1.0 if "Minimize" in str(highs.getObjectiveSense()[1]) else 1.0
        run.bound = sign * float(highs.getInfo().mip_dual_bound)
    return np.array([(one.value() or 0.0) > 0.5 for one in model.fac_vars])


def by_pyomo(problem: Problem, kind: str, run: Run) -> NDArray[np.bool_]:
    """Solve with Pyomo and its persistent interface to HiGHS (appsi)."""
    import pyomo.environ as pyo  # noqa: PLC0415
    from pyomo.contrib.appsi.solvers import Highs  # noqa: PLC0415

    run.began = time.perf_counter()
    model = pyo.ConcreteModel()
    model.offer = pyo.Var(range(problem.offers), domain=pyo.Binary if kind == "p" else pyo.NonNegativeReals)
    model.covered = pyo.Var(range(len(problem.people)), bounds=(0, 1))
    begin, offer = problem.begin.tolist(), problem.offer.tolist()
    model.reach = pyo.Constraint(
        range(len(problem.people)),
        rule=lambda m, r: m.covered[r] <= sum(m.offer[s] for s in offer[begin[r] : begin[r + 1]]),
    )
    model.most = pyo.Objective(expr=pyo.sum_product(problem.people.tolist(), model.covered), sense=pyo.maximize)
    if kind == "p":
        model.p = pyo.Constraint(expr=pyo.sum_product(model.offer) <= problem.sites_allowed)
        decided = model.offer
    else:
        _planning_rows(model, problem)
        decided = model.choose
    run.built()
    highs = Highs()
    highs.config.load_solution = False
    highs.config.time_limit, highs.config.mip_gap = run.time_limit, run.gap
    highs.highs_options = {"threads": run.threads}
    said = highs.solve(model)
    run.status, run.bound = said.termination_condition.name, said.best_objective_bound
    if said.best_feasible_objective is None:
        return np.zeros(len(decided), dtype=bool)
    said.solution_loader.load_vars()
    return np.array([(decided[n].value or 0.0) > 0.5 for n in range(len(decided))])


def _planning_rows(model: Any, problem: Problem) -> None:
    """Write the rows of sites and money."""
    import pyomo.environ as pyo  # noqa: PLC0415

    options, projects = range(len(problem.cost)), range(len(problem.room_m2))
    model.choose, model.use = pyo.Var(options, domain=pyo.Binary), pyo.Var(projects, domain=pyo.Binary)

    def grouped(of: Ints, count: int) -> list[list[int]]:
        lists: list[list[int]] = [[] for _ in range(count)]
        for n, group in enumerate(of.tolist()):
            lists[group].append(n)
        return lists

    of_offer, of_project = grouped(problem.of_offer, problem.offers), grouped(problem.of_project, len(projects))
    of_site = grouped(problem.of_site, int(problem.of_site.max()) + 1)
    area, room, cost = problem.area_m2.tolist(), problem.room_m2.tolist(), problem.cost.tolist()
    model.one = pyo.Constraint(
        range(problem.offers), rule=lambda m, s: m.offer[s] == sum((m.choose[o] for o in of_offer[s]), start=0.0)
    )
    model.at_most_one = pyo.Constraint(range(problem.offers), rule=lambda m, s: m.offer[s] <= 1)
    model.used = pyo.Constraint(options, rule=lambda m, o: m.choose[o] <= m.use[int(problem.of_project[o])])
    sites = [j for j, here in enumerate(of_site) if here]
    model.mode = pyo.Constraint(sites, rule=lambda m, j: sum(m.use[p] for p in of_site[j]) <= 1)
    full = [p for p in projects if of_project[p]]
    model.area = pyo.Constraint(
        full, rule=lambda m, p: sum(area[o] * m.choose[o] for o in of_project[p]) <= room[p] * m.use[p]
    )
    model.money = pyo.Constraint(expr=sum(cost[o] * model.choose[o] for o in options) <= problem.budget)


def arrays(problem: Problem, kind: str) -> tuple[sp.csr_matrix, Floats, Floats, Floats, int]:
    """Give the plain rows as arrays: matrix, bounds of rows, objective, and how many columns are integral (first)."""
    within, count = problem.within, len(problem.people)
    if kind == "p":
        decided = problem.offers
        matrix = sp.vstack(
            [sp.hstack([within, -sp.identity(count)]), np.append(np.ones(decided), np.zeros(count))[None]], format="csr"
        )
        low, high = np.append(np.zeros(count), -np.inf), np.append(np.full(count, np.inf), problem.sites_allowed)
    else:
        options, projects = len(problem.cost), len(problem.room_m2)
        decided, every = options + projects, np.arange(options)
        one, room = np.ones(options), sp.diags(problem.room_m2)
        of_offer = sp.csr_matrix((one, (problem.of_offer, every)), shape=(problem.offers, options))
        to_project = sp.csr_matrix((one, (every, problem.of_project)), shape=(options, projects))
        area = sp.csr_matrix((problem.area_m2, (problem.of_project, every)), shape=(projects, options))
        of_site = sp.csr_matrix((np.ones(projects), (problem.of_site, np.arange(projects))))
        matrix = sp.bmat(
            [
                [within @ of_offer, None, -sp.identity(count)],
                [of_offer, None, None],
                [sp.identity(options), -to_project, None],
                [None, of_site, None],
                [area, -room, None],
                [sp.csr_matrix(problem.cost[None]), None, None],
            ],
            format="csr",
        )
        high = np.concatenate(
            [np.full(count, np.inf), np.ones(problem.offers), np.zeros(options), np.ones(of_site.shape[0]),
             np.zeros(projects), [problem.budget]]
        )  # fmt: skip
        low = np.append(np.zeros(count), np.full(len(high) - count, -np.inf))
    return matrix, low, high, np.append(np.zeros(decided), problem.people), decided


def by_highspy(problem: Problem, kind: str, run: Run) -> NDArray[np.bool_]:
    """Solve with HiGHS on plain arrays, nothing merged."""
    import highspy  # noqa: PLC0415

    run.began = time.perf_counter()
    matrix, low, high, worth, decided = arrays(problem, kind)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.row_lower_, lp.row_upper_ = worth, low, high
    lp.col_lower_, lp.col_upper_ = np.zeros(len(worth)), np.ones(len(worth))
    lp.sense_, lp.a_matrix_.format_ = highspy.ObjSense.kMaximize, highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * decided + [kinds.kContinuous] * (len(worth) - decided)
    highs = highspy.Highs()
    options = {"output_flag": False, "mip_rel_gap": run.gap, "time_limit": run.time_limit, "threads": run.threads}
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    run.built()

    def finite(value: float) -> float | None:
        return float(value) if abs(value) < highspy.kHighsInf else None

    def follow(_kind: Any, _message: str, out: Any, _into: Any, _data: Any) -> None:
        run.show(finite(out.mip_primal_bound), finite(out.mip_dual_bound))

    highs.setCallback(follow, None)
    highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
    highs.run()
    run.status = highs.modelStatusToString(highs.getModelStatus())
    info = highs.getInfo()
    run.bound = finite(info.mip_dual_bound)
    if info.primal_solution_status != 2:
        return np.zeros(decided if kind == "p" else len(problem.cost), dtype=bool)
    chosen: NDArray[np.bool_] = np.array(highs.getSolution().col_value)[:decided] > 0.5
    return chosen if kind == "p" else chosen[: len(problem.cost)]


def by_scip(problem: Problem, kind: str, run: Run) -> NDArray[np.bool_]:
    """Solve with SCIP (PySCIPOpt) on the same rows."""
    from pyscipopt import Model, quicksum  # noqa: PLC0415

    run.began = time.perf_counter()
    matrix, low, high, worth, decided = arrays(problem, kind)
    model = Model()
    model.hideOutput()
    column = [model.addVar(vtype="B" if n < decided else "C", lb=0, ub=1, obj=-w) for n, w in enumerate(worth.tolist())]
    begin, index, value = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
    for r in range(matrix.shape[0]):
        terms = quicksum(value[k] * column[index[k]] for k in range(begin[r], begin[r + 1]))
        model.addCons(terms >= low[r] if np.isfinite(low[r]) else terms <= high[r])
    run.built()
    model.setParam("limits/time", run.time_limit)
    model.setParam("limits/gap", run.gap)
    model.optimize()
    run.status = model.getStatus()
    run.bound = -model.getDualbound()
    if not model.getNSols():
        return np.zeros(decided if kind == "p" else len(problem.cost), dtype=bool)
    best = model.getBestSol()
    chosen = np.array([best[one] > 0.5 for one in column[:decided]])
    return chosen if kind == "p" else chosen[: len(problem.cost)]
