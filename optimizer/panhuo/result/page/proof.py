"""How far the figures can be trusted: bounds, time, versions, inputs, what was made up."""

from __future__ import annotations

from typing import Any

from panhuo.instance.policy import Stage
from panhuo.instance.schema.choices import CLASSES
from panhuo.result.page.layout import Table
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, Text, figures

STATES = {
    "optimal": T("proven optimal"), "within_gap": T("within the gap asked for"),
    "time_limit": T("stopped by the time limit"), "interrupted": T("interrupted"), "evaluated": T("evaluated only"),
}  # fmt: skip
_STEPS = {
    "read": T("reading"), "access": T("walking minutes"), "assemble": T("options"), "solve": T("solving"),
    "ledger": T("ledger"), "verify": T("verifying"),
}  # fmt: skip


def stages(result: Result, speech: Speech) -> Table | None:
    """Say of every objective what the plan reaches and what none can surpass."""
    if not result.run["stages"]:
        return None
    policy = {stage.name: stage for stage in result.instance.settings.policy.objectives}
    rows = [
        [
            _objective(policy[stage["name"]], speech),
            speech.text(T("as much as can be") if stage["sense"] == "max" else T("as little as can be")),
            speech.text(STATES[stage["status"]]) if stage["status"] in STATES else "–",
            _figure(stage["objective"]), _figure(stage["bound"]), figures.gap(stage["gap"]),
            figures.seconds(stage["seconds"], speech.lang),
        ]
        for stage in result.run["stages"]
        if stage["name"] in policy
    ]  # fmt: skip
    heads = [T("Objective"), T("Sense"), T("Ended"), T("Reached"), T("No plan can surpass"), T("Gap"), T("Time")]
    notes = [
        T(
            "The gap is the distance between what is reached and what no plan can surpass, of what is "
            "reached, rounded up."
        )
    ]
    return Table(T("Objectives, in their order"), heads, rows, words=3, notes=notes)


def _objective(stage: Stage, speech: Speech) -> str:
    """Name an objective as the policy does; one that is called as a class is that class."""
    return (stage.name_zh if speech.lang == "zh" else "") or speech.word(CLASSES, stage.name)


def _figure(value: Any) -> str:
    return "–" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def run_facts(result: Result, speech: Speech) -> Table:
    """Give status, verification, time, memory, seed and versions."""
    run, spent = result.run, result.run["seconds"].items()
    steps = [f"{speech.text(_STEPS[k]) if k in _STEPS else k} {figures.seconds(v, speech.lang)}" for k, v in spent]
    rows: list[tuple[Text, str]] = [
        (T("Status"), speech.text(STATES.get(run["status"], run["status"]))),
        (T("Verified"), speech.text(T("yes") if run["verified"] else T("no"))),
        (T("Time"), speech.row(steps)),
        (T("Most memory"), f"{run['peak_mb']:,.0f} MB"),
        (T("Seed"), str(run["seed"])),
        (T("Versions"), speech.row([f"{library} {version}" for library, version in run["versions"].items()])),
        (T("Arguments of the run"), speech.row([f"{k} = {v}" for k, v in run["arguments"].items() if v is not None])),
    ]
    proposal = result.instance.proposal
    if proposal is not None:
        title = (proposal.title_zh if speech.lang == "zh" else "") or proposal.title
        rows.append((T("Proposal"), title))
    return Table(T("The run"), [T("What"), T("Value")], [[speech.text(k), v] for k, v in rows], words=2)


def input_hashes(result: Result) -> Table:
    """Name every file the plan was made from, with the hash of its bytes."""
    rows = [[name, digest] for name, digest in result.run["inputs"].items()]
    return Table(T("Inputs, as kept in the folder inputs"), [T("File"), T("SHA-256 of its bytes")], rows, words=2)


def origins(result: Result, speech: Speech) -> Table | None:
    """Say where every table comes from, and which of its columns are facts or were made up."""
    rows = [
        [speech.table(table), speech.columns(table, note.synthetic) or "–", speech.columns(table, note.fact) or "–",
         note.source or "–", note.licence or "–"]
        for table, note in result.instance.settings.tables.items()
        if note.synthetic or note.fact or note.source or note.licence
    ]  # fmt: skip
    if not rows:
        return None
    heads = [T("Table"), T("Made up"), T("Facts"), T("Source"), T("Licence")]
    return Table(T("Where the tables come from, and what was made up"), heads, rows, words=5)


METHOD = (
    (
        T("Who is covered"),
        T(
            "A person is covered by a service where an open place of it lies within the service's standard "
            "(minutes or metres on "
            "foot, or the person's own community); exactly on the limit counts. Where a service has a capacity "
            "or tariffs, only "
            "those count who are sent to a place that has room, at a price they can pay, and come: people "
            "sent × uptake."
        ),
    ),
    (
        T("In need"),
        T(
            "People in need of a service = residents of each group × the group's rate of need, added up "
            "over the groups."
        ),
    ),
    (
        T("Newly covered"),
        T(
            "Covered under the plan and not today, counted demand point by demand point; no longer covered is "
            "the reverse. "
            "Before + newly covered − no longer covered = after."
        ),
    ),
    (T("Unreachable"), T("No existing facility, and no room that may become the service, lies within its standard.")),
    (
        T("What the plan is best at"),
        T(
            "The objectives are met in their order: the first as well as can be, then the next without giving up "
            "more of those "
            "before than the gap allows. A coverage objective adds up newly covered people × the weight of the service."
        ),
    ),
    (
        T("What it must keep"),
        T(
            "One mode a room; floor area used ≤ floor area there; capital ≤ the budget and every fund ≤ its cap; "
            "a fund pays "
            "only what it may pay; shares of parties, floors of coverage, margins and quotas as the policy states them."
        ),
    ),
    (
        T("Proof"),
        T(
            "The solver shows a bound that no plan can surpass. Gap = (bound − reached) ÷ reached. At gap 0 the "
            "plan is optimal."
        ),
    ),
    (
        T("Money"),
        T(
            "Every amount is whole fen. Capital, a year and gifts in kind are three ledgers and are never added "
            "up, but for the one "
            "share that says so. In a year: prices + subsidies + donations + other income − fixed costs − costs "
            "of visits − "
            "write-off = what is left over; its share of what comes in is the margin."
        ),
    ),
    (
        T("How to check it"),
        T(
            "panhuo verify FOLDER derives coverage, cost, ledger and feasibility again from inputs/ with code "
            "that shares nothing with "
            "the optimiser; docs/results.md of Panhuo explains every column of every table in the folder."
        ),
    ),
)
"""The method page: what, and how in words."""
