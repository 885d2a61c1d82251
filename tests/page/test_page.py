"""The page as text: its size, its words, its figures; and the command that makes it anew."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from python_calamine import CalamineWorkbook

import panhuo
from panhuo import result
from panhuo.cli.app import main
from panhuo.instance import Instance, InstanceError
from panhuo.result import Result
from panhuo.result.page import page
from panhuo.result.page import points as points_module
from panhuo.result.page.people import covered_services, equity_bars, gini, lowest_tenth, per_point
from panhuo.result.page.points import dots, states
from panhuo.result.page.reach import _runs
from panhuo.result.page.speech import Speech
from panhuo.result.workbook import write_workbook

from .conftest import INSTANCES


def _data(text: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    assert found is not None
    return json.loads(found[1])


def _cells(book: Path) -> dict[str, list[list[object]]]:
    sheets = CalamineWorkbook.from_path(book)
    return {name: sheets.get_sheet_by_name(name).to_python() for name in sheets.sheet_names}


def test_equal_results_give_equal_pages(hillside: Result) -> None:
    assert page(hillside) == page(hillside)


def test_inequality_by_hand() -> None:
    share, people = pd.Series([1.0, 0.0]), pd.Series([1.0, 3.0])
    assert gini(share, people) == pytest.approx(0.75)  # all belongs to a quarter of the people
    assert gini(pd.Series([0.4, 0.4]), people) == pytest.approx(0.0)
    assert gini(pd.Series([0.0, 0.0]), people) == 0.0
    x, w = np.array([0.1, 0.5, 0.9]), np.array([2.0, 1.0, 3.0])
    apart = (np.abs(x[:, None] - x) * np.outer(w, w)).sum() / (2 * w.sum() ** 2 * np.average(x, weights=w))
    assert gini(pd.Series(x), pd.Series(w)) == pytest.approx(apart)
    # of ten people the one worst off is half of somebody at 0.2 and half of somebody at 0.6
    assert lowest_tenth(pd.Series([0.6, 0.2]), pd.Series([9.5, 0.5])) == pytest.approx(0.4)


def test_what_holds_for_most_of_a_point() -> None:
    persons = np.array([[10, 5, 5, 0], [10, 4, 6, 0], [10, 6, 4, 0], [10, 0, 0, 5], [10, 0, 1, 4], [0, 0, 0, 0]], float)
    assert states(persons).tolist() == [0, 1, 2, 4, 3, -1]


def test_of_few_services_residents_are_told_apart_by_how_many_are_covered(toy: Instance) -> None:
    """Today the toy has a clinic in the east and a culture room in the west, and no canteen."""
    found = panhuo.evaluate(toy)
    counts, people = covered_services(found, "before"), per_point(found)["people"]
    covered = found.demand[found.demand["before_persons"] > 0].groupby("demand").size()
    assert counts.tolist() == covered.reindex(toy["demand"]["id"], fill_value=0).tolist()
    assert 0 < counts.max() < 3
    bars = equity_bars(found, Speech.of(toy, "en")).bars
    assert [bar.name for bar in bars] == ["0 / 3", "", "1 / 3", "", "2 / 3", "", "3 / 3", ""]
    sums = [people[counts[people.index] == n].sum() for n in range(4)]
    assert [bar.said.split(" ")[0] for bar in bars[::2]] == [f"{persons:,.0f}" for persons in sums]


def test_every_point_lies_on_the_ground_of_its_circle(hillside: Result) -> None:
    data = _data(page(hillside))
    circles, points = data["circles"], data["points"]
    shapes = {}
    for name, xs, ys in zip(circles["name"], circles["xs"], circles["ys"], strict=True):
        parts = []
        for px, py in zip(xs, ys, strict=True):
            shell, *holes = [list(zip(x, y, strict=True)) for x, y in zip(px, py, strict=True)]
            parts.append(shapely.make_valid(shapely.Polygon(shell, holes)))  # whole metres may make a line touch itself
        shapes[name] = shapely.union_all(parts)
    for x, y, circle in zip(points["x"], points["y"], points["circle"], strict=True):
        assert shapes[circle].buffer(2).contains(shapely.Point(x, y))
    overlap = shapely.union_all(list(shapes.values())).area
    assert overlap == pytest.approx(sum(shape.area for shape in shapes.values()), rel=0.01)


def test_polygons_that_are_given_are_drawn(hillside: Result) -> None:
    instance, corner = hillside.instance, hillside.instance["demand"][["x_m", "y_m"]].min().to_numpy()
    square = shapely.box(0, 0, 500, 500)
    shapes = [square, square.difference(shapely.box(100, 100, 200, 200)), square, square]
    outlines = np.array([shapely.transform(shape, lambda at: at + corner) for shape in shapes], dtype=object)
    text = page(replace(hillside, instance=replace(instance, outlines=outlines)))
    assert "is its polygon, as it was given" in text
    assert "nearest to its demand points" in page(hillside)
    assert "is its polygon" not in page(hillside)
    xs = _data(text)["circles"]["xs"]
    assert [len(shape[0]) for shape in xs] == [1, 2, 1, 1]  # rings of the only polygon
    assert [max(shape[0][0]) - min(shape[0][0]) for shape in xs] == [500] * 4


def test_areas_by_straight_lines_are_rings(toy: Instance) -> None:
    """Elders walk 160/3 m a minute, adults 75; lines × 1.25."""
    reach = _data(page(panhuo.evaluate(toy)))["reach"]
    assert reach["rings"] == {"canteen": [640.0], "clinic": [600.0, 426.7], "culture": [400.0]}
    assert reach["said"]["canteen"] == "Red: from where it is 15 minutes at most, straight lines × 1.25 (Senior)."


def test_areas_along_the_network_are_streets(hillside: Result) -> None:
    """Whoever goes to a room, and lives on a street, lives beside its area."""
    instance, data = hillside.instance, _data(page(hillside))
    corner = np.floor(
        np.concatenate([instance[t][["x_m", "y_m"]] for t in ("demand", "sites", "existing")]).min(axis=0)
    )
    reach, at = data["reach"], instance["demand"].set_index("id")[["x_m", "y_m"]]
    stations = np.array(reach["at"]).T + corner
    for (site, service), rows in hillside.allocation.query("kind == 'chosen'").groupby(["place", "service"]):
        runs = [reach["rooms"][site][name] for name in reach["limits"][service]]
        streets = shapely.union_all(
            [shapely.LineString(stations[a : a + n]) for run in runs for a, n in zip(run[::2], run[1::2], strict=True)]
        )
        away = shapely.distance(streets, shapely.points(at.loc[rows["demand"]].to_numpy()))
        assert away.max() < instance.settings.access.max_snap_m + 40
        far = shapely.distance(streets, shapely.points(at.drop(rows["demand"]).to_numpy()))
        assert far.max() > 300


def test_stations_that_follow_one_another_make_a_stretch() -> None:
    edge = np.array([0, 0, 0, 1, 1, 1, 2, 2])
    first, many = _runs(np.array([6, 0, 1, 3, 5, 2], dtype=np.int32), edge)
    assert first.tolist() == [0]  # 3, 5 and 6 are alone on their edges
    assert many.tolist() == [3]
    assert _runs(np.array([], dtype=np.int32), edge)[0].tolist() == []


def test_very_many_points_are_drawn_together(monkeypatch: pytest.MonkeyPatch, hillside: Result) -> None:
    demand = pd.DataFrame({"x_m": [0.0, 10, 49, 51, 60], "y_m": [0.0, 0, 0, 0, 0], "circle": ["a", "a", "b", "a", "a"]})
    assert dots(demand).square_m is None
    monkeypatch.setattr(points_module, "MOST", 4)
    found = dots(demand)
    assert found.square_m == 50
    assert found.of.tolist() == [0, 0, 1, 2, 2]
    assert found.first.tolist() == [0, 2, 3]
    assert found.count.tolist() == [2, 1, 2]
    monkeypatch.setattr(points_module, "MOST", 60)
    text = page(hillside)
    data, table = _data(text), hillside.demand
    assert "Of 240 demand points those of a circle within a square of" in text
    assert len(data["points"]["x"]) <= 60
    for service, own in data["points"]["by"].items():
        persons = table.loc[table["service"] == service, "persons"].sum()
        assert sum(own["need"]) == pytest.approx(persons, abs=len(own["need"]) / 2)
    for served in data["served"].values():
        for own in served.values():
            assert 0 < len(own["dots"]) <= own["points"]


def test_chinese_pages_speak_chinese(files: dict[str, Path], hillside: Result) -> None:
    text = files["zh"].read_text(encoding="utf-8")
    words = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", text, flags=re.S)
    assert "万元" in words
    for english in ("Covered", "covered", "Newly", "Rooms", "Share", "Gap", "Money", "people", "persons", "capital"):
        allowed = {"people", "persons", "capital"}  # they are parts of columns' names
        if english not in allowed:
            assert english not in words, english
    assert "Newly covered" in files["en"].read_text(encoding="utf-8")


def test_an_evaluation_without_rooms_has_a_page(toy: Instance) -> None:
    for lang in ("en", "zh"):
        assert "<main>" in page(panhuo.evaluate(toy), lang)


def test_an_instance_with_all_tables_has_a_page(tmp_path: Path) -> None:
    found = panhuo.solve(panhuo.read(INSTANCES / "kitchens"))
    assert "<main>" in page(found, "zh")


def test_made_anew_from_the_folder_alone(
    hillside: Result, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = ("report.html", "plan.xlsx", "plan.gpkg")
    text, cells = (out / opened[0]).read_bytes(), _cells(out / opened[1])
    others = {p: p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name not in opened}
    for name in opened:
        (out / name).unlink()
    moved = tmp_path / "moved"
    shutil.move(out, moved)
    assert main(["report", str(moved), "--lang", "en"]) == 0
    assert "Made anew" in capsys.readouterr().out
    assert (moved / "plan.gpkg").stat().st_size > 0
    assert (moved / "report.html").read_bytes() == text
    assert _cells(moved / "plan.xlsx") == cells
    assert all((moved / p.relative_to(out)).read_bytes() == content for p, content in others.items())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["moved"]
    assert panhuo.verify(moved).ok
    assert main(["report", str(moved), "--lang", "zh", "--json"]) == 0
    again = result.write(hillside, tmp_path / "zh", "zh")
    assert (moved / "report.html").read_bytes() == (again / "report.html").read_bytes()
    assert _cells(moved / "plan.xlsx") == _cells(again / "plan.xlsx")
    assert json.loads(capsys.readouterr().out)["files"] == ["report.html", "plan.xlsx", "plan.gpkg"]
    assert 'lang="zh-CN"' in (moved / "report.html").read_text(encoding="utf-8")


def test_a_folder_that_was_changed_gets_no_page(out: Path, tmp_path: Path) -> None:
    old = (out / "report.html").read_bytes()
    (out / "inputs" / "sites.csv").write_bytes((out / "inputs" / "sites.csv").read_bytes() + b"\n")
    (out / "plan.csv").write_text((out / "plan.csv").read_text("utf-8-sig").replace("capital_cny", "cost"), "utf-8")
    with pytest.raises(InstanceError) as caught:
        result.rebuild(out)
    files = [fault.file for fault in caught.value.faults]
    assert any("inputs/sites.csv" in file for file in files)
    assert any("plan.csv" in file for file in files)
    assert (out / "report.html").read_bytes() == old
    with pytest.raises(InstanceError):
        result.rebuild(tmp_path)


def test_a_result_without_sentences_in_both_languages_gets_no_page(toy: Instance, tmp_path: Path) -> None:
    out = result.write(panhuo.evaluate(toy), tmp_path / "out")
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run["said"]["en"]["notes"] == run["notes"]
    assert set(run["said"]["zh"]["sites"]) == {"S1", "S2", "S3"}
    del run["said"]
    (out / "run.json").write_text(json.dumps(run), encoding="utf-8")
    with pytest.raises(InstanceError, match="no sentences in both languages"):
        result.rebuild(out)


@pytest.mark.slow
def test_dazu_is_small(dazu: Instance, tmp_path: Path) -> None:
    found = panhuo.solve(dazu, gap=0.01)
    for lang in ("en", "zh"):
        assert len(page(found, lang).encode()) < 10e6
        write_workbook(found, tmp_path / "plan.xlsx", lang)
        assert (tmp_path / "plan.xlsx").stat().st_size < 1e6
