"""A result's folder read back as a result, so that what readers open can be made anew from it alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from panhuo.instance import Fault, InstanceError
from panhuo.result.plan import Result
from panhuo.result.verify import Verification, folder
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.tidy import TABLES, tidy
from panhuo.words import T
from panhuo.words.names import name

_NUMBERS = (
    "_cny", "_m2", "persons", "_month", "minutes", "metres", "_min", "_max", "margin", "per_day_best", "per_day_needed",
    "supply",
)  # fmt: skip
"""How the names of columns with numbers end."""

_WHOLE = ("months", "year_open", "year", "visits", "best_visits", "needed_visits", "break_even_visits")
"""Columns with whole numbers."""


def reread(out: Path) -> Result:
    """Read a result back from its folder: the inputs it keeps, its tables and its record.

    Its sentences are there in both languages, whichever it was written in.

    Parameters
    ----------
    out : Path
        What ``solve`` or ``evaluate`` wrote.

    Raises
    ------
    InstanceError
        The folder holds no result; an input is missing or has changed; a table lacks a column or holds what is no
        number.
    """
    run, findings = folder.record(out), Findings()
    folder.inputs(out, run.get("inputs") or {}, findings)
    texts = folder.tables(out, findings)
    tidy(texts, findings)
    if not isinstance(run.get("said"), dict):
        rule = T("holds no sentences in both languages, as this version writes them")
        raise InstanceError([Fault(str(out / folder.RECORD), rule, T("Make the result again"))])
    if len(findings):
        mend = T("Make the result again, or put back the files as they were written")
        raise InstanceError([Fault(f"{out}: {f}", f.rule, mend) for f in findings.verification(solved=True).faults])
    tables = {table: typed(texts[table]) for table in TABLES}
    en, zh = run["said"]["en"], run["said"]["zh"]
    details = [name(en["sites"].get(site, ""), zh["sites"].get(site, "")) for site in tables["sites"]["site"]]
    tables["sites"]["detail"] = pd.Series(details, dtype=object, index=tables["sites"].index)
    return Result(
        instance=folder.instance(out),
        tables=tables,
        run=run,
        outcome=None,
        verification=Verification(()),
        goals=tuple(stage["name"] for stage in run["stages"]),
        notes=tuple(map(name, en["notes"], zh["notes"])),
    )


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Turn text into numbers where a column holds numbers; blanks are missing."""
    return pd.DataFrame({column: _column(str(column), table[column]) for column in table.columns}, index=table.index)


def _column(column: str, texts: pd.Series) -> Any:
    if column in _WHOLE:
        return pd.to_numeric(texts.mask(texts == ""), errors="raise").astype("Int64")
    if column.endswith(_NUMBERS):
        return pd.to_numeric(texts.mask(texts == ""), errors="raise").astype(float)
    return texts.astype("str")
