"""``panhuo verify``: derives a result again from its inputs, with no solver."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from panhuo import result, run
from panhuo.cli import report
from panhuo.cli.options import argument, help_option, json_option, lang_option, option, quiet_option
from panhuo.cli.progress import Steps
from panhuo.cli.screen import Screen, discrepancy_record
from panhuo.cli.tables import stage_names
from panhuo.engine import Quiet
from panhuo.run import Certified
from panhuo.words import Lang, T


def add(app: typer.Typer, lang: Lang) -> None:
    """Add the command."""

    @app.command(
        help=T("Derive a result again from its inputs, with no solver: coverage, cost, ledger, feasibility.").to(lang),
        rich_help_panel=T("Commands").to(lang),
    )
    def verify(
        out: Path = argument(lang, "OUT", T("Folder that solve or evaluate wrote.")),
        bound: bool = option(
            lang,
            False,
            "--bound",
            text=T("Derive the certified bounds again too, from the prices of a solve by parts."),
        ),
        clusters: bool = option(
            lang, False, "--clusters", text=T("With --bound: solve every cluster of rooms again, with SCIP.")
        ),
        lang_: str = lang_option(lang),
        json: bool = json_option(lang),
        quiet: bool = quiet_option(lang),
        help_: bool = help_option(lang),
    ) -> None:
        screen = Screen(lang, json, quiet)
        if clusters and not bound:
            raise typer.BadParameter(T("--clusters goes with --bound").to(lang), param_hint="--clusters")
        watch = Quiet()
        with Steps(screen) as steps:
            found = (
                run.certify(out, clusters=clusters, watch=watch, step=steps.step, reached=steps.share, tell=steps.tell)
                if bound
                else Certified(result.verify(out, step=steps.step))
            )
        verification = found.verification
        if verification.ok and verification.breaches:
            breaches = [{"message": sentence.to(lang)} for sentence in verification.against]
            screen.emit(_record(breaches, found))
            raise typer.Exit(report.conclude_breaches(screen, verification))
        if verification.ok:
            screen.say(T("{folder}: verified.", folder=out))
            _say_bounds(screen, found)
            screen.emit(_record([], found))
            if watch.stop.is_set():
                raise typer.Exit(report.INTERRUPTED)
            return
        lines = [fault.to(lang) for fault in verification.faults]
        head = T(
            "{folder}: not verified, {count} discrepancy:",
            "{folder}: not verified, {count} discrepancies:",
            folder=out,
            count=len(lines),
        ).to(lang)
        screen.fail("not_verified", [head, *lines], faults=[discrepancy_record(f, lang) for f in verification.faults])
        raise typer.Exit(1)


def _record(breaches: list[dict[str, str]], found: Certified) -> dict[str, Any]:
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


def _say_bounds(screen: Screen, found: Certified) -> None:
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


def _outward(value: float, whole: Callable[[float], int]) -> str:
    """Write a figure to four decimals, rounded so that it claims no more than it does."""
    return f"{whole(value * 10_000) / 10_000:,.4f}"
