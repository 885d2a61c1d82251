"""The plan as ArcGIS's location-allocation layers: Facilities, DemandPoints and Lines, under its field names.

Fields and values as Esri documents them for the analysis layer, with impedance in minutes (``Total_Minutes``):
https://pro.arcgis.com/en/pro-app/latest/help/analysis/networks/location-allocation-analysis-layer.htm and, for joins by
``FacilityID`` and ``DemandID``,
https://pro.arcgis.com/en/pro-app/latest/arcpy/network-analyst/locationallocation-output-data-types.htm.

ArcGIS locates facilities of one kind at a time; a plan has several services. So a facility and a demand point have a
row for each service, and the field ``Service``, which is ours as ``ID`` is, tells them apart: ``Service = 'clinic'`` is
one analysis.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from panhuo.assemble import derive_options
from panhuo.assemble.families import served_as
from panhuo.assemble.outlets import existing_capacity
from panhuo.result.closing import closed
from panhuo.result.layers import position
from panhuo.result.layers.frames import ends, flows
from panhuo.result.layers.layer import Column, Layer
from panhuo.result.layers.titles import services
from panhuo.result.plan import Result
from panhuo.words import T, Text

CANDIDATE, REQUIRED, CHOSEN = 0, 1, 3
"""Values of FacilityType that a plan has; 2 is a competitor."""

TYPES = {
    str(CANDIDATE): T("Candidate: could be chosen, and is not"), str(REQUIRED): T("Required: exists, or must be used"),
    str(CHOSEN): T("Chosen"),
}  # fmt: skip
_COLUMNS = {
    "Name": T("Name"), "ID": T("Key"), "Service": T("Service"), "FacilityType": T("Kind"), "Weight": T("Weight"),
    "Capacity": T("Most persons"), "DemandCount": T("Demand points served"), "DemandWeight": T("Persons served"),
    "Total_Minutes": T("Minutes"), "TotalWeighted_Minutes": T("Person-minutes"), "GroupName": T("Circle"),
    "FacilityID": T("OBJECTID of the facility"), "AllocatedWeight": T("Persons covered"),
    "DemandID": T("OBJECTID of the demand point"), "Total_Meters": T("Metres"),
}  # fmt: skip
_FACILITY, _DEMAND = ["kind", "place", "service"], ["demand", "service"]
_OWN = {"FID": "OBJECTID", "GEOMETRY_NAME": "Shape", "SPATIAL_INDEX": "NO"}


def allocation_layers(result: Result) -> list[Layer]:
    """Make the three layers; rows are numbered from 1 in the order of each (OBJECTID)."""
    facilities, places = _facilities(result)
    points = result.tables["demand"][[*_DEMAND, "circle", "persons"]]
    going = flows(result)
    going["FacilityID"] = _number(facilities, going, _FACILITY)
    going["DemandID"] = _number(points, going, _DEMAND)
    going["weighted"] = going["minutes"] * going["persons"]
    lines = pd.DataFrame({
        "Name": going["demand"] + " - " + going["place"], "Service": going["service"],
        "FacilityID": going["FacilityID"], "DemandID": going["DemandID"], "Weight": going["persons"],
        "TotalWeighted_Minutes": going["weighted"], "Total_Minutes": going["minutes"], "Total_Meters": going["metres"],
    })  # fmt: skip
    by_facility = going.groupby("FacilityID")
    here = pd.RangeIndex(1, len(facilities) + 1)
    facilities = facilities.assign(
        Name=facilities["name"], ID=facilities["place"], Service=facilities["service"], Weight=1.0,
        DemandCount=by_facility.size().reindex(here, fill_value=0).to_numpy(int),
        DemandWeight=by_facility["persons"].sum().reindex(here, fill_value=0.0).to_numpy(float),
        Total_Minutes=by_facility["minutes"].sum(min_count=1).reindex(here).to_numpy(float),
        TotalWeighted_Minutes=by_facility["weighted"].sum(min_count=1).reindex(here).to_numpy(float),
    )[["Name", "ID", "Service", "FacilityType", "Weight", "Capacity", "DemandCount", "DemandWeight", "Total_Minutes",
       "TotalWeighted_Minutes"]]  # fmt: skip
    by_point = going.groupby("DemandID")
    there = pd.RangeIndex(1, len(points) + 1)
    alone = by_point["FacilityID"].first()[by_point.size() == 1]
    demand = pd.DataFrame({
        "Name": points["demand"], "Service": points["service"], "Weight": points["persons"],
        "GroupName": points["circle"], "FacilityID": alone.reindex(there).astype("Int64").array,
        "AllocatedWeight": by_point["persons"].sum().reindex(there).to_numpy(float),
    })  # fmt: skip
    rows = pd.Index(result.instance["demand"]["id"]).get_indexer(points["demand"])
    at = position.points(result.instance, result.instance["demand"])[rows]
    return [
        _layer(result, "Facilities", T("Facilities (ArcGIS location-allocation)"),
               T("A row each place and service: existing facilities that stand are required"), facilities, places),
        _layer(result, "DemandPoints", T("Demand points (ArcGIS location-allocation)"),
               T("A row each demand point and service: Weight is its persons in need"), demand, at),
        _layer(result, "Lines", T("Lines (ArcGIS location-allocation)"),
               T("Who goes where, a row each demand point, service and place: Weight is the persons who come"),
               lines, position.lines(*ends(result, going))),
    ]  # fmt: skip


def _facilities(result: Result) -> tuple[pd.DataFrame, position.Shapes]:
    """List the places of every service: facilities that stand, then rooms that are or could be chosen for it."""
    instance, plan = result.instance, result.tables["plan"]
    family = served_as(instance)
    gone = closed(instance, plan)
    stands = instance["existing"][~gone]
    standing = pd.DataFrame({
        "kind": "existing", "place": stands["id"], "service": stands["service"].map(family), "name": stands["name"],
        "FacilityType": REQUIRED, "Capacity": existing_capacity(instance)[~gone],
    })  # fmt: skip
    table = derive_options(instance).table
    options = pd.DataFrame({
        "place": table["site"], "service": table["service"].map(family), "FacilityType": CANDIDATE,
        "Capacity": table["capacity_persons"],
    })  # fmt: skip
    required = instance["sites"]["id"][(result.tables["sites"]["status"] == "required").to_numpy(bool)]
    chosen = pd.DataFrame({
        "place": plan["site"], "service": plan["service"].map(family),
        "FacilityType": np.where(plan["site"].isin(required), REQUIRED, CHOSEN), "Capacity": plan["capacity_persons"],
    })  # fmt: skip
    key = ["place", "service"]
    taken = pd.MultiIndex.from_frame(chosen[key])
    left = options[~pd.MultiIndex.from_frame(options[key]).isin(taken)]
    rooms = pd.concat([
        rows.assign(Capacity=rows["Capacity"].fillna(np.inf)).groupby(key, sort=False)
        .agg({"FacilityType": "first", "Capacity": most}).reset_index()
        for rows, most in ((chosen, "sum"), (left, "max"))
    ])  # fmt: skip
    names = instance["sites"].set_index("id")["name"]
    rooms = rooms.assign(kind="chosen", name=rooms["place"].map(names))
    found = pd.concat([standing, rooms[standing.columns]], ignore_index=True)
    found["Capacity"] = found["Capacity"].replace(np.inf, np.nan)
    shapes = ends(result, found.assign(demand=instance["demand"]["id"].iloc[0]))[1]
    return found, shapes


def _number(table: pd.DataFrame, rows: pd.DataFrame, key: list[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Say which row of a table, counted from 1, each row belongs to."""
    at = pd.MultiIndex.from_frame(table[key]).get_indexer(pd.MultiIndex.from_frame(rows[key]))
    assert (at >= 0).all()
    return at.astype(np.int64) + 1


def _layer(result: Result, key: str, title: Text, about: Text, table: pd.DataFrame, shapes: position.Shapes) -> Layer:
    words = {"Service": services(result.instance), "FacilityType": TYPES}
    columns = [Column(name, _COLUMNS[name], name, words.get(name, {})) for name in table.columns]
    return Layer(key, title, about, "LineString" if key == "Lines" else "Point", columns, table, shapes, _OWN)
