"""Siting: sites, projects and options, what ties them, and what a plan is to reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from panhuo_models.data.arrays import Bools, Floats, Ints
from panhuo_models.data.money import Accounts, Money, Yearly
from panhuo_models.data.people import Flow, Outlets, Reach, Tallies


@dataclass(frozen=True)
class Complexes:
    """What makes a project an embedded complex (社区嵌入式服务综合体).

    Parameters
    ----------
    area : float [m²]
        Least floor area of its services together.
    functions : int
        Least number of services.
    named : (K,) bool
        The named services.
    named_functions : int
        Least number of named ones among them.
    least : int
        Least number of complexes in the plan.
    """

    area: float
    functions: int
    named: Bools
    named_functions: int
    least: int


@dataclass(frozen=True)
class Pin:
    """Options of which one must be chosen.

    Parameters
    ----------
    name : str
        What asks for it: the name of a site, which must be used, or ``site:mode:service[:operating][:size]``.
    options : tuple of int
        o of the options that meet it; none: nothing does.
    """

    name: str
    options: tuple[int, ...]


@dataclass(frozen=True)
class Link:
    """A tie between an offer and others, at the same site or nearby.

    Parameters
    ----------
    name : str
        Where it comes from.
    kind : {"requires", "bonus", "incompatible"}
        requires: the offer needs one of the others; bonus: offer and one of the others earn the bonus; incompatible:
        none of the others beside the offer.
    offer : int
        s
    others : tuple of int
        Offers.
    held : bool
        An existing facility already is one of the others (requires, bonus).
    bonus : float
        Points (bonus).
    """

    name: str
    kind: str
    offer: int
    others: tuple[int, ...]
    held: bool
    bonus: float


@dataclass(frozen=True)
class Supply:
    """Who may feed whom: options that need a supplier (a meal point that may not cook), and suppliers (kitchens).

    A supplier v is an existing facility, or the offer of a service that supplies. All amounts are in the unit in which
    the services table states them (meals a day).

    Parameters
    ----------
    needs : (O,) bool
        The option must be fed by one supplier.
    need : (O,) float
        What it takes of its supplier; 0 where it needs none.
    output : (O,) float
        What the option can supply to others; 0 where it is no supplier.
    suppliers : tuple of str
        Names of v.
    offer : (V,) int
        s of a supplier that may be chosen; -1 for an existing facility.
    closing : (V,) int
        e, where the supplier is an existing facility that some project would close; else -1.
    held : (V,) float
        What an existing facility can supply; 0 for offers, whose options carry it.
    option, supplier : (Z,) int
        The pairs z = (o, v) within the delivery standard, by option, then supplier.
    minutes : (Z,) float [min]
        Delivery minutes.
    """

    needs: Bools
    need: Floats
    output: Floats
    suppliers: tuple[str, ...]
    offer: Ints
    closing: Ints
    held: Floats
    option: Ints
    supplier: Ints
    minutes: Floats

    @classmethod
    def none(cls, options: int) -> Supply:
        """No option needs a supplier."""
        nothing, nobody = np.empty(0), np.empty(0, dtype=np.int64)
        zero = np.zeros(options)
        return cls(np.zeros(options, dtype=bool), zero, zero, (), nobody, nobody, nothing, nobody, nobody, nothing)


@dataclass(frozen=True)
class AreaQuota:
    """low·Σ area ≤ Σ_{o of the group} area ≤ high·Σ area: floor area by population (人钱地挂钩)."""

    name: str
    options: Bools
    low: float
    high: float


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
    measure : {"coverage", "smallest_share", "capital", "party_capital", "party_yearly", "links"}
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
        party_capital, party_yearly: the party; -1 otherwise.
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
    sites, modes, services, circles, tiers : tuple of str
        Names of j, m, k, c, h; the first tier, "", is that of services without tariffs.
    tier_need : (H,) int
        Rank of need: a higher one is needier.
    projects : tuple of str
        Names of p, ``site:mode``.
    project_site : (P,) int
        j of project p.
    project_area : (P,) float [m²]
        A[j,m]: usable floor area of the project.
    options : tuple of str
        Names of o, ``site:mode:service[:operating][:size]``.
    option_project, option_service, option_offer, option_account : (O,) int
        p, k, s and a of option o.
    option_area : (O,) float [m²]
        Floor area it takes.
    offers : tuple of str
        Names of s, ``site:service``.
    works : tuple of str
        Names of w, ``project:work``.
    work_project : (W,) int
        p of work w.
    work_options : csr_matrix of bool, (W, O)
        The options of the project that need the work.
    pins : tuple of Pin
        What must be chosen.
    closing : tuple of str
        Names of e, the existing facilities that some project would close.
    closing_by : csr_matrix of bool, (E, P)
        Project p closes existing facility e.
    reach : Reach
        The reach rows.
    flow : Flow
        The flow rows.
    outlets : Outlets
        Where they may go.
    accounts : Accounts
        Yearly money.
    yearly : Yearly
        Who pays of it.
    tallies : Tallies
        What they are summed into.
    money : Money
        Funds, classes, shares.
    complexes : Complexes or None
        What makes a project a complex.
    links : tuple of Link
        Ties between offers.
    supply : Supply
        Who may feed whom.
    quotas : tuple of AreaQuota
        Floor area by population.
    floors : tuple of CoverageFloor
        Equity.
    objectives : tuple of Objective
        The stages, in turn.
    """

    sites: tuple[str, ...]
    modes: tuple[str, ...]
    services: tuple[str, ...]
    circles: tuple[str, ...]
    tiers: tuple[str, ...]
    tier_need: Ints
    projects: tuple[str, ...]
    project_site: Ints
    project_area: Floats
    options: tuple[str, ...]
    option_project: Ints
    option_service: Ints
    option_offer: Ints
    option_account: Ints
    option_area: Floats
    offers: tuple[str, ...]
    works: tuple[str, ...]
    work_project: Ints
    work_options: sp.csr_matrix
    pins: tuple[Pin, ...]
    closing: tuple[str, ...]
    closing_by: sp.csr_matrix
    reach: Reach
    flow: Flow
    outlets: Outlets
    accounts: Accounts
    yearly: Yearly
    tallies: Tallies
    money: Money
    complexes: Complexes | None
    links: tuple[Link, ...]
    supply: Supply
    quotas: tuple[AreaQuota, ...]
    floors: tuple[CoverageFloor, ...]
    objectives: tuple[Objective, ...]
