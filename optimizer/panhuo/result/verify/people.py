"""coverage.csv, demand.csv and allocation.csv against the people counted again."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from panhuo.instance import Instance
from panhuo.instance.policy import Floor
from panhuo.result.sentences import name
from panhuo.result.verify.figures import percent, plain
from panhuo.result.verify.findings import Findings
from panhuo.result.verify.reach import Bools, Choice, Floats, Reached
from panhuo.result.verify.rows import compare
from panhuo.result.verify.tidy import Tidy
from panhuo.words import T, Text


def positions(instance: Instance, allocation: pd.DataFrame) -> pd.DataFrame:
    """Translate the keys of allocation.csv into positions; rows that name nothing known are left out."""
    places = [*instance["sites"]["id"], *instance["existing"]["id"]]
    at = pd.DataFrame(
        {
            "i": pd.Index(instance["demand"]["id"]).get_indexer(allocation["demand"]),
            "w": pd.Index(instance["profiles"]["profile"]).get_indexer(allocation["profile"]),
            "k": pd.Index(instance["services"]["service"]).get_indexer(allocation["service"]),
            "l": pd.Index(places).get_indexer(allocation["place"]),
        },
        index=allocation.index,
    )
    return at[(at >= 0).all(axis=1)]


def coverage(instance: Instance, reached: Reached) -> pd.DataFrame:
    """Count people by circle and service, for all with demand."""
    circles, services = instance["circles"], list(instance["services"]["service"])
    by_point = _sums(reached, reached.demand.shape[0])
    circle_of = instance["demand"]["circle"].to_numpy(object)
    blocks = []
    for circle, kind in zip(circles["circle"], circles["type"], strict=True):
        inside = circle_of == circle
        block = pd.DataFrame({"circle": circle, "circle_type": kind, "service": services})
        for column, persons in by_point.items():
            block[column] = persons[inside].sum(axis=0)
        blocks.append(block[block["base_persons"] > 0])
    return pd.concat(blocks, ignore_index=True)


def check_people(
    instance: Instance, choice: Choice, reached: Reached, tables: Tidy, findings: Findings
) -> pd.DataFrame:
    """Compare the three tables; gives the coverage as counted here."""
    counted = coverage(instance, reached)
    compare(findings, "coverage.csv", tables["coverage"], counted, ["circle", "service"])
    by_point = _sums(reached, reached.demand.shape[0])
    i, k = np.nonzero(by_point["base_persons"] > 0)
    columns = ("base_persons", "before_persons", "after_persons", "unreachable_persons")
    expected = pd.DataFrame(
        {
            "demand": instance["demand"]["id"].to_numpy(object)[i],
            "service": instance["services"]["service"].to_numpy(object)[k],
            "circle": instance["demand"]["circle"].to_numpy(object)[i],
            **{c: by_point[c][i, k] for c in columns},
        }
    ).rename(columns={"base_persons": "persons"})
    compare(findings, "demand.csv", tables["demand"], expected, ["demand", "service"])
    _allocation(instance, choice, reached, tables, findings)
    return counted


def check_promises(instance: Instance, reached: Reached, counted: pd.DataFrame, findings: Findings) -> None:
    """Check mandatory services and coverage floors."""
    in_need = reached.demand > 0
    called = {row.service: name(row.name_en, row.name_zh) for row in instance["services"].itertuples()}
    for k, service in enumerate(instance["services"].itertuples()):
        left = (in_need & reached.reachable & ~reached.after)[:, :, k]
        if service.mandatory and left.any():
            persons = round(float(reached.demand[:, :, k][left].sum()), 6)
            rule = T(
                "a mandatory service must reach everyone it can reach; {persons} persons are left out", persons=persons
            )
            findings.add(
                "coverage.csv", service.service, "after_persons", None, None, rule,
                breach=T(
                    "{service} is mandatory, but {persons} people within its reach are not covered",
                    service=called[service.service], persons=plain(persons),
                ),
            )  # fmt: skip
    for floor in instance.settings.policy.floors:
        rows = counted[counted["service"] == floor.service]
        if floor.circles:
            rows = rows[rows["circle"].isin(floor.circles)]
        elif floor.circle_types:
            rows = rows[rows["circle_type"].isin(floor.circle_types)]
        _floor(instance, floor, rows, called[floor.service], findings)


def _floor(instance: Instance, floor: Floor, rows: pd.DataFrame, service: Text, findings: Findings) -> None:
    """Check one coverage floor in every circle it speaks of."""
    circles = dict(zip(instance["circles"]["circle"], instance["circles"]["name"], strict=True))
    for row in rows.itertuples():
        reachable = row.base_persons - row.unreachable_persons
        base = reachable if floor.base == "reachable" else row.base_persons
        # a circle where nobody can be reached is left out, whatever the base
        if reachable > 0 and row.after_persons < floor.share * base * (1 - 1e-9) - 1e-6:
            findings.add(
                "coverage.csv", f"{row.circle} {row.service}", "after_persons", round(row.after_persons, 6),
                f">= {floor.share * base:.6f}", T("the coverage floor of the policy"),
                breach=T(
                    "{service} in circle {circle}: {share} covered, floor {floor}",
                    service=service, circle=circles[row.circle] or row.circle, floor=percent(floor.share),
                    share=percent(math.floor(row.after_persons / base * 10_000) / 10_000),
                ),
            )  # fmt: skip


def _sums(reached: Reached, points: int) -> dict[str, Floats]:
    """Sum over profiles: (points, K) persons by column."""
    before, after = reached.before, reached.after
    which: dict[str, Bools] = {
        "base_persons": np.ones_like(before),
        "before_persons": before,
        "after_persons": after,
        "new_persons": after & ~before,
        "lost_persons": before & ~after,
        "unreachable_persons": ~reached.reachable,
    }
    return {c: np.where(w, reached.demand, 0.0).sum(axis=1).reshape(points, -1) for c, w in which.items()}


def _allocation(instance: Instance, choice: Choice, reached: Reached, tables: Tidy, findings: Findings) -> None:
    """Check that everyone covered goes to exactly one nearest open place, and how far that is."""
    file, table = "allocation.csv", tables["allocation"]
    i, w, k = np.nonzero(reached.after & (reached.demand > 0))
    expected = pd.DataFrame(
        {
            "demand": instance["demand"]["id"].to_numpy(object)[i],
            "service": instance["services"]["service"].to_numpy(object)[k],
            "profile": instance["profiles"]["profile"].to_numpy(object)[w],
            "persons": reached.demand[i, w, k],
        }
    )
    rows = compare(findings, file, table, expected, ["demand", "service", "profile"])
    rows = rows.assign(nearest=reached.nearest[i, w, k][rows.index])
    original = table.drop_duplicates(["demand", "service", "profile"]).reset_index(names="line")
    keys = ["demand", "service", "profile"]
    rows = rows.merge(original[[*keys, "line"]], on=keys, how="left", validate="one_to_one")
    pairs = reached.pairs.reindex(rows["line"]).reset_index(drop=True)
    options = {
        (o, s): n
        for o, s, n in zip(tables["plan"]["site"], tables["plan"]["service"], tables["plan"]["option"], strict=True)
    }
    existing = instance["existing"][~choice.closed]
    standing = set(zip(existing["id"], existing["service"], strict=True))
    measure = dict(zip(instance["services"]["service"], instance["services"]["measure"], strict=True))
    given = set(zip(instance["minutes"]["demand"], instance["minutes"]["place"], strict=True))
    for row, pair in zip(rows.itertuples(), pairs.itertuples(), strict=True):
        key = f"{row.demand} {row.service} {row.profile}"
        place = row.place, row.service
        is_open = place in options if row.kind == "chosen" else place in standing and row.kind == "existing"
        if not is_open:
            findings.add(file, key, "place", row.place, None, T("the place must be open and give the service"))
            continue
        option = options[place] if row.kind == "chosen" else ""
        if row.option != option:
            findings.add(file, key, "option", row.option, option, T("derived from the plan"))
        if not pair.inside:
            findings.add(file, key, "place", row.place, None, T("the place must lie within the service's standard"))
        elif pair.near > row.nearest:
            findings.add(file, key, "place", row.place, None, T("a nearer open place covers the demand point"))
        for column in ("minutes", "metres"):
            found, should = getattr(row, column), getattr(pair, column)
            if measure[row.service] == "unit":
                should = np.nan
            # where one of the two was given, the other may lie beyond every standard, and is not known then
            elif column != measure[row.service] and np.isnan(found) and (row.demand, row.place) in given:
                continue
            if not (abs(found - should) < 5e-4 or (np.isnan(found) and np.isnan(should))):
                findings.add(file, key, column, found, should, T("derived from the inputs"))
