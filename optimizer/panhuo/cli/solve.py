"""``panhuo solve``: the plan."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

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
from panhuo.engine import NoPlanError
from panhuo.words import Lang, T

if TYPE_CHECKING:
    from panhuo.engine.program import Bools

Engine = Literal["auto", "exact", "decompose"]
Solver = Literal["highs", "scip", "cpsat"]


def add(app: typer.Typer, lang: Lang) -> None:
    """Add the command."""

    @app.command(
        help=T("Find the plan, write it to OUT and check it.").to(lang), rich_help_panel=T("Commands").to(lang)
    )
    def solve(
        instance: Path = argument(lang, "INSTANCE", T("Folder of tables, or one workbook.")),
        out: Path = option(lang, ..., "-o", "--out", metavar="OUT", text=T("Folder for the result.")),
        proposal: Path | None = proposal_option(lang),
        pins: Path | None = pins_option(lang),
        gap: float = option(
            lang, 1e-3, "--gap", min=0.0, metavar="≥0", text=T("Relative gap at which every objective may stop.")
        ),
        time_limit: float | None = option(
            lang,
            None,
            "--time-limit",
            metavar="S",
            callback=_positive,
            text=T("Seconds for the solver; none: no limit."),
        ),
        threads: int = option(
            lang, 0, "--threads", min=0, metavar="N≥0", text=T("Threads of the solver; 0: as many as it likes.")
        ),
        seed: int = option(
            lang, 0, "--seed", min=0, max=2**31 - 1, metavar="N≥0", text=T("Random seed of the solver.")
        ),
        engine: Engine = option(
            lang,
            "auto",
            "--engine",
            metavar="|".join(get_args(Engine)),
            text=T("One search over all rooms, or by parts; auto goes by size."),
        ),
        solver: Solver = option(
            lang,
            "highs",
            "--solver",
            metavar="|".join(get_args(Solver)),
            text=T("Who solves it: HiGHS, or SCIP or CP-SAT as a second opinion."),
        ),
        write_lp: Path | None = option(
            lang, None, "--write-lp", metavar="FILE", text=T("Also write the whole model as an LP file.")
        ),
        basemap: str | None = basemap_option(lang),
        basemap_credit: str = credit_option(lang),
        no_cache: bool = no_cache_option(lang),
        lang_: str = lang_option(lang),
        json: bool = json_option(lang),
        quiet: bool = quiet_option(lang),
        help_: bool = help_option(lang),
    ) -> None:
        screen = Screen(lang, json, quiet)
        tiles = basemap_of(lang, basemap, basemap_credit, out)
        arguments: dict[str, Any] = {
            "instance": str(instance), "proposal": None if proposal is None else str(proposal),
            "pins": None if pins is None else str(pins), "out": str(out),
            "gap": gap, "time_limit": time_limit, "threads": threads, "seed": seed, "engine": engine, "solver": solver,
        }  # fmt: skip
        with Steps(screen) as steps:
            from panhuo.assemble import derive_options
            from panhuo.cli import report
            from panhuo.cli.follow import Follow
            from panhuo.cli.tables import stage_names
            from panhuo.instance import read
            from panhuo.result.tables import plan_table

            result.guard(out)
            start = time.perf_counter()
            district = read(instance, proposal, pins)
            if tiles is not None:
                tiles.check(district)
            reading = time.perf_counter() - start
            if write_lp is not None:
                run.write_lp(district, write_lp, cache=not no_cache, reached=steps.share, step=steps.step)
            steps.step("assemble")
            options = derive_options(district)

            def keep(choose: Bools) -> None:
                result.checkpoint(out, plan_table(district, options, choose))

            with Follow(steps, keep, stage_names(district, lang)) as follow:
                try:
                    found = run.solve(
                        district, gap=gap, time_limit=math.inf if time_limit is None else time_limit, threads=threads,
                        seed=seed, solver=solver, engine=engine, cache=not no_cache, watch=follow, reached=steps.share,
                        step=follow.step, arguments=arguments,
                    )  # fmt: skip
                    # A first Ctrl-C still ends the solve, not the writing: the best plan so far is written.
                    code = report.write_and_show(
                        screen, district, found, out, reading=reading, steps=steps, basemap=tiles
                    )
                except NoPlanError:
                    if follow.stop.is_set():
                        raise typer.Abort from None
                    raise
                except KeyboardInterrupt:
                    plan = result.unfinished(out)
                    if not (follow.found and plan.is_file()):
                        raise
                    steps.close()
                    raise typer.Exit(report.broken_off(screen, plan)) from None
        if follow.unkept is not None:
            screen.warn([T("A checkpoint could not be written ({reason}).", reason=str(follow.unkept))])
        raise typer.Exit(code)


def _positive(seconds: float | None) -> float | None:
    if seconds is not None and not seconds > 0:
        raise typer.BadParameter("> 0", param_hint="--time-limit")
    return seconds
