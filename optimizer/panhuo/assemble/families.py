"""Services that serve the same people: those that count as another, and that other one."""

from __future__ import annotations

import pandas as pd

from panhuo.instance import Instance


def served_as(instance: Instance) -> pd.Series:
    """Name the service whose people each service serves, by service: itself, or the one it counts as."""
    services = instance["services"].set_index("service")
    return services["counts_as"].mask(services["counts_as"] == "", services.index.to_series())


def families(instance: Instance) -> dict[str, list[str]]:
    """List, for each service that has needs of its own, the services that serve its people, itself among them."""
    served = served_as(instance)
    return {str(k): list(served.index[served == k]) for k in served.index[served == served.index]}
