"""The result: the decision, what the solver said of it, and what verification found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from panhuo.engine.program import Outcome
from panhuo.instance import Instance
from panhuo.result.certificate import Arrays
from panhuo.result.remarks import against_policy
from panhuo.result.verify import Verification
from panhuo.words import Text, figures
from panhuo.words.reader import language


@dataclass(frozen=True, repr=False)
class Result:
    """A plan, verified.

    Parameters
    ----------
    instance : Instance
        What it was made for.
    tables : mapping of str to DataFrame
        plan, sites, coverage, allocation, allocation_before, prices, ledger, accounts, viability, demand, supply: what
        the files of these names hold.
    run : dict
        What run.json holds.
    outcome : Outcome or None
        What the solver said; ``None`` where nothing was optimised.
    verification : Verification
        What code that shares nothing with the model found.
    goals : tuple of str
        Names of the objectives that are about something, reached or not.
    notes : tuple of Text
        What a reader of the figures should know, beside what verification found.
    certificate : mapping of str to array, or None
        What certificate.npz holds; ``None`` where no stage was solved by parts.
    """

    instance: Instance
    tables: Mapping[str, pd.DataFrame]
    run: dict[str, Any]
    outcome: Outcome | None
    verification: Verification
    goals: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    certificate: Arrays | None = None

    @property
    def remarks(self) -> tuple[Text, ...]:
        """The notes, and what goes against the policy where the plan was given: what run.json notes."""
        return (*self.notes, *map(against_policy, self.verification.against))

    @property
    def plan(self) -> pd.DataFrame:
        """The chosen options."""
        return self.tables["plan"]

    @property
    def sites(self) -> pd.DataFrame:
        """Every site, chosen or not, and why; with points where the instance has a real coordinate system."""
        return self._located(self.tables["sites"], "sites", "site")

    @property
    def coverage(self) -> pd.DataFrame:
        """People before and after, by circle and service."""
        return self.tables["coverage"]

    @property
    def demand(self) -> pd.DataFrame:
        """People before and after, by demand point and service."""
        return self.tables["demand"]

    @property
    def allocation(self) -> pd.DataFrame:
        """Who goes where."""
        return self.tables["allocation"]

    @property
    def prices(self) -> pd.DataFrame:
        """What a visit costs whom at every chosen option, tier by tier, and what that is a month."""
        return self.tables["prices"]

    @property
    def ledger(self) -> pd.DataFrame:
        """Who pays what, to the fen."""
        return self.tables["ledger"]

    @property
    def accounts(self) -> pd.DataFrame:
        """Profit and loss of every chosen option that somebody runs, and the visits at which it breaks even."""
        return self.tables["accounts"]

    @property
    def supply(self) -> pd.DataFrame:
        """Which supplier feeds which chosen option that needs one, how far it is, and what it takes."""
        return self.tables["supply"]

    @property
    def viability(self) -> pd.DataFrame:
        """The visits that every place of a service with tariffs has, or could have, and those it needs."""
        return self.tables["viability"]

    @property
    def status(self) -> str:
        """How the run ended."""
        return str(self.run["status"])

    @property
    def objective(self) -> float | None:
        """What the plan reaches in the first stage."""
        return self.run["objective"]

    @property
    def bound(self) -> float | None:
        """What no plan can surpass in the first stage."""
        return self.run["bound"]

    @property
    def gap(self) -> float | None:
        """How far bound and objective of the first stage are apart."""
        return self.run["gap"]

    def __repr__(self) -> str:
        gap = "" if self.gap is None else f", gap {figures.gap(self.gap)}"
        verified = "verified" if self.verification.ok else "not verified"
        used = self.plan["site"].nunique()
        return f"Result({self.instance.path.as_posix()}: {self.status}{gap}, {used} rooms used, {verified})"

    def _repr_html_(self) -> str:
        """Show it in a notebook, in the language of the locale."""
        from panhuo.result.card import show  # noqa: PLC0415 (what a card is made of knows results)

        return show(self, language())

    def _located(self, table: pd.DataFrame, source: str, key: str) -> pd.DataFrame:
        frame = self.instance.metric_crs
        if frame == "local":
            return table
        import geopandas as gpd  # noqa: PLC0415 (a plan is made, shown and written without it)

        at = self.instance[source].set_index("id").loc[table[key]]
        return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(at["x_m"], at["y_m"], crs=frame))
