"""``panhuo evaluate``: coverage, cost and ledger of the existing stock, or of any given plan."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pandas as pd
import typer

import panhuo
from panhuo import run
from panhuo.cli import report
from panhuo.cli.options import (
    argument,
    help_option,
    json_option,
    lang_option,
    no_cache_option,
    option,
    proposal_option,
    quiet_option,
)
from panhuo.cli.progress import Steps
from panhuo.cli.screen import Screen
from panhuo.instance import Fault, InstanceError
from panhuo.instance.reading.grids import decoded
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
            lang, None, "--plan", metavar="plan.csv", text=T("Table with the columns site, mode, service.")
        ),
        proposal: Path | None = proposal_option(lang),
        out: Path | None = option(lang, None, "-o", "--out", metavar="OUT", text=T("Folder for the result.")),
        no_cache: bool = no_cache_option(lang),
        lang_: str = lang_option(lang),
        json: bool = json_option(lang),
        quiet: bool = quiet_option(lang),
        help_: bool = help_option(lang),
    ) -> None:
        screen = Screen(lang, json, quiet)
        start = time.perf_counter()
        with Steps(screen) as steps:
            district = panhuo.read(instance, proposal)
            reading = time.perf_counter() - start
            given = {} if plan is None else {"plan": _read_plan(plan), "file": str(plan)}
            found = run.evaluate(district, **given, cache=not no_cache, reached=steps.share, step=steps.step)
            raise typer.Exit(report.write_and_show(screen, district, found, out, reading=reading, steps=steps))


def _read_plan(path: Path) -> pd.DataFrame:
    mend = T("Save it as CSV in UTF-8.")
    content = decoded(path.read_bytes())
    if content is None:
        raise InstanceError([Fault(str(path), T("the file is no text in UTF-8 or GB18030"), mend)])
    try:
        # blank lines are kept, so that faults name the line a spreadsheet shows
        table = pd.read_csv(io.StringIO(content), dtype=str, keep_default_na=False, skip_blank_lines=False)
        return table.fillna("")
    except ValueError as fault:  # empty, or no table
        rule = T("is no CSV table ({reason})", reason=str(fault).strip())
        raise InstanceError([Fault(str(path), rule, mend)]) from fault
