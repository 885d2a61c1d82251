"""The data of the siting model: frozen arrays with shape, unit and symbol on each field.

Symbols are those of the model's notation: j site, m mode, p project (a site in a mode), k service, o option (a project, a
service, an operating mode and a size level), s offer (a site and a service), a account (an offer and an operating mode),
n outlet (a place and a tariff), w shared work, e existing facility, c circle, f fund, q cost class, y yearly class,
t tally, h tier, r reach row, g flow row.

Services without capacity and tariffs are counted by :class:`Reach`, the others by :class:`Flow`.
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
    """Reach rows: people who are not covered for good, by demand point, walking profile and service without capacity.

    Parameters
    ----------
    within : csr_matrix of bool, (R, S + E)
        N[i,w,k]: the columns that reach the row; offers first, then existing facilities that may close.
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
class Flow:
    """Flow rows: people in need of a service with capacity or tariffs, and the outlets they may be assigned to.

    A flow row is one tier of one cell; a cell is one demand point and walking profile for one service, so that all rows
    of a cell have the same places within their standard. A pair (row, outlet) exists where the place is within the
    standard and the tier can pay the outlet's tariff.

    Parameters
    ----------
    demand : (G,) float [persons]
        d[g], all positive.
    tally : (G,) int
        The tally t that counts the row.
    tier : (G,) int
        h, into :attr:`SitingData.tiers`.
    cell : (G,) int
        The cell, 0 … cells − 1; rows of one cell stand together.
    row, outlet : (X,) int
        The pairs x = (g, n), sorted by row, then outlet.
    uptake : (X,) float
        Share of the assigned people who come: served = uptake · assigned. Positive, at most 1.
    """

    demand: Floats
    tally: Ints
    tier: Ints
    cell: Ints
    row: Ints
    outlet: Ints
    uptake: Floats

    def __len__(self) -> int:
        return len(self.demand)


@dataclass(frozen=True)
class Outlets:
    """Where people are served and what a visit costs whom: a place under one tariff.

    An account whose service has tariffs has one outlet for every tariff it may charge (one of them at most is its level);
    an account of a service with capacity but no tariffs has one outlet. Every existing facility of such a service has
    one outlet, always open unless the facility closes.

    Parameters
    ----------
    names : tuple of str
        ``site:service:operating|tariff`` or ``existing|tariff``.
    account : (N,) int
        a, or -1 for an existing facility.
    closing : (N,) int
        e, where the outlet is an existing facility that some project would close; else -1.
    capacity : (N,) float [persons]
        Most people an existing facility serves, ``inf`` without limit; ``inf`` for accounts, whose options carry it.
    tariff : tuple of str
        The tariff, "" where the service has none.
    price, government, enterprise, donor, cost : (N, H) float [CNY/person/year]
        What one served person of each tier pays in a year, what government, enterprise (forgone price) and donors put in,
        and what serving this person costs (ingredients and the like).
    """

    names: tuple[str, ...]
    account: Ints
    closing: Ints
    capacity: Floats
    tariff: tuple[str, ...]
    price: Floats
    government: Floats
    enterprise: Floats
    donor: Floats
    cost: Floats

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Accounts:
    """Yearly money of a service at a site under an operating mode; every option belongs to one account.

    Parameters
    ----------
    names : tuple of str
        ``site:service:operating``.
    offer : (A,) int
        s of the account.
    operator : (A,) int
        Party that runs it, into :attr:`Money.parties`; -1 where no operating mode is given: its year is then shown, and no
        row binds it.
    margin_min, margin_max : (A,) float
        Bounds on (income − cost) / income; NaN where there is none.
    pool : (A,) int
        Accounts of one pool keep their margin bounds together; alone: a pool of its own. -1 without bounds.
    financed : (A,) bool
        The deficit is paid by yearly funds (an account with an operator and without margin_min).
    write_off : (A,) float [1/year]
        Share of the operator's own capital in the account that is charged to each year.
    fixed, income, subsidy : (O,) float [CNY/year]
        By option: cost whatever the visits, income beside visits, largest operating subsidy.
    capacity : (O,) float [persons]
        By option: most people served, ``inf`` without limit.
    """

    names: tuple[str, ...]
    offer: Ints
    operator: Ints
    margin_min: Floats
    margin_max: Floats
    pool: Ints
    financed: Bools
    write_off: Floats
    fixed: Floats
    income: Floats
    subsidy: Floats
    capacity: Floats

    def __len__(self) -> int:
        return len(self.names)


YEARLY_ITEMS = ("visit_subsidy", "donation", "operating_subsidy", "operation")
"""What yearly funds pay: government's and donors' part of every visit, operating subsidies, deficits."""


