"""What parties give without cash: rent-free space and volunteers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panhuo.assemble.exact import Whole, exactly, half_up, whole
from panhuo.assemble.operating import operating_modes
from panhuo.instance import Instance

GIVER = {
    "administrative": "government",
    "state": "government",
    "collective": "community",
    "community": "community",
    "": "community",
    "private": "enterprise",
}
"""Who gives the space, by the site's kind of owner."""


def market_rent(instance: Instance) -> Whole:
    """Give the yearly market rent of every site, (S,) [fen/m²]."""
    return whole(instance["sites"]["market_rent_cny_per_m2"].fillna(instance.settings.in_kind.rent_cny_per_m2))


def in_kind(instance: Instance, site: Whole, operating: pd.Series, area: Whole) -> pd.DataFrame:
    """List what options are given without cash.

    An option under an operating mode is given volunteers' hours and, where it pays no rent, its space; both for as many
    years as the settings say.

    Parameters
    ----------
    site : (O,) int
        Row of the option's site.
    operating : Series of str
        Its operating mode.
    area : (O,) int
        Its floor area [0.01 m²].

    Returns
    -------
    DataFrame
        ``option`` (o), ``item`` (space or volunteers), ``party``, ``fen``; space first.
    """
    given, kinds = instance.settings.in_kind, operating_modes(instance)
    years, hour = exactly(given.years), exactly(int(whole([given.volunteer_cny_per_hour])[0]))
    free = operating.map({"": False, **{key: not kind.pays_rent for key, kind in kinds.items()}}).to_numpy(bool)
    space = half_up(years / 100, market_rent(instance)[site] * area)
    worth = {key: int(exactly(kind.volunteer_hours) * hour * years + exactly(0.5)) for key, kind in kinds.items()}
    volunteers = operating.map({"": 0, **worth}).to_numpy(np.int64)
    party = instance["sites"]["ownership"].map(GIVER).to_numpy(object)[site]
    o = np.arange(len(area))
    rows = pd.concat(
        [
            pd.DataFrame({"option": o, "item": "space", "party": party, "fen": np.where(free, space, 0)}),
            pd.DataFrame({"option": o, "item": "volunteers", "party": "community", "fen": volunteers}),
        ]
    )
    rows = rows[rows["fen"] > 0].reset_index(drop=True)
    return rows.astype({"item": "str", "party": "str"})
