"""Services that serve the same people: those that count as another, and that other one."""

from __future__ import annotations

import pandas as pd

from panhuo.instance import Instance


def served_as(instance: Instance) -> pd.Series:
    """Name the service whose people each service serves, by service: itself, or the one it counts as."""
    services = instance["services"]
    names = services["service"].tolist()
    served = [counted or own for own, counted in zip(names, services["counts_as"].tolist(), strict=True)]
    return pd.Series(served, index=pd.Index(names, dtype="str", name="service"), dtype="str")


def families(instance: Instance) -> dict[str, list[str]]:
    """List, for each service that has needs of its own, the services that serve its people, itself among them."""
    served = dict(served_as(instance).items())
    return {
        str(k): [own for own, counted in served.items() if counted == k] for k, itself in served.items() if itself == k
    }
