"""plan.gpkg: the layers with QGIS's styles and the names of their columns inside, the same bytes for the same plan."""

from __future__ import annotations

import sqlite3
import tempfile
import warnings
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio

from panhuo.result.layers.allocation import allocation_layers
from panhuo.result.layers.frames import layers
from panhuo.result.layers.layer import Layer
from panhuo.result.layers.looks import looks
from panhuo.result.layers.position import system
from panhuo.result.layers.qml import qml
from panhuo.result.layers.titles import services
from panhuo.result.plan import Result
from panhuo.words import Lang

_BORN = "2020-01-01T00:00:00.000Z"
"""When everything is said to have changed last: the same plan gives the same bytes."""

_VERSION = "1.2"
"""Of the GeoPackage standard, so that programs of before 2019 read it without a warning."""

_STYLES = """CREATE TABLE layer_styles (
 id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
 f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
 useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
"""As QGIS makes it (``QgsOgrProviderMetadata::saveStyle``)."""

_COLUMNS = """CREATE TABLE gpkg_data_columns (
 table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
 constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
 CONSTRAINT gdc_tn UNIQUE (table_name, name))"""
"""The schema extension of GeoPackage 1.2 (OGC 12-128r14, annex F.9)."""

_EXTENSION = ("gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema")


def write_layers(result: Result, path: Path, lang: Lang = "en") -> None:
    """Write plan.gpkg.

    Layers rooms, demand, circles, existing and service_lines, each with QGIS's style inside, in which it opens; and
    ArcGIS's location-allocation layers Facilities, DemandPoints and Lines. In EPSG:4490, in which Chinese planning data
    are handed over, or in the instance's own plain metres, which no system names.

    Parameters
    ----------
    lang : {"zh", "en"}
        Language of titles, of the names of columns that GIS shows, and of legends; names of layers and columns
        themselves stay English.
    """
    path.unlink(missing_ok=True)
    made = [*layers(result, lang), *allocation_layers(result)]
    with tempfile.TemporaryDirectory() as aside:  # not beside: what is left there by a run that was killed is foreign
        draft = Path(aside) / path.name
        for layer in made:
            _write(layer, draft, system(result.instance), lang)
        with closing(sqlite3.connect(draft)) as file:
            _name(file, made, lang)
            _style(file, made, result, lang)
            file.execute("UPDATE gpkg_contents SET last_change = ?", (_BORN,))
            file.commit()
            file.execute("VACUUM INTO ?", (str(path),))  # anew, for GDAL does not always change the file as often


def _write(layer: Layer, path: Path, crs: str | None, lang: Lang) -> None:
    texts = layer.table.select_dtypes("string").columns
    frame = gpd.GeoDataFrame(layer.table.astype(dict.fromkeys(texts, object)), geometry=layer.shapes, crs=crs)
    described = {"IDENTIFIER": layer.title.to(lang), "DESCRIPTION": layer.about.to(lang)}
    with warnings.catch_warnings():
        if crs is None:  # plain metres have no system to name
            warnings.filterwarnings("ignore", message=".*crs.*", category=UserWarning)
        pyogrio.write_dataframe(
            frame, path, layer=layer.key, driver="GPKG", geometry_type=layer.geometry,
            dataset_options={} if path.exists() else {"VERSION": _VERSION}, layer_options={**described, **layer.names},
        )  # fmt: skip


def _name(file: sqlite3.Connection, made: Sequence[Layer], lang: Lang) -> None:
    """Say how readers call the columns, for programs that know the schema extension."""
    file.execute(_COLUMNS)
    rows = [(layer.key, own.key, own.title.to(lang)) for layer in made for own in layer.columns]
    file.executemany("INSERT INTO gpkg_data_columns (table_name, column_name, title) VALUES (?, ?, ?)", rows)
    file.execute("INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, ?, ?, 'read-write')", _EXTENSION)


def _style(file: sqlite3.Connection, made: Sequence[Layer], result: Result, lang: Lang) -> None:
    file.execute(_STYLES)
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0)"
    )
    named = services(result.instance)
    for layer in made:
        shape = layer.names.get("GEOMETRY_NAME", "geom")
        for n, (name, look) in enumerate(looks(layer, named)):
            file.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
                "styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time) "
                "VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', ?)",
                (layer.key, shape, name.to(lang), qml(layer, look, lang), int(n == 0), layer.about.to(lang), _BORN),
            )  # fmt: skip
