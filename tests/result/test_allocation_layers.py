"""ArcGIS's location-allocation layers: fields as Esri documents them, sums, joins, and the way back into an instance."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest

import panhuo
from panhuo.instance import Instance, InstanceError
from panhuo.result import Result
from panhuo.result.layers.allocation import allocation_layers

from .conftest import TOY, built

FIELDS = {
    "Facilities": {
        "Name", "FacilityType", "Weight", "Capacity", "DemandCount", "DemandWeight", "Total_Minutes",
        "TotalWeighted_Minutes",
    },
    "DemandPoints": {"Name", "Weight", "GroupName", "FacilityID", "AllocatedWeight"},
    "Lines": {"Name", "FacilityID", "DemandID", "Weight", "TotalWeighted_Minutes", "Total_Minutes", "Total_Meters"},
}  # fmt: skip
OURS = {"ID", "Service", "geometry"}


@pytest.fixture(scope="module")
def layers(pristine: Path) -> dict[str, pd.DataFrame]:
    return {layer: pyogrio.read_dataframe(pristine / "plan.gpkg", layer=layer, fid_as_index=True) for layer in FIELDS}


def test_fields_are_those_of_arcgis(layers: dict[str, pd.DataFrame], pristine: Path) -> None:
    for layer, fields in FIELDS.items():
        assert set(layers[layer].columns) - OURS == fields
        told = pyogrio.read_info(pristine / "plan.gpkg", layer=layer)
        assert (told["fid_column"], told["geometry_name"]) == ("OBJECTID", "Shape")


def test_facilities_are_required_chosen_or_candidates(layers: dict[str, pd.DataFrame]) -> None:
    rows = layers["Facilities"].set_index(["ID", "Service"])["FacilityType"].to_dict()
    assert rows == {
        ("E1", "clinic"): 1, ("E2", "culture"): 1, ("S1", "clinic"): 3, ("S2", "canteen"): 3, ("S3", "culture"): 3,
        ("S1", "culture"): 0, ("S2", "clinic"): 0, ("S2", "culture"): 0,
    }  # fmt: skip


def test_sums_of_lines_are_those_of_facilities_and_points(layers: dict[str, pd.DataFrame], found: Result) -> None:
    facilities, points, lines = (layers[layer] for layer in FIELDS)
    sums = lines.groupby("FacilityID")[["Weight", "Total_Minutes", "TotalWeighted_Minutes"]].sum()
    served = facilities.loc[sums.index]
    assert served["DemandWeight"].tolist() == sums["Weight"].tolist()
    assert served["DemandCount"].tolist() == lines.groupby("FacilityID").size().tolist()
    assert served["Total_Minutes"].tolist() == pytest.approx(sums["Total_Minutes"].tolist())
    assert served["TotalWeighted_Minutes"].tolist() == pytest.approx(sums["TotalWeighted_Minutes"].tolist())
    assert (facilities.drop(sums.index)["DemandCount"] == 0).all()
    assert facilities.drop(sums.index)["Total_Minutes"].isna().all()
    assert (lines["Weight"] * lines["Total_Minutes"]).tolist() == pytest.approx(lines["TotalWeighted_Minutes"].tolist())
    for service, figures in found.run["coverage"].items():
        own = points[points["Service"] == service]
        assert own["Weight"].sum() == figures["base_persons"]
        assert own["AllocatedWeight"].sum() == figures["after"]
        assert lines.loc[lines["Service"] == service, "Weight"].sum() == figures["after"]


def test_lines_join_facilities_and_points(layers: dict[str, pd.DataFrame]) -> None:
    facilities, points, lines = (layers[layer] for layer in FIELDS)
    start, end = points.loc[lines["DemandID"]], facilities.loc[lines["FacilityID"]]
    assert (start["Service"].to_numpy() == lines["Service"]).all()
    assert (end["Service"].to_numpy() == lines["Service"]).all()
    assert [f"{a} - {b}" for a, b in zip(start["Name"], end["ID"], strict=True)] == lines["Name"].tolist()
    assert (np.array([line.coords[0] for line in lines["geometry"]]) == start.get_coordinates().to_numpy()).all()
    assert (np.array([line.coords[1] for line in lines["geometry"]]) == end.get_coordinates().to_numpy()).all()
    covered = points["FacilityID"].notna()
    assert points.loc[~covered, "AllocatedWeight"].isna().all()
    assert covered.sum() == len(lines)


def test_a_point_that_goes_to_several_places_names_none(fed: Result) -> None:
    points = allocation_layers(fed)[1].table
    going = fed.allocation.drop_duplicates(["demand", "service", "place"]).groupby(["demand", "service"]).size()
    several = set(going.index[going > 1])
    named = points["FacilityID"].isna() & points["AllocatedWeight"].notna()
    assert {*zip(points["Name"][named], points["Service"][named], strict=True)} == several


def test_a_facility_that_closes_is_gone_and_a_capacity_is_that_of_the_option(intricate: Instance, fed: Result) -> None:
    facilities = allocation_layers(built(intricate, ("S2:convert:canteen",)))[0].table
    assert "E3" not in set(facilities["ID"])
    own = allocation_layers(fed)[0].table
    chosen = own[own["FacilityType"] == 3].set_index("ID")["Capacity"]
    assert chosen.to_dict() == dict(zip(fed.plan["site"], fed.plan["capacity_persons"], strict=True))


def test_a_room_that_must_be_used_is_required(toy: Instance) -> None:
    sites = toy["sites"].assign(status=["required", "candidate", "candidate"])
    made = built(dataclasses.replace(toy, tables={**toy.tables, "sites": sites}), ("S1:convert:clinic",))
    facilities = allocation_layers(made)[0].table.set_index(["ID", "Service"])["FacilityType"]
    assert facilities["S1", "clinic"] == 1
    assert facilities["S1", "culture"] == 0


SETTINGS = """
title = "Back from ArcGIS"
[access]
method = "straight"
detour = 1.25
[modes.convert]
area_of = "area_m2"
area_ratio = 1.0
[policy]
budget_cny = 0
[tables.demand]
crs = "local"
file = "plan.gpkg"
layer = "DemandPoints"
columns = {people_all = "Weight"}
where = [{column = "Service", op = "=", value = "culture"}]
[tables.sites]
crs = "local"
file = "plan.gpkg"
layer = "Facilities"
where = [{column = "Service", op = "=", value = "culture"}, {column = "FacilityType", op = "!=", value = 1}]
values = {area_m2 = 70}
[tables.existing]
crs = "local"
file = "plan.gpkg"
layer = "Facilities"
where = [{column = "Service", op = "=", value = "culture"}, {column = "FacilityType", op = "=", value = 1}]
"""


@pytest.fixture
def back(pristine: Path, tmp_path: Path) -> Path:
    """An instance whose demand, sites and existing facilities are the layers of one service."""
    shutil.copy(pristine / "plan.gpkg", tmp_path)
    shutil.copy(TOY / "circles.csv", tmp_path)
    services = pd.read_csv(TOY / "services.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    services[services["service"] == "culture"].to_csv(tmp_path / "services.csv", index=False)
    (tmp_path / "instance.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def test_the_layers_of_a_service_are_an_instance(back: Path, found: Result) -> None:
    district = panhuo.read(back)
    assert district["sites"].set_index("id")["status"].to_dict() == dict.fromkeys(("S3", "S1", "S2"), "candidate")
    assert (
        district["demand"].set_index("id")["circle"].to_dict()
        == found.instance["demand"].set_index("id")["circle"].to_dict()
    )
    assert district["existing"]["id"].tolist() == ["E2"]
    figures, own = panhuo.evaluate(district).run["coverage"]["culture"], found.run["coverage"]["culture"]
    assert {key: figures[key] for key in ("base_persons", "before")} == {
        key: own[key] for key in ("base_persons", "before")
    }


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_competitor_is_no_candidate(back: Path) -> None:
    frame = pyogrio.read_dataframe(back / "plan.gpkg", layer="Facilities")
    frame.loc[frame["FacilityType"] == 3, "FacilityType"] = 2
    frame.to_file(back / "plan.gpkg", layer="Facilities", engine="pyogrio")
    with pytest.raises(InstanceError, match="FacilityType"):
        panhuo.read(back)
