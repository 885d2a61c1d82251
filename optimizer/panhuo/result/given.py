"""A plan that somebody gives: from the rows of a table to a choice of options and tariffs."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble import Options
from panhuo.instance import Fault, Instance, InstanceError
from panhuo.instance.reading.units import fold
from panhuo.instance.schema.choices import MODES, OPERATING
from panhuo.result.headers import HEADERS, SPELT
from panhuo.words import T, Text
from panhuo.words.names import name
from panhuo_models.data import Outlets

Bools = NDArray[np.bool_]
_PLACE = ("site", "mode", "service")
_PARTS = (*_PLACE, "operating", "size")
_COLUMNS = ("option", *_PARTS, "tariff")
_SPELT = {
    column: {fold(word): key for key, words in choices.items() for word in (key, *words)}
    for column, choices in (("mode", MODES), ("operating", OPERATING))
}
_MEND = T("Correct or delete the row")


def choice_of(
    instance: Instance, options: Options, outlets: Outlets, plan: pd.DataFrame, file: str = "plan.csv"
) -> tuple[Bools, Bools]:
    """Read a choice from a plan table: its ``option`` column, or else ``site``, ``mode`` and ``service``.

    Where site, mode and service leave several options, ``operating`` and ``size`` tell them apart. A ``tariff`` may be
    named or left open. Headers and modes may be Chinese, services may be named; rows that are blank throughout are
    passed over.

    Parameters
    ----------
    plan : DataFrame
        Text columns, as plan.csv holds them; the first row is line 2 of the file.
    file : str
        Name to use in faults.

    Returns
    -------
    choose : (O,) bool
        The options.
    level : (N,) bool
        The outlets that the plan names.

    Raises
    ------
    InstanceError
        With one fault for each row that names no option (and why it is none) or several, that was named before, that
        names a tariff its option may not charge, or that the row's own site, mode or service contradicts.
    """
    read = _read(plan, instance["services"], file)
    at, faults = _found(read, options)
    faults += _contradictions(read, options, at)
    level, unknown = _levels(read, options, outlets, at)
    if faults or unknown:
        raise InstanceError([*faults, *unknown])
    choose = np.zeros(len(options.table), dtype=bool)
    choose[at] = True
    return choose, level


@dataclass(frozen=True)
class _Read:
    """A plan table: headers by key as they are written, its rows that are not blank, and these in keys."""

    file: str
    heads: Mapping[str, str]
    cells: pd.DataFrame
    table: pd.DataFrame

    def fault(self, row: int, column: str, rule: Text, shown: str = "") -> Fault:
        """Name a fault in a row; ``column`` is a key, and may be missing in the table."""
        head = self.heads.get(column)
        return Fault(self.file, rule, _MEND, row + 2, head, shown if head is None else self.cells.at[row, head])


def _read(plan: pd.DataFrame, services: pd.DataFrame, file: str) -> _Read:
    spelt = {fold(word): key for key in _COLUMNS for word in (key, HEADERS[key], *SPELT.get(key, ()))}
    heads: dict[str, str] = {}
    for column in plan.columns:
        if (key := spelt.get(fold(str(column)))) is not None:
            heads.setdefault(key, str(column))
    if not ("option" in heads or set(_PLACE) <= set(heads)):
        rule = T("a plan names its options in the column option, or in site, mode and service")
        raise InstanceError([Fault(file, rule, T("Add the columns"))])
    told = plan.astype(object).where(plan.notna(), "").astype(str)
    text = told.apply(lambda column: column.str.strip()).reset_index(drop=True)
    text = text[(text != "").any(axis=1)]
    blank = pd.Series("", index=text.index, dtype="str")
    table = pd.DataFrame({key: text[heads[key]] if key in heads else blank for key in _COLUMNS})
    for column, spellings in _SPELT.items():
        table[column] = [spellings.get(fold(word), word) for word in table[column]]
    keys = {row[column]: row["service"] for _, row in services.iterrows() for column in ("name_zh", "name_en")}
    known = set(services["service"])
    table["service"] = [word if word in known else keys.get(word, word) for word in table["service"]]
    return _Read(file, heads, text, table)


def _found(read: _Read, options: Options) -> tuple[NDArray[np.int64], list[Fault]]:
    """Find the option of every row; -1 where there is none."""
    keys = options.table[["option", *_PARTS]].to_dict("records")
    by_name = {own["option"]: [o] for o, own in enumerate(keys)}
    by_place: dict[str, list[int]] = {}
    for o, own in enumerate(keys):
        by_place.setdefault(_joined(own), []).append(o)
    why, seen, at, faults = _Why(options), set[int](), list[int](), list[Fault]()
    for line, row in zip(read.table.index, read.table.to_dict("records"), strict=True):
        named = row["option"] or _joined(row)
        fitting = by_name.get(named, []) if row["option"] else by_place.get(named, [])
        if not row["option"]:
            left_open = [part for part in ("operating", "size") if not row[part]]
            fitting = [o for o in fitting if all(p in left_open or keys[o][p] == row[p] for p in ("operating", "size"))]
        at.append(fitting[0] if len(fitting) == 1 else -1)
        if len(fitting) > 1:
            rule = T("may be any of {options}: operating and size say which",
                     options=", ".join(keys[o]["option"] for o in fitting))  # fmt: skip
            faults.append(read.fault(line, "option", rule, named))
        elif not fitting:
            part, rule = why(named)
            faults.append(read.fault(line, part if part and not row["option"] else "option", rule, named))
        elif at[-1] in seen:
            faults.append(read.fault(line, "option", T("named before"), named))
        seen.add(at[-1])
    return np.array(at, dtype=np.int64), faults


def _joined(parts: Mapping[Hashable, str]) -> str:
    return ":".join(parts[part] for part in _PLACE)


def _contradictions(read: _Read, options: Options, at: NDArray[np.int64]) -> Iterator[Fault]:
    """Compare the parts of a row with those of the option it names."""
    for part in [p for p in _PARTS if p in read.heads]:
        named_by = np.append(options.table[part].to_numpy(object), "")[at]  # the last one answers -1
        for row, value, should in zip(read.table.index, read.table[part], named_by, strict=True):
            left_open = part in ("operating", "size") and not value
            # a spreadsheet rewrites an id of digits: 001 becomes 1
            rewritten = part in _PLACE and should.isdigit()
            if should and value != should and not rewritten and not left_open:
                yield read.fault(int(row), part, T("expected {value}", value=should))


def _levels(read: _Read, options: Options, outlets: Outlets, at: NDArray[np.int64]) -> tuple[Bools, list[Fault]]:
    """Mark the outlets that the rows name."""
    account = pd.Index(options.accounts).get_indexer(options.table["account"])
    outlet = {
        (int(a), tariff): n for n, (a, tariff) in enumerate(zip(outlets.account, outlets.tariff, strict=True)) if a >= 0
    }
    level, faults = np.zeros(len(outlets), dtype=bool), []
    for row, tariff, o in zip(read.table.index, read.table["tariff"], at.tolist(), strict=True):
        if o < 0 or not tariff:
            continue
        n = outlet.get((int(account[o]), tariff))
        if n is None:
            own = ", ".join(name for a, name in outlet if a == account[o] and name)
            rule = T("expected {value}", value=own) if own else T("the option charges no tariff")
            faults.append(read.fault(int(row), "tariff", rule))
        else:
            level[n] = True
    return level, faults


class _Why:
    """Says why a site, mode and service make no option."""

    def __init__(self, options: Options) -> None:
        both = pd.concat([options.table[list(_PLACE)], options.excluded[list(_PLACE)]])
        self._known = {part: set(both[part]) for part in _PLACE}
        self._offered = set(options.table[list(_PLACE)].itertuples(index=False, name=None))
        self._rules = {
            f"{row.site}:{row.mode}:{row.service}": T(
                "excluded by the rule {rule} ({name})", rule=row.rule, name=name(row.name_en, row.name_zh)
            )
            for row in options.excluded.itertuples()
        }

    def __call__(self, named: str) -> tuple[str, Text]:
        """Give the part at fault (empty where all of them are together) and the reason."""
        site, mode, service = [*named.split(":"), "", "", ""][:3]
        whole = ":".join((site, mode, service))
        if whole in self._rules:
            return "", self._rules[whole]
        if not service:
            return "", T("no such option: an option is written site:mode:service, with operating and size after it")
        if (site, mode, service) in self._offered:
            return "", T("no such option: operating or size do not fit")
        return next(self._faulty(site, mode, service), ("", T("no such option")))

    def _faulty(self, site: str, mode: str, service: str) -> Iterator[tuple[str, Text]]:
        if site not in self._known["site"]:
            yield "site", T("there is no site {site}", site=site)
        if mode not in MODES:
            yield "mode", T("there is no mode {mode}", mode=mode)
        if mode not in self._known["mode"]:
            yield "mode", T("the mode {mode} is not allowed by instance.toml", mode=name(mode, MODES[mode][0]))
        if service not in self._known["service"]:
            yield "service", T("there is no service {service}", service=service)
