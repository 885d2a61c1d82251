"""What a bound can be worked out from again: prices of rows, and clusters of sites."""

from __future__ import annotations

from dataclasses import dataclass

from panhuo_models.data import Floats, Ints


@dataclass(frozen=True, eq=False)
class Charged:
    """Valid inequalities Σ value·x ≤ upper across clusters, one after the other, and their prices.

    Parameters
    ----------
    start : (k + 1,) int
        Where the entries of each begin.
    column, value : (entries,)
        Columns, and coefficients.
    upper, price : (k,) float
        Limits, and prices.
    """

    start: Ints
    column: Ints
    value: Floats
    upper: Floats
    price: Floats


@dataclass(frozen=True, eq=False)
class Parts:
    """Clusters of sites, and what each may add to the objective.

    Parameters
    ----------
    cluster : (J,) int
        Cluster of each site; -1 in a proof where nothing can be chosen there.
    bounds : (clusters,) float
        What each may add at most, rows across borders priced.
    values : (clusters,) float
        What the best point found for it adds; -inf where none was found.
    constant : float
        What else the bound is made of: priced rows and inequalities, columns of no cluster, the objective's offset.
    charged : Charged
        The inequalities that are priced.
    """

    cluster: Ints
    bounds: Floats
    values: Floats
    constant: float
    charged: Charged


@dataclass(frozen=True, eq=False)
class Certificate:
    """Prices of the rows of one program, and clusters.

    Parameters
    ----------
    row : (rows,) float
        Price of each row, where the objective (less itself, where it is minimised) is maximised.
    parts : Parts or None
        The clusters that the bound is from; None where it is from the prices alone.
    across : (rows,) float or None
        Prices of the rows across clusters, at which these were solved; of no others.
    """

    row: Floats
    parts: Parts | None = None
    across: Floats | None = None


@dataclass(frozen=True, eq=False)
class Proof:
    """Prices of the rows of one stage, on the data's own rows, and clusters.

    All prices are in units of the model (persons, 10,000 CNY) and of the objective where it is maximised; where it is
    minimised, of less the objective.

    Parameters
    ----------
    names : tuple of str
        The planning rows with a price: constraint and index, as Pyomo has them.
    planning : (names,) float
        Their prices.
    reach : (R,) float
        Price of each reach row, by person of its demand.
    flow : (G,) float
        Price of the demand of each flow row; at least what its best outlet leaves, see
        :func:`panhuo.engine.prove.prove`.
    outlet, tier : (n,) int
        Pairs of outlet and tier with a price of serving.
    serving : (n,) float
        Their prices: what a person sent there is worth.
    needy, other : (n,) int
        Fair rows with a price: the needier flow row, the less needy one.
    fair : (n,) float
        Their prices.
    counting : (T,) float
        Price of each tally's counting row.
    least : (stages before,) float
        What each earlier stage keeps at least (at most, where it is minimised), in units of the model.
    kept : (stages before,) float
        Prices of keeping it.
    parts : Parts or None
        The clusters.
    across : Proof or None
        The prices at which these were solved.
    """

    names: tuple[str, ...]
    planning: Floats
    reach: Floats
    flow: Floats
    outlet: Ints
    tier: Ints
    serving: Floats
    needy: Ints
    other: Ints
    fair: Floats
    counting: Floats
    least: Floats
    kept: Floats
    parts: Parts | None
    across: Proof | None
