"""The plan as map layers, for QGIS or ArcGIS."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd

from panhuo.instance.position.systems import GEOGRAPHIC, named
from panhuo.result.formats import written
from panhuo.result.plan import Result
from panhuo.words import Lang


def write_layers(result: Result, path: Path, lang: Lang = "en") -> None:
    """Write a GeoPackage with the layers rooms, demand and existing.

    rooms holds the rows of sites.csv, demand the people of every demand point before and after for each service,
    existing the facilities and whether the plan closes them. In EPSG:4490, in which Chinese planning data are handed
    over, or in the instance's own plain metres.
    """
    instance = result.instance
    sites = instance["sites"]
    rooms = result.tables["sites"].assign(detail=written(result.tables["sites"][["detail"]], lang)["detail"])
    existing = instance["existing"][["id", "name", "service", "unit", "site_id"]]
    layers = {
        "rooms": _points(result, rooms, sites),
        "demand": _points(result, _demand(result), instance["demand"]),
        "existing": _points(result, existing, instance["existing"]),
    }
    for layer, frame in layers.items():
        with warnings.catch_warnings():
            if frame.crs is None:  # plain metres have no system to name
                warnings.filterwarnings("ignore", message=".*crs.*", category=UserWarning)
            frame.to_file(path, layer=layer, driver="GPKG", engine="pyogrio")


def _points(result: Result, table: pd.DataFrame, at: pd.DataFrame) -> gpd.GeoDataFrame:
    frame = result.instance.metric_crs
    x, y = at["x_m"].to_numpy(float), at["y_m"].to_numpy(float)
    system = named(frame)
    assert system is not None  # reading chose it
    if frame != "local":
        x, y = system.lonlat(x, y)  # not by to_crs: some versions of pyproj take one point for a number
    points = gpd.points_from_xy(x, y, crs=None if frame == "local" else GEOGRAPHIC)
    plain = table.astype(dict.fromkeys(table.select_dtypes("string").columns, object))
    return gpd.GeoDataFrame(plain, geometry=points)


def _demand(result: Result) -> pd.DataFrame:
    """Lay the services' persons side by side: persons_K, before_K, after_K; one row a demand point."""
    demand = result.instance["demand"]
    wide = demand[["id", "name", "circle", "unit"]].copy()
    table = result.tables["demand"]
    for service in result.instance["services"]["service"]:
        rows = table[table["service"] == service].set_index("demand")
        for column, source in (("persons", "persons"), ("before", "before_persons"), ("after", "after_persons")):
            wide[f"{column}_{service}"] = demand["id"].map(rows[source]).fillna(0.0).astype(float)
    return wide
