"""Rows of people: demand point, service, walking profile and tier, in exact numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import exact
from panhuo.result.verify.stock import Menu


class Row(NamedTuple):
    """One tier of a cell; a cell is one demand point and walking profile for one service."""

    demand: str
    service: str
    profile: str
    tier: str


Rows = dict[Row, Fraction]
"""People of every row with anybody in it [persons]."""


def rows(instance: Instance, menu: Menu) -> Rows:
    """Count the people in need of services with capacity or tariffs: d = Σ over groups of need · people · share."""
    found: Rows = {}
    walks = {g: w for w, groups in zip(*_profiles(instance), strict=True) for g in groups}
    people = {
        group: [exact(v) if v else Fraction(0) for v in instance["demand"][f"people_{group}"]]
        for group in instance.groups
    }
    points = list(instance["demand"]["id"])
    for need in tuples(instance["needs"]):
        if need.service not in menu.flow:
            continue
        rate = exact(need.rate)
        for tier, of in menu.tiers_of(need.service).items():
            each = rate * of.shares.get(need.group, Fraction(0))
            if not each:
                continue
            for point, persons in zip(points, people[need.group], strict=True):
                if persons:
                    row = Row(point, need.service, walks[need.group], tier)
                    found[row] = found.get(row, Fraction(0)) + each * persons
    return found


def _profiles(instance: Instance) -> tuple[list[str], list[tuple[str, ...]]]:
    return list(instance["profiles"]["profile"]), list(instance["profiles"]["groups"])
