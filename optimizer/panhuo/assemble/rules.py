"""Which rule of the rules table keeps which site from which service in which mode."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance import Instance
from panhuo.instance.reading import conditions
from panhuo.instance.schema import TABLES
from panhuo.instance.tabular import tuples

Bools = NDArray[np.bool_]


def bites(instance: Instance) -> dict[str, Bools]:
    """Evaluate every rule.

    Returns
    -------
    dict of str to (sites, modes, services) bool
        By rule, in the order of the table: where the rule excludes.
    """
    sites = instance["sites"]
    modes: list[str] = list(instance.settings.modes)
    services = instance["services"]["service"].tolist()
    found: dict[str, Bools] = {}
    for (rule, _case), rows in instance["rules"].groupby(["rule", "case"], sort=False):
        case = np.ones((len(sites), len(modes), len(services)), dtype=bool)
        for row in tuples(rows):
            case &= holds(sites[row.column], row.column, row.op, row.value)[:, None, None]
            case &= _named(modes, row.modes)[None, :, None]
            case &= _named(services, row.services)[None, None, :]
        found[rule] = found[rule] | case if rule in found else case
    return found


def _named(keys: list[str], listed: tuple[str, ...]) -> Bools:
    return np.array([not listed or key in listed for key in keys], dtype=bool)


def holds(cells: pd.Series, column: str, op: str, value: str) -> Bools:
    """Compare a site column with a rule's value; a blank cell makes nothing true but ``blank``."""
    schema = TABLES["sites"].column(column)
    return conditions.holds(cells, schema.kind if schema else "text", op, value)
