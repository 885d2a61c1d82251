"""Figures for slides and print: what they say, their shape, and that they come out the same each time."""

from __future__ import annotations

import dataclasses
import re
import shutil
import struct
from pathlib import Path

import pytest
from matplotlib.text import Text as Written

from panhuo.cli import main
from panhuo.instance import Instance
from panhuo.result import Result
from panhuo.result.figure import figure_file
from panhuo.result.figure.canvas import saved, settings
from panhuo.result.figure.circles import by_share, circles
from panhuo.result.figure.funds import funds
from panhuo.result.figure.overview import overview
from panhuo.result.figure.parties import parties
from panhuo.result.figure.service import service_map
from panhuo.result.figure.slide import fitted, slide
from panhuo.result.figure.slides import CHARTS
from panhuo.result.figure.years import by_service
from panhuo.result.page.speech import Speech
from panhuo.words import Lang, T

from .conftest import built, solved

STEMS = {
    "overview", "coverage", "circles", "equity", "parties", "funds", "years",
    "service-1-canteen", "service-2-clinic", "service-3-culture",
}  # fmt: skip

NAMESPACES = {
    "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd",
}  # fmt: skip


@pytest.fixture(scope="module")
def drawn(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy's figures in Chinese, as the command draws them beside a file of somebody's own."""
    out = tmp_path_factory.mktemp("figures") / "out"
    shutil.copytree(pristine, out)
    (out / "figures").mkdir()
    (out / "figures" / "my notes.txt").write_text("mine", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("panhuo.result.writing.OPENED", {})
        assert main(["report", str(out), "--figures", "--lang", "zh", "--quiet"]) == 0
    return out / "figures"


def said(path: Path) -> set[str]:
    """What stands in a picture: matplotlib names every text in a comment beside its outlines."""
    return {m.strip() for m in re.findall(r"<!-- (.*?) -->", path.read_text("utf-8"), re.DOTALL)}


def words(figure: object) -> set[str]:
    return {text.get_text() for text in figure.findobj(Written)}  # type: ignore[attr-defined]


def test_every_figure_is_there_as_png_and_svg_and_what_was_there_stays(drawn: Path) -> None:
    ours = {f"{stem}.{form}" for stem in STEMS for form in ("png", "svg")}
    assert {p.name for p in drawn.iterdir()} == {*ours, "my notes.txt"}
    assert all(map(figure_file, ours))
    assert not any(map(figure_file, ("mine.png", "overview.pdf", "service-x.png", "service-1-canteen copy.png")))


def test_they_are_the_same_bytes_each_time(found: Result, drawn: Path, tmp_path: Path) -> None:
    for name, draw in (("overview", overview), ("parties", parties), ("funds", funds)):
        for form in ("png", "svg"):
            with settings():
                figure = draw(found, Speech.of(found.instance, "zh"))
                assert figure is not None
                assert saved(figure, tmp_path / f"{name}.{form}") is None
            assert (tmp_path / f"{name}.{form}").read_bytes() == (drawn / f"{name}.{form}").read_bytes()


def test_pictures_fit_a_slide_and_are_sharp_in_print(drawn: Path) -> None:
    for stem in STEMS:
        data = (drawn / f"{stem}.png").read_bytes()
        wide, high = struct.unpack(">II", data[16:24])  # the header of a PNG file
        assert (wide, high) == (3000, 1687)
        assert b"pHYs" + struct.pack(">IIB", 11811, 11811, 1) in data, "300 dots an inch"
        svg = (drawn / f"{stem}.svg").read_text("utf-8")
        assert 'width="720pt" height="405pt"' in svg
        assert "<text" not in svg
        assert set(re.findall(r"https?:[^\"']*", svg)) <= NAMESPACES


def test_the_figures_of_the_readme_stand_in_them_in_chinese(drawn: Path) -> None:
    canteen = said(drawn / "service-1-canteen.svg")
    assert {"老年食堂", "实施前", "实施后", "部分数据为合成（示例）数据：见各表说明"} <= {
        part for text in canteen for part in text.split(" · ")
    }
    assert "有需要的 350 人中，覆盖 0 → 210 人（0.0% → 60.0%）" in canteen
    assert "使用 3 处用房中的 3 处" in said(drawn / "overview.svg")
    assert "0.0% → 60.0%" in said(drawn / "coverage.svg")
    assert "数据来源：made up for the exercise" in said(drawn / "parties.svg")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_leaves_the_slide(found: Result, lang: Lang) -> None:
    """All texts of all charts lie within the slide."""
    speech = Speech.of(found.instance, lang)
    with settings():
        for name, draw in CHARTS.items():
            figure = draw(found, speech)
            assert figure is not None, name
            figure.draw_without_rendering()
            for text in figure.findobj(Written):
                box = text.get_window_extent()
                if text.get_visible() and text.get_text() and text.get_in_layout():
                    assert box.x0 >= -1, (name, text.get_text())
                    assert box.x1 <= 3001, (name, text.get_text())
                    assert box.y0 >= -1, (name, text.get_text())


def test_both_maps_show_the_same_ground(found: Result) -> None:
    with settings():
        before, after = service_map(found, Speech.of(found.instance, "en"), "canteen").axes
    assert before.get_xlim() == after.get_xlim()
    assert before.get_ylim() == after.get_ylim()
    assert before.get_title(loc="left") == "before"


def test_a_map_shows_the_places_that_count_as_its_service(found: Result) -> None:
    services = found.instance["services"].assign(counts_as=["", "", "clinic"])
    instance = dataclasses.replace(found.instance, tables={**found.instance.tables, "services": services})
    counts = dataclasses.replace(found, instance=instance)
    with settings():
        for made, rooms, facilities in ((found, 1, 1), (counts, 2, 2)):
            after = service_map(made, Speech.of(found.instance, "en"), "clinic").axes[1]
            assert [len(marks.get_offsets()) for marks in after.collections[-2:]] == [facilities, rooms]


def test_plain_metres_have_no_north(found: Result) -> None:
    speech = Speech.of(found.instance, "en")
    with settings():
        assert "N" not in words(overview(found, speech))
        mapped = dataclasses.replace(found, instance=dataclasses.replace(found.instance, metric_crs="EPSG:4544"))
        assert "N" in words(overview(mapped, speech))


def test_names_are_written_as_they_are(toy: Instance) -> None:
    names = ["$x$", "<script>alert(1)</script>", "=1+1"]
    named = toy["sites"].assign(name=names)
    made = solved(dataclasses.replace(toy, tables={**toy.tables, "sites": named}))
    with settings():
        assert set(names) - words(overview(made, Speech.of(made.instance, "zh"))) == set()


def test_what_is_too_long_is_cut(found: Result) -> None:
    with settings():
        figure = slide(found, Speech.of(found.instance, "en"), T("The plan at a glance"), "长" * 200)
        text = figure.texts[1]
        assert text.get_text().endswith("长…")
        assert 8.5 < text.get_window_extent().width / 300 <= 9.2
        assert fitted(figure.texts[0], 9.2).get_text() == "The plan at a glance"


def test_the_circle_furthest_behind_comes_first(found: Result) -> None:
    shares = by_share(found)
    assert list(shares["after"]) == sorted(shares["after"])
    assert len(shares) == len(found.instance["circles"])
    rows = found.tables["coverage"].groupby("circle")[["after_persons", "base_persons"]].sum()
    assert shares["after"].iloc[0] == (rows["after_persons"] / rows["base_persons"]).min()


def test_many_circles_stand_side_by_side(found: Result) -> None:
    """Forty circles, each a copy of one, better and better."""
    import pandas as pd

    row = found.tables["coverage"].iloc[[0]]
    copies = [
        row.assign(circle=f"c{n:02}", base_persons=100.0, before_persons=n / 2, after_persons=float(n))
        for n in range(40)
    ]
    many = dataclasses.replace(found, tables={**found.tables, "coverage": pd.concat(copies)})
    with settings():
        figure = circles(many, Speech.of(found.instance, "en"))
    assert {"1  c00  0.0% → 0.0%", "2  c01  0.5% → 1.0%", "3  c02  1.0% → 2.0%"} <= words(figure)


def test_a_year_is_all_of_the_ledger_and_what_stands_in_none(fed: Result, found: Result) -> None:
    for made in (fed, found):
        table = by_service(made)
        ledger = made.tables["ledger"]
        paid = ledger.loc[ledger["ledger"] == "yearly", "amount_cny"].astype(float).sum()
        free = made.plan.loc[made.plan["operating"] == "", "yearly_cny"].astype(float).sum()
        assert table.drop(columns="", errors="ignore").to_numpy().sum() == pytest.approx(paid)
        assert table.to_numpy().sum() == pytest.approx(paid + free)
    assert paid + free > 0


def test_what_there_is_not_is_not_drawn(toy: Instance) -> None:
    """No room is used: no money to show; the map of rooms and the coverage of today remain."""
    made = built(toy, ())
    with settings():
        remain = {name for name, draw in CHARTS.items() if draw(made, Speech.of(toy, "en")) is not None}
    assert remain == set(CHARTS) - {"parties", "funds", "years"}
