"""``panhuo verify``: derives a result again from its inputs, with no solver."""

from __future__ import annotations

from pathlib import Path

import typer

import panhuo
from panhuo import run
from panhuo.cli.options import argument, help_option, json_option, lang_option, option, quiet_option
from panhuo.cli.progress import Steps
from panhuo.cli.screen import Screen, discrepancy_record
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
        with Steps(screen) as steps:
            from panhuo.cli import bounds, report
            from panhuo.engine import Quiet

            watch = Quiet()
            found = (
                run.certify(out, clusters=clusters, watch=watch, step=steps.step, reached=steps.share, tell=steps.tell)
                if bound
                else run.Certified(panhuo.verify(out, step=steps.step))
            )
        verification = found.verification
        if verification.ok and verification.breaches:
            breaches = [{"message": sentence.to(lang)} for sentence in verification.against]
            screen.emit(bounds.record(breaches, found))
            raise typer.Exit(report.conclude_breaches(screen, verification))
        if verification.ok:
            screen.say(T("{folder}: verified.", folder=out))
            bounds.say(screen, found)
            screen.emit(bounds.record([], found))
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
