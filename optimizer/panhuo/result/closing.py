"""Which existing facilities a plan closes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.instance import Instance


def closed(instance: Instance, chosen: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which existing facilities close, (E,): those in a site that is used in a mode that closes what stands in it.

    Parameters
    ----------
    chosen : DataFrame
        The chosen options: ``site``, ``mode``.
    """
    modes = instance.settings.modes
    closing = chosen["site"][[modes[mode].closes_existing for mode in chosen["mode"]]]
    found: NDArray[np.bool_] = instance["existing"]["site_id"].isin(closing).to_numpy(bool)
    return found
