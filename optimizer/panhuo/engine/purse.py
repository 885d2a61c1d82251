"""Whether a choice can be paid, before anyone is assigned: one small linear program, kept warm."""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp

from panhuo.engine.errors import SolverError
from panhuo_models.data import YEARLY_ITEMS, Bools, Floats, Ints, ShareLimit, SitingData
from panhuo_models.money import UNIT

_HAIR = 1e-6
_INF = highspy.kHighsInf


class Payments:
    """Asks, for a choice without visits, whether the funds can pay for it within caps and shares.

    The shares of the first options of a plan mean little, as others will follow: beside what each fund pays now, the
    program has what it may pay later, for options not yet chosen. A limit that binds one project alone has no such
    excuse. Funds that ask for more than the choice alone can promise (complexes, revenue) pay nothing here, and limits
    on the year are left to the whole model: a choice that can be paid here may still fail there.

    Parameters
    ----------
    data : SitingData
        Money, yearly money and what stands in the options.
    """

    def __init__(self, data: SitingData) -> None:
        self._data = data
        money = data.money
        self.most = (min(money.budget, float(money.cap.sum())) if money.funds else money.budget) + _HAIR
        self._share = money.most.copy()
        self._share[money.complex_only] = 0.0
        self._share[[bond.fund for bond in money.bonds]] = 0.0
        self._dues = least_dues(data)
        self._limits = [limit for limit in money.limits if limit.ledger != "yearly"]
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        self._fill()

    def _fill(self) -> None:
        """Write Σ_f pay = spent, caps, shares, and the same for the year; columns: pay, later[f], pay of the year."""
        money, yearly = self._data.money, self._data.yearly
        fund, self._class = np.nonzero(self._share)
        later = np.arange(len(money.funds))
        payer, due = np.nonzero(yearly.eligible)
        self._pays, self._later = len(fund), slice(len(fund), len(fund) + len(later))
        self._part = self._share[fund, self._class]
        for _ in range(len(fund) + len(later) + len(payer)):
            self._highs.addCol(0.0, 0.0, _INF, 0, np.array([], dtype=np.int32), np.array([]))

        def row(lower: float, upper: float, pay: Floats, ahead: Floats, year: Floats) -> None:
            coefficients = np.concatenate([pay, ahead, year])
            there = np.flatnonzero(coefficients).astype(np.int32)
            self._highs.addRow(lower, upper, len(there), there, coefficients[there])

        pay0, later0, year0 = np.zeros(len(fund)), np.zeros(len(later)), np.zeros(len(payer))
        for q in range(self._share.shape[1]):
            row(0.0, 0.0, (self._class == q).astype(float), later0, year0)
        for y in range(yearly.eligible.shape[1]):
            row(0.0, 0.0, pay0, later0, (due == y).astype(float))
        self._first_limit = self._share.shape[1] + yearly.eligible.shape[1]
        for limit in self._limits:
            part = (limit.funds[fund] & limit.classes[self._class]).astype(float)
            of = (limit.of_funds[fund] & limit.of_classes[self._class]).astype(float)
            # Later options may tip the balance of a limit on many projects, never of one on a single project.
            able = (self._share[:, limit.of_classes] > 0).any(axis=1) & (not self._of_one_project(limit))
            mine, all_of = (limit.funds & able).astype(float), (limit.of_funds & able).astype(float)
            row(0.0, _INF, part - limit.low * of, mine - limit.low * all_of, year0)
            row(-_INF, 0.0, part - limit.high * of, mine - limit.high * all_of, year0)
        for f in later.tolist():
            row(-_INF, min(money.cap[f] / UNIT, _INF), (fund == f).astype(float), (later == f).astype(float), year0)
            row(-_INF, min(yearly.cap[f] / UNIT, _INF), pay0, later0, (payer == f).astype(float))

    def _of_one_project(self, limit: ShareLimit) -> bool:
        """Whether all a limit counts belongs to one project."""
        data = self._data
        units = np.unique(data.money.cost.tocsr()[limit.of_classes].indices)
        project = np.concatenate([data.option_project, data.work_project])[units]
        return len(np.unique(np.append(project, data.option_project[limit.options]))) <= 1

    @property
    def alone(self) -> Bools:
        """Options that cost the yearly funds nothing if nobody comes, (O,) bool."""
        return np.diff(self._dues.tocsc().indptr) == 0

    def can_pay(self, choose: Bools, *, final: bool) -> bool:
        """Whether a choice can be paid.

        Parameters
        ----------
        choose : (O,) bool
            The chosen options.
        final : bool
            Whether shares must hold for this choice alone; else for it and more to come.

        Returns
        -------
        bool
            True where some payment covers it all.

        Raises
        ------
        SolverError
            The linear program could not be solved.
        """
        money = self._data.money
        spent = np.asarray(money.cost @ built(self._data, choose).astype(float)).ravel()
        due = np.asarray(self._dues @ choose.astype(float)).ravel()
        if spent.sum() > self.most:
            return False
        if not money.funds:
            return not due.any()
        self._ask(choose, spent / UNIT, due / UNIT, final=final)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return True
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        raise SolverError(f"payments: HiGHS ended with {self._highs.modelStatusToString(status)}")

    def _ask(self, choose: Bools, spent: Floats, due: Floats, *, final: bool) -> None:
        """Set what is to be paid, and what may still be paid later."""
        equal = np.concatenate([spent, due])
        self._rows(np.arange(len(equal)), equal, equal)
        for n, limit in enumerate(self._limits):
            if limit.ledger == "capital_with_in_kind":
                given = self._data.money.in_kind @ (choose & limit.options).astype(float) / UNIT
                mine, everyone = float(given[limit.party]), float(given.sum())
                first = self._first_limit + 2 * n
                bounds = np.array([limit.low * everyone - mine, -_INF]), np.array([_INF, limit.high * everyone - mine])
                self._rows(np.array([first, first + 1]), *bounds)
        most = np.full(self._later.stop - self._later.start, 0.0 if final else _INF)
        columns = np.arange(self._later.stop, dtype=np.int32)
        upper = np.append(self._part * spent[self._class], most)
        self._highs.changeColsBounds(len(columns), columns, np.zeros(len(columns)), upper)

    def _rows(self, rows: Ints, lower: Floats, upper: Floats) -> None:
        self._highs.changeRowsBounds(len(rows), rows.astype(np.int32), lower, upper)


