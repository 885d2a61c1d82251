"""Make anew what readers open, from a result's own inputs, tables and record."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from panhuo.instance import Fault, InstanceError
from panhuo.result.asked import ASKED, put
from panhuo.result.page import Basemap
from panhuo.result.plan import Result
from panhuo.result.reread import reread
from panhuo.result.writing import opened, undecided
from panhuo.words import Lang, T, Text


def rebuild(
    out: Path,
    lang: Lang = "en",
    step: Callable[[str], object] | None = None,
    asked: Sequence[str] = (),
    tell: Callable[[Text], object] | None = None,
    basemap: Basemap | None = None,
) -> tuple[str, ...]:
    """Make anew what readers open, and the folders asked for.

    All are written beside the folder first, and then take the places of the earlier ones.

    Parameters
    ----------
    step : callable, optional
        Is told the name of each file before it is written.
    asked : sequence of str
        Folders of :data:`~panhuo.result.asked.ASKED` to make too.
    tell : callable, optional
        Is told what a reader should know of them.
    basemap : Basemap, optional
        Tiles below the map of report.html.

    Returns
    -------
    tuple of str
        Names of the files and folders.

    Raises
    ------
    InstanceError
        The folder holds no result, or one whose inputs or tables are no longer what they were, or whose workbook
        somebody has written decisions into; or a program holds a file open.
    """
    if files := [name for name in asked if (out / name).is_file()]:
        rule, mend = T("is a file, not a folder"), T("Move these files away, or name another output folder")
        raise InstanceError([Fault(str(out / name), rule, mend) for name in files])
    undecided(out)
    result = reread(out)
    if basemap is not None:
        basemap.check(result.instance)
    made: dict[str, Callable[[Result, Path, Lang], Sequence[Text] | None]]
    made = {**opened(basemap), **{name: ASKED[name].make for name in asked}}
    with tempfile.TemporaryDirectory(prefix=f"{out.name}.", dir=out.absolute().parent) as beside:
        for name, make in made.items():
            if step is not None:
                step(name)
            for remark in make(result, Path(beside) / name, lang) or ():
                if tell is not None:
                    tell(remark)
        for name in made:
            try:
                put(Path(beside) / name, out / name)
            except PermissionError:
                rule = T("cannot be replaced; a program may hold it open")
                raise InstanceError([Fault(str(out / name), rule, T("Close it, and run this again"))]) from None
    return tuple(made)
