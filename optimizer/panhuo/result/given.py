"""A plan that somebody gives: from the rows of a table to a choice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from panhuo.assemble import Options
from panhuo.instance import Fault, InstanceError
from panhuo.instance.reading.units import fold
from panhuo.instance.schema.choices import MODES
from panhuo.result.people.coverage import Bools
from panhuo.result.headers import HEADERS
from panhuo.result.sentences import name
from panhuo.words import T, Text

_PARTS = ("site", "mode", "service")
_SPELT = {fold(word): mode for mode, words in MODES.items() for word in (mode, *words)}


def choice_of(
    options: Options, plan: pd.DataFrame, file: str = "plan.csv", services: pd.DataFrame | None = None
) -> Bools:
    """Read a choice from a plan table: its ``option`` column, or else ``site``, ``mode`` and ``service``.

    Headers and modes may be Chinese; rows that are blank throughout are passed over.

    Parameters
    ----------
    plan : DataFrame
        Text columns, as plan.csv holds them; the first row is line 2 of the file.
    file : str
        Name to use in faults.
    services : DataFrame, optional
        The services, whose names then stand for their keys too.

    Returns
    -------
    (O,) bool

    Raises
    ------
    InstanceError
        With one fault for each row that names no option (and why it is none), that was named before, or that the
        row's own site, mode or service contradicts.
    """
    heads, cells, table = _read(plan, services)
    if not ("option" in heads or set(_PARTS) <= set(heads)):
        rule = T("a plan names its options in the column option, or in site, mode and service")
        raise InstanceError([Fault(file, rule, T("Add the columns"))])
    joined = table["site"] + ":" + table["mode"] + ":" + table["service"]
    table["named"] = table["option"].mask(table["option"] == "", joined)
    at = pd.Index(options.table["option"]).get_indexer(table["named"])
    mend = T("Correct or delete the row")
    why, faults = _Why(options), []
    for row, o, twice in zip(table.itertuples(), at, table["named"].duplicated(), strict=True):
        if o >= 0 and not twice:
            continue
        part, rule = ("", T("named before")) if o >= 0 else why(str(row.named))
        column = heads.get(part if part and not row.option else "option")
        shown = row.named if column is None else cells.at[row.Index, column]
        faults.append(Fault(file, rule, mend, row.Index + 2, column, shown))
    for part in [p for p in _PARTS if p in heads]:
        named_by = np.append(options.table[part].to_numpy(object), "")[at]  # the last one answers -1
        for row, value, should in zip(table.index, table[part], named_by, strict=True):
            # a spreadsheet rewrites an id of digits: 001 becomes 1
            if should and value != should and not should.isdigit():
                shown = cells.at[row, heads[part]]
                faults.append(Fault(file, T("expected {value}", value=should), mend, int(row) + 2, heads[part], shown))
    if faults:
        raise InstanceError(faults)
    choose = np.zeros(len(options.table), dtype=bool)
    choose[at] = True
    return choose


def _read(plan: pd.DataFrame, services: pd.DataFrame | None) -> tuple[dict[str, str], pd.DataFrame, pd.DataFrame]:
    """Give the headers by key as they are written, the rows that are not blank, and those in keys; same index."""
    spelt = {fold(word): key for key in ("option", *_PARTS) for word in (key, HEADERS[key])}
    heads: dict[str, str] = {}
    for column in plan.columns:
        if (key := spelt.get(fold(str(column)))) is not None:
            heads.setdefault(key, str(column))
    text = plan.astype(str).apply(lambda column: column.str.strip()).reset_index(drop=True)
    text = text[(text != "").any(axis=1)]
    blank = pd.Series("", index=text.index, dtype="str")
    table = pd.DataFrame({key: text[heads[key]] if key in heads else blank for key in ("option", *_PARTS)})
    table["mode"] = [_SPELT.get(fold(word), word) for word in table["mode"]]
    if services is not None:
        keys = {row[column]: row["service"] for _, row in services.iterrows() for column in ("name_zh", "name_en")}
        table["service"] = [
            word if word in set(services["service"]) else keys.get(word, word) for word in table["service"]
        ]
    return heads, text, table


class _Why:
    """Says why a site, mode and service make no option."""

    def __init__(self, options: Options) -> None:
        both = pd.concat([options.table[list(_PARTS)], options.excluded[list(_PARTS)]])
        self._known = {part: set(both[part]) for part in _PARTS}
        self._rules = {
            f"{row.site}:{row.mode}:{row.service}": T(
                "excluded by the rule {rule} ({name})", rule=row.rule, name=name(row.name_en, row.name_zh)
            )
            for row in options.excluded.itertuples()
        }

    def __call__(self, named: str) -> tuple[str, Text]:
        """Give the part at fault (empty where all of them are together) and the reason."""
        if named in self._rules:
            return "", self._rules[named]
        parts = named.split(":")
        if len(parts) != len(_PARTS):
            return "", T("no such option: an option is written site:mode:service")
        return next(self._faulty(*parts), ("", T("no such option")))

    def _faulty(self, site: str, mode: str, service: str) -> Iterator[tuple[str, Text]]:
        if site not in self._known["site"]:
            yield "site", T("there is no site {site}", site=site)
        if mode not in MODES:
            yield "mode", T("there is no mode {mode}", mode=mode)
        if mode not in self._known["mode"]:
            yield "mode", T("the mode {mode} is not allowed by instance.toml", mode=name(mode, MODES[mode][0]))
        if service not in self._known["service"]:
            yield "service", T("there is no service {service}", service=service)
