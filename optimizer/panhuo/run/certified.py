"""What was derived again of a result and its bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from panhuo.instance import Instance
from panhuo.result import Verification

if TYPE_CHECKING:  # most results are verified without their bounds
    from panhuo.result.bound import Derived
    from panhuo.run.confirming import Confirmed


@dataclass(frozen=True)
class Certified:
    """What was derived again of a result and its bounds.

    Parameters
    ----------
    verification : Verification
        What is not as it must be, in figures and bounds.
    bounds : tuple of Derived
        Stage by stage; none where the figures are already wrong.
    clusters : tuple of Confirmed
        Stage by stage, where they were asked for.
    instance : Instance or None
        The inputs; None where the figures are already wrong.
    """

    verification: Verification
    bounds: tuple[Derived, ...] = ()
    clusters: tuple[Confirmed, ...] = ()
    instance: Instance | None = None
