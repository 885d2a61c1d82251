"""Which table or raster a file, a sheet or a layer is named after."""

from __future__ import annotations

import unicodedata

from panhuo.instance.reading.units import fold
from panhuo.instance.schema import RASTERS, RESERVED, TABLES, Table

OSM_ENDINGS = (".osm", ".osm.pbf", ".pbf")
CSV_ENDINGS = (".csv", ".csv.gz")
LAYER_ENDINGS = (".gpkg", ".shp", ".geojson")
RASTER_ENDINGS = (".tif", ".tiff")
TABLE_ENDINGS = (*CSV_ENDINGS, ".xlsx", *LAYER_ENDINGS)
OTHER_ENDINGS = (".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".txt", ".json", ".parquet", ".kml", ".et")

_DOUBLE = (".csv.gz", ".osm.pbf")


def ending(name: str) -> str:
    """Give the ending of a file's name in lower case, a double one such as ``.csv.gz`` as a whole."""
    low = name.lower()
    double = next((e for e in _DOUBLE if low.endswith(e)), "")
    dot = low.rfind(".")
    return double or (low[dot:] if dot > 0 else "")


def stem(name: str) -> str:
    """Give a file's name without its ending."""
    return name[: len(name) - len(ending(name))]


def called(word: str) -> Table | None:
    """Find the table a file stem or a sheet is named after."""
    return next((t for t in TABLES.values() if fold(word) in (fold(t.name), fold(t.zh))), None)


def raster(word: str) -> str | None:
    """Find the raster a file stem is named after: elevation, population or population_GROUP; ``None`` where none is."""
    plain = "".join(unicodedata.normalize("NFKC", word).split())
    for name, zh in RASTERS.items():
        for spelling in (name, zh):
            if fold(plain) == spelling:
                return name
            start, group = f"{spelling}_", plain[len(spelling) + 1 :]
            if name == "population" and fold(plain).startswith(start) and group:
                return f"{name}_{group}"
    return None


def reserved(word: str) -> str | None:
    """Find the table of a later version that a word names."""
    return next((k for k, zh in RESERVED.items() if fold(word) in (fold(k), fold(zh))), None)


def meant(file: str) -> str | None:
    """Tell which table or raster a file holds by its name; ``None`` where none does."""
    end, word = ending(file), stem(file)
    if end in RASTER_ENDINGS:
        return raster(word)
    table = called(word)
    if table is None or end not in (*TABLE_ENDINGS, *(OSM_ENDINGS if table.name == "network" else ())):
        return None
    return table.name
