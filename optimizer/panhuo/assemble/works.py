"""Shared works: lift, fire water and the like, paid once for all services of a project."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp

from panhuo.assemble.exact import Whole, rated, whole
from panhuo.assemble.rules import holds
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples

COLUMNS = ("work_key", "project", "site", "mode", "work", "item", "capital_cny", "capital_year")


def shared_works(instance: Instance, table: pd.DataFrame, room: Whole) -> tuple[pd.DataFrame, Whole, sp.csr_matrix]:
    """Find the works of every project, what they cost, and the options that need them.

    A work exists for a project whose mode and site match its row and that has an option of the services it is for.

    Parameters
    ----------
    table : DataFrame
        Options: ``project``, ``site``, ``mode``, ``service``, ``capital_year``.
    room : (O,) int
        Usable floor area of each option's project [0.01 m²].

    Returns
    -------
    works : DataFrame
        W rows, the columns of :data:`COLUMNS`; by work in the order of its table, then by project.
    fen : (W,) int
        Cost [fen].
    need : csr_matrix of bool, (W, O)
        The options that need each work.
    """
    sites = instance["sites"]
    site_row = pd.Index(sites["id"]).get_indexer(table["site"])
    first = np.flatnonzero(~table.duplicated("project").to_numpy())
    of_project = pd.Index(table["project"].iloc[first]).get_indexer(table["project"])
    parts, fens, needs = [], [], [sp.csr_matrix((0, len(table)), dtype=bool)]
    for row in tuples(instance["shared_works"]):
        match = np.ones(len(table), dtype=bool)
        for listed, cells in ((row.modes, table["mode"]), (row.services, table["service"])):
            if listed:
                match &= cells.isin(listed).to_numpy()
        if row.column:
            match &= holds(sites[row.column], row.column, row.op, row.value)[site_row]
        options = np.flatnonzero(match)
        projects, work = np.unique(of_project[options], return_inverse=True)
        at = first[projects]
        unit, fixed = whole([row.capital_cny_per_m2, row.capital_cny])
        part = table.iloc[at][["project", "site", "mode", "capital_year"]].assign(work=row.work, item=row.item)
        parts.append(part.assign(work_key=part["project"] + ":" + row.work))
        fens.append(rated(unit, room[at], fixed))
        shape = len(projects), len(table)
        needs.append(sp.csr_matrix((np.ones(len(options), dtype=bool), (work, options)), shape=shape))
    fen = np.concatenate([np.empty(0, dtype=np.int64), *fens])
    columns = [c for c in COLUMNS if c != "capital_cny"]
    if parts:
        works = pd.concat(parts, ignore_index=True)
    else:
        works = pd.DataFrame({c: pd.Series(dtype="Int64" if c == "capital_year" else "str") for c in columns})
    return works.assign(capital_cny=fen / 100)[list(COLUMNS)], fen, sp.vstack(needs).tocsr().astype(bool)
