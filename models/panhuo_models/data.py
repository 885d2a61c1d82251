"""The data of the siting model: frozen arrays with shape, unit and symbol on each field.

Symbols are those of the model's notation: j site, m mode, p project (a site in a mode), k service,
o option (a project and a service), e existing facility, c circle, f fund, q cost class, t tally, r reach row.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reach:
    """Reach rows: people who are not covered for good, by demand point, walking profile and service.

    Parameters
    ----------
    within : csr_matrix of bool, (R, O + E)
        N[i,w,k]: the columns that reach the row; options first, then existing facilities that may close.
    demand : (R,) float [persons]
        d[r], all positive.
    tally : (R,) int
        The tally t that counts the row.
    mandatory : (R,) bool
        The row must be covered (a safety service).
    """

    within: sp.csr_matrix
    demand: Floats
    tally: Ints
    mandatory: Bools

    def __len__(self) -> int:
        return len(self.demand)


@dataclass(frozen=True)
class Tallies:
    """Sums of covered people that planning rows speak of: one per service, or per service and circle.

    A circle stands alone for a service only where a floor or a smallest share asks for it; the other circles of the
    service share one tally, so that demand points may be merged across them.

    Parameters
    ----------
    service : (T,) int
        k
    circle : (T,) int
        c, or -1 where the tally sums the circles nobody asks for.
    fixed : (T,) float [persons]
        People covered by existing facilities that cannot close.
    before : (T,) float [persons]
        People covered by all existing facilities: ``fixed`` and what may close.
    reachable : (T,) float [persons]
        ``fixed`` and every reach row.
    total : (T,) float [persons]
        All demand, reachable or not.
    """

    service: Ints
    circle: Ints
    fixed: Floats
    before: Floats
    reachable: Floats
    total: Floats

    def __len__(self) -> int:
        return len(self.service)


@dataclass(frozen=True)
class Money:
    """Who may pay what. A cost class q gathers (option, item) pairs with the same eligible funds.

    Parameters
    ----------
    cost : csr_matrix, (Q, O) [CNY]
        K[q,o]: capital cost of option o in class q.
    eligible : (F, Q) bool
        Fund f may pay class q.
    cap : (F,) float [CNY]
        Most that fund f pays.
    party : (F,) int
        Party of fund f.
    share_min, share_max : (number of parties,) float
        Bounds on each party's share of the plan's capital.
    budget : float [CNY]
        Most capital of all parties together; ``inf`` where there is none.
    funds, parties : tuple of str
        Names.
    """

    cost: sp.csr_matrix
    eligible: Bools
    cap: Floats
    party: Ints
    share_min: Floats
    share_max: Floats
    budget: float
    funds: tuple[str, ...]
    parties: tuple[str, ...]


@dataclass(frozen=True)
class CoverageFloor:
    """A floor: fixed + reached of tally t is at least ``persons``; ``name`` says where it comes from."""

    name: str
    tally: int
    persons: float


@dataclass(frozen=True)
class Objective:
    """One stage.

    Parameters
    ----------
    name : str
        Name of the stage.
    measure : {"coverage", "smallest_share", "capital", "party_capital"}
        What is counted.
    maximise : bool
        Whether more is better.
    tallies : (n,) int
        coverage, smallest_share: the tallies that count.
    weight : (n,) float
        coverage: weight of a person in each of them (1 for smallest_share).
    base : (n,) float [persons]
        smallest_share: the people a share is taken of, all positive.
    party : int
        party_capital: the party; -1 otherwise.
    tolerance : float
        Share of the value that later stages may give up.
    """

    name: str
    measure: str
    maximise: bool
    tallies: Ints
    weight: Floats
    base: Floats
    party: int
    tolerance: float


@dataclass(frozen=True)
class SitingData:
    """Everything the district plan's model needs.

    Parameters
    ----------
    sites, modes, services, circles : tuple of str
        Names of j, m, k, c.
    projects : tuple of str
        Names of p, ``site:mode``.
    project_site : (P,) int
        j of project p.
    project_area : (P,) float [m²]
        A[j,m]: usable floor area of the project.
    options : tuple of str
        Names of o, ``site:mode:service``.
    option_project, option_service : (O,) int
        p and k of option o.
    option_area : (O,) float [m²]
        a[o]: floor area it takes.
    site_required : (J,) bool
        The site must be used.
    closing : tuple of str
        Names of e, the existing facilities that some project would close.
    closing_by : csr_matrix of bool, (E, P)
        Project p closes existing facility e.
    reach : Reach
        The reach rows.
    tallies : Tallies
        What they are summed into.
    money : Money
        Funds, classes, shares.
    floors : tuple of CoverageFloor
        Equity.
    objectives : tuple of Objective
        The stages, in turn.
    """

    sites: tuple[str, ...]
    modes: tuple[str, ...]
    services: tuple[str, ...]
    circles: tuple[str, ...]
    projects: tuple[str, ...]
    project_site: Ints
    project_area: Floats
    options: tuple[str, ...]
    option_project: Ints
    option_service: Ints
    option_area: Floats
    site_required: Bools
    closing: tuple[str, ...]
    closing_by: sp.csr_matrix
    reach: Reach
    tallies: Tallies
    money: Money
    floors: tuple[CoverageFloor, ...]
    objectives: tuple[Objective, ...]
