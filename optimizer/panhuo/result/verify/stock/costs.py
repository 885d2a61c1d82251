"""Costs of an option by item, from the most exact rows of the costs table."""

from __future__ import annotations

from typing import Any

from panhuo.instance import Instance
from panhuo.instance.tabular import records
from panhuo.result.verify.exact import given, hundredths, rated


class Costs:
    """The costs table."""

    def __init__(self, instance: Instance) -> None:
        self._rows = records(instance["costs"])
        self._matching: dict[tuple[str, str, str], list[dict[str, Any]]] = {}

    def rows(self, mode: str, service: str, operating: str) -> list[dict[str, Any]]:
        """Rows that match, from the least exact to the most."""
        key = mode, service, operating
        if key not in self._matching:
            rows = [
                r for r in self._rows
                if r["service"] in ("", service) and r["mode"] in ("", mode) and r["operating"] in ("", operating)
            ]  # fmt: skip
            rows.sort(key=lambda r: 4 * bool(r["service"]) + 2 * bool(r["mode"]) + bool(r["operating"]))
            self._matching[key] = rows
        return self._matching[key]

    def items(self, ledger: str, mode: str, service: str, operating: str, area: int) -> dict[str, int]:
        """Cost by item of so many 0.01 m² [fen]; ``ledger`` is capital or yearly."""
        best = {row["item"]: row for row in self.rows(mode, service, operating)}
        return {
            item: rated(row[f"{ledger}_cny_per_m2"], area) + hundredths(row[f"{ledger}_cny"])
            for item, row in best.items()
        }

    def per_visit(self, service: str, operating: str) -> int:
        """Cost of a visit [fen]: every item's most exact row among those that say it, apart from all else."""
        rows = [
            r for r in self._rows
            if given(r["yearly_cny_per_visit"])
            and r["service"] in ("", service) and r["operating"] in ("", operating)
        ]  # fmt: skip
        rows.sort(key=lambda r: 2 * bool(r["service"]) + bool(r["operating"]))
        return sum(hundredths(row["yearly_cny_per_visit"]) for row in {row["item"]: row for row in rows}.values())
