"""Hand prices and clusters on, in the rows of the program as it was given."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from panhuo.engine.certificate import Certificate, Charged, Parts
from panhuo.engine.decompose.boxes import boxed
from panhuo.engine.decompose.clusters import Bounded
from panhuo.engine.decompose.parted import Parted
from panhuo.engine.decompose.settled import settled
from panhuo.engine.decompose.substitute import Substituted, substitute
from panhuo.engine.packed import packed
from panhuo.engine.program import Floats, Program
from panhuo_models.data import Ints


def certified(
    made: Callable[[], Program], reduced: Substituted, defined: Ints, row: Floats, site: Ints, parts: Parts | None,
    across: Floats | None, *, anew: bool,
) -> Certificate:  # fmt: skip
    """Give prices of the rows of a program that say what prices of its reduced one do, or more.

    Parameters
    ----------
    made : callable
        Gives the program as it was given; asked for it where it is needed, as a city's takes much room.
    reduced : Substituted
        Without the columns that others define.
    defined : (k,) int
        These columns.
    row : (rows of the reduced program,) float
        Prices there.
    site : (columns,) int
        Site of each integer column of the program, -1 for the others.
    parts : Parts or None
        Clusters, and inequalities on the columns of the program.
    across : (rows of the reduced program,) float or None
        Prices at which they were solved.
    anew : bool
        Whether rows of single sites are priced anew.
    """
    if anew:
        row = settled(lambda: substitute(packed(boxed(made())), defined)[0], site[reduced.kept], row, linking=False)
    program = made()
    between = None if across is None else certificate(program, reduced, across)
    return Certificate(certificate(program, reduced, row), parts, between)


def certificate(program: Program, reduced: Substituted, row: Floats) -> Floats:
    """Give prices of the rows of a program that say what prices of its reduced one do.

    A defined column x, own·x + a·z = b, has the price p = (c − Aᵀy − w)/own on its defining row, where w is the price
    of its bounds that became a row: its reduced cost is then w, and those of the columns left are what they were.

    Parameters
    ----------
    program : Program
        As it was given.
    reduced : Substituted
        Without the columns that others define.
    row : (rows of the reduced program,) float
        Prices there.
    """
    of_row = reduced.rows >= 0
    found = np.zeros(len(program.row_lower))
    found[reduced.rows[of_row]] = row[of_row]
    sign = 1.0 if program.maximise else -1.0
    rest = sign * program.cost - program.matrix.T @ found
    own = np.asarray(program.matrix[reduced.by, reduced.out]).ravel()
    bound = np.zeros(len(reduced.out))
    bound[reduced.loose] = row[~of_row]
    found[reduced.by] = (rest[reduced.out] - bound) / own
    return found


def parts(program: Program, cluster: Ints, parted: Parted, found: Bounded) -> Parts:
    """Give what clusters say of a reduced program."""
    mine = np.flatnonzero(parted.charged)
    matrix = parted.known.matrix[mine]
    charged = Charged(
        matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data, parted.known.upper[mine],
        parted.charged[mine],
    )  # fmt: skip
    return Parts(cluster, found.bounds, found.values, parted.constant + program.offset, charged)
