"""Tables as they stand in a file, and as they are once their cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance.schema import Table

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class MapFile:
    """A file that another room opens: an OpenStreetMap extract or a raster.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        File as the planner knows it.
    """

    path: Path
    file: str


@dataclass(frozen=True)
class Raw:
    """A table as it stands in a file.

    Parameters
    ----------
    table : Table
        Which table it is.
    file : str
        File (and sheet) as the planner knows it.
    frame : DataFrame of object
        Cells as they stand, columns by header; the index is the line a spreadsheet shows.
    crs : str
        Coordinate system the file itself states; empty where it states none.
    shapes : (rows,) array of shapely geometries, or None
        Shapes of the rows of ``frame``, of tables whose shapes are used (`layers.SHAPED`); ``None`` where the file has
        none.
    meant : mapping of str to str
        Column, as the settings write it → header in the file that they say means it.
    constants : mapping of str to (str, str)
        English column that holds one value from the settings → file of the settings and key in it.
    """

    table: Table
    file: str
    frame: pd.DataFrame
    crs: str = ""
    shapes: Shapes | None = None
    meant: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def rows(self, kept: NDArray[np.bool_]) -> Raw:
        """Keep some of the rows."""
        shapes = self.shapes[kept] if self.shapes is not None else None
        return replace(self, frame=self.frame.loc[kept], shapes=shapes)


@dataclass
class Typed:
    """A table whose cells are read: English columns, typed values; the index is still the line in the file.

    Parameters
    ----------
    table : Table
        Which table it is.
    file : str
        File (and sheet) as the planner knows it.
    frame : DataFrame
        Typed columns; every column of the schema is there.
    headers : dict of str to str
        English name → header in the file, for the columns that were given.
    faulty : set of (int, str)
        Line and English column of cells that a fault already tells of.
    nothings : dict of (int, str) to str
        Line and English column of required cells that hold a word for nothing, such as NaN → the word.
    changed : dict of (int, str) to (str, str)
        Line and English column of cells that a proposal replaced → file of the proposal and key in it.
    crs : str
        Coordinate system the file itself states.
    shapes : (rows,) array of shapely geometries, or None
        Shapes of the rows of ``frame``, as in `Raw`.
    constants : mapping of str to (str, str)
        English column that holds one value from the settings → file of the settings and key in it.
    """

    table: Table
    file: str
    frame: pd.DataFrame
    headers: dict[str, str]
    faulty: set[tuple[int, str]] = field(default_factory=set)
    nothings: dict[tuple[int, str], str] = field(default_factory=dict)
    changed: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    crs: str = ""
    shapes: Shapes | None = None
    constants: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def place(self, line: int, column: str) -> tuple[str, int | None, str]:
        """Tell where a cell stands: file, row, column as the planner knows them."""
        if (line, column) in self.changed:
            file, key = self.changed[line, column]
            return file, None, key
        if column in self.constants:
            file, key = self.constants[column]
            return file, None, key
        return self.file, line, self.headers.get(column, column)

    @property
    def people(self) -> tuple[str, ...]:
        """The groups of the table's people columns, in their order."""
        return tuple(str(c).removeprefix("people_") for c in self.frame.columns if str(c).startswith("people_"))
