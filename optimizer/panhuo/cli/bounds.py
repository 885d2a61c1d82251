"""What was derived again of a result's bounds, as JSON and as readers see it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from panhuo.cli.screen import Screen
from panhuo.cli.tables import stage_names
from panhuo.run import Certified
from panhuo.words import T


def record(breaches: list[dict[str, str]], found: Certified) -> dict[str, Any]:
    """Give what was found as a JSON object."""
    bounds = [
        {
            "name": bound.name,
            "sense": bound.sense,
            "bound_certified": bound.stated,
            "derived": bound.derived,
            "keeps": dict(bound.keeps),
        }
        for bound in found.bounds
    ]
    clusters = [asdict(cluster) for cluster in found.clusters]
    return {"status": "verified", "faults": [], "breaches": breaches, "bounds": bounds, "clusters": clusters}


def say(screen: Screen, found: Certified) -> None:
    """Say what was derived again of the bounds, stage by stage."""
    called = {} if found.instance is None else stage_names(found.instance, screen.lang)
    senses = {bound.name: bound.sense for bound in found.bounds}
    for bound in found.bounds:
        name = called.get(bound.name, bound.name)
        if bound.derived is None or bound.stated is None:
            screen.say(T("{stage}: the prices alone bound nothing, and nothing is claimed.", stage=name))
            continue
        screen.say(
            T(
                "{stage}: no plan surpasses {bound}, by the prices alone and without the optimiser.",
                stage=name,
                bound=_outward(bound.stated, math.ceil),
            )
            if bound.sense == "max"
            else T(
                "{stage}: no plan needs less than {bound}, by the prices alone and without the optimiser.",
                stage=name,
                bound=_outward(bound.stated, math.floor),
            )
        )
        for kept, value in bound.keeps.items():
            screen.say(
                T(
                    "This holds of plans that keep {value} of {stage}.",
                    stage=called.get(kept, kept),
                    value=_outward(value, math.ceil if senses[kept] == "max" else math.floor),
                )
            )
    for cluster in found.clusters:
        screen.say(
            T(
                "{stage}: of {count} cluster of rooms, SCIP confirmed {confirmed}.",
                "{stage}: of {count} clusters of rooms, SCIP confirmed {confirmed}.",
                stage=called.get(cluster.name, cluster.name),
                count=cluster.clusters,
                confirmed=cluster.confirmed,
            )
        )
        if cluster.inequalities:
            screen.say(
                T(
                    "{stage}: of {count} inequality across them, SCIP confirmed {confirmed}.",
                    "{stage}: of {count} inequalities across them, SCIP confirmed {confirmed}.",
                    stage=called.get(cluster.name, cluster.name),
                    count=cluster.inequalities,
                    confirmed=cluster.kept,
                )
            )


def _outward(value: float, whole: Callable[[float], int]) -> str:
    """Write a figure to four decimals, rounded so that it claims no more than it does."""
    return f"{whole(value * 10_000) / 10_000:,.4f}"
