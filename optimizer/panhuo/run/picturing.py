"""A picture of what lies within 15 minutes of a few rooms."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from panhuo.access import Snaps, areas
from panhuo.instance import Fault, Instance, InstanceError
from panhuo.result import LIMIT_MIN, draw_areas, spread
from panhuo.words import Lang, T, Text


def picture(instance: Instance, path: Path, snapping: Snaps | None, lang: Lang = "en") -> Text | None:
    """Draw what lies within 15 minutes of a few sites, spread over the district.

    Parameters
    ----------
    path : Path
        The file: .png or .svg.
    snapping : Snaps or None
        As :class:`~panhuo.run.checking.Check` has it: sites off the network are passed over.
    lang : {"zh", "en"}
        Language of the words.

    Returns
    -------
    Text or None
        A remark, where the machine has no font for what should stand there.

    Raises
    ------
    InstanceError
        All sites are excluded or off the network.
    """
    sites = instance["sites"]
    drawn = (sites["status"] != "excluded").to_numpy(bool)
    if snapping is not None:
        drawn = drawn & ~np.logical_and.reduce(list(snapping.off_places.values()))[: len(sites)]
    if not drawn.any():
        rule = T("there is no room to draw: all are excluded or off the network")
        raise InstanceError([Fault(str(path), rule, T("Leave --picture out"))])
    found = areas(instance, spread(instance, drawn), LIMIT_MIN)
    return draw_areas(instance, found, path, lang)
