"""The instance: validated tables in one metric frame, and the settings beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance import card
from panhuo.instance.faults import Fault
from panhuo.instance.maps import Merging, Network, Raster
from panhuo.instance.policy import Proposal, Settings
from panhuo.words.reader import language

Role = Literal["instance", "proposal", "pins"]


@dataclass(frozen=True)
class Source:
    """One file an instance was read from.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Its name relative to the instance, e.g. ``demand.csv`` or ``proposals/fair.toml``.
    sha256 : str
        Hash of its bytes.
    content : bytes
        Its bytes as read, so that a result can hold a copy even if the file changes meanwhile.
    role : {"instance", "proposal", "pins"}
        What it was read as.
    """

    path: Path
    name: str
    sha256: str
    content: bytes = field(repr=False)
    role: Role = "instance"


@dataclass(frozen=True, repr=False)
class Instance:
    """A district as read: nothing downstream opens a file again.

    Every table of :data:`panhuo.instance.schema.TABLES` is present: typed, defaulted, faultless, with English
    column names and keys as strings. A table that was not given holds its stated default.
    Tables with positions carry ``x_m`` and ``y_m`` [m] in ``metric_crs`` beside the columns ``x`` and ``y`` as given.

    Parameters
    ----------
    path : Path
        The folder or workbook it was read from.
    settings : Settings
        ``instance.toml`` with the proposal already applied.
    tables : mapping of str to DataFrame
        The tables, RangeIndex, rows in the order of the file; proposal already applied.
    groups : tuple of str
        The groups of people: what follows ``people_`` in the demand table.
    metric_crs : str
        The metric frame, e.g. ``EPSG:4544``, or ``local``.
    given : frozenset of str
        Names of the tables that were given (the others hold defaults).
    sources : tuple of Source
        Every file read, the proposal's and that of the pins included.
    proposal : Proposal or None
        The proposal applied.
    warnings : tuple of Fault
        What does not stop the run but should be known.
    network : Network or None
        What people walk on; ``None`` where minutes do not come from a network.
    elevation : Raster or None
        Heights [m]; ``None`` where the ground is taken as flat.
    merging : Merging or None
        What merging near demand points cost; ``None`` where none were merged.
    outlines : (circles,) array of shapely polygons and multi-polygons, or None
        Polygons of the table circles, row by row, valid, in ``metric_crs`` [m], rounded to the millimetre; ``None``
        where circles were given without polygons.
    """

    path: Path
    settings: Settings
    tables: Mapping[str, pd.DataFrame]
    groups: tuple[str, ...]
    metric_crs: str
    given: frozenset[str]
    sources: tuple[Source, ...]
    proposal: Proposal | None = None
    warnings: tuple[Fault, ...] = ()
    network: Network | None = None
    elevation: Raster | None = None
    merging: Merging | None = None
    outlines: NDArray[np.object_] | None = field(default=None, repr=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def __repr__(self) -> str:
        return f"Instance({self.path.as_posix()}: {card.counts(self.tables)})"

    def _repr_html_(self) -> str:
        """Show it in a notebook, in the language of the locale."""
        return card.show(self.tables, self.settings, self.path.as_posix(), language())
