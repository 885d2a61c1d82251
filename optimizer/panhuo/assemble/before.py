"""Today's flow: the most people the existing facilities of a service with capacity or tariffs can serve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panhuo.assemble.exact import MICRO, exactly
from panhuo.assemble.flow import Cells
from panhuo.engine.network import Network
from panhuo_models.data import Floats, Flow, Ints, Outlets


@dataclass(frozen=True)
class Today:
    """The flow of today's facilities, one entry x for each row and outlet with people.

    Parameters
    ----------
    row, outlet : (X,) int
        g and n, by row, then outlet.
    served, assigned : (X,) int [1e-6 persons]
        Those who come, and the fewest people that must be assigned for so many to come: ⌊assigned·uptake⌋ = served. In
        a row that goes to several outlets, rounding may lift the assigned above its demand by a millionth an outlet.
    """

    row: Ints
    outlet: Ints
    served: Ints
    assigned: Ints


def before_flow(flow: Flow, outlets: Outlets, cells: Cells) -> Today:
    """Find a maximum flow of the existing facilities alone, in whole millionths of persons.

    A row serves at most its potential, a facility its capacity. Rows with the same facilities are one node of the
    network; what the node sends to each facility is shared out in proportion to what the rows could take, so that
    nobody is picked and people with the same places within reach are served alike.
    """
    pairs = np.flatnonzero((outlets.account[flow.outlet] < 0) & (cells.potential[flow.row] > 0))
    row, start = np.unique(flow.row[pairs], return_index=True)
    target = flow.outlet[pairs]
    alike: dict[tuple[int, ...], list[int]] = {}  # facilities → rows
    for r, first, last in zip(row.tolist(), start, np.append(start, len(pairs))[1:], strict=True):
        alike.setdefault(tuple(target[first:last].tolist()), []).append(r)
    potential = cells.potential.tolist()
    rest = {key: sum(potential[r] for r in rows) for key, rows in alike.items()}
    sent = _sent(rest, outlets)
    found = [part for key, rows in alike.items() for part in _handed_out(rows, potential, sent[key])]
    g, n, served = np.array(sorted(found), dtype=np.int64).reshape(-1, 3).T
    share = dict(zip(zip(flow.row[pairs].tolist(), target.tolist(), strict=True), flow.uptake[pairs], strict=True))
    assigned = [-(-f // exactly(share[r, o])) for r, o, f in zip(g.tolist(), n.tolist(), served.tolist(), strict=True)]
    return Today(g, n, served, np.array(assigned, dtype=np.int64))


def before(flow: Flow, outlets: Outlets, cells: Cells, tallies: int) -> Floats:
    """Count the people today's flow serves by tally, (T,) [persons]."""
    today = before_flow(flow, outlets, cells)
    sums = np.zeros(tallies, dtype=np.int64)
    np.add.at(sums, flow.tally[today.row], today.served)
    return sums / MICRO


def _sent(supply: dict[tuple[int, ...], int], outlets: Outlets) -> dict[tuple[int, ...], list[tuple[int, int]]]:
    """Give (outlet, millionths) of a maximum flow, for every set of facilities that has people."""
    facilities = sorted({n for key in supply for n in key})
    everyone = sum(supply.values())
    source, sink = 0, 1
    net = Network(2 + len(facilities) + len(supply))
    node = {n: 2 + place for place, n in enumerate(facilities)}
    for n in facilities:
        room = outlets.capacity[n]
        net.arc(node[n], sink, everyone if np.isinf(room) else round(float(room) * MICRO))
    arcs = {}
    for place, (key, people) in enumerate(supply.items(), 2 + len(facilities)):
        net.arc(source, place, people)
        arcs[key] = [(n, net.arc(place, node[n], people)) for n in key]
    net.push(source, sink, everyone)
    return {key: [(n, net.room[a ^ 1]) for n, a in found if net.room[a ^ 1]] for key, found in arcs.items()}


def _handed_out(rows: list[int], potential: list[int], sent: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Share what goes to each outlet out to rows in proportion to what they have left: (row, outlet, millionths)."""
    left = [potential[row] for row in rows]
    found = []
    for outlet, amount in sent:
        share = _shared(left, amount)
        found += [(row, outlet, part) for row, part in zip(rows, share, strict=True) if part]
        left = [rest - part for rest, part in zip(left, share, strict=True)]
    return found


def _shared(most: list[int], amount: int) -> list[int]:
    """Split an amount in proportion to the most that each may have; what is left goes where most was cut off."""
    total = sum(most)
    share = [m * amount // total for m in most]
    cut = sorted(range(len(most)), key=lambda n: (-(most[n] * amount % total), n))
    for n in cut[: amount - sum(share)]:
        share[n] += 1
    return share
