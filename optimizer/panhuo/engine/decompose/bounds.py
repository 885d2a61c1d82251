"""A bound that falls turn by turn: clusters, the valid inequalities they find, and prices anew, with other borders."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from panhuo.engine.decompose.certificate import parts
from panhuo.engine.decompose.clusters import Bounded, bounded, unsolved
from panhuo.engine.decompose.inequalities import Prover
from panhuo.engine.decompose.parted import Parted, part
from panhuo.engine.decompose.partition import Ground, clusters
from panhuo.engine.decompose.relaxed import Relaxed
from panhuo.engine.decompose.standing import FEASIBLE
from panhuo.engine.decompose.work import Work
from panhuo.engine.program import Floats
from panhuo_models.data import Ints

CLUSTER = 450.0
"""Integer columns of the first clusters."""
_GROWS = 2.5
"""By how much clusters grow once what is open in them is little."""
_NODES = 1
_DEEPER = 4
"""By how many times more nodes those not solved to the end are searched, else."""
_OPEN = 0.2
"""Share of the gap that what is open in clusters may make up for them to grow."""
_CLOSED = 0.07
"""Share of the gap below which a turn closes little."""
_POOR = 2
"""Turns in a row that close little before clusters grow: borders may lie badly once."""
_CROSSED = 2.0
"""By how many times its weight a row counts more that crossed a border of the last parting: borders come elsewhere."""
_ELASTIC = 0.2
"""By what share of itself a price rises where clusters take twice what a row allows."""
_SURE = 0.9
"""Share of the gap asked for to which a search over the whole goes: rounding must not take it beyond."""


@dataclass
class Bounds:
    """Where the bound stands.

    Parameters
    ----------
    work : Work
        Takes note of bounds; is infeasible where a cluster is.
    site : (columns,) int
        Site of each integer column, -1 for the others.
    ground : Ground
        The sites.
    relaxed : Relaxed
        The relaxation; tightened turn by turn.
    size : float
        Integer columns of a cluster; inf for the whole at once.
    """

    work: Work
    site: Ints
    ground: Ground
    relaxed: Relaxed
    size: float = CLUSTER
    nodes: int = _NODES
    poor: int = 0
    open: bool = False
    anew: bool = True
    row: Floats = field(init=False)
    cluster: Ints = field(init=False)
    parted: Parted | None = None
    found: Bounded | None = None
    prover: Prover | None = None

    def __post_init__(self) -> None:
        self.row = self.relaxed.row

    @property
    def falls(self) -> bool:
        """Whether turns still close much of the gap."""
        return self.poor < _POOR

    @property
    def alone(self) -> bool:
        """Whether all sites are one cluster."""
        return self.parted is not None and len(self.parted.columns) == 1

    @property
    def proven(self) -> bool:
        """Whether all clusters are solved to the end."""
        return self.found is not None and bool(self.found.proven.all())

    def turn(self, start: Floats) -> Floats:
        """Bound once more, and give the points of the clusters together, (columns,): rows across need not hold.

        Parameters
        ----------
        start : (columns,) float
            A point from which clusters are searched: a plan, as soon as there is one.
        """
        work, before = self.work, self.work.bound
        anew = self.anew
        parted = self._part() if self.parted is None else self.parted
        if anew and len(self.relaxed.known):
            said = unsolved(work.program, parted, work.best)
            work.tighten_by(said.bound, parts(work.program, self.cluster, parted, said), parted.row)
        count = len(parted.columns)
        gap = work.allowance() / count if count > 1 else _SURE * work.room()
        self.found = bounded(
            work.program, parted, gap, self.nodes if count > 1 else None, work.limits, work.watch, work.left, start,
            known=None if anew else self.found, fresh=anew and count > 1, cuts=anew and count > 1,
        )  # fmt: skip
        found = self.found
        work.nodes += int(found.nodes.sum())
        work.infeasible = found.infeasible
        if found.infeasible:
            return found.point
        work.tighten_by(found.bound, parts(work.program, self.cluster, parted, found), parted.row)
        room = work.bound - work.value
        self.poor = 0 if before - work.bound > _CLOSED * room else self.poor + 1
        self.open = float((found.bounds - found.values).sum()) > _OPEN * room
        return found.point

    def follow(self) -> tuple[Relaxed, Floats]:
        """Get the next turn ready: the relaxation tightened by what the clusters found, and other clusters.

        Returns the relaxation and the prices of rows. May run beside the search for plans: tells nobody.
        """
        if self.parted is None or self.found is None or self.alone or self.work.done():
            return self.relaxed, self.row
        parted, found = self.parted, self.found
        if self.anew:
            self._tightened(found)
        if self.work.done():
            return self.relaxed, self.row
        if not self.falls and self.open:
            self.nodes *= _DEEPER
            self.anew = False
        else:
            self.size = self.size if self.falls else self.size * _GROWS
            self._part(parted)
            self.anew = True
        return self.relaxed, self.row

    def whole(self) -> None:
        """Take all sites as one cluster from now on."""
        self.size, self.parted, self.anew = np.inf, None, True

    def _part(self, crossed: Parted | None = None) -> Parted:
        """Part the sites, with borders elsewhere than before."""
        program, ground = self.work.program, self.ground
        if crossed is not None:
            across = (crossed.row != 0) & ~ground.linking
            ground = Ground.of(program, self.site, np.abs(self.row) * (1.0 + _CROSSED * across))
        self.cluster = clusters(ground, self.size)
        self.parted = part(
            program, self.ground, self.cluster, self.row, self.relaxed.inner, self.relaxed.known, self.relaxed.charged
        )  # fmt: skip
        return self.parted

    def _tightened(self, found: Bounded) -> None:
        """Tighten the relaxation by what the clusters found; where that is nothing, move the prices that link all."""
        work = self.work
        if self.prover is None:
            self.prover = Prover.of(work.program, self.site)
        more = self.prover.proved(found.cuts, self.relaxed.share, work.done)
        if len(more) and not work.done():
            self.relaxed = self.relaxed.tightened(work, self.site, more)
            self.row = self.relaxed.row
        else:
            self.row = self._stepped(found.point)

    def _stepped(self, point: Floats) -> Floats:
        """Move the prices of rows that link towards those at which clusters keep them: up where they take too much."""
        program = self.work.program
        linking = np.flatnonzero(self.ground.linking & (self.row != 0))
        own = program.matrix.tocsr()[linking]
        limit = np.where(self.row[linking] > 0, program.row_upper[linking], program.row_lower[linking])
        size = np.maximum(np.maximum(np.abs(own) @ np.abs(point), np.abs(limit)), FEASIBLE)
        moved = self.row.copy()
        moved[linking] += _ELASTIC * np.abs(self.row[linking]) * np.clip((own @ point - limit) / size, -1.0, 1.0)
        return moved
