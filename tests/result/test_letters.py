"""Letters of figures: the same on every machine, for every name, and names are never markup."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from panhuo import result
from panhuo.instance import Instance
from panhuo.result import Result
from panhuo.result.figure import draw_map
from panhuo.result.figure.canvas import saved, settings
from panhuo.result.figure.font import subset
from panhuo.result.figure.letters import BOX, FAMILIES, FONT
from panhuo.words import Text

from .conftest import built

ROOT = Path(__file__).parents[2]
Picture = Callable[..., tuple[bytes, "Text | None"]]
RARE = "\U00030ede"  # the noodles of Shaanxi: in hardly any font


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any font but those that come with matplotlib."""
    entries = [e for e in font_manager.fontManager.ttflist if "mpl-data" in e.fname]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", entries)


def drawing(words: str) -> Figure:
    with settings():
        figure = Figure(figsize=(4, 1), dpi=50)
        FigureCanvasAgg(figure)
        figure.text(0.1, 0.5, words)
        return figure


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    """Draws words into a file and gives its bytes, and what was remarked."""

    def draw(words: str, form: str = "svg") -> tuple[bytes, Text | None]:
        path = tmp_path / f"picture.{form}"
        with settings():
            remark = saved(drawing(words), path)
        return path.read_bytes(), remark

    return draw


def test_the_font_has_all_that_is_ever_said_and_all_names_of_the_instances() -> None:
    with TTFont(FONT) as font:
        has = set(map(chr, font.getBestCmap()))
        names = {record.nameID: str(record) for record in font["name"].names}
    files = [ROOT / "optimizer/panhuo/words/zh.po", *ROOT.glob("instances/*/*.csv"), *ROOT.glob("instances/*/*.toml")]
    said = {c for file in files for c in file.read_text("utf-8-sig") if not c.isspace()}
    assert len(said) > 900
    assert said <= has
    assert {chr(c) for c in subset.characters() if 0x4E00 <= c <= 0x9FFF} <= has
    assert len([c for c in has if "\u4e00" <= c <= "\u9fff"]) > 6763, "GB 2312 and more"
    assert names[1] == FAMILIES[0]
    assert "SIL Open Font License" in names[13]
    assert "SIL OPEN FONT LICENSE Version 1.1" in FONT.with_name("OFL.txt").read_text("utf-8")


def test_the_font_is_made_from_the_original_only(tmp_path: Path) -> None:
    other = tmp_path / "NotoSansCJK-Regular.ttc"
    other.write_bytes(FONT.read_bytes())
    with pytest.raises(ValueError, match=r"is not the file of Noto Sans CJK 2\.004"):
        subset.make(other, tmp_path / "made.otf")
    assert not (tmp_path / "made.otf").exists()


def test_the_map_of_a_machine_without_fonts_is_in_chinese(
    bare: None, found: Result, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Warnings are errors here, and matplotlib warns of every glyph that is missing."""
    told: list[Text] = []
    with caplog.at_level(logging.WARNING, logger="matplotlib"):
        out = result.write(found, tmp_path / "out", lang="zh", tell=told.append)
    assert told == []
    assert caplog.records == []
    assert json.loads((out / "run.json").read_text("utf-8"))["notes"] == ["部分数据为合成（示例）数据：见各表说明"]
    draw_map(found, tmp_path / "map.svg", "zh")
    assert "<!-- 老年食堂 -->" in (tmp_path / "map.svg").read_text("utf-8")


def test_letters_are_those_of_the_font_that_comes_along(bare: None) -> None:
    with TTFont(FONT) as font:
        wide = font["hmtx"][font.getBestCmap()[ord("盘")]][0] / font["head"].unitsPerEm
    with settings():
        figure = drawing("盘" * 10)
        box = figure.texts[0].get_window_extent()
    assert box.width / 50 * 72 == pytest.approx(10 * wide * figure.texts[0].get_fontsize(), rel=0.05)


def test_a_character_of_no_font_is_a_box_and_told_once(bare: None, toy: Instance, tmp_path: Path) -> None:
    named = toy["services"].assign(name_en=[f"{RARE}面馆", f"{RARE}诊所", "文化站"])
    made = built(dataclasses.replace(toy, tables={**toy.tables, "services": named}), ())
    note = draw_map(made, tmp_path / "map.svg")
    assert str(note) == f"No font here has {RARE}: boxes stand for them in the pictures"
    assert f"<!-- {BOX}面馆 -->" in (tmp_path / "map.svg").read_text("utf-8")


def test_a_font_of_the_machine_has_what_ours_has_not(bare: None, picture: Picture, tmp_path: Path) -> None:
    """A font with one letter stands for those of a machine."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for move, point in ((pen.moveTo, (0, 0)), (pen.lineTo, (500, 900)), (pen.lineTo, (1000, 0))):
        move(point)
    pen.closePath()
    own = FontBuilder(1000)
    own.setupGlyphOrder([".notdef", "one"])
    own.setupCharacterMap({ord(RARE): "one"})
    own.setupGlyf({".notdef": pen.glyph(), "one": pen.glyph()})
    own.setupHorizontalMetrics({".notdef": (1000, 0), "one": (1000, 0)})
    own.setupHorizontalHeader(ascent=900, descent=-100)
    own.setupNameTable({"familyName": "SimSun-ExtB", "styleName": "Regular"})
    own.setupOS2()
    own.setupPost()
    own.save(tmp_path / "extb.ttf")
    font_manager.fontManager.addfont(tmp_path / "extb.ttf")
    svg, remark = picture(f"盘{RARE}")
    assert remark is None
    assert f"<!-- 盘{RARE} -->" in svg.decode()


@pytest.mark.parametrize("name", ["$x$", "$\\frac{", "<script>alert(1)</script>", 'a--b & "c"', "100% _y_ \\n ^z^"])
def test_names_are_never_markup(picture: Picture, name: str) -> None:
    svg, remark = picture(name)
    assert remark is None
    assert b"<script" not in svg
    figure = drawing(name)
    assert figure.texts[0].get_text() == name
    assert not figure.texts[0].get_parse_math()
    assert picture(name, "png")[1] is None


def test_what_the_machine_prefers_changes_nothing(picture: Picture) -> None:
    before = picture("盘活 Dazu", "png")
    with mpl.rc_context({"font.family": "serif", "savefig.facecolor": "black", "text.color": "white", "font.size": 30}):
        assert picture("盘活 Dazu", "png") == before
        assert mpl.rcParams["font.size"] == 30
