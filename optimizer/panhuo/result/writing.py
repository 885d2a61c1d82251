"""Write a result: complete, or not at all."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from panhuo.instance import Fault, InstanceError
from panhuo.instance.reading.decisions import holds_decisions
from panhuo.result import certificate, figure, layers, page, workbook
from panhuo.result.asked import ASKED, LITTER, strangers
from panhuo.result.formats import written
from panhuo.result.inputs import inputs
from panhuo.result.page import Basemap
from panhuo.result.plan import Result
from panhuo.words import LANGS, Lang, T, Text

FILES = (
    "plan", "sites", "coverage", "allocation", "allocation_before", "prices", "ledger", "accounts", "viability",
    "demand", "supply",
)  # fmt: skip
"""The tables, one CSV file each."""


RECORD = "run.json"


def _page(result: Result, file: Path, lang: Lang, basemap: Basemap | None = None) -> None:
    page.write_page(result, file, lang, basemap)


def _workbook(result: Result, file: Path, lang: Lang) -> None:
    workbook.write_workbook(result, file, lang)


def _layers(result: Result, file: Path, lang: Lang) -> None:
    layers.write_layers(result, file, lang)


OPENED: Mapping[str, Callable[[Result, Path, Lang], None]] = {
    "report.html": _page, "plan.xlsx": _workbook, "plan.gpkg": _layers,
}  # fmt: skip
"""What readers open, and who writes it, which is loaded only then: these can be made again from the rest."""


def write(
    result: Result,
    out: Path,
    lang: Lang = "en",
    tell: Callable[[Text], object] | None = None,
    step: Callable[[str], object] | None = None,
    basemap: Basemap | None = None,
) -> Path:
    """Write all files of a result into a folder.

    They are written beside it first, and take its place only when they are complete. Where the folder cannot be
    replaced (a program holds one of its files open), the result goes to OUT-2, OUT-3, ….

    Parameters
    ----------
    out : Path
        The folder: missing, empty, or an earlier result, which is replaced.
    lang : {"zh", "en"}
        Language of sentences, headings and the map.
    tell : callable, optional
        Is told what a reader should know of the files.
    step : callable, optional
        Is told the name of each file that takes a while, before it is written.
    basemap : Basemap, optional
        Tiles below the map of report.html.

    Returns
    -------
    Path
        Where the result is.

    Raises
    ------
    InstanceError
        ``out`` holds something that is not an earlier result.
    """
    guard(out)
    partial = _partial(out)
    _clear(partial)
    partial.mkdir(parents=True)
    for name in FILES:
        write_csv(written(result.tables[name], lang), partial / f"{name}.csv")
    if step is not None:
        step("map.png")
    note = figure.draw_map(result, partial / "map.png", lang)
    if note is not None:
        result = dataclasses.replace(result, notes=(*result.notes, note))  # what readers open says it too
        if tell is not None:
            tell(note)
    for name, make in opened(basemap).items():
        if step is not None:
            step(name)
        make(result, partial / name, lang)
    if result.certificate is not None:
        certificate.write_certificate(result.certificate, partial / certificate.FILE)
    for name, source in inputs(result.instance):
        copy = partial / "inputs" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.content)
    said = {"notes": [n.to(lang) for n in result.remarks], "said": _said(result)}
    run = {**result.run, **said}
    write_record(run, partial / RECORD)
    return _replace(partial, out)


def _said(result: Result) -> dict[str, Any]:
    """Give every sentence of the run in both languages, so that either can be read from the folder alone."""
    details = result.tables["sites"].set_index("site")["detail"]
    spoken = {site: text for site, text in details.items() if isinstance(text, Text) and str(text)}
    return {
        lang: {
            "notes": [n.to(lang) for n in result.remarks],
            "sites": {site: text.to(lang) for site, text in spoken.items()},
        }
        for lang in LANGS
    }


def opened(basemap: Basemap | None) -> Mapping[str, Callable[[Result, Path, Lang], None]]:
    """Give :data:`OPENED`, with tiles below the map of the page where they are asked for."""
    return OPENED if basemap is None else {**OPENED, "report.html": partial(_page, basemap=basemap)}


def guard(out: Path) -> None:
    """Refuse a folder that is not ours to replace.

    Raises
    ------
    InstanceError
        ``out`` is a file, the current folder, a folder that holds something but no run.json or something beside an
        earlier result, or a workbook with decisions, or lies where no folder can be made.
    """
    if Path.cwd().is_relative_to(out.resolve()):  # it would be pulled from under the reader's feet
        rule = T("is the folder you are in, or holds it, and cannot be replaced")
        raise InstanceError([Fault(str(out), rule, T("Name another output folder"))])
    if out.exists() and not out.is_dir():
        raise InstanceError([Fault(str(out), T("is a file, not a folder"), T("Name another output folder"))])
    if out.is_dir() and any(out.iterdir()) and not (out / RECORD).is_file():
        rule = T("holds something that is no earlier result, and is left alone")
        raise InstanceError([Fault(str(out), rule, T("Name an empty or a new folder"))])
    if out.is_dir() and (others := _others(out)):
        rule = T("holds {others} beside an earlier result, and is left alone", others=", ".join(others))
        raise InstanceError([Fault(str(out), rule, T("Move these files away, or name another output folder"))])
    undecided(out)
    _look(_partial(out))
    parent = next(p for p in out.absolute().parents if p.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        rule = T("no folder can be made there: {parent} takes none", parent=parent)
        raise InstanceError([Fault(str(out), rule, T("Name another output folder"))])


def unfinished(out: Path) -> Path:
    """Name the file that holds the best plan of a run that was broken off."""
    return _partial(out) / "plan.csv"


def undecided(out: Path) -> None:
    """Refuse to replace a workbook in which somebody decided what to keep and what to drop.

    Raises
    ------
    InstanceError
        The workbook of a result holds decisions.
    """
    book = out / "plan.xlsx"
    if book.is_file() and holds_decisions(book):
        rule = T("holds decisions that would be lost")
        mend = T("Copy it elsewhere (and give it with --pins or --plan), or clear its column of decisions")
        raise InstanceError([Fault(str(book), rule, mend)])


def checkpoint(out: Path, plan: pd.DataFrame) -> Path:
    """Keep the best plan so far in OUT.partial/plan.csv, for the case that the process is killed.

    Parameters
    ----------
    plan : DataFrame
        The rows of plan.csv.
    """
    partial = _partial(out)
    partial.mkdir(parents=True, exist_ok=True)
    fresh = partial / "plan.csv.new"
    write_csv(written(plan, "en"), fresh)
    return fresh.replace(partial / "plan.csv")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write text as CSV: UTF-8 with a mark (Excel asks for it), ``\\n`` at line ends."""
    table.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def write_record(run: Mapping[str, Any], path: Path) -> None:
    """Write run.json."""
    text = json.dumps(run, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _partial(out: Path) -> Path:
    return out.with_name(out.name + ".partial")


def _clear(partial: Path) -> None:
    """Remove what an earlier run left half done; the name is ours, but look before deleting."""
    _look(partial)
    if partial.exists():
        shutil.rmtree(partial)


def _look(partial: Path) -> None:
    """Refuse a folder that bears the name of an unfinished result and is none."""
    if partial.exists() and (not partial.is_dir() or _others(partial)):
        rule = T("holds something that is no unfinished result, and is left alone")
        raise InstanceError([Fault(str(partial), rule, T("Move it away, or name another output folder"))])


def _others(folder: Path) -> list[str]:
    """List what stands in a folder that no run wrote, nor a program or system that looked into it."""
    ours = {f"{name}.csv" for name in FILES} | {
        *OPENED, *ASKED, *LITTER, certificate.FILE, "plan.csv.new", "map.png", "inputs", RECORD,
    }  # fmt: skip
    beside = ("-journal", "-wal", "-shm", ".aux.xml")
    names = (p.name for p in folder.iterdir())
    found = [n for n in names if n not in ours and not n.startswith("~$") and not n.endswith(beside)]
    return sorted([*found, *strangers(folder)])


def _replace(partial: Path, out: Path) -> Path:
    """Put the new folder in the old one's place, or beside it where the old one is held open."""
    for place in [out, *(out.with_name(f"{out.name}-{n}") for n in range(2, 1000))]:
        if place != out and place.exists():
            continue
        try:
            if place.exists():
                _swap(partial, place)
            else:
                partial.replace(place)
        except PermissionError:
            continue
        return place
    raise FileExistsError(f"{out}-2 … {out}-999 are all taken")


def _swap(partial: Path, place: Path) -> None:
    """Exchange an earlier result for the new one. A folder with a file held open on Windows stays whole."""
    aside = Path(tempfile.mkdtemp(prefix=f"{place.name}.", suffix=".old", dir=place.parent))
    old = aside / place.name
    try:
        place.replace(old)
        try:
            partial.replace(place)
        except PermissionError:
            old.replace(place)
            raise
    finally:
        shutil.rmtree(aside)
