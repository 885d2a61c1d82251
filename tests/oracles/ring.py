"""Rooms in a ring under a budget: each cell is reached from some that stand close together."""

import numpy as np
import scipy.sparse as sp

from panhuo.engine.decompose.partition import Ground
from panhuo.engine.program import Program


def ring(seed, sites=120, cells=300, budget_a_site=0.2):
    """Choose rooms within the budget, so that the most people are covered."""
    rng = np.random.default_rng(seed)
    rows = [np.zeros(sites + cells)]
    rows[0][:sites] = rng.integers(1, 4, sites)
    for cell in range(cells):
        row = np.zeros(sites + cells)
        near = (rng.integers(sites) + rng.integers(0, 6, size=3)) % sites
        row[near], row[sites + cell] = -1.0, 1.0
        rows.append(row)
    return Program(
        sp.csr_matrix(np.array(rows)), np.full(cells + 1, -np.inf), np.append(budget_a_site * sites, np.zeros(cells)),
        np.zeros(sites + cells), np.ones(sites + cells), np.arange(sites + cells) < sites,
        np.append(np.zeros(sites), rng.integers(1, 90, cells)).astype(float), 0.0, True,
    )  # fmt: skip


def ground_of(program):
    """Each room is a site."""
    site = np.where(program.integer, np.arange(len(program.cost)), -1)
    return Ground.of(program, site, np.ones(len(program.row_lower)))
