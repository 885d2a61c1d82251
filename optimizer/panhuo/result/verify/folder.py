"""Reading a result's folder: its record, its tables, and the inputs it was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from panhuo.instance import Fault, Instance, InstanceError, read
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.tidy import TABLES
from panhuo.words import T

INPUTS, PROPOSAL, PINS, RECORD = "inputs", "proposal.toml", "pins", "run.json"


def record(out: Path) -> dict[str, Any]:
    """Read run.json.

    Raises
    ------
    InstanceError
        There is none, or it cannot be read.
    """
    path = out / RECORD
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        rule = T("the folder holds no result that can be read ({reason})", reason=error)
        raise InstanceError([Fault(str(path), rule, T("Name a folder that solve or evaluate wrote"))]) from error
    if not isinstance(found, dict):
        rule = T("the folder holds no result that can be read ({reason})", reason=type(found).__name__)
        raise InstanceError([Fault(str(path), rule, T("Name a folder that solve or evaluate wrote"))])
    return found


def tables(out: Path, findings: Findings) -> dict[str, pd.DataFrame]:
    """Read the CSV tables as text."""
    found = {}
    for name in TABLES:
        try:
            found[name] = pd.read_csv(out / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
        except FileNotFoundError:
            continue  # noted as missing where the tables are checked
        except ValueError as error:
            findings.add(f"{name}.csv", None, None, None, None, T("cannot be read ({reason})", reason=error))
    return found


def inputs(out: Path, stated: Mapping[str, str], findings: Findings) -> None:
    """Compare every input's bytes with the hash that run.json states."""
    folder = out / INPUTS
    there = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    for name, digest in stated.items():
        if name not in there:
            findings.add(f"{INPUTS}/{name}", None, None, None, None, T("the input is missing"))
            continue
        found = hashlib.sha256(there[name].read_bytes()).hexdigest()
        if found != digest:
            rule = T("the input has changed since the plan was made (SHA-256)")
            findings.add(f"{INPUTS}/{name}", None, None, found[:12], digest[:12], rule)
    for name in there:
        if name not in stated:
            findings.add(f"{INPUTS}/{name}", None, None, None, None, T("run.json does not know this input"))


def instance(out: Path) -> Instance:
    """Read the instance again from the result's own inputs.

    Raises
    ------
    InstanceError
        The inputs are no longer a sound instance.
    """
    folder = out / INPUTS
    proposal = folder / PROPOSAL
    pins = sorted((folder / PINS).glob("pins.*"))
    books = [p for p in folder.glob("*.xlsx") if not (folder / "instance.toml").is_file()]
    return read(
        books[0] if len(books) == 1 else folder,
        proposal if proposal.is_file() else None,
        pins[0] if pins else None,
    )
