"""Which rule of the rules table keeps which site from which service in which mode."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance import Instance
from panhuo.instance.schema import TABLES

Bools = NDArray[np.bool_]

_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_NUMERIC = ("number", "integer", "floor")
_YES = {"yes", "true", "1", "y", "是", "有"}


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
        for row in rows.itertuples():
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
    kind = schema.kind if schema else "text"
    filled = (cells.map(bool) if kind == "list" else cells.notna() & (cells.astype(str) != "")).to_numpy(bool)
    if op in ("blank", "filled"):
        return filled if op == "filled" else ~filled
    values = [v for v in re.split(r"[;；、|]", value) if v.strip()] if op in ("in", "not in", "has") else [value]
    values = [v.strip() for v in values]
    if kind == "list":
        has = cells.map(lambda cell: any(v in cell for v in values)).to_numpy(bool)
        return filled & (has if op in ("has", "=", "in") else ~has)
    if op in _ORDER:
        left = pd.to_datetime(cells) if kind == "date" else pd.to_numeric(cells, errors="coerce")
        right = pd.Timestamp(value) if kind == "date" else float(value)
        return filled & _ORDER[op](left, right).fillna(False).to_numpy(bool)
    equal = np.zeros(len(cells), dtype=bool)
    for v in values:
        equal |= _equals(cells, kind, v)
    return filled & (equal if op in ("=", "in", "has") else ~equal)


def _equals(cells: pd.Series, kind: str, value: str) -> Bools:
    if kind in _NUMERIC:
        same = pd.to_numeric(cells, errors="coerce") == float(value)
    elif kind == "flag":
        same = cells == (value.lower() in _YES)
    elif kind == "date":
        same = pd.to_datetime(cells) == pd.Timestamp(value)
    else:
        same = cells.astype(str) == value
    return same.fillna(False).to_numpy(bool)
