"""When capital is paid, and who pays a year of each service."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from panhuo.instance.schema import PARTIES
from panhuo.result.figure.canvas import SOFT
from panhuo.result.figure.purses import stacked, swatch
from panhuo.result.figure.slide import HIGH, LEFT, WIDE, box, line, slide
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T

_TOP, _BOTTOM, _RIGHT, _NAMES = 4.2, 1.05, 4.0, 1.75


def years(result: Result, speech: Speech) -> Figure | None:
    """Draw capital by year and party, and a year by service and party; nothing where neither is spent."""
    ledger = result.tables["ledger"].assign(cny=lambda t: t["amount_cny"].astype(float))
    ledger["year"] = ledger["year"].astype("str").where(ledger["year"].notna(), "")
    capital = _laid_out(ledger[ledger["ledger"] == "capital"], "year")
    running = by_service(result)
    if capital.empty and running.empty:
        return None
    says = T("Capital {capital}; a year of running {year}", capital=speech.money(result.run["capital_cny"]),
             year=speech.money(running.to_numpy().sum()))  # fmt: skip
    figure = slide(result, speech, T("Capital by year, and a year of running"), says)
    line(figure, LEFT, 4.45, speech.text(T("Capital by year of payment")), 11, wide=_RIGHT - LEFT - 0.2)
    line(figure, _RIGHT, 4.45, speech.text(T("A year, by service and who pays")), 11, wide=WIDE - LEFT - _RIGHT)
    if not capital.empty:
        axes = box(figure, LEFT, _BOTTOM, _RIGHT - LEFT - 0.5, _TOP - _BOTTOM)
        axes.spines["bottom"].set_visible(True)
        for n, (_, row) in enumerate(capital.iterrows()):
            stacked(axes, n, row[row > 0].to_dict(), thick=0.6, upright=True)
            axes.annotate(speech.money(row.sum()), (n, row.sum()), (0, 3), textcoords="offset points", ha="center",
                          fontsize=9)  # fmt: skip
        axes.set(yticks=[], ylim=(0, 1.1 * capital.sum(axis=1).max()), xlim=(-0.6, max(len(capital), 2) - 0.4))
        axes.set_xticks(
            range(len(capital)), [year or speech.text(T("no year stated")) for year in capital.index], fontsize=10
        )
    if not running.empty:
        step = (_TOP - _BOTTOM) / max(len(running), 4)
        axes = box(
            figure, _RIGHT + _NAMES, _TOP - step * len(running), WIDE - LEFT - _RIGHT - _NAMES, step * len(running)
        )
        axes.set(xlim=(0, 1.42 * running.sum(axis=1).max()), ylim=(len(running) - 0.5, -0.5), xticks=[], yticks=[])
        for n, (service, row) in enumerate(running.iterrows()):
            stacked(axes, n, row[row > 0].to_dict(), thick=0.6)
            axes.annotate(speech.money(row.sum()), (row.sum(), n), (4, 0), textcoords="offset points", va="center",
                          fontsize=9)  # fmt: skip
            line(figure, _RIGHT, _TOP - step * (n + 0.5), speech.service(str(service)), 9.5, wide=_NAMES - 0.1)
    shown = [party for party in (*PARTIES, "") if any(party in t and t[party].sum() > 0 for t in (capital, running))]
    labels = [
        speech.party(party) if party else speech.text(T("fixed cost that stands in no ledger")) for party in shown
    ]
    figure.legend([swatch(party) for party in shown], labels, loc="center", bbox_to_anchor=(0.5, 0.65 / HIGH),
                  ncols=6, frameon=False, fontsize=9.5, labelcolor=SOFT)  # fmt: skip
    return figure


def by_service(result: Result) -> pd.DataFrame:
    """Give what a year of each service costs whom [CNY], a column a party, "" what no ledger holds; dearest first."""
    plan, ledger = result.plan, result.tables["ledger"]
    paid = ledger[ledger["ledger"] == "yearly"].assign(cny=lambda t: t["amount_cny"].astype(float))
    paid = paid.assign(service=paid["option"].map(plan.set_index("option")["service"]))[["service", "party", "cny"]]
    free = plan[plan["operating"] == ""][["service", "yearly_cny"]].assign(party="")
    free = free.rename(columns={"yearly_cny": "cny"}).astype({"cny": float})
    found = _laid_out(pd.concat([paid, free[free["cny"] > 0]], ignore_index=True), "service")
    return found.loc[found.sum(axis=1).sort_values(ascending=False, kind="stable").index]


def _laid_out(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sum amounts up, a row each, a column a party in the order of the format."""
    table = rows.pivot_table(index=by, columns="party", values="cny", aggfunc="sum", fill_value=0.0, observed=True)
    return table[[party for party in (*PARTIES, "") if party in table.columns]]
