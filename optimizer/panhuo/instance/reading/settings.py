"""Settings and proposals out of TOML, and settings of any origin checked by their models."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from panhuo.instance.findings import Findings
from panhuo.instance.policy import Proposal, Settings
from panhuo.instance.reading.cells import is_blank
from panhuo.instance.reading.grids import decoded
from panhuo.instance.reading.headers import closest
from panhuo.instance.schema import TABLES, spoken
from panhuo.instance.schema.choices import CLASSES, MODES, OPERATING, PARTIES, PRICE_CLASSES
from panhuo.words import T, Text

SPOKEN: dict[str, tuple[str, ...]] = {
    **MODES, **CLASSES, **PARTIES, **OPERATING, **PRICE_CLASSES,
    **{c.name: (c.zh,) for c in TABLES["sites"].columns},
    "straight": ("直线距离",), "network": ("路网",), "minutes": ("步行时间表",),
    "coverage": ("覆盖人数",), "smallest_share": ("最低覆盖率",),
    "capital": ("投资",), "party_capital": ("某一方的投资",), "party_yearly": ("某一方的年度负担",),
    "links": ("联动得分",),
    "floor_area": ("建筑面积",), "circle_type": ("生活圈类型",), "plan": ("整个方案",),
    "reachable": ("可达人口",), "all": ("全部人口",), "CNY": ("人民币元",),
}  # fmt: skip
"""Chinese for the words that keys of the settings may take."""

Model = TypeVar("Model", bound=BaseModel)
_LINE = re.compile(r"at line (\d+)")
_QUOTED = re.compile(r"'([^']+)'")


@dataclass(frozen=True)
class Keys:
    """Keys and values as they stand in a file.

    Parameters
    ----------
    file : str
        File (and sheet) as the planner knows it.
    values : dict
        Nested, as in TOML.
    lines : mapping of str to int
        Dotted key → line, where known.
    """

    file: str
    values: dict[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def line(self, path: list[str]) -> int | None:
        """Tell in which line a key, or the value that holds it, stands; ``None`` where that is not known."""
        starts = (".".join(path[:n]) for n in range(len(path), 0, -1))
        return next((self.lines[start] for start in starts if start in self.lines), None)


def from_toml(path: Path, name: str, findings: Findings) -> Keys | None:
    """Read a TOML file; ``None`` (and a fault) where it cannot be read."""
    content = decoded(path.read_bytes())
    if content is None:
        findings.fault(name, T("the file is no text in UTF-8"), T("Save it again as UTF-8"))
        return None
    try:
        return Keys(name, tomllib.loads(content))
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        findings.fault(
            name,
            T("is not valid TOML: {error}", error=error),
            T("Correct the line; a text needs quotation marks"),
            row=int(line[1]) if line else None,
        )
        return None


def proposal(path: Path, name: str, findings: Findings) -> Proposal | None:
    """Read a policy proposal."""
    if not path.is_file():
        findings.fault(str(path), T("there is no such proposal"), T("Check the path"))
        return None
    keys = from_toml(path, name, findings)
    if keys is None:
        return None
    try:
        return Proposal.model_validate(keys.values)
    except ValidationError as error:
        _tell(error, Proposal, keys, keys, (), findings)
        return _sound(Proposal, keys.values, error)


def settings(
    keys: Keys, change: Proposal | None, change_file: str, findings: Findings
) -> tuple[Settings | None, frozenset[str]]:
    """Check the settings, with a proposal's keys in their place.

    Returns
    -------
    Settings or None
        Their sound parts; ``None`` where there are none.
    frozenset of str
        The keys of the top level that are at fault.
    """
    values = dict(keys.values)
    replaced = change.replaced() if change is not None else {}
    for place, value in replaced.items():
        values = _with(values, place, value)
    try:
        return Settings.model_validate(values), frozenset()
    except ValidationError as error:
        _tell(error, Settings, keys, Keys(change_file, {}), tuple(replaced), findings)
        faulty = frozenset(str(p["loc"][0]) for p in error.errors())
        return _sound(Settings, values, error), faulty


def _sound(model: type[Model], values: dict[str, Any], error: ValidationError) -> Model | None:
    """Keep the sound parts of what is at fault, so that what they say of the tables can be checked all the same."""
    kept = values
    for problem in error.errors():
        place = tuple(p for p in problem["loc"] if p != "[key]")
        kept = _without(kept, place[:-1] if problem["type"] == "missing" and len(place) > 1 else place)
    try:
        return model.model_validate({"title": "-", **kept})
    except ValidationError:
        return None


def _with(values: dict[str, Any], place: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Put a value at a place; the keys beside it stay."""
    first, *rest = place
    inner = values.get(first)
    new = _with(inner if isinstance(inner, dict) else {}, tuple(rest), value) if rest else value
    return {**values, first: new}


