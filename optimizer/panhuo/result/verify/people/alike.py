"""Equal treatment: people with the same places within reach, at prices they can pay, are served alike."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import MICRO
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.people.demand import Row, Rows
from panhuo.result.verify.people.flow import Flow
from panhuo.result.verify.people.reach import Reached
from panhuo.result.verify.stock import Stock
from panhuo.words import T

_Stall = tuple[str, str, str, str]
"""A place, its service, who runs it and its tariff."""
_Place = tuple[str, int]
"""The service a place gives, and its position."""
_Cell = tuple[str, str, str]
"""Demand point, service and profile, as in :class:`Row`."""

_MILLIONTHS = 5
"""Micro-persons that rounding may move at a place, and one more for each place that the people go to."""


@dataclass(frozen=True)
class Alike:
    """Cells that are served alike.

    Parameters
    ----------
    tiers : dict of str to list of Row
        Their rows by tier, where the tier can pay some place within reach.
    """

    tiers: dict[str, list[Row]]


def alike(instance: Instance, stock: Stock, rows: Rows, reached: Reached) -> list[Alike]:
    """Group the cells of one tally whose tiers, one by one, can go to the same places at the same tariffs.

    A tally is a service, or a service in a circle where a floor or a smallest share speaks of the circle.
    """
    stalls, told_apart = _Stalls(instance, stock), _told_apart(instance)
    circle_of = dict(zip(instance["demand"]["id"], instance["demand"]["circle"], strict=True))
    groups: dict[Any, list[dict[str, Row]]] = defaultdict(list)
    for cell, places in _cells(instance, stock, reached):
        open_to = {}
        for tier in stock.menu.tiers_of(cell[1]):
            row = Row(*cell, tier)
            if row in rows and (able := stalls.able(tier, places)):
                open_to[tier] = row, able
        tally = cell[1], circle_of[cell[0]] if (cell[1], circle_of[cell[0]]) in told_apart else ""
        key = tally, tuple((tier, able) for tier, (_, able) in open_to.items())
        groups[key].append({tier: row for tier, (row, _) in open_to.items()})
    return [Alike({tier: [cell[tier] for cell in cells] for tier in cells[0]}) for cells in groups.values()]


def check_alike(groups: list[Alike], flow: Flow, rows: Rows, file: str, findings: Findings) -> None:
    """Check that of a tier, the same share of the people of alike cells is served at each place."""
    for group in groups:
        for members in group.tiers.values():
            used = {place for row in members if row in flow.served for place in flow.served[row]}
            whole = sum((rows[row] for row in members), Fraction(0))
            for place in sorted(used):
                found = [flow.served[row][place] if row in flow.served else 0 for row in members]
                share = sum(found) / whole
                for row, persons in zip(members, found, strict=True):
                    if abs(persons - share * rows[row]) > _MILLIONTHS + len(used):
                        rule = T("people with the same places within reach are served alike, each in the same share")
                        key, should = " ".join([*filter(None, row), place[1]]), float(share * rows[row]) / MICRO
                        findings.add(file, key, "persons", persons / MICRO, round(should, 6), rule)


class _Stalls:
    """Where and at what tariff a service is to be had, or may be."""

    def __init__(self, instance: Instance, stock: Stock) -> None:
        self._menu = stock.menu
        self._known: dict[tuple[str, tuple[_Place, ...]], frozenset[_Stall]] = {}
        self._at: dict[tuple[str, int], set[_Stall]] = defaultdict(set)
        position = {site: j for j, site in enumerate(stock.sites)}
        for o in stock.options.values():
            for tariff in self._menu.offered(o.service, o.operating):
                self._at[o.service, position[o.site]].add((o.site, o.service, o.operating, tariff.name))
        for e, row in enumerate(tuples(instance["existing"]), len(position)):
            self._at[row.service, e].add((row.id, row.service, "", self._menu.today(row.service).name))

    def able(self, tier: str, places: tuple[_Place, ...]) -> frozenset[_Stall]:
        """List what a tier can pay at some places."""
        key = tier, places
        if key not in self._known:
            payable = {
                (kind, t.name)
                for kind in {kind for kind, _ in places}
                for t in self._menu.all_of(kind)
                if self._menu.can_pay(kind, t, tier)
            }
            self._known[key] = frozenset(
                stall for place in places for stall in self._at[place] if (stall[1], stall[3]) in payable
            )
        return self._known[key]


def _cells(instance: Instance, stock: Stock, reached: Reached) -> list[tuple[_Cell, tuple[_Place, ...]]]:
    """List the cells that have places within their standard, and these places."""
    points, found = list(instance["demand"]["id"]), dict[_Cell, list[_Place]]()
    for (profile, kind), pairs in reached.within.items():
        near: Any = sorted(pairs.T.tolist())
        for i, places in groupby(near, key=lambda pair: pair[0]):
            cell = points[i], stock.menu.served_as[kind], profile
            found.setdefault(cell, []).extend((kind, place) for _, place in places)
    return [(cell, tuple(sorted(places))) for cell, places in found.items()]


def _told_apart(instance: Instance) -> set[tuple[str, str]]:
    """List the services and circles that a floor or a smallest share speaks of one by one."""
    policy, circles, services = instance.settings.policy, instance["circles"], instance["services"]
    kinds = dict(zip(circles["circle"], circles["type"], strict=True))
    ranks = dict(zip(services["service"], services["class"], strict=True))
    found = {
        (floor.service, circle)
        for floor in policy.floors
        for circle, kind in kinds.items()
        if (circle in floor.circles if floor.circles else not floor.circle_types or kind in floor.circle_types)
    }
    for stage in policy.objectives:
        if stage.measure == "smallest_share":
            found |= {
                (service, circle)
                for service, rank in ranks.items()
                for circle, kind in kinds.items()
                if (not stage.services or service in stage.services)
                and (not stage.classes or rank in stage.classes)
                and (not stage.circle_types or kind in stage.circle_types)
            }
    return found
