"""What is excluded, and the name of the rule that did it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.exact import Whole
from panhuo.instance import Instance
from panhuo.words import T, Text

BUILT_IN: dict[str, Text] = {
    "status": T("The site is excluded"),
    "dropped": T("The policy drops it"),
    "conversion": T("The conversions table says no"),
    "min_area": T("Smaller than the service needs"),
    "conversion_area": T("The area in the conversions table exceeds the site's"),
    "no_cost": T("No cost row matches"),
    "operating": T("No operating mode runs the service in this mode"),
    "no_tariff": T("No tariff may be charged"),
    "unpayable": T("No fund may pay for all of it"),
}
"""The rules that need no row in a table; two more name the supplier."""


class Exclusions:
    """Which site, mode and service make no option, by the rule that left none.

    Parameters
    ----------
    instance : Instance
        The instance.
    modes : list of str
        The modes the planner allows.
    """

    def __init__(self, instance: Instance, modes: list[str]) -> None:
        self._instance, self._modes = instance, modes
        self._names: list[str] = []
        self._why = np.full((len(instance["sites"]), len(modes), len(instance["services"])), -1)

    @property
    def left(self) -> NDArray[np.bool_]:
        """What no rule has excluded so far, (S, M, K)."""
        return self._why < 0

    def exclude(self, rule: str, where: NDArray[np.bool_]) -> None:
        """Exclude by a rule; ``where`` goes with (S, M, K). What another rule excluded before stays with that one."""
        if rule not in self._names:
            self._names.append(rule)
        self._why[self.left & where] = self._names.index(rule)

    def keep(self, rule: str, pairs: Whole) -> None:
        """Exclude by a rule all but the (site, mode, service) in ``pairs``, flat."""
        kept = np.zeros(self._why.size, dtype=bool)
        kept[pairs] = True
        self.exclude(rule, ~kept.reshape(self._why.shape))

    def table(self) -> pd.DataFrame:
        """Give ``site``, ``mode``, ``service``, ``rule``, ``name_zh``, ``name_en``."""
        at = np.nonzero(self._why >= 0)
        rules = self._instance["rules"].drop_duplicates("rule").set_index("rule")
        zh = {**rules["name_zh"].to_dict(), **{k: t.to("zh") for k, t in BUILT_IN.items()}}
        en = {**rules["name_en"].to_dict(), **{k: t.to("en") for k, t in BUILT_IN.items()}}
        excluded = named(self._instance, self._modes, *at)
        excluded["rule"] = np.array(self._names, dtype=object)[self._why[at]]
        # a link bears no name but its key
        excluded = excluded.assign(
            name_zh=[zh.get(r) or r for r in excluded["rule"]], name_en=[en.get(r) or r for r in excluded["rule"]]
        )
        unsupplied = excluded["rule"].isin(["supply", "no_supply"])
        services = self._instance["services"].set_index("service")
        supplier = excluded["service"][unsupplied].map(services["supplied_by"])
        for lang in ("zh", "en"):
            pairs = zip(excluded["rule"][unsupplied], supplier.map(services[f"name_{lang}"]), strict=True)
            excluded.loc[unsupplied, f"name_{lang}"] = [_unsupplied(rule, by).to(lang) for rule, by in pairs]
        return excluded


def _unsupplied(rule: str, supplier: str) -> Text:
    if rule == "supply":
        return T("No {supplier} lies within the delivery standard", supplier=supplier)
    return T("No {supplier} within the delivery standard supplies anything", supplier=supplier)


def named(instance: Instance, modes: list[str], site: Whole, mode: Whole, service: Whole) -> pd.DataFrame:
    """Give the keys of sites, modes and services by their positions."""
    return pd.DataFrame(
        {
            "site": instance["sites"]["id"].to_numpy()[site],
            "mode": np.array(modes, dtype=object)[mode],
            "service": instance["services"]["service"].to_numpy()[service],
        },
        dtype="str",
    )
