"""plan.gpkg in QGIS itself: it opens styled, speaks Chinese, and evaluates nothing that a table holds."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from panhuo.instance import Instance
from panhuo.result import Result
from panhuo.result.layers import write_layers
from panhuo.result.page.map import COLOURS
from panhuo.result.page.points import STATES

from .conftest import solved
from .test_layers import HOSTILE, LAYERS, shifted

pytestmark = pytest.mark.slow
PYTHON = "/usr/bin/python3"
"""The Python that Debian's package python3-qgis is for."""

LOOK = """
import json, os, sys
from qgis.core import *
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage
application = QgsApplication([], False)
application.initQgis()
path, picture = sys.argv[1:]
said, layers = {}, []
for name in json.loads(sys.stdin.read()):
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    renderer, fields = layer.renderer(), layer.fields()
    kind = renderer.type()
    entries = {"categorizedSymbol": "categories", "graduatedSymbol": "ranges"}.get(kind)
    found = getattr(renderer, entries)() if entries else []
    rows = list(layer.getFeatures())
    tips = []
    for row in rows:
        context = layer.createExpressionContext()
        context.setFeature(row)
        tips.append(QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context))
    said[name] = {
        "valid": layer.isValid(), "rows": len(rows), "crs": layer.crs().authid(), "kind": kind,
        "attribute": renderer.classAttribute() if entries else "",
        "values": [e.value() for e in found] if kind == "categorizedSymbol" else [e.lowerValue() for e in found],
        "labels": [e.label() for e in found], "shown": [e.renderState() for e in found],
        "colours": [e.symbol().color().name() for e in found],
        "marks": [e.symbol().symbolLayer(0).properties().get("name") for e in found],
        "aliases": {f.name(): layer.attributeAlias(n) for n, f in enumerate(fields)},
        "words": {f.name(): f.editorWidgetSetup().config().get("map") for f in fields
                  if f.editorWidgetSetup().type() == "ValueMap"},
        "labelled": layer.labelsEnabled(), "tips": tips, "display": layer.displayExpression(),
        "scale": layer.minimumScale() if layer.hasScaleBasedVisibility() else None,
        "styles": layer.listStylesInDatabase()[2][: layer.listStylesInDatabase()[0]],
    }
    layers.append(layer)
settings = QgsMapSettings()
settings.setLayers(layers[4::-1])
settings.setDestinationCrs(layers[0].crs())
settings.setExtent(layers[0].extent())
settings.setOutputSize(QSize(400, 300))
settings.setBackgroundColor(QColor("white"))
job = QgsMapRendererSequentialJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
image.save(picture)
said["colours"] = sorted({QColor(image.pixel(x, y)).name() for x in range(400) for y in range(300)})
said["errors"] = [f"{e.layerID}: {e.message}" for e in job.errors()]
print("FOUND" + json.dumps(said))
sys.stdout.flush()
os._exit(0)  # QGIS may crash where Python takes it down
"""


