"""Put the model's data together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.access import Catchments
from panhuo.assemble.money import money
from panhuo.assemble.options import Options, site_status
from panhuo.assemble.reach import closing, reach
from panhuo.instance import Instance
from panhuo.instance.policy import Floor, Stage
from panhuo.instance.schema import PARTIES
from panhuo.words import T, Text
from panhuo_models.data import CoverageFloor, Objective, SitingData, Tallies


def siting_data(instance: Instance, options: Options, catchments: Catchments) -> tuple[SitingData, tuple[Text, ...]]:
    """Put the model's data together; the sentences name circles that a floor or a smallest share leaves out."""
    policy = instance.settings.policy
    closed = closing(instance, options)
    asked = {(f.service, c) for f in policy.floors for c in _floor_circles(instance, f)}
    for stage in policy.objectives:
        if stage.measure == "smallest_share":
            circles = _typed(instance, stage.circle_types)
            asked |= {(k, c) for k in _stage_services(instance, stage) for c in circles}
    rows, tallies = reach(instance, options, catchments, closed, asked)
    tally = {
        (instance["services"]["service"][k], "" if c < 0 else instance["circles"]["circle"][c]): t
        for t, (k, c) in enumerate(zip(tallies.service, tallies.circle, strict=True))
    }
    notes: list[Text] = []
    floors = tuple(_floors(instance, tally, tallies, notes))
    objectives = tuple(
        o for stage in policy.objectives if (o := _objective(instance, stage, tally, tallies, notes)) is not None
    )
    sites = instance["sites"]
    table, projects = options.table, options.projects
    data = SitingData(
        sites=tuple(sites["id"]),
        modes=tuple(instance.settings.modes),
        services=tuple(instance["services"]["service"]),
        circles=tuple(instance["circles"]["circle"]),
        projects=tuple(projects["project"]),
        project_site=_rows(sites["id"], projects["site"]),
        project_area=projects["area_m2"].to_numpy(float),
        options=tuple(table["option"]),
        option_project=_rows(projects["project"], table["site"] + ":" + table["mode"]),
        option_service=_rows(instance["services"]["service"], table["service"]),
        option_area=table["area_m2"].to_numpy(float),
        site_required=(site_status(instance) == "required").to_numpy(),
        closing=tuple(instance["existing"]["id"].iloc[closed.row]),
        closing_by=closed.by,
        reach=rows,
        tallies=tallies,
        money=money(instance, options),
        floors=floors,
        objectives=objectives,
    )
    return data, tuple(notes)


def _rows(keys: pd.Series, values: pd.Series) -> NDArray[np.int64]:
    return pd.Index(keys).get_indexer(values).astype(np.int64)


def _typed(instance: Instance, types: tuple[str, ...]) -> list[str]:
    circles = instance["circles"]
    return list(circles["circle"][circles["type"].isin(types)] if types else circles["circle"])


def _floor_circles(instance: Instance, floor: Floor) -> list[str]:
    return list(floor.circles) if floor.circles else _typed(instance, floor.circle_types)


def _stage_services(instance: Instance, stage: Stage) -> list[str]:
    services = instance["services"]
    keep = services["service"].isin(stage.services) if stage.services else pd.Series(True, services.index)
    if stage.classes:
        keep &= services["class"].isin(stage.classes)
    return list(services["service"][keep])


def _floors(
    instance: Instance, tally: dict[tuple[str, str], int], tallies: Tallies, notes: list[Text]
) -> list[CoverageFloor]:
    found = []
    for floor in instance.settings.policy.floors:
        for circle in _floor_circles(instance, floor):
            t = tally.get((floor.service, circle))
            if t is None or tallies.reachable[t] <= 0:
                notes.append(T("The floor for {service} leaves circle {circle} out: nobody there can be reached",
                               service=floor.service, circle=circle))  # fmt: skip
                continue
            base = (tallies.reachable if floor.base == "reachable" else tallies.total)[t]
            name = f"{floor.service} {circle} >= {floor.share:.0%}"
            found.append(CoverageFloor(name, t, floor.share * base))
    return found


def _objective(
    instance: Instance, stage: Stage, tally: dict[tuple[str, str], int], tallies: Tallies, notes: list[Text]
) -> Objective | None:
    """Translate a stage; ``None`` where no service is of its class."""
    services = _stage_services(instance, stage)
    weights = instance["services"].set_index("service")["weight"]
    if stage.measure == "coverage":
        mine = [(t, weights[k]) for (k, _), t in tally.items() if k in services]
    elif stage.measure == "smallest_share":
        pairs = [(k, c) for k in services for c in _typed(instance, stage.circle_types)]
        mine = []
        for k, c in pairs:
            t = tally.get((k, c))
            if t is None or tallies.reachable[t] <= 0:
                notes.append(T("Stage {stage} leaves circle {circle} out for {service}: nobody there can be reached",
                               stage=stage.name, circle=c, service=k))  # fmt: skip
            else:
                mine.append((t, 1.0))
    else:
        mine = []
    if not mine and stage.measure in ("coverage", "smallest_share"):
        return None
    chosen = np.array([t for t, _ in mine], dtype=np.int64)
    return Objective(
        name=stage.name,
        measure=stage.measure,
        maximise=stage.maximise,
        tallies=chosen,
        weight=np.array([w for _, w in mine], dtype=float),
        base=tallies.reachable[chosen] if stage.measure == "smallest_share" else np.empty(0),
        party=list(PARTIES).index(stage.party) if stage.measure == "party_capital" else -1,
        tolerance=stage.tolerance,
    )
