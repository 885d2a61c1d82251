"""The tables of a result as readers see them, from its record (what ``run.json`` holds) and its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from panhuo.cli.screen import Screen
from panhuo.instance import Instance
from panhuo.instance.schema import TABLES
from panhuo.instance.schema.choices import CLASSES, MODES
from panhuo.words import Lang, T, Text, figures

Record = Mapping[str, Any]

UNREACHABLE = T(
    "Unreachable: no existing facility, and no room that may become the service, lies within the service's standard."
)

HALF = 0.5
"""Persons that are none when rounded."""

STEPS = {
    "read": T("reading"),
    "access": T("walking minutes"),
    "assemble": T("options"),
    "solve": T("solving"),
    "ledger": T("ledger"),
    "verify": T("verifying"),
    "write": T("writing"),
}


def label(choices: Mapping[str, tuple[str, ...]], key: str, lang: Lang) -> str:
    """Name a key of a closed vocabulary in one language."""
    return choices[key][0] if lang == "zh" and key in choices else key.replace("_", " ")


def service_names(instance: Instance, lang: Lang) -> dict[str, str]:
    """Name every service, in the order of the catalogue."""
    return names(instance, "services", lang)


def names(instance: Instance, table: str, lang: Lang) -> dict[str, str]:
    """Name every key of a table (the first of several), in the order of the table; by itself where it has no name."""
    rows = instance[table]
    spoken = rows["name"] if "name" in rows else rows[f"name_{lang}"]
    return {key: name or key for key, name in zip(rows[TABLES[table].key[0]], spoken, strict=True)}


def show_services(screen: Screen, instance: Instance, record: Record) -> None:
    """Show who is served before and after; every share is of all people in need of the service.

    Before + new − lost is after, in the figures as shown; lost is shown only where anyone is. Services that count as
    another have no people of their own, and no row.
    """
    lang, own = screen.lang, instance["services"]["counts_as"] == ""
    names = {k: n for (k, n), shown in zip(service_names(instance, lang).items(), own, strict=True) if shown}
    classes = dict(zip(instance["services"]["service"], instance["services"]["class"], strict=True))
    losing = any(c["lost_persons"] >= HALF for c in record["coverage"].values())
    rows = []
    for service, name in names.items():
        c = record["coverage"][service]
        share = figures.percent(c["after"] / c["base_persons"]) if c["base_persons"] else "–"
        before, after, new, lost = balance(c["before"], c["after"], c["lost_persons"])
        people = [c["base_persons"], before, after, new, *([lost] if losing else []), c["unreachable_persons"]]
        rows.append([name, label(CLASSES, classes[service], lang), *map(figures.count, people), share])
    headers = [
        T("Service"), T("Class"), T("In need"), T("Covered before"), T("Covered after"), T("Newly covered"),
        *([T("No longer covered")] if losing else []), T("Unreachable"), T("Share covered"),
    ]  # fmt: skip
    screen.table(T("Services: people within the service's standard"), headers, rows, words=2)
    screen.say(UNREACHABLE)


def balance(before: float, after: float, lost: float) -> tuple[int, int, int, int]:
    """Round before, after, new and lost to whole persons so that before + new − lost is after."""
    whole = [round(number) for number in (before, after, lost)]
    new = whole[1] - whole[0] + whole[2]
    return whole[0], whole[1], max(new, 0), whole[2] - min(new, 0)


def show_modes(screen: Screen, plan: pd.DataFrame) -> None:
    """Show how many rooms are used, by mode."""
    sites = plan.groupby("mode")["site"].nunique()
    parts = [
        T("{mode} {count}", mode=label(MODES, mode, screen.lang), count=int(sites[mode])).to(screen.lang)
        for mode in MODES
        if mode in sites.index
    ]
    joined = ("、" if screen.lang == "zh" else ", ").join(parts)
    total = figures.count(plan["site"].nunique())
    screen.say(T("Rooms used: {total} ({modes}).", total=total, modes=joined) if parts else T("Rooms used: none."))


def show_supply(screen: Screen, record: Record) -> None:
    """Show how many places are fed by how many suppliers, and how far the farthest is; nothing where none is fed."""
    feeding = [row for row in record["supply"] if row["places"]]
    if feeding:
        screen.say(
            T(
                "Places fed by a supplier: {places}; suppliers: {suppliers} (chosen: {chosen}); "
                "the farthest is {minutes} minutes away.",
                places=sum(row["places"] for row in feeding),
                suppliers=len(feeding),
                chosen=sum(row["kind"] == "chosen" for row in feeding),
                minutes=f"{max(row['longest_min'] for row in feeding):.1f}",
            )
        )


def stage_names(instance: Instance, lang: Lang) -> dict[str, str]:
    """Name every objective; those that are called as a class are classes."""
    return {
        stage.name: (stage.name_zh if lang == "zh" else "") or label(CLASSES, stage.name, lang)
        for stage in instance.settings.policy.objectives
    }


def show_stages(screen: Screen, instance: Instance, record: Record, goals: Sequence[str]) -> None:
    """Show what each objective reached, and how much better it could at most be.

    Parameters
    ----------
    goals : sequence of str
        Names of the objectives that are about something; the record lacks those that a limit cut off.
    """
    stages, called = {stage["name"]: stage for stage in record["stages"]}, stage_names(instance, screen.lang)
    rows = []
    for goal in goals:
        name, stage = called[goal], stages.get(goal)
        if stage is None:
            rows.append([name, T("not reached").to(screen.lang), "–", "–", "–"])
            continue
        rows.append(
            [
                name,
                _value(stage["objective"]),
                _value(stage["bound"]),
                figures.gap(stage["gap"]),
                figures.seconds(stage["seconds"], screen.lang),
            ]
        )
    headers = [T("Objective"), T("Reached"), T("At best"), T("Gap"), T("Time")]
    screen.table(T("Objectives, in turn"), headers, rows)


def _value(number: float | None) -> str:
    if number is None:
        return "–"
    return f"{number:,.4f}" if 0 < abs(number) < 10 else f"{number:,.0f}"


def show_seconds(screen: Screen, spent: Mapping[str, float]) -> None:
    """Show how long each step took, and all of them together."""
    lang, total = screen.lang, figures.figure(figures.seconds, sum(spent.values()))
    steps = [f"{STEPS[k].to(lang) if k in STEPS else k} {figures.seconds(s, lang)}" for k, s in spent.items()]
    screen.say(T("Time: {total} ({steps}).", total=total, steps=("，" if lang == "zh" else ", ").join(steps)))


def person_services(record: Record) -> Text:
    """Say what was gained, and lost, over all services: person-services, for one person may gain several."""
    lost = sum(c["lost_persons"] for c in record["coverage"].values())
    gained = figures.figure(figures.services, record["new_person_services"])
    if lost >= HALF:
        return T(
            "{gained} gained and {lost} lost in all (someone who gains two services counts twice).",
            gained=gained,
            lost=figures.figure(figures.services, lost),
        )
    return T("{gained} gained in all (someone who gains two services counts twice).", gained=gained)


def standing(record: Record, goals: int) -> Text:
    """Say in plain words how good the plan is proven to be.

    Parameters
    ----------
    record : mapping
        What ``run.json`` holds.
    goals : int
        Number of objectives that are about something; those that were not reached are missing from the record.
    """
    gaps = [stage["gap"] for stage in record["stages"]]
    known = len(gaps) == goals and all(g is not None for g in gaps)
    gap = figures.gap(max(gaps)) if known and gaps else ""
    match record["status"]:
        case "optimal":
            return T("Proven: there is no better plan.")
        case "within_gap" if gap:
            return T("Proven to within {gap} of the best possible, in every objective.", gap=gap)
        case "within_gap":
            return T("Every objective ended by its gap.")
        case "time_limit" if gap:
            return T("Stopped by the time limit; within {gap} of the best possible, in every objective.", gap=gap)
        case "time_limit":
            return T("Stopped by the time limit; not for every objective is it known how far the best possible is.")
        case "interrupted":
            return T("Interrupted; this is the best plan found so far, and a better one may exist.")
        case other:
            return T("Status: {status}.", status=other)
