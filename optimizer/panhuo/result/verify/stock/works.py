"""Shared works of a project: paid once, if any option that needs them is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.verify.exact import hundredths, rated
from panhuo.result.verify.stock.rules import Line


@dataclass(frozen=True)
class Work:
    """One shared work of a project.

    Parameters
    ----------
    site, mode, work : str
        The project and the work.
    item : str
        Its cost item.
    fen : int
        What it costs.
    services : tuple of str
        Those that need it; none named: every service.
    """

    site: str
    mode: str
    work: str
    item: str
    fen: int
    services: tuple[str, ...]

    @property
    def key(self) -> str:
        """Its name."""
        return f"{self.site}:{self.mode}:{self.work}"

    def needed(self, services: Iterable[str]) -> bool:
        """Whether any of these services of the project needs it."""
        return any(not self.services or service in self.services for service in services)


class Works:
    """The shared works table."""

    def __init__(self, instance: Instance) -> None:
        self._rows: list[Any] = list(tuples(instance["shared_works"]))
        self._conditions = [Line((), (), row.column, row.op, row.value) if row.column else None for row in self._rows]

    def of(self, site: Mapping[str, Any], mode: str, room: int) -> list[Work]:
        """List the shared works of a site in a mode, needed or not.

        Parameters
        ----------
        room : int
            Floor area of the project [0.01 m²].
        """
        return [
            Work(
                site["id"], mode, row.work, row.item, rated(row.capital_cny_per_m2, room) + hundredths(row.capital_cny),
                tuple(row.services),
            )
            for row, condition in zip(self._rows, self._conditions, strict=True)
            if (not row.modes or mode in row.modes) and (condition is None or condition.holds(site))
        ]  # fmt: skip
