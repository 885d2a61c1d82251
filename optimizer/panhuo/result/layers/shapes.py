"""The layers as Shapefiles, for programs that read no GeoPackage."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from panhuo.result.layers.frames import LAYERS, layers
from panhuo.result.layers.layer import Layer, unlike
from panhuo.result.layers.position import system
from panhuo.result.plan import Result
from panhuo.words import Lang

KEY = "fields.csv"
"""The file that says what the short names mean."""

_LONGEST, _WIDEST = 10, 254
"""Characters of a name and bytes of a text in dBASE III, which holds the tables of Shapefiles."""

_BORN = "2020-01-01"
"""When the tables are said to have changed last: the same plan gives the same bytes."""


def write_shapes(result: Result, folder: Path, lang: Lang = "en") -> None:
    """Write a Shapefile for each of :data:`~panhuo.result.layers.frames.LAYERS`.

    In UTF-8, and a ``.cpg`` says so. Names of columns have ten characters; fields.csv says in both languages what they
    mean, and how they are called in plan.gpkg. Texts are cut to 254 bytes.

    Parameters
    ----------
    folder : Path
        Where; made here.
    lang : {"zh", "en"}
        Language of the names of services and of sentences.
    """
    folder.mkdir()
    meanings = []
    for layer in layers(result, lang):
        short = _short(layer)
        _write(layer, short, folder / f"{layer.key}.shp", system(result.instance))
        for own in layer.columns:
            title = own.title
            meanings.append((f"{layer.key}.shp", short[own.key], own.key, title.to("en"), title.to("zh")))
    names = pd.DataFrame(meanings, columns=["file", "field", "column", "en", "zh"])
    names.to_csv(folder / KEY, index=False, encoding="utf-8-sig", lineterminator="\n")


def shape_file(name: str) -> bool:
    """Whether a file of that name is one of these, or one that a program writes beside them (indexes, metadata)."""
    return name == KEY or name.partition(".")[0] in LAYERS


def _short(layer: Layer) -> Mapping[str, str]:
    """Name the columns in ten characters: column → name; what no plain letter is becomes an underscore."""
    plain = [
        "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in own.short) for own in layer.columns
    ]
    return dict(zip((own.key for own in layer.columns), unlike(plain, _LONGEST), strict=True))


def _write(layer: Layer, short: Mapping[str, str], path: Path, crs: str | None) -> None:
    texts = layer.table.select_dtypes(["string", "object"]).columns
    cut = {key: layer.table[key].map(_cut).astype(object) for key in texts}
    table = layer.table.assign(**cut).rename(columns=short)
    with warnings.catch_warnings():
        if crs is None:  # plain metres have no system to name
            warnings.filterwarnings("ignore", message=".*crs.*", category=UserWarning)
        pyogrio.write_dataframe(
            gpd.GeoDataFrame(table, geometry=layer.shapes, crs=crs), path, driver="ESRI Shapefile",
            geometry_type="Polygon" if layer.geometry == "MultiPolygon" else layer.geometry, encoding="UTF-8",
            layer_options={"DBF_DATE_LAST_UPDATE": _BORN},
        )  # fmt: skip


def _cut(text: str) -> str:
    return text.encode()[:_WIDEST].decode(errors="ignore")
