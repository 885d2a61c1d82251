"""A layer of the map: what it holds, and how its columns and their keys are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.words import Text


@dataclass(frozen=True)
class Column:
    """A column of a layer.

    Parameters
    ----------
    key : str
        Its name in the GeoPackage.
    title : Text
        How readers call it.
    short : str
        What its name in a Shapefile, of ten characters at most, is made of.
    words : mapping of str to Text
        What the keys in it mean; empty where it holds no keys.
    service, says : str
        The service it is of, and what it says of it; "" where it is of no single one.
    """

    key: str
    title: Text
    short: str
    words: Mapping[str, Text] = field(default_factory=dict)
    service: str = ""
    says: str = ""


@dataclass(frozen=True)
class Layer:
    """A layer: a shape and a row of the table for each thing.

    Parameters
    ----------
    key : str
        Its name in the GeoPackage.
    title, about : Text
        How readers call it, and what it holds.
    geometry : {"Point", "LineString", "MultiPolygon"}
        Kind of its shapes.
    columns : sequence of Column
        Columns of the table, in order.
    table : DataFrame
        Its rows.
    shapes : array of shapely geometries
        In degrees of EPSG:4490, or plain metres; ``None`` for a row without.
    names : mapping of str to str
        Creation options of GDAL's driver for the columns of key and shape, where they have names of their own.
    """

    key: str
    title: Text
    about: Text
    geometry: Literal["Point", "LineString", "MultiPolygon"]
    columns: Sequence[Column]
    table: pd.DataFrame = field(repr=False)
    shapes: NDArray[np.object_] = field(repr=False)
    names: Mapping[str, str] = field(default_factory=dict)


def unlike(wanted: Sequence[str], longest: int | None = None) -> list[str]:
    """Make names that differ even where upper and lower case count as the same, as in SQLite and dBASE.

    Parameters
    ----------
    wanted : sequence of str
        The names as they should be.
    longest : int, optional
        Most characters of a name; a number takes the place of the last ones where two would be the same.
    """
    taken: set[str] = set()
    found = []
    for name in wanted:
        new, n = name[:longest], 1
        while new.casefold() in taken:
            n += 1
            end = f"_{n}" if longest is None else str(n)
            new = name[: None if longest is None else longest - len(end)] + end
        taken.add(new.casefold())
        found.append(new)
    return found
