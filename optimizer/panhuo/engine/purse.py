"""Whether a set of costs can be paid: one small linear program, kept warm."""

from __future__ import annotations

import highspy
import numpy as np

from panhuo.engine.highs import SolverError
from panhuo_models.data import Floats, Money
from panhuo_models.money import UNIT

_HAIR = 1e-6


class Payments:
    """Asks, for costs by class, whether the funds can pay them within caps and shares.

    The shares of the first options of a plan mean little, as others will follow: beside what each fund pays now, the
    program has what it may pay later, for options not yet chosen.

    Parameters
    ----------
    money : Money
        Funds, eligibility, caps, shares, budget.
    """

    def __init__(self, money: Money) -> None:
        self._money = money
        self._most = min(money.budget, float(money.cap.sum())) if money.funds else money.budget
        self._payable = money.eligible.any(axis=0)
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        self._fill()

    def _fill(self) -> None:
        """Write Σ_f pay[f,q] = spent[q], the caps, and the shares, in units of money; the last columns are later[f]."""
        money, highs = self._money, self._highs
        funds, classes = np.nonzero(money.eligible)
        funds = np.append(funds, np.arange(len(money.funds)))
        classes = np.append(classes, np.full(len(money.funds), -1))
        inf = highspy.kHighsInf
        for _ in range(len(funds)):
            highs.addCol(0.0, 0.0, inf, 0, np.array([], dtype=np.int32), np.array([]))
        every = np.arange(len(funds), dtype=np.int32)

        def row(lower: float, upper: float, coefficients: Floats) -> None:
            there = np.flatnonzero(coefficients).astype(np.int32)
            highs.addRow(lower, upper, len(there), every[there], coefficients[there])

        for q in range(money.eligible.shape[1]):
            row(0.0, 0.0, (classes == q).astype(float))
        for f in range(len(money.funds)):
            row(-inf, min(money.cap[f] / UNIT, inf), (funds == f).astype(float))
        for p in range(len(money.parties)):
            of = (money.party[funds] == p).astype(float)
            row(0.0, inf, of - money.share_min[p])
            row(-inf, 0.0, of - money.share_max[p])

    def can_pay(self, spent: Floats, *, final: bool) -> bool:
        """Whether the costs can be paid.

        Parameters
        ----------
        spent : (Q,) float [CNY]
            Cost in each class.
        final : bool
            Whether shares must hold for these costs alone; else for them and some more.

        Returns
        -------
        bool
            True where some payment covers them all.

        Raises
        ------
        SolverError
            The linear program could not be solved.
        """
        if spent.sum() > self._most + _HAIR or (self._money.funds and np.any(spent[~self._payable] > 0)):
            return False
        if not self._money.funds:
            return True
        rows = np.arange(len(spent), dtype=np.int32)
        due = spent / UNIT
        self._highs.changeRowsBounds(len(rows), rows, due, due)
        later = np.arange(self._highs.getNumCol() - len(self._money.funds), self._highs.getNumCol(), dtype=np.int32)
        most = np.full(len(later), 0.0 if final else highspy.kHighsInf)
        self._highs.changeColsBounds(len(later), later, np.zeros(len(later)), most)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return True
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        raise SolverError(f"payments: HiGHS ended with {self._highs.modelStatusToString(status)}")
