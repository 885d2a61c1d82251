"""Every site: what becomes of it, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from panhuo.assemble import Options
from panhuo.assemble.exact import Whole
from panhuo.assemble.options import site_status
from panhuo.assemble.reach import flow_services
from panhuo.instance import Instance
from panhuo.instance.policy import Pin
from panhuo.instance.schema.choices import MODES, OPERATING
from panhuo.instance.tabular import tuples
from panhuo.result.money.bill import capital_rows
from panhuo.result.people.coverage import ROUNDING, Bools, Floats
from panhuo.words import T, Text, figures
from panhuo.words.names import joined, listed, name

SITES = (
    "site", "name", "status", "chosen", "mode", "services", "area_used_m2", "capital_cny", "yearly_cny",
    "reason", "detail",
)  # fmt: skip
"""Columns of sites.csv."""


def sites_table(instance: Instance, options: Options, choose: Bools, gain: Floats, off: Bools) -> pd.DataFrame:
    """Tell of every site whether it is used, and why not: the rows of sites.csv.

    ``reason`` is chosen, excluded (by its status or the policy), no_option (rules, area or costs leave nothing),
    off_network (nobody walks there), no_gain (nothing it may become would newly cover anyone beyond the plan) or
    not_chosen. ``detail`` holds a
    :class:`~panhuo.words.Text`. The capital of a site is that of its options and of the shared works they need.

    Parameters
    ----------
    choose : (O,) bool
        The chosen options.
    gain : (O,) float [persons]
        Persons each option would newly cover beyond the choice.
    off : (J,) bool
        Sites off the network for every walking profile.
    """
    sites, table = instance["sites"], options.table
    chosen = table[choose].groupby("site", sort=False)
    sums = chosen[["area_m2", "yearly_cny"]].sum().round(2)
    capital = capital_rows(options, choose).groupby("site")["fen"].sum() / 100
    modes, services = chosen["mode"].first(), chosen["service"].agg(";".join)
    best = _best(options, gain)
    rules = _rules(options)
    status, policy = site_status(instance), instance.settings.policy
    kept, struck = _by_site(instance, policy.pinned), _by_site(instance, policy.dropped)
    reasons, details = [], []
    for row, pinned, away in zip(tuples(sites), status, off, strict=True):
        if row.id in modes.index:
            reason, detail = "chosen", _asked(row) if pinned == "required" else T("")
            if row.id in kept:
                detail = T("Pinned by the policy: {options}", options=kept[row.id])
        elif pinned == "excluded":
            reason, detail = "excluded", _asked(row)
        elif row.id not in best:
            reason, detail = "no_option", T("Excluded by: {rules}", rules=rules.get(row.id, T("no mode is allowed")))
        else:
            reason, detail = _unchosen(instance, options, best[row.id], gain)
            if reason == "no_gain" and away:
                reason, detail = "off_network", T("Off the network for every walking profile: nobody walks there")
            if row.id in struck and reason != "chosen":
                detail = T("{why}. Dropped by the policy: {options}", why=detail, options=struck[row.id])
        reasons.append(reason)
        details.append(detail)
    used = sites["id"].isin(modes.index)
    out = pd.DataFrame(
        {
            "site": sites["id"],
            "name": sites["name"],
            "status": status,
            "chosen": np.where(used, "yes", "no"),
            "mode": [modes.get(site, "") for site in sites["id"]],
            "services": [services.get(site, "") for site in sites["id"]],
        },
        dtype="str",
    )
    for column, sum_of in (
        ("area_used_m2", sums["area_m2"]), ("capital_cny", capital), ("yearly_cny", sums["yearly_cny"])
    ):  # fmt: skip
        out[column] = [float(sum_of.get(site, 0.0)) for site in sites["id"]]
    out["reason"] = pd.Series(reasons, dtype="str")
    out["detail"] = pd.Series(details, dtype=object)
    return out[list(SITES)]


def _by_site(instance: Instance, pins: Iterable[Pin]) -> Mapping[str, Text]:
    """Name what pins mean, by site: service and mode, and what else they ask for."""
    services = instance["services"].set_index("service")
    found: dict[str, list[Text]] = {}
    for pin in pins:
        row = services.loc[pin.service]
        parts = [name(pin.mode, MODES[pin.mode][0])]
        parts += [name(pin.operating.replace("_", " "), OPERATING[pin.operating][0])] if pin.operating else []
        parts += [name(f"{pin.size} m²", f"{pin.size} m²")] if pin.size else []
        said = T("{service} ({how})", service=name(row["name_en"] or pin.service, row["name_zh"]), how=joined(parts))
        found.setdefault(pin.site, []).append(said)
    return {site: listed(told) for site, told in found.items()}


def _asked(row: object) -> Text:
    """Say who asked for a site's status, and why, as far as the table tells."""
    by, why = getattr(row, "status_by", ""), getattr(row, "status_reason", "")
    if by and why:
        return T("Asked for by {by}: {why}", by=by, why=why)
    if by:
        return T("Asked for by {by}", by=by)
    return T("Reason given: {why}", why=why) if why else T("By the sites table or the policy")


def _best(options: Options, gain: Floats) -> Mapping[str, int]:
    """Find each site's option that would reach most of those left out; of equals the cheaper, then the first."""
    order = pd.DataFrame(
        {"site": options.table["site"], "gain": -gain.round(ROUNDING), "cost": alone(options)}
    ).sort_values(["gain", "cost"], kind="stable")
    first = order[~order.duplicated("site")]
    return dict(zip(first["site"], first.index, strict=True))


def alone(options: Options) -> Whole:
    """Add up what every option costs by itself, with the shared works it needs, (O,) [fen]."""
    shared: Whole = options.work_options.T.astype(np.int64) @ options.works_fen
    return options.capital_fen.sum(axis=1) + shared


def _rules(options: Options) -> Mapping[str, Text]:
    """Name the rules that exclude each site's pairs, the most frequent first."""
    counts = options.excluded.groupby(["site", "rule"], sort=False).agg(
        pairs=("rule", "size"), zh=("name_zh", "first"), en=("name_en", "first")
    )
    counts = counts.reset_index().sort_values("pairs", ascending=False, kind="stable")
    return {
        str(site): listed([T("{rule} ({pairs})", rule=name(r.en, r.zh), pairs=r.pairs) for r in tuples(rows)])
        for site, rows in counts.groupby("site", sort=False)
    }


def _unchosen(instance: Instance, options: Options, option: int, gain: Floats) -> tuple[str, Text]:
    row = options.table.iloc[option]
    services = instance["services"].set_index("service")
    service = name(str(services.at[row["service"], "name_en"]), str(services.at[row["service"], "name_zh"]))
    persons = round(float(gain[option]), ROUNDING)
    if persons <= 0:
        return "no_gain", T("Nothing it may become would newly cover anyone beyond this plan")
    cost = int(alone(options)[option]) / 100
    told = {
        "service": service or row["service"],
        "mode": name(row["mode"], MODES[row["mode"]][0]),
        "people": figures.figure(figures.people, persons),
        "cost": figures.figure(figures.money, cost),
        "each": figures.figure(figures.money, cost / persons),
    }
    if row["service"] in set(instance["services"]["service"][flow_services(instance)]):
        return "not_chosen", T(
            "As {service} ({mode}) it would be within the standard of {people} in need whom no place takes, for {cost}",
            **told,
        )
    return "not_chosen", T("As {service} ({mode}) it would newly cover {people} for {cost}, {each} a person", **told)
