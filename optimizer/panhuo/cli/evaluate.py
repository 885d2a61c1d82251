"""``panhuo evaluate``: coverage, cost and ledger of the existing stock, or of any given plan."""

from __future__ import annotations

import time
from pathlib import Path

import typer

from panhuo import result, run
from panhuo.cli.options import (
    argument,
    basemap_of,
    basemap_option,
    credit_option,
    help_option,
    json_option,
    lang_option,
    no_cache_option,
    option,
    pins_option,
    proposal_option,
    quiet_option,
)
from panhuo.cli.progress import Steps
from panhuo.cli.screen import Screen
from panhuo.words import Lang, T


def add(app: typer.Typer, lang: Lang) -> None:
    """Add the command."""

    @app.command(
        help=T("Coverage, cost and ledger of what exists today, or of any plan you give.").to(lang),
        rich_help_panel=T("Commands").to(lang),
    )
    def evaluate(
        instance: Path = argument(lang, "INSTANCE", T("Folder of tables, or one workbook.")),
        plan: Path | None = option(
            lang,
            None,
            "--plan",
            metavar="plan.xlsx",
            text=T("A plan's workbook, maybe edited, or a table with the columns site, mode, service."),
        ),
        proposal: Path | None = proposal_option(lang),
        pins: Path | None = pins_option(lang),
        out: Path | None = option(lang, None, "-o", "--out", metavar="OUT", text=T("Folder for the result.")),
        basemap: str | None = basemap_option(lang),
        basemap_credit: str = credit_option(lang),
        no_cache: bool = no_cache_option(lang),
        lang_: str = lang_option(lang),
        json: bool = json_option(lang),
        quiet: bool = quiet_option(lang),
        help_: bool = help_option(lang),
    ) -> None:
        screen = Screen(lang, json, quiet)
        with Steps(screen) as steps:
            from panhuo.cli import report
            from panhuo.instance import read, read_plan

            if out is not None:
                result.guard(out)
            start = time.perf_counter()
            district = read(instance, proposal, pins)
            reading = time.perf_counter() - start
            tiles = basemap_of(lang, basemap, basemap_credit, out)
            if tiles is not None:
                tiles.check(district)
            given = None if plan is None else read_plan(plan)
            found = run.evaluate(
                district, given, file=str(plan), cache=not no_cache, reached=steps.share, step=steps.step
            )
            raise typer.Exit(
                report.write_and_show(screen, district, found, out, reading=reading, steps=steps, basemap=tiles)
            )
