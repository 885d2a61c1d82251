"""A decision carried out: who is served where, and the year of every chosen option, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from panhuo.assemble import Options
from panhuo.assemble.accounts import pool_keys
from panhuo.assemble.exact import MICRO, exactly
from panhuo.assemble.flow import Cells
from panhuo.assemble.tiers import PARTS, Menu, menu, tiers
from panhuo.engine.program import Decision
from panhuo.instance import Instance
from panhuo.instance.policy import Operating
from panhuo.result.money.year import Account, Visits
from panhuo.result.people.served import Served, option_at, served_after, served_before
from panhuo.result.people.steady import steady
from panhuo_models.data import SitingData


@dataclass(frozen=True)
class Operated:
    """What follows from a decision before any money is paid.

    Parameters
    ----------
    decision : Decision
        The decision.
    served : Served
        Who goes where.
    accounts : tuple of Account
        One for each chosen option, in their order.
    """

    decision: Decision
    served: Served
    accounts: tuple[Account, ...]


class Operation:
    """Carries decisions out.

    Parameters
    ----------
    instance : Instance
        Tariffs, tiers, operating modes.
    options : Options
        The options.
    data : SitingData
        Flow rows and outlets.
    cells : Cells
        What they stand for.
    """

    def __init__(self, instance: Instance, options: Options, data: SitingData, cells: Cells) -> None:
        self._instance, self._options, self._data, self._cells = instance, options, data, cells
        self.menu: Menu = menu(instance, tiers(instance))
        self._visits = dict(zip(instance["services"]["service"], instance["services"]["visits_per_year"], strict=True))
        self._pool = dict(zip(options.accounts, pool_keys(instance, options), strict=True))

    @cached_property
    def before(self) -> Served:
        """Today's flow."""
        return served_before(self._data, self._cells)

    def carried_out(self, decision: Decision) -> Operated:
        """Keep people where they are as far as can be, round them, and open the accounts."""
        kept = steady(self._data, self._cells, decision, self.before)
        served = served_after(self._data, self._cells, self._options, kept)
        option = option_at(self._data, decision)
        outlet = {int(option[n]): int(n) for n in np.flatnonzero(option >= 0)}
        persons = np.zeros((len(decision.choose), len(self._data.tiers)), dtype=np.int64)
        mine = served.option >= 0
        np.add.at(persons, (served.option[mine], self._data.flow.tier[served.row[mine]]), served.served[mine])
        accounts = [self._account(o, outlet.get(o), persons[o]) for o in np.flatnonzero(decision.choose).tolist()]
        return Operated(decision, served, tuple(accounts))

    def visits(self, service: str, operating: str, tariff: str, persons: np.ndarray) -> tuple[Visits, ...]:
        """Count the visits of a year by tier; none without a tariff.

        Parameters
        ----------
        persons : (H,) int [1e-6 persons]
            Served people of every tier.
        """
        if not tariff:
            return ()
        a_year, row = exactly(self._visits[service]), self.menu.names.index(tariff)
        cost = self._options.visit_cost_fen[service, operating]
        return tuple(
            Visits(
                tier=tier,
                persons=int(persons[h]),
                count=int(persons[h]) * a_year.numerator // (a_year.denominator * MICRO),
                cost=cost,
                **{part: int(self.menu.fen[part][row, h]) for part in PARTS},
            )
            for h, tier in enumerate(self._data.tiers)
            if h
        )

    def _account(self, o: int, outlet: int | None, persons: np.ndarray) -> Account:
        options, row = self._options, self._options.table.iloc[o]
        kind: Operating | None = self._instance.settings.operating.get(row["operating"])
        tariff = "" if outlet is None else self._data.outlets.tariff[outlet]
        asked = kind is not None and kind.margin_min is not None
        return Account(
            option=o,
            site=row["site"],
            project=row["project"],
            service=row["service"],
            operating=row["operating"],
            operator="" if kind is None else kind.operator,
            tariff=tariff,
            visits=self.visits(row["service"], row["operating"], tariff, persons),
            other=int(options.income_fen[o]),
            fixed=int(options.yearly_fen[o].sum()),
            limit=int(options.subsidy_fen[o]),
            margin_min=exactly(kind.margin_min) if kind and kind.margin_min is not None else None,
            margin_max=exactly(kind.margin_max) if kind and asked and kind.margin_max is not None else None,
            pool=self._pool[row["account"]],
            years=exactly(kind.write_off_years) if kind and kind.write_off_years is not None else None,
        )
