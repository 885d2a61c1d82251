"""Whether the rows of an allocation go to places that are open, near enough, and as far as they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from panhuo.instance import Instance
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.stock import Option, Stock
from panhuo.words import T

ROUNDED = 5e-4 + 1e-6
"""Minutes or metres that rounding to 0.001 may move; a little more, as halves may be rounded either way."""


class Places:
    """The open places of one allocation.

    Parameters
    ----------
    file : str
        The table its rows stand in.
    options : list of Option
        The chosen options.
    closed : (E,) bool
        Existing facilities that are closed.
    """

    def __init__(
        self, instance: Instance, stock: Stock, file: str, options: list[Option], closed: Any, findings: Findings
    ) -> None:
        self.file, self._findings = file, findings
        served = stock.menu.served_as
        self._kind: dict[tuple[str, str, str], dict[str, str]] = {}  # option → its service, by kind, place, people's
        for o in options:
            self._kind.setdefault(("chosen", o.site, served[o.service]), {})[o.key] = o.service
        existing = instance["existing"][~closed]
        for place, service in zip(existing["id"], existing["service"], strict=True):
            self._kind["existing", place, served[service]] = {"": service}
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
        own = self._kind.get((row.kind, row.place, row.service))
        if own is None:
            self._add(key, "place", row.place, None, T("the place must be open and give the service"))
            return False
        if row.option not in own:
            self._add(key, "option", row.option, ", ".join(own), T("derived from the plan"))
            return False
        measure = self._measure[own[row.option]]
        inside = not pd.isna(pair.inside) and bool(pair.inside)
        if not inside:
            self._add(key, "place", row.place, None, T("the place must lie within the service's standard"))
        for column in ("minutes", "metres"):
            found, should = getattr(row, column), getattr(pair, column)
            if measure == "unit":
                should = np.nan
            # where one of the two was given, the other may lie beyond every standard, and is not known then
            elif column != measure and np.isnan(found) and (row.demand, row.place) in self._given:
                continue
            if not (abs(found - should) < ROUNDED or (np.isnan(found) and np.isnan(should))):
                self._add(key, column, found, round(float(should), 3), T("derived from the inputs"))
        origin = "" if measure == "unit" or np.isnan(row.minutes) else pair.minutes_from
        if row.minutes_from != origin:
            self._add(key, "minutes_from", row.minutes_from, origin, T("derived from the inputs"))
        return inside

    def _add(self, key: str, column: str, found: Any, expected: Any, rule: Any) -> None:
        self._findings.add(self.file, key, column, found, expected, rule)
