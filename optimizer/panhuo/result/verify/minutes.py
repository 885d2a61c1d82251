"""run.json against the ground: where minutes come from, and who is off the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panhuo.result.verify.findings import Findings
from panhuo.result.verify.people import Reached
from panhuo.result.verify.record import FILE, equal
from panhuo.words import T


def check_minutes(reached: Reached, run: Mapping[str, Any], findings: Findings) -> None:
    """Check the pairs by where their minutes come from, and the number of those off the network."""
    stated = run.get("minutes") or {}
    for origin, pairs in reached.minutes_from.items():
        equal(findings, f"minutes.{origin}", stated.get(origin), pairs)
    off = run.get("off_network")
    if reached.off_network is None:
        if off is not None:
            findings.add(FILE, None, "off_network", str(off), None, T("minutes do not come from a network"))
        return
    for kind, count in reached.off_network.items():
        equal(findings, f"off_network.{kind}", (off or {}).get(kind), count)
