"""The rooms: what becomes of each, whom it serves, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.result.page.speech import REASONS, Speech
from panhuo.result.plan import Result
from panhuo.words import figures

Served = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Room:
    """A row of the table of rooms; numbers beside their words, to sort by."""

    id: str
    name: str
    chosen: bool
    mode: str
    services: str
    persons: str
    persons_number: float
    capital: str
    capital_number: float
    reason: str
    why: str


def rooms(result: Result, speech: Speech) -> list[Room]:
    """List all rooms, the chosen ones first, each with the people who go there."""
    going = result.tables["allocation"]
    going = going[going["kind"] == "chosen"].groupby("place")["persons"].sum()
    found = []
    for row in result.tables["sites"].to_dict("records"):
        chosen = row["chosen"] == "yes"
        persons = float(going.get(row["site"], 0.0))
        services = [speech.service(k) for k in row["services"].split(";") if k]
        found.append(
            Room(
                row["site"], row["name"] or row["site"], chosen, speech.mode(row["mode"]) if chosen else "–",
                speech.row(services) or "–", figures.count(persons) if chosen else "–", persons,
                speech.bare(row["capital_cny"]) if chosen else "–", float(row["capital_cny"]),
                speech.text(REASONS[row["reason"]]), speech.text(row["detail"]),
            )
        )  # fmt: skip
    return sorted(found, key=lambda room: not room.chosen)


def served_points(result: Result, dots: NDArray[np.int64]) -> Served:
    """List what stands for the demand points whose people go to each chosen room, by service.

    Parameters
    ----------
    dots : (D,) int
        What stands for each demand point on the map.
    """
    going = result.tables["allocation"]
    going = going[going["kind"] == "chosen"]
    at = pd.Index(result.instance["demand"]["id"]).get_indexer(going["demand"])
    found: Served = {}
    for (place, service), rows in going.assign(at=at).groupby(["place", "service"], sort=False)["at"]:
        going_there = {"points": len(set(rows)), "dots": np.unique(dots[rows]).tolist()}
        found.setdefault(str(place), {})[str(service)] = going_there
    return found