def _without(values: dict[str, Any], place: tuple[int | str, ...]) -> dict[str, Any]:
    """Leave out the key at a place; the keys beside it stay."""
    first, *rest = place
    if rest and isinstance(inner := values.get(str(first)), dict) and (left := _without(inner, tuple(rest))):
        return {**values, str(first): left}
    return {k: v for k, v in values.items() if k != first}


def _tell(
    error: ValidationError,
    model: type[BaseModel],
    keys: Keys,
    other: Keys,
    replaced: tuple[tuple[str, ...], ...],
    findings: Findings,
) -> None:
    problems = error.errors()
    for problem in problems:
        at = problem["loc"]
        inside = [p for p in problems if len(p["loc"]) > len(at) and p["loc"][: len(at)] == at]
        if problem["type"] == "too_short" and inside:
            continue  # its items are at fault, which is told
        path = [str(p) for p in at if p != "[key]"]
        dotted = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in at if p != "[key]").removeprefix(".")
        origin = other if any(tuple(path[: len(place)]) == place for place in replaced) else keys
        given = problem["input"]
        value = given if isinstance(given, str | int | float | bool) and not is_blank(given) else None
        rule, mend = _words(problem, path, model)
        findings.fault(origin.file, rule, mend, row=origin.line(path), column=dotted, value=value)


def _words(problem: Any, path: list[str], model: type[BaseModel]) -> tuple[Text, Text]:
    context = problem.get("ctx", {})
    match problem["type"]:
        case "missing" | "string_too_short":
            return T("is required"), T("Write this key")
        case "extra_forbidden":
            meant = closest(path[-1], _all_keys(model))
            if meant and meant != path[-1]:
                return T("there is no such key: did you mean {meant}?", meant=meant), T("Rename the key")
            return T("there is no such key here"), T("Remove the key, or put it where it belongs")
        case "literal_error":
            choices = {word: SPOKEN.get(word, ()) for word in _QUOTED.findall(context["expected"]) if word}
            return T("must be one of {choices}", choices=spoken.choices(choices)), T("Write one of these words")
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal" as kind:
            sign, name = {
                "greater_than": (">", "gt"), "greater_than_equal": ("≥", "ge"),
                "less_than": ("<", "lt"), "less_than_equal": ("≤", "le"),
            }[kind]  # fmt: skip
            return T("must be {sign} {limit}", sign=sign, limit=f"{context[name]:g}"), T("Correct the value")
        case "too_short":
            return T("must not be empty"), T("Name at least one, or leave the key out")
        case "float_type" | "float_parsing" | "int_type" | "int_parsing" | "int_from_float" | "finite_number":
            return T("must be a number"), T("Write a plain number such as 1234.5")
        case "string_type":
            return T("must be a text"), T("Put it in quotation marks")
        case "bool_type" | "bool_parsing":
            return T("must be true or false"), T("Write true or false")
        case "tuple_type":
            return T("must be a list"), T("Put it in square brackets")
        case "dict_type" | "model_type":
            return T("must be a table of keys"), T("Write it as a [table] or {{key = value}}")
    return T("is not valid: {message}", message=problem["msg"]), T("Correct the value")


def _all_keys(model: type[BaseModel]) -> set[str]:
    keys: set[str] = set()
    for name, info in model.model_fields.items():
        keys.add(name)
        for inner in _models(info.annotation):
            keys |= _all_keys(inner)
    return keys


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for inner in getattr(annotation, "__args__", ()) for m in _models(inner)]
