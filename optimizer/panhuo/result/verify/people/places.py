"""Whether the rows of an allocation go to places that are open, near enough, and as far as they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from panhuo.instance import Instance
from panhuo.result.verify.findings import Findings
from panhuo.words import T


class Places:
    """The open places of one allocation.

    Parameters
    ----------
    file : str
        The table its rows stand in.
    options : dict of (site, service) to str
        The chosen option there.
    closed : (E,) bool
        Existing facilities that are closed.
    """

    def __init__(
        self, instance: Instance, file: str, options: dict[tuple[str, str], str], closed: Any, findings: Findings
    ) -> None:
        self.file, self.options, self._findings = file, options, findings
        existing = instance["existing"][~closed]
        self._standing = set(zip(existing["id"], existing["service"], strict=True))
        services = instance["services"]
        self._measure = dict(zip(services["service"], services["measure"], strict=True))
        self._given = set(zip(instance["minutes"]["demand"], instance["minutes"]["place"], strict=True))

    def fits(self, row: Any, pair: Any, key: str) -> bool:
        """Check one row; gives whether its place is open and within the standard.

        Parameters
        ----------
        row, pair : named tuple
            A row of the table, and what was derived for it.
        key : str
            Names the row.
        """
        place = row.place, row.service
        is_open = place in self.options if row.kind == "chosen" else place in self._standing and row.kind == "existing"
        if not is_open:
            self._add(key, "place", row.place, None, T("the place must be open and give the service"))
            return False
        option = self.options[place] if row.kind == "chosen" else ""
        if row.option != option:
            self._add(key, "option", row.option, option, T("derived from the plan"))
        inside = not pd.isna(pair.inside) and bool(pair.inside)
        if not inside:
            self._add(key, "place", row.place, None, T("the place must lie within the service's standard"))
        for column in ("minutes", "metres"):
            found, should = getattr(row, column), getattr(pair, column)
            if self._measure[row.service] == "unit":
                should = np.nan
            # where one of the two was given, the other may lie beyond every standard, and is not known then
            elif column != self._measure[row.service] and np.isnan(found) and (row.demand, row.place) in self._given:
                continue
            if not (abs(found - should) < 5e-4 or (np.isnan(found) and np.isnan(should))):
                self._add(key, column, found, should, T("derived from the inputs"))
        return inside

    def _add(self, key: str, column: str, found: Any, expected: Any, rule: Any) -> None:
        self._findings.add(self.file, key, column, found, expected, rule)
