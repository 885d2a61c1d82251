"""The books: whether a decision can be carried out and paid in whole fen, and everything that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panhuo.assemble import Options
from panhuo.assemble.siting import Assembled
from panhuo.engine.program import Decision
from panhuo.instance import Instance
from panhuo.result.money.treasury import Bools, Settled, Treasury
from panhuo.result.operation import Operated, Operation
from panhuo.result.people.served import Served


@dataclass(frozen=True)
class Written:
    """A decision, carried out and paid as far as it can be.

    Parameters
    ----------
    operated : Operated
        Who goes where, and the accounts.
    before : Served
        Today's flow.
    settled : Settled
        Who pays what.
    """

    operated: Operated
    before: Served
    settled: Settled

    @property
    def choose(self) -> Bools:
        """The chosen options, (O,)."""
        return self.operated.decision.choose


class Books:
    """The books of an instance, open for many decisions.

    Parameters
    ----------
    instance : Instance
        The instance.
    options : Options
        Its options.
    assembled : Assembled
        The model's data.
    """

    def __init__(self, instance: Instance, options: Options, assembled: Assembled) -> None:
        self.instance, self.options, self.assembled = instance, options, assembled
        self.operation = Operation(instance, options, assembled.data, assembled.cells)
        self.treasury = Treasury(instance, options)
        self._last: Written | None = None

    def accepts(self, decision: Decision) -> bool:
        """Whether a decision can be carried out and paid in whole fen, by every rule."""
        operated = self.operation.carried_out(decision)
        settled = self.treasury.settle(decision.choose, operated.accounts, self._bundles(decision))
        self._last = None if settled is None else Written(operated, self.before, settled)
        return settled is not None

    def write(self, decision: Decision) -> Written:
        """Carry a decision out, and pay as much of it as can be paid."""
        if self._last is not None and self._last.operated.decision is decision:
            return self._last
        operated = self.operation.carried_out(decision)
        settled = self.treasury.attempt(decision.choose, operated.accounts, self._bundles(decision))
        return Written(operated, self.before, settled)

    @property
    def before(self) -> Served:
        """Today's flow."""
        return self.operation.before

    def _bundles(self, decision: Decision) -> list[Bools]:
        """Say for every fund which of the chosen options' accounts cover it, should it be a bond."""
        data = self.assembled.data
        account = data.option_account[np.flatnonzero(decision.choose)]
        none = np.zeros(len(account), dtype=bool)
        bonds = {bond.fund: np.asarray(bond.accounts[account]) for bond in data.money.bonds}
        return [bonds.get(f, none) for f in range(len(self.treasury.funds.names))]
