"""``panhuo verify``: derives a result again from its inputs, with no solver."""

from __future__ import annotations

from pathlib import Path

import typer

from panhuo import result
from panhuo.cli import report
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
        bound: bool = option(lang, False, "--bound", text=T("Certify the bound too (not in this version).")),
        lang_: str = lang_option(lang),
        json: bool = json_option(lang),
        quiet: bool = quiet_option(lang),
        help_: bool = help_option(lang),
    ) -> None:
        screen = Screen(lang, json, quiet)
        if bound:
            message = T("This version cannot certify a bound yet; leave --bound out.").to(lang)
            raise typer.BadParameter(message, param_hint="--bound")
        with Steps(screen) as steps:
            verification = result.verify(out, step=steps.step)
        if verification.ok and verification.breaches:
            breaches = [{"message": sentence.to(lang)} for sentence in verification.against]
            screen.emit({"status": "verified", "faults": [], "breaches": breaches})
            raise typer.Exit(report.conclude_breaches(screen, verification))
        if verification.ok:
            screen.say(T("{folder}: verified.", folder=out))
            screen.emit({"status": "verified", "faults": [], "breaches": []})
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
