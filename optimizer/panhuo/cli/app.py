"""The program ``panhuo``: builds the commands in the reader's language and turns what went wrong into exit codes."""

from __future__ import annotations

import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

import panhuo
from panhuo.cli import check, evaluate, manual, rebuild, solve, template, verify
from panhuo.cli.options import help_option, lang_option
from panhuo.cli.screen import Screen, fault_record, tolerate_narrow_streams
from panhuo.cli.usage import misused
from panhuo.engine import InfeasibleError, NoPlanError, RefusedError, TooLargeError
from panhuo.instance import InstanceError
from panhuo.words import Lang, T
from panhuo.words.reader import language

OWN_FAULT, INPUT_FAULT, INFEASIBLE, NO_PLAN, INTERRUPTED = 1, 2, 3, 4, 130

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What Typer raises for any command line it does not understand (it does not export the name itself)."""


class Commands(TyperGroup):
    """The commands; Typer would end a run that is interrupted without a word."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            raise typer.Abort from interrupt


def build(lang: Lang) -> typer.Typer:
    """Build the commands, with their help in one language."""
    app = typer.Typer(
        name="panhuo",
        cls=Commands,
        help=T(
            "Which idle rooms become which public service, what it costs, who pays, and how many people gain a service "
            "within a walk."
        ).to(lang),
        add_completion=False,
        invoke_without_command=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": []},
    )

    @app.callback()
    def root(
        context: typer.Context,
        lang_: str = lang_option(lang),
        version_: bool = typer.Option(
            False,
            "--version",
            metavar="",
            is_eager=True,
            callback=_show_version,
            help=T("Show the version and exit.").to(lang),
            rich_help_panel=T("Options").to(lang),
        ),
        help_: bool = help_option(lang),
    ) -> None:
        if context.invoked_subcommand is None:
            manual.show(context, lang)

    for command in (template, check, evaluate, solve, verify, rebuild):
        command.add(app, lang)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"panhuo {panhuo.__version__}")
        raise typer.Exit


@contextmanager
def _terminate_like_interrupt() -> Iterator[None]:
    """Treat SIGTERM as Ctrl-C while the program runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def main(words: Sequence[str] | None = None) -> int:
    """Run a command line and give the exit code.

    Parameters
    ----------
    words : sequence of str, optional
        The command line after the program's name; by default that of the process.
    """
    words = sys.argv[1:] if words is None else list(words)
    tolerate_narrow_streams()
    lang = language(words)
    screen = Screen(lang, json="--json" in words, quiet="--quiet" in words)
    command = typer.main.get_command(build(lang))
    try:
        with _terminate_like_interrupt():
            return int(command.main(args=list(words), prog_name="panhuo", standalone_mode=False) or 0)
    except Exception as fault:
        return _explain(fault, screen)
    except KeyboardInterrupt:
        return _interrupted(screen)


def _interrupted(screen: Screen) -> int:
    screen.fail("interrupted", [T("Interrupted before there was anything to write.").to(screen.lang)])
    return INTERRUPTED


def _explain(fault: Exception, screen: Screen) -> int:
    """Say what went wrong, and give the exit code for it."""
    lang = screen.lang
    if isinstance(fault, typer.Abort):
        return _interrupted(screen)
    if isinstance(fault, UsageError):
        line = T(
            "The command line is not understood: {message} (panhuo --help shows what is)", message=misused(fault)
        ).to(lang)
        screen.fail("error", [line], faults=[{"message": line}])
        return INPUT_FAULT
    if isinstance(fault, InstanceError):
        screen.fail("error", [f.to(lang) for f in fault.faults], faults=[fault_record(f, lang) for f in fault.faults])
        return INPUT_FAULT
    if isinstance(fault, RefusedError | TooLargeError):
        line = fault.text.to(lang)
        screen.fail("error", [line], faults=[{"message": line}])
        return INPUT_FAULT
    if isinstance(fault, InfeasibleError):
        conflicts = [c.to(lang) for c in fault.conflicts]
        head = T("No plan meets the policy. At odds:").to(lang)
        screen.fail("infeasible", [head, *conflicts], conflicts=conflicts)
        return INFEASIBLE
    if isinstance(fault, NoPlanError):
        screen.fail("no_plan", [T("A limit came before any plan was found. Allow more time.").to(lang)])
        return NO_PLAN
    if isinstance(fault, OSError) and fault.filename is not None:
        line = T("{file}: {reason}", file=fault.filename, reason=fault.strerror).to(lang)
        screen.fail("error", [line], faults=[{"message": line}])
        return INPUT_FAULT
    line = T(
        "This is a fault of Panhuo, not of your data ({fault}). Please report it to the maintainers of Panhuo, with "
        "the arguments of this run and the file {file}.",
        fault=type(fault).__name__,
        file=_note_down(fault),
    ).to(lang)
    screen.fail("error", [line], message=line, faults=[])
    return OWN_FAULT


def _note_down(fault: Exception) -> Path:
    """Write the traceback for whoever mends it; where the current folder takes no file, to the temporary one."""
    text = "".join(traceback.format_exception(fault))
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        try:
            (folder / "panhuo-error.txt").write_text(text, encoding="utf-8")
        except OSError:
            continue
        break
    return folder / "panhuo-error.txt"