@dataclass(frozen=True)
class Yearly:
    """Who may pay what of the year. A yearly class y gathers (account, item) pairs with the same eligible funds.

    Parameters
    ----------
    due : (A, 4) int
        The yearly class that pays each of :data:`YEARLY_ITEMS` of an account; -1 where nothing is due (no operator).
    eligible : (F, Y) bool
        Fund f may pay class y.
    cap : (F,) float [CNY/year]
        Most that fund f pays in a year.
    """

    due: Ints
    eligible: Bools
    cap: Floats


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
class ShareLimit:
    """low·whole ≤ part ≤ high·whole, for one party or fund in one ledger and scope.

    Capital: part = Σ_{f ∈ funds, q ∈ classes} pay[f,q], whole = Σ_{f ∈ of_funds, q ∈ of_classes} pay[f,q]; with in-kind,
    the party's and everyone's in-kind value of the options is added to them. Yearly: part is what the party carries of the
    accounts, whole what all parties carry (full price: prices, government's, enterprise's and donors' parts, operating
    subsidies and financed deficits).

    Parameters
    ----------
    name : str
        Where the limit comes from, for messages.
    ledger : {"capital", "capital_with_in_kind", "yearly"}
        What is counted.
    party : int
        The party; -1 for a limit on a fund.
    funds, of_funds : (F,) bool
        Funds of the part and of the whole.
    classes, of_classes : (Q,) bool
        Cost classes of the part and of the whole (capital).
    options : (O,) bool
        Options whose in-kind value counts (capital_with_in_kind).
    accounts : (A,) bool
        Accounts that count (yearly).
    low, high : float
        Shares, 0 to 1.
    """

    name: str
    ledger: str
    party: int
    funds: Bools
    of_funds: Bools
    classes: Bools
    of_classes: Bools
    options: Bools
    accounts: Bools
    low: float
    high: float


@dataclass(frozen=True)
class Bond:
    """A revenue-backed fund: own revenue of its bundle ≥ cover · rate · Σ_q pay[f,q].

    Own revenue of an account is prices and other income less operating costs; subsidies do not count.

    Parameters
    ----------
    fund : int
        f
    accounts : (A,) bool
        The bundle: accounts with an option the fund may pay for.
    rate : float [1/year]
        Debt service a year for each yuan paid.
    cover : float
        Debt-service cover.
    """

    fund: int
    accounts: Bools
    rate: float
    cover: float


@dataclass(frozen=True)
class Money:
    """Who may pay what of the capital. A cost class q gathers (unit, item) pairs no row tells apart.

    A unit is an option or a shared work (columns of ``cost``: options first). Pairs are of one class where the same funds
    may pay the same shares of them and they stand in the same limits; a pair that a row binds alone is a class alone.

    Parameters
    ----------
    cost : csr_matrix, (Q, O + W) [CNY]
        K[q,u]: capital cost of unit u in class q.
    most : (F, Q) float
        Largest share of class q that fund f may pay: 0 not eligible, 1 all of it.
    cap : (F,) float [CNY]
        Most that fund f pays.
    party : (F,) int
        Party of fund f.
    central : (F,) bool
        A central source: of several that may pay a class, one at most does.
    complex_only : (F,) bool
        Pays in complexes only.
    class_project : (Q,) int
        p, where a complex_only fund may pay the class; else -1.
    class_account : (Q,) int
        a, where what the account's operator pays of the class is written off; else -1.
    limits : tuple of ShareLimit
        Bounds on shares.
    bonds : tuple of Bond
        Revenue-backed funds.
    in_kind : (number of parties, O) float [CNY]
        What each party gives to an option without cash.
    budget : float [CNY]
        Most capital of all parties together; ``inf`` where there is none.
    funds, parties : tuple of str
        Names.
    """

    cost: sp.csr_matrix
    most: Floats
    cap: Floats
    party: Ints
    central: Bools
    complex_only: Bools
    class_project: Ints
    class_account: Ints
    limits: tuple[ShareLimit, ...]
    bonds: tuple[Bond, ...]
    in_kind: Floats
    budget: float
    funds: tuple[str, ...]
    parties: tuple[str, ...]

    @property
    def eligible(self) -> Bools:
        """Fund f may pay of class q, (F, Q)."""
        return self.most > 0


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
class Link:
    """A tie between an offer and others, at the same site or nearby.

    Parameters
    ----------
    name : str
        Where it comes from.
    kind : {"requires", "bonus", "incompatible"}
        requires: the offer needs one of the others; bonus: offer and one of the others earn the bonus; incompatible: none of the
        others beside the offer.
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
    site_required : (J,) bool
        The site must be used.
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
    site_required: Bools
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
    quotas: tuple[AreaQuota, ...]
    floors: tuple[CoverageFloor, ...]
    objectives: tuple[Objective, ...]
