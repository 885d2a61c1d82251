"""What a plan is to reach: floors and objectives."""

from __future__ import annotations

import numpy as np

from panhuo.assemble.reach import flow_services
from panhuo.instance import Instance
from panhuo.instance.policy import Floor, Stage
from panhuo.instance.schema import PARTIES
from panhuo.words import T, Text
from panhuo_models.data import Accounts, CoverageFloor, Link, Objective, Tallies

Tallied = dict[tuple[str, str], int]
"""Tally by (service, circle); the circle "" gathers those nobody asks for."""


def asked(instance: Instance) -> set[tuple[str, str]]:
    """List the pairs (service, circle) that a floor or a smallest share speaks of one by one."""
    policy = instance.settings.policy
    found = {(f.service, c) for f in policy.floors for c in _floor_circles(instance, f)}
    for stage in policy.objectives:
        if stage.measure == "smallest_share":
            circles = _typed(instance, stage.circle_types)
            found |= {(k, c) for k in _stage_services(instance, stage) for c in circles}
    return found


def tallied(instance: Instance, tallies: Tallies) -> Tallied:
    """Find tallies by the names of service and circle."""
    services, circles = instance["services"]["service"], instance["circles"]["circle"]
    return {
        (services[k], "" if c < 0 else circles[c]): t
        for t, (k, c) in enumerate(zip(tallies.service, tallies.circle, strict=True))
    }


def floors(instance: Instance, tallies: Tallies) -> tuple[tuple[CoverageFloor, ...], tuple[Text, ...]]:
    """Lay out the floors, and that mandatory services with a capacity reach everyone they can.

    The sentences name circles that are left out.
    """
    tally, notes, found = tallied(instance, tallies), [], []
    for floor in instance.settings.policy.floors:
        for circle in _floor_circles(instance, floor):
            t = tally.get((floor.service, circle))
            if t is None or tallies.reachable[t] <= 0:
                notes.append(T("The floor for {service} leaves circle {circle} out: nobody there can be reached",
                               service=floor.service, circle=circle))  # fmt: skip
                continue
            base = (tallies.reachable if floor.base == "reachable" else tallies.total)[t]
            found.append(CoverageFloor(f"{floor.service} {circle} >= {floor.share:.0%}", t, floor.share * base))
    services = instance["services"]
    must = services["service"][flow_services(instance) & services["mandatory"].to_numpy(bool)].tolist()
    for (service, circle), t in tally.items():
        if service in must and tallies.reachable[t] > 0:
            found.append(CoverageFloor(f"{service} {circle} mandatory".replace("  ", " "), t, tallies.reachable[t]))
    return tuple(found), tuple(notes)


def objectives(
    instance: Instance, tallies: Tallies, books: Accounts, links: tuple[Link, ...]
) -> tuple[tuple[Objective, ...], tuple[Text, ...]]:
    """Translate the stages; one that has nothing to count is left out. The sentences name circles that are left out."""
    tally, notes, found = tallied(instance, tallies), [], []
    for stage in instance.settings.policy.objectives:
        mine: list[tuple[int, float]] = []
        if stage.measure in ("coverage", "smallest_share"):
            mine, left_out = _counted(instance, stage, tally, tallies)
            notes += left_out
            if not mine:
                continue
        if stage.measure == "party_yearly" and not (books.operator >= 0).any():
            continue
        if stage.measure == "links" and not any(link.kind == "bonus" for link in links):
            continue
        chosen = np.array([t for t, _ in mine], dtype=np.int64)
        found.append(
            Objective(
                name=stage.name,
                measure=stage.measure,
                maximise=stage.maximise,
                tallies=chosen,
                weight=np.array([w for _, w in mine], dtype=float),
                base=tallies.reachable[chosen] if stage.measure == "smallest_share" else np.empty(0),
                party=list(PARTIES).index(stage.party) if stage.measure in ("party_capital", "party_yearly") else -1,
                tolerance=stage.tolerance,
            )
        )
    return tuple(found), tuple(notes)


def _counted(
    instance: Instance, stage: Stage, tally: Tallied, tallies: Tallies
) -> tuple[list[tuple[int, float]], list[Text]]:
    """List the tallies of a stage and their weights."""
    services = _stage_services(instance, stage)
    if stage.measure == "coverage":
        weights = instance["services"].set_index("service")["weight"]
        return [(t, float(weights[k])) for (k, _), t in tally.items() if k in services], []
    mine, notes = [], []
    for k in services:
        for c in _typed(instance, stage.circle_types):
            t = tally.get((k, c))
            if t is None or tallies.reachable[t] <= 0:
                notes.append(T("Stage {stage} leaves circle {circle} out for {service}: nobody there can be reached",
                               stage=stage.name, circle=c, service=k))  # fmt: skip
            else:
                mine.append((t, 1.0))
    return mine, notes


def _typed(instance: Instance, types: tuple[str, ...]) -> list[str]:
    circles = instance["circles"]
    return list(circles["circle"][circles["type"].isin(types)] if types else circles["circle"])


def _floor_circles(instance: Instance, floor: Floor) -> list[str]:
    return list(floor.circles) if floor.circles else _typed(instance, floor.circle_types)


def _stage_services(instance: Instance, stage: Stage) -> list[str]:
    services = instance["services"]
    keep = services["service"].isin(stage.services) if stage.services else services["counts_as"] == ""
    if stage.classes:
        keep &= services["class"].isin(stage.classes)
    return list(services["service"][keep])
