"""Tiers and tariffs: whole menus, prices that do not rise with need, shares that add up."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from panhuo.instance.checking.telling import cell, shown
from panhuo.instance.findings import Findings
from panhuo.instance.reading.raw import Typed
from panhuo.words import T

CLOSE = 1e-9
"""How near to 1 the shares of a group must add up."""


def check(given: Mapping[str, Typed], tables: Mapping[str, pd.DataFrame], findings: Findings) -> None:
    """Check tiers, tariffs and the visits that tariffs need.

    Parameters
    ----------
    given : mapping of str to Typed
        The tables given.
    tables : mapping of str to DataFrame
        Every table that could be read, completed.
    findings : Findings
        Where faults go.
    """
    tiers, tariffs = given.get("tiers"), given.get("tariffs")
    if tiers is not None:
        _alike(tiers, "tier", ("name_zh", "name_en", "need", "income_cny_per_month"), findings)
    if tariffs is None:
        return
    _alike(tariffs, "tariff", ("service", "name_zh", "name_en", "price_class", "operating", "existing"), findings)
    market = (tariffs.frame["price_class"] == "market") & (tariffs.frame["government_cny"] > 0)
    for line in tariffs.frame.index[market]:
        rule = T("must be 0 where price_class is market")
        cell(tariffs, line, "government_cny", rule, T("Clear the cell or change the class"), findings)
    _today(tariffs, findings)
    if "services" in given:
        _visits(given["services"], tariffs, findings)
    if tiers is not None:
        _menus(tariffs, tiers, findings)
        if "needs" in tables:
            _shares(tiers, tables["needs"], tariffs, findings)


def _alike(read: Typed, key: str, columns: tuple[str, ...], findings: Findings) -> None:
    """Check that the rows of one key say the same in some columns; a blank flag says no."""
    first: dict[str, int] = {}
    for line, name in read.frame[key].items():
        start = first.setdefault(str(name), int(str(line)))
        for column in columns if name and start != line else ():
            default = False if column == "existing" else None
            here, there = (
                v if (v := shown(read.frame.loc[at, column])) is not None else default for at in (line, start)
            )
            if here != there and (start, column) not in read.faulty:
                rule = T(
                    "must be as in row {first}, which is of {key} {name} too", first=start, key=key, name=str(name)
                )
                cell(read, line, column, rule, T("Write the same in both rows"), findings)


def _today(tariffs: Typed, findings: Findings) -> None:
    """Check that one tariff a service at most is that of its existing facilities."""
    frame = tariffs.frame[tariffs.frame["existing"].fillna(False).astype(bool)].drop_duplicates("tariff")
    first: dict[str, str] = {}
    for line, service, tariff in zip(frame.index, frame["service"], frame["tariff"], strict=True):
        if first.setdefault(service, tariff) != tariff:
            rule = T("{tariff} is the tariff of the service's existing facilities already", tariff=first[service])
            cell(tariffs, line, "existing", rule, T("Keep one of them"), findings)


def _visits(services: Typed, tariffs: Typed, findings: Findings) -> None:
    charged = services.frame["service"].isin(set(tariffs.frame["service"]) - {""})
    for line in services.frame.index[charged & services.frame["visits_per_year"].isna()]:
        rule = T("must be filled where the service has tariffs")
        cell(services, line, "visits_per_year", rule, T("Write how often a served person comes in a year"), findings)


def _menus(tariffs: Typed, tiers: Typed, findings: Findings) -> None:
    """Check that a tariff has a row for every tier, and that its price does not rise with need."""
    rows = tiers.frame[tiers.frame["tier"] != ""].drop_duplicates("tier")
    need = dict(zip(rows["tier"], rows["need"], strict=True))
    for tariff, menu in tariffs.frame[tariffs.frame["tariff"] != ""].groupby("tariff", sort=False):
        missing = [tier for tier in need if tier not in set(menu["tier"])]
        if missing:
            rule = T("the tariff has no row for the tiers {tiers}", tiers=", ".join(missing))
            cell(tariffs, menu.index[0], "tariff", rule, T("Add a row for each"), findings, value=tariff)
        ranked = [
            (line, need[tier], price, tier)
            for line, tier, price in zip(menu.index, menu["tier"], menu["price_cny"], strict=True)
            if tier in need and not pd.isna(need[tier]) and not math.isnan(price)
        ]
        for line, rank, price, _ in ranked:
            below = [(other, tier) for _, lower, other, tier in ranked if lower < rank and other < price]
            if below:
                least, tier = min(below)
                rule = T(
                    "must be ≤ {price}, the price of the tier {tier}, which needs it less",
                    price=f"{least:.15g}",
                    tier=tier,
                )
                cell(tariffs, line, "price_cny", rule, T("Lower it, or correct the need in tiers"), findings)


def _shares(tiers: Typed, needs: pd.DataFrame, tariffs: Typed, findings: Findings) -> None:
    """Check that the tiers of every group that needs a service with tariffs are the whole group."""
    charged = needs[needs["service"].isin(set(tariffs.frame["service"])) & (needs["rate"] > 0)]
    groups = tiers.frame.groupby("group", sort=False)["share"].agg(list).to_dict()
    for group, service in charged.drop_duplicates("group")[["group", "service"]].itertuples(index=False):
        column = tiers.headers.get("group", "group")
        if group not in groups:
            rule = T(
                "the group {group} needs {service}, which has tariffs, and is in no tier", group=group, service=service
            )
            findings.fault(tiers.file, rule, T("Add a row for it to a tier"), column=column)
        elif abs(total := math.fsum(groups[group]) - 1) > CLOSE:
            rule = T("the shares of the group {group} add up to {sum}, not to 1", group=group, sum=f"{1 + total:.12g}")
            findings.fault(tiers.file, rule, T("Correct the shares"), column=tiers.headers.get("share", "share"))
