"""The places people walk to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panhuo.instance import Instance


def places(instance: Instance) -> pd.DataFrame:
    """List sites, then existing facilities.

    Returns
    -------
    DataFrame
        ``place`` (id), ``kind`` ("site" or "existing"), ``row`` in the table of that kind, ``x_m``, ``y_m``; L rows.
    """
    kinds = {"site": instance["sites"], "existing": instance["existing"]}
    parts = [
        pd.DataFrame({"place": t["id"], "kind": kind, "row": np.arange(len(t)), "x_m": t["x_m"], "y_m": t["y_m"]})
        for kind, t in kinds.items()
    ]
    return pd.concat([p for p in parts if len(p)], ignore_index=True)
