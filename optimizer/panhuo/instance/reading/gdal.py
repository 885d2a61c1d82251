"""What GDAL says of a geographic file while it reads it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from panhuo.instance.findings import Findings
from panhuo.words import T


@contextmanager
def heard(path: Path, name: str, findings: Findings) -> Iterator[None]:
    """Note what GDAL warns of as findings, each once; warnings of others go where they went.

    Parameters
    ----------
    path, name : Path, str
        The file, and how findings call it.
    """
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        # a column of numbers and words stays text, whose cells are checked
        warnings.filterwarnings("ignore", "Could not parse column")
        yield
    said = dict.fromkeys(str(w.message) for w in raised if w.category is RuntimeWarning)  # what pyogrio makes of GDAL's
    for message in said:
        note = T("the library that reads it warns: {message}", message=message.replace(str(path), name))
        findings.warn(name, note, T("Nothing to do if it reads right; else export it again"))
    for warning in raised:
        if warning.category is not RuntimeWarning:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