def built(data: SitingData, choose: Bools) -> Bools:
    """Say which units a choice pays for: the chosen options, then the shared works they need, (O + W,) bool."""
    needed = np.asarray(data.work_options.astype(np.int64) @ choose.astype(np.int64)).ravel() > 0
    return np.concatenate([choose, needed])


def least_dues(data: SitingData) -> sp.csr_matrix:
    """Give what each option costs the yearly funds if nobody comes, by yearly class.

    Parameters
    ----------
    data : SitingData
        Accounts and yearly money.

    Returns
    -------
    csr_matrix, (Y, O) [CNY/year]
        Deficits that are financed and the subsidies that the least margins need.
    """
    accounts, account = data.accounts, data.option_account
    need, item = np.zeros(len(account)), np.zeros(len(account), dtype=np.int64)
    financed, least = accounts.financed[account], accounts.margin_min[account]
    need[financed] = (accounts.fixed - accounts.income)[financed]
    item[financed] = YEARLY_ITEMS.index("operation")
    bound = ~np.isnan(least) & (least < 1)
    need[bound] = accounts.fixed[bound] / (1 - least[bound]) - accounts.income[bound]
    item[bound] = YEARLY_ITEMS.index("operating_subsidy")
    payer = data.yearly.due[account, item]
    owed = np.flatnonzero((need > 0) & (payer >= 0))
    shape = (data.yearly.eligible.shape[1], len(account))
    return sp.csr_matrix((need[owed], (payer[owed], owed)), shape=shape)
