"""Embedded complexes (社区嵌入式服务综合体): what makes one, and which projects could be one."""

from __future__ import annotations

import numpy as np

from panhuo.assemble.exact import whole
from panhuo.assemble.options import Options
from panhuo.instance import Instance
from panhuo_models.data import Bools, Complexes


def complexes(instance: Instance) -> Complexes | None:
    """Say what makes a project a complex, if the policy speaks of them."""
    asked_for = instance.settings.policy.complex
    if asked_for is None:
        return None
    return Complexes(
        area=asked_for.min_area_m2,
        functions=asked_for.min_functions,
        named=instance["services"]["service"].isin(asked_for.named).to_numpy(bool),
        named_functions=asked_for.min_named,
        least=asked_for.least,
    )


def could_be(instance: Instance, options: Options) -> Bools:
    """Say which projects could be a complex, (P,) bool: their services are enough, each at its largest.

    Without policy.complex, none.
    """
    projects, table = options.projects, options.table
    what = instance.settings.policy.complex
    if what is None:
        return np.zeros(len(projects), dtype=bool)
    largest = table.assign(area=whole(table["area_m2"])).groupby(["project", "service"], as_index=False)["area"].max()
    largest["named"] = largest["service"].isin(what.named)
    held = largest.groupby("project").agg(area=("area", "sum"), functions=("area", "size"), named=("named", "sum"))
    held = held.reindex(projects["project"])
    room = np.minimum(held["area"].to_numpy(float), whole(projects["area_m2"]))
    able = (room >= whole([what.min_area_m2])) & (held["functions"] >= what.min_functions).to_numpy(bool)
    return np.asarray(able & (held["named"] >= what.min_named).to_numpy(bool), dtype=bool)