@pytest.fixture(scope="module")
def qgis(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which QGIS runs without a screen; skips where it is not installed."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    for own in ("PYTHONPATH", "PYTHONHOME", "PROJ_DATA", "GDAL_DATA"):
        environment.pop(own, None)
    try:
        there = subprocess.run([PYTHON, "-c", "import qgis.core"], env=environment, check=False, capture_output=True)
    except OSError:
        pytest.skip(f"there is no {PYTHON}")
    if there.returncode:
        pytest.skip("QGIS is not installed (Debian: apt-get install python3-qgis)")
    return environment


def look(path: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Open every layer in QGIS, and draw those for readers."""
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", LOOK, str(path), str(path.with_suffix(".png"))], env=environment, check=False,
        input=json.dumps(list(LAYERS)), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "FOUND" in done.stdout, done.stderr
    assert "GeoPackage" not in done.stderr  # no warning of a version that is too new
    said: dict[str, Any] = json.loads(done.stdout.partition("FOUND")[2])
    return said


@pytest.fixture(scope="module")
def seen(toy: Instance, qgis: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("qgis") / "plan.gpkg"
    write_layers(solved(shifted(toy)), path, "zh")
    return look(path, qgis)


def test_every_layer_opens_in_the_style_that_was_written(seen: dict[str, Any]) -> None:
    kinds = {"DemandPoints": "singleSymbol", "Lines": "singleSymbol", "circles": "graduatedSymbol"}
    for layer, rows in LAYERS.items():
        own = seen[layer]
        assert (own["valid"], own["rows"], own["crs"]) == (True, rows, "EPSG:4490")
        assert own["kind"] == kinds.get(layer, "categorizedSymbol")
    rooms = seen["rooms"]
    assert rooms["attribute"] == "mode"
    assert rooms["values"] == ["", "keep", "convert", "rebuild", "add"]
    assert rooms["labels"][1] == "选用：留"
    assert rooms["shown"] == [False, True, True, True, True]
    assert rooms["colours"][1:] == [COLOURS[mode].lower() for mode in ("keep", "convert", "rebuild", "add")]
    assert rooms["marks"] == ["cross", "hexagon", "triangle", "diamond", "star"]
    assert rooms["labelled"]
    assert seen["demand"]["attribute"] == "state"
    assert set(seen["demand"]["values"]) == set(STATES)
    assert seen["circles"]["attribute"] == "share_after"
    assert seen["circles"]["values"] == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])
    assert seen["service_lines"]["scale"] == 100_000
    assert seen["Facilities"]["values"] == ["0", "1", "3"]


def test_columns_and_keys_are_called_in_chinese(seen: dict[str, Any]) -> None:
    for layer in LAYERS:
        aliases = seen[layer]["aliases"]
        key = next(iter(aliases))
        assert key in ("fid", "OBJECTID")
        assert all(name and not name.isascii() for field, name in aliases.items() if field != key), layer
    assert seen["demand"]["aliases"]["after_clinic"] == "社区卫生服务站：实施后覆盖"
    words = {key: value for entry in seen["rooms"]["words"]["mode"] for key, value in entry.items()}
    assert words == {"留": "keep", "改": "convert", "拆": "rebuild", "增": "add"}
    assert seen["rooms"]["tips"][0].startswith("<div>Old shop 老商铺</div><div>改</div><div>社区卫生服务站</div>")
    assert seen["demand"]["styles"] == ["需求点", "老年食堂", "社区卫生服务站", "文化活动站"]


def test_the_map_is_drawn_in_the_colours_of_the_page(seen: dict[str, Any]) -> None:
    assert seen["errors"] == []
    drawn = {COLOURS[key].lower() for key in ("keep", "convert", "existing")}
    assert drawn <= set(seen["colours"])
    assert COLOURS["rebuild"].lower() not in seen["colours"]


def test_what_tables_hold_is_never_evaluated(toy: Instance, qgis: dict[str, str], tmp_path: Path) -> None:
    tables: dict[str, Any] = dict(toy.tables)
    hostile = ("[% 6*7 %]", *HOSTILE[1:3])
    tables["sites"] = toy["sites"].assign(name=hostile)
    tables["services"] = toy["services"].assign(name_en=HOSTILE[:3], name_zh="")
    write_layers(solved(dataclasses.replace(toy, tables=tables)), tmp_path / "plan.gpkg")
    said = look(tmp_path / "plan.gpkg", qgis)
    assert all(said[layer]["valid"] for layer in LAYERS)
    tips = said["rooms"]["tips"]
    assert tips[0].startswith("<div>[% 6*7 %]</div>")
    assert tips[1].startswith("<div>[% @project_path %]</div>")
    assert tips[2].startswith("<div>&lt;script&gt;alert(1)&lt;/script&gt;</div>")
    assert said["existing"]["tips"][0].count("<div>") == 3
    assert "[% @project_path %]" in said["demand"]["styles"]


def test_plain_metres_open_too(found: Result, qgis: dict[str, str], tmp_path: Path) -> None:
    write_layers(found, tmp_path / "plan.gpkg")
    said = look(tmp_path / "plan.gpkg", qgis)
    assert all(said[layer]["valid"] for layer in LAYERS)
    assert said["rooms"]["aliases"]["persons_new"] == "of these, newly covered"
    assert COLOURS["keep"].lower() in said["colours"]
