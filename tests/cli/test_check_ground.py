"""``panhuo check`` on a network: who lies how far from it, its pieces, where minutes come from, the picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from districts import write
from matplotlib import image
from streets import people, rooms

from panhuo.cli import main

ROOT = Path(__file__).parents[2]
HILLSIDE, TOY = str(ROOT / "instances" / "hillside"), str(ROOT / "instances" / "toy")


def test_it_shows_how_people_and_places_lie_to_the_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", HILLSIDE, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "Minutes: along the network with slope (" in shown
    assert "off it: demand points 0 of 240, rooms 0 of 18." in shown
    for words in ("Distance to the network, and who is off it", "Median (m)", "Step-free  Demand points",
                  "Pieces of the network that nothing joins, the longest first"):  # fmt: skip
        assert words in shown
    assert main(["check", HILLSIDE, "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    for words in ("步行时间：沿路网并计坡度", "到路网的距离，以及不在路网上的", "互不相连的路网部分，从长到短"):
        assert words in shown


def test_the_figures_stand_in_the_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", HILLSIDE, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["minutes"]["network"] > 0
    assert found["off_network"] == {"demand": 0, "sites": 0, "existing": 0}
    assert {"profile", "kind", "points", "off", "persons", "persons_off", "median_m"} <= set(found["to_network"][0])
    whole = sum(piece["persons"] for piece in found["pieces"])
    assert whole == pytest.approx(sum(r["persons"] for r in found["to_network"] if r["kind"] == "demand"))
    assert found["picture"] is None


def test_without_a_network_there_is_nothing_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", TOY, "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert "Minutes: by straight lines × 1.25." in shown
    assert "network" not in shown
    assert main(["check", TOY, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["off_network"], found["to_network"], found["pieces"]) == (None, [], [])


def test_where_nothing_is_excluded_there_is_no_table_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    services = [{"service": "hall", "class": "basic", "measure": "minutes", "standard_min": 15, "min_area_m2": 50}]
    tables = {"demand": people((0, 0)), "services": services, "costs": [{"item": "fit_out", "capital_cny": 1}]}
    toml = "[policy]\nbudget_cny = 100\n"
    for room_m2, shown in ((60, False), (40, True)):
        sites = [{**rooms((50, 0))[0], "area_m2": room_m2}]
        folder = write(tmp_path / str(room_m2), toml, sites=sites, **tables)
        assert main(["check", str(folder), "--lang", "en"]) == 0
        assert ("What excluded the rest" in capsys.readouterr().out) == shown


def test_the_picture_is_drawn_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The colours of all four rooms are on it; the same picture has the same bytes; .svg is written too."""
    files = [tmp_path / name for name in ("areas.png", "again.png", "areas.svg")]
    for file in files:
        assert main(["check", HILLSIDE, "--lang", "en", "--picture", str(file)]) == 0
        assert f"The picture is in {file}." in capsys.readouterr().out.replace("\n", "")
    assert files[0].read_bytes() == files[1].read_bytes()
    drawn = np.round(image.imread(files[0])[..., :3] * 255).astype(int)
    for colour in ((0, 114, 178), (230, 159, 0), (0, 158, 115), (204, 121, 167)):
        assert (drawn == colour).all(axis=2).sum() > 200, colour
    assert files[2].read_text(encoding="utf-8").lstrip().startswith("<?xml")


def test_where_all_rooms_are_excluded_there_is_nothing_to_draw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services = [{"service": "hall", "class": "basic", "measure": "minutes", "standard_min": 15, "min_area_m2": 50}]
    folder = write(
        tmp_path, "[policy]\nbudget_cny = 100\n", demand=people((0, 0)), services=services,
        sites=[{**rooms((50, 0))[0], "status": "excluded"}], costs=[{"item": "fit_out", "capital_cny": 1}],
    )  # fmt: skip
    assert main(["check", str(folder), "--lang", "en", "--picture", str(tmp_path / "areas.png")]) == 2
    assert "there is no room to draw: all are excluded or off the network" in capsys.readouterr().err
    assert not (tmp_path / "areas.png").exists()


def test_a_picture_of_another_kind_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", TOY, "--lang", "en", "--picture", str(tmp_path / "areas.pdf")]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert said.endswith("areas.pdf: a picture is written as .png or .svg. Give --picture a file whose name ends so.")
    file = str(tmp_path / "nowhere" / "areas.png")
    assert main(["check", TOY, "--lang", "en", "--json", "--picture", file]) == 2
    told = json.loads(capsys.readouterr().out)["faults"]
    assert [(f["file"], f["rule"]) for f in told] == [(file, f"there is no folder {tmp_path / 'nowhere'}")]
    assert told[0]["mend"] == "Make it first, or give --picture a file in another folder"
    assert list(tmp_path.iterdir()) == []
