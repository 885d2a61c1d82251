"""The result: the decision, what the solver said of it, and what verification found."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from panhuo.access import Catchments
from panhuo.assemble import Options
from panhuo.engine.program import Outcome
from panhuo.instance import Instance
from panhuo.result.people.coverage import Bools
from panhuo.result.remarks import against_policy, synthetic
from panhuo.result.summary import summary
from panhuo.result.tables import tables
from panhuo.result.verify import Verification, verify_tables
from panhuo.words import Text


@dataclass(frozen=True)
class Result:
    """A plan, verified.

    Parameters
    ----------
    instance : Instance
        What it was made for.
    tables : mapping of str to DataFrame
        plan, sites, coverage, allocation, prices, ledger, demand: what the files of these names hold.
    run : dict
        What run.json holds.
    outcome : Outcome or None
        What the solver said; ``None`` where nothing was optimised.
    verification : Verification
        What code that shares nothing with the model found.
    notes : tuple of Text
        What a reader of the figures should know, beside what verification found.
    """

    instance: Instance
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    run: dict[str, Any] = field(repr=False)
    outcome: Outcome | None = field(repr=False)
    verification: Verification = field(repr=False)
    notes: tuple[Text, ...] = field(default=(), repr=False)

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
        """Tariffs chosen (none in this version)."""
        return self.tables["prices"]

    @property
    def ledger(self) -> pd.DataFrame:
        """Who pays what, to the fen."""
        return self.tables["ledger"]

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

    def _located(self, table: pd.DataFrame, source: str, key: str) -> pd.DataFrame:
        frame = self.instance.metric_crs
        if frame == "local":
            return table
        at = self.instance[source].set_index("id").loc[table[key]]
        return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(at["x_m"], at["y_m"], crs=frame))


def build(
    instance: Instance,
    options: Options,
    catchments: Catchments,
    choose: Bools,
    *,
    outcome: Outcome | None = None,
    notes: Sequence[Text] = (),
    seconds: Mapping[str, float],
    arguments: Mapping[str, Any],
    seed: int = 0,
) -> Result:
    """Work out everything that follows from a choice, and have it verified.

    Parameters
    ----------
    choose : (O,) bool
        The chosen options.
    outcome : Outcome, optional
        What the solver said of it.
    notes : sequence of Text
        What a reader of the figures should know.
    seconds : mapping of str to float
        Time of the steps before; ledger and verify are added.
    arguments, seed
        Noted in run.json.
    """
    start = time.perf_counter()
    found = tables(instance, options, catchments, choose)
    took = {**seconds, "ledger": time.perf_counter() - start}
    said = (*notes, *synthetic(instance))
    run = summary(instance, found, outcome, seconds=took, arguments=arguments, seed=seed)
    start = time.perf_counter()
    verification = verify_tables(instance, found, run)
    run["seconds"]["verify"] = round(time.perf_counter() - start, 3)
    run["verified"] = verification.ok
    result = Result(instance, found, run, outcome, verification, said)
    run["notes"] = [str(remark) for remark in result.remarks]
    return result
