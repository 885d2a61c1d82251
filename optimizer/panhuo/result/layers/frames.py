"""The layers for readers: rooms, demand, circles, existing facilities, and who is served where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from panhuo.instance import Instance
from panhuo.result.closing import closed
from panhuo.result.formats import written
from panhuo.result.layers import position
from panhuo.result.layers.layer import Column, Layer
from panhuo.result.layers.titles import STANDING, by_service, plain, services
from panhuo.result.page.ground import grounds
from panhuo.result.page.points import STATES, states
from panhuo.result.plan import Result
from panhuo.words import Lang, T, Text
from panhuo.words.names import joined

LAYERS = ("circles", "demand", "existing", "service_lines", "rooms")
"""Names of the layers, the lowest on a map first."""

_NEED = ("persons", "before", "after", "unreachable")
_WAY = ("minutes", "metres")


def layers(result: Result, lang: Lang) -> list[Layer]:
    """Make the layers, in the order of :data:`LAYERS`."""
    return [circles(result), demand(result), existing(result), service_lines(result), rooms(result, lang)]


def rooms(result: Result, lang: Lang) -> Layer:
    """Lay out every site: the rows of sites.csv, and how many person-services it serves, newly or not."""
    instance, table = result.instance, result.tables["sites"]
    named, going = services(instance), result.tables["allocation"]
    going = going[going["kind"] == "chosen"]
    found = table.assign(
        service_names=[joined([named[k] for k in keys.split(";") if k]).to(lang) for keys in table["services"]],
        persons_served=table["site"].map(going.groupby("place")["persons"].sum()).fillna(0.0).astype(float),
        persons_new=table["site"].map(newly(result)).fillna(0.0).astype(float),
        detail=written(table[["detail"]], lang)["detail"],
    )
    keys = (
        "site", "name", "status", "chosen", "mode", "services", "service_names", "area_used_m2", "capital_cny",
        "yearly_cny", "persons_served", "persons_new", "reason", "detail",
    )  # fmt: skip
    about = T("Every room: what becomes of it, why, what it costs, whom it serves")
    shapes = position.points(instance, instance["sites"])
    return _layer("rooms", T("Rooms"), about, plain(keys, instance), found[list(keys)], shapes)


def newly(result: Result) -> pd.Series:
    """Share the newly covered among rooms, by site.

    The newly covered of a demand point and service are its people covered after beyond those covered before; they are
    shared among the chosen rooms its people go to in proportion to who goes there. Where all of them go to existing
    facilities, in which the plan made room, they are no room's.
    """
    point, table = ["demand", "service"], result.tables["demand"]
    new = (
        (table["after_persons"] - table["before_persons"])
        .clip(lower=0.0)
        .set_axis(pd.MultiIndex.from_frame(table[point]))
    )
    going = result.tables["allocation"]
    going = going[going["kind"] == "chosen"].groupby([*point, "place"], sort=False)["persons"].sum().reset_index()
    of_all = going["persons"] / going.groupby(point)["persons"].transform("sum")
    theirs = new.reindex(pd.MultiIndex.from_frame(going[point])).to_numpy(float) * of_all.fillna(0.0)
    found: pd.Series = theirs.groupby(going["place"]).sum()
    return found


def demand(result: Result) -> Layer:
    """Lay out the demand points: before and after, of all services together and side by side."""
    instance, points = result.instance, result.instance["demand"]
    people = points[[f"people_{g}" for g in instance.groups]].sum(axis=1).astype(float)
    found = points[["id", "name", "circle", "unit"]].assign(people=people)
    sources = ("persons", "before_persons", "after_persons", "unreachable_persons")
    for end, persons in _sums(instance, result.tables["demand"], "demand", points["id"], sources):
        state = np.array([*STATES, ""], dtype=object)[states(persons)]
        named = pd.DataFrame(persons, columns=[f"{key}{end}" for key in _NEED]).assign(**{f"state{end}": state})
        found = pd.concat([found, named], axis=1)
    columns = [
        *plain(("id", "name", "circle", "unit", "people", *_NEED, "state"), instance),
        *by_service((*_NEED, "state"), instance),
    ]
    about = T("Demand points: people in need, covered before and after, of all services together and of each")
    return _layer("demand", T("Demand points"), about, columns, found, position.points(instance, points))


def circles(result: Result) -> Layer:
    """Lay out the life circles: coverage before and after; polygons as given, or the ground of their demand points."""
    instance = result.instance
    found = instance["circles"][["circle", "name", "type"]]
    if instance.outlines is not None:
        shapes, found = instance.outlines, found.assign(border="given")
    else:
        shapes, found = _grounds(instance), found.assign(border="nearest")
    sources = ("base_persons", "before_persons", "after_persons")
    keys = (*_NEED[:3], "share_before", "share_after")
    for end, persons in _sums(instance, result.tables["coverage"], "circle", found["circle"], sources):
        need = np.where(persons[:, :1] > 0, persons[:, :1], np.nan)
        named = pd.DataFrame(np.hstack([persons, persons[:, 1:] / need]), columns=[f"{key}{end}" for key in keys])
        found = pd.concat([found, named], axis=1)
    columns = [*plain(("circle", "name", "type", "border", *keys), instance), *by_service(keys, instance)]
    about = T("Life circles: coverage before and after, of all services together and of each")
    shapes = position.polygons(instance, shapes)
    return _layer("circles", T("Life circles"), about, columns, found, shapes, "MultiPolygon")


def _sums(
    instance: Instance, table: pd.DataFrame, by: str, keys: pd.Series, columns: Sequence[str]
) -> Iterator[tuple[str, position.Floats]]:
    """Sum columns of a table by key: of all services (named ""), then of each (named _SERVICE)."""
    for end in ("", *(f"_{service}" for service in instance["services"]["service"])):
        rows = table[table["service"] == end[1:]] if end else table
        yield end, rows.groupby(by)[list(columns)].sum().reindex(keys).fillna(0.0).to_numpy(float)


def _grounds(instance: Instance) -> position.Shapes:
    """Take the ground that the page draws for circles without borders; ``None`` for one without demand points."""
    found = dict(zip(*grounds(instance), strict=True))
    shapes: position.Shapes = np.empty(len(instance["circles"]), dtype=object)
    for n, circle in enumerate(instance["circles"]["circle"]):
        shapes[n] = found.get(circle)
    return shapes


def existing(result: Result) -> Layer:
    """Lay out the existing facilities: whether they stand, and who goes there under the plan."""
    instance, going = result.instance, result.tables["allocation"]
    going = going[going["kind"] == "existing"].groupby("place")["persons"].sum()
    table = instance["existing"]
    found = table[["id", "name", "service", "unit", "site_id"]].assign(
        state=np.where(closed(instance, result.plan), "closed", "existing"),
        persons_served=table["id"].map(going).fillna(0.0).astype(float),
    )
    keys = ("id", "name", "service", "unit", "site_id", "state", "persons_served")
    own = plain(keys, instance, state=STANDING)
    about = T("Existing facilities: whether the plan closes them, and who goes there under it")
    return _layer("existing", T("Existing facilities"), about, own, found, position.points(instance, table))


def service_lines(result: Result) -> Layer:
    """Lay out who goes where: a line for each demand point, service and place, over all walking profiles and tiers."""
    instance = result.instance
    going = flows(result)
    found = going.rename(columns={"persons": "served", "assigned_persons": "assigned"})
    shapes = position.lines(*ends(result, going))
    keys = ("demand", "place", "kind", "service", "served", "assigned", "minutes", "metres")
    about = T("Who goes where: from demand points to rooms and facilities; minutes are the mean of those sent there")
    return _layer(
        "service_lines", T("Who goes where"), about, plain(keys, instance), found[list(keys)], shapes, "LineString"
    )


def flows(result: Result) -> pd.DataFrame:
    """Add up allocation.csv over walking profiles and tiers: a row each demand point, service and place.

    ``minutes`` and ``metres`` are means over those who are sent there; blank where they are not known.
    """
    table = result.tables["allocation"]
    key = ["demand", "service", "kind", "place"]
    sent = table["assigned_persons"]
    parts = {f"{c} {w}": v for c in _WAY for w, v in (("sum", table[c] * sent), ("of", sent.where(table[c].notna())))}
    sums = table[[*key, "persons", "assigned_persons"]].assign(**parts).groupby(key, sort=False).sum().reset_index()
    for column in _WAY:
        of = sums[f"{column} of"]
        sums[column] = (sums[f"{column} sum"] / of.where(of > 0)).round(6)
    return sums[[*key, "persons", "assigned_persons", *_WAY]]


def ends(result: Result, going: pd.DataFrame) -> tuple[position.Shapes, position.Shapes]:
    """Find the demand point and the place at the ends of each flow."""
    instance = result.instance
    at = {t: position.points(instance, instance[t]) for t in ("demand", "sites", "existing")}
    row = {t: pd.Index(instance[t]["id"]) for t in at}
    start = at["demand"][row["demand"].get_indexer(going["demand"])]
    chosen = (going["kind"] == "chosen").to_numpy(bool)
    end: position.Shapes = np.empty(len(going), dtype=object)
    for table, here in (("sites", chosen), ("existing", ~chosen)):
        end[here] = at[table][row[table].get_indexer(going["place"][here])]
    return start, end


def _layer(
    key: str, title: Text, about: Text, columns: Sequence[Column], table: pd.DataFrame, shapes: position.Shapes,
    geometry: Literal["Point", "LineString", "MultiPolygon"] = "Point",
) -> Layer:  # fmt: skip
    return Layer(key, title, about, geometry, columns, table.set_axis([c.key for c in columns], axis=1), shapes)
