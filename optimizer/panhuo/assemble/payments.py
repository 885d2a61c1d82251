"""What there is to pay of the capital: pairs of a unit (an option or a shared work) and a cost item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.complexes import could_be
from panhuo.assemble.eligibility import payable, payable_works
from panhuo.assemble.exact import Whole
from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo_models.data import Floats, Ints

Words = NDArray[np.object_]


@dataclass(frozen=True)
class Payments:
    """The pairs x of a unit and a cost item that cost something.

    Parameters
    ----------
    unit : (X,) int
        u: options first, then shared works.
    fen : (X,) int
        What it costs [fen].
    most : (F, X) float
        Largest share that fund f may pay; 0 for a fund of complexes where the project cannot be one.
    option : (X,) int
        o, or -1 for a shared work.
    project : (X,) int
        p
    site, service, operating : (X,) str
        Where it is spent and for what; service and operating are "" for a shared work.
    """

    unit: Ints
    fen: Whole
    most: Floats
    option: Ints
    project: Ints
    site: Words
    service: Words
    operating: Words

    def __len__(self) -> int:
        return len(self.unit)


def payments(instance: Instance, options: Options) -> Payments:
    """List what there is to pay: options by item, then shared works."""
    table, works = options.table, options.works
    option, item = np.nonzero(options.capital_fen)
    work = np.flatnonzero(options.works_fen)
    own = payable(instance, table, options.items)[:, option, item]
    shared = payable_works(instance, works)[:, work]
    projects = pd.Index(options.projects["project"])
    blank = np.full(len(work), "", dtype=object)

    def both(column: str) -> Words:
        return np.concatenate([table[column].to_numpy(object)[option], works[column].to_numpy(object)[work]])

    project = projects.get_indexer(both("project")).astype(np.int64)
    most = np.concatenate([own, shared], axis=1)
    most[np.ix_(instance["funds"]["complex_only"].to_numpy(bool), ~could_be(instance, options)[project])] = 0.0
    return Payments(
        unit=np.concatenate([option, len(table) + work]).astype(np.int64),
        fen=np.concatenate([options.capital_fen[option, item], options.works_fen[work]]),
        most=most,
        option=np.concatenate([option, np.full(len(work), -1)]).astype(np.int64),
        project=project,
        site=both("site"),
        service=np.concatenate([table["service"].to_numpy(object)[option], blank]),
        operating=np.concatenate([table["operating"].to_numpy(object)[option], blank]),
    )
