"""What is wrong with a command line, in the reader's language: Typer says it in English only."""

from __future__ import annotations

import re
from typing import Any

from panhuo.words import T, Text


def misused(fault: Any) -> Text:
    """Say what is wrong with a command line.

    Parameters
    ----------
    fault
        What Typer raised; which kind of fault it is, is known by its name alone, as Typer exports no other.
    """
    param, hint = getattr(fault, "param", None), getattr(fault, "param_hint", None)
    match type(fault).__name__:
        case "MissingParameter":
            return T("{what} is missing", what=_named(param))
        case "NoSuchOption" if fault.possibilities:
            meant = ", ".join(sorted(fault.possibilities))
            return T("there is no option {option}: did you mean {meant}?", option=fault.option_name, meant=meant)
        case "NoSuchOption":
            return T("there is no option {option}", option=fault.option_name)
        case "BadOptionUsage":
            return T("{option} lacks its value, or is given one and takes none", option=fault.option_name)
        case "BadParameter" if hint is not None:
            return T("{option}: {message}", option=hint, message=fault.message)
        case "BadParameter" if param is not None:
            return T("{option} takes {value}, and nothing else", option=param.opts[-1], value=param.metavar)
        case "UsageError" if words := re.findall(r"'([^']*)'", fault.message):
            return T("there is no command {word}", word=words[0])
        case "UsageError" if words := re.findall(r"\(([^()]*)\)\.?$", fault.message):
            return T("more arguments than the command takes: {words}", words=words[0])
    return T("{message}", message=str(fault))


def _named(param: Any) -> str:
    return " / ".join(param.opts) if param.param_type_name == "option" else str(param.metavar)
