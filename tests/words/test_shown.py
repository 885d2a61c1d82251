"""Nothing that a Chinese reader is shown is left in English, and nothing English in Chinese, but data and keys."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from panhuo.cli import main
from panhuo.instance import Instance
from panhuo.instance.schema import TABLES, choices

from . import shown

INSTANCES = Path(__file__).parents[2] / "instances"
COMMANDS = ("template", "check", "evaluate", "solve", "verify", "report")
Shown = Mapping[str, Iterable[str]]


def words(keys: Iterable[str]) -> set[str]:
    """Take keys apart into words."""
    return set(re.findall(r"[A-Za-z]+", " ".join(keys)))


NAMES = words((
    "ArcGIS BD CGCS CNY CP CSV Ctrl DBF DIR EPSG Excel FILE GB GCJ GPKG GeoPackage HiGHS INSTANCE JSON",
    "JavaScript LP MB OBJECTID OUT OpenStreetMap PNG PROPOSAL Panhuo SAT SCIP SHA SHP SVG Shapefile TEXT TOML URL UTF",
    "Weight XLSX csv docs en false flat gap geojson geopandas gpkg highspy html inputs json km learn numpy",
    "ortools pandas panhuo plan png pyomo python report scikit scipy shp svg template toml true xlsx zh",
))  # fmt: skip
"""Names of formats, programs and files, and what stands for an argument in the help."""


def flat(value: Any) -> Iterable[str]:
    """Give all keys and texts of settings."""
    if isinstance(value, dict):
        return chain(map(str, value), *map(flat, value.values()))
    if isinstance(value, list | tuple):
        return chain(*map(flat, value))
    return [str(value)]


def keys(instance: Instance) -> set[str]:
    """Collect the words that keys are made of: tables, columns, settings, choices, options of commands."""
    closed = chain(*(value for value in vars(choices).values() if isinstance(value, dict)))
    columns = chain(*([name, *(column.name for column in table.columns)] for name, table in TABLES.items()))
    run = [
        "status",
        "verified",
        "threads",
        "seed",
        "engine",
        "auto",
        "exact",
        "decompose",
        "solver",
        "highs",
        "scip",
        "cpsat",
        "out",
        "instance",
    ]
    return words(chain(map(str, closed), columns, run, COMMANDS)) | words(flat(instance.settings.model_dump())) | NAMES


def english(texts: Iterable[str], known: set[str], data: set[str]) -> dict[str, str]:
    """Find English words, each with the first text it stands in; what a library said is quoted as it is (原文)."""
    found: dict[str, str] = {}
    for text in texts:
        rest = re.sub(r"（原文：.*）", " ", text)
        rest = re.sub(r"https?://\S+|(?:/[\w.+-]+)+|\b[0-9a-f]{12,}\b|--[\w-]+|\b[a-z]+(?:_[a-z0-9]+)+\b", " ", rest)
        for cell in sorted(data, key=len, reverse=True):
            rest = re.sub(rf"(?<![A-Za-z]){re.escape(cell)}(?![A-Za-z])", " ", rest)
        for word in re.findall(r"[A-Za-z]{2,}", rest):
            if word not in known:
                found.setdefault(word, text)
    return found


def chinese(texts: Iterable[str], data: set[str]) -> list[str]:
    """Find texts with Chinese characters that are no data."""
    found = []
    for text in texts:
        rest = text.replace("盘活", "")
        for cell in sorted(data, key=len, reverse=True):
            rest = rest.replace(cell, "")
        if re.search(r"[\u4e00-\u9fff]", rest):
            found.append(text)
    return found


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Shown]:
    """Give all that is shown in a language, from one run of each command on the toy instance."""
    held: dict[str, Shown] = {}

    def give(lang: str) -> Shown:
        if lang not in held:
            held[lang] = _told(lang, tmp_path_factory.mktemp(lang))
        return held[lang]

    return give


def _told(lang: str, folder: Path) -> Shown:
    out, toy = folder / "out", INSTANCES / "toy"
    found: dict[str, Iterable[str]] = {}
    with pytest.MonkeyPatch.context() as patch:
        said: list[str] = []
        patch.setattr("rich.console.Console.print", lambda _, *texts, **__: said.extend(map(str, texts)))
        calls = [[command, "--help"] for command in COMMANDS]
        calls += [["solve", toy, "-o", out], ["check", toy], ["evaluate", toy], ["verify", out]]
        for call in calls:
            assert main([*map(str, call), "--lang", lang]) == 0
            found[" ".join(map(str, call[:1] + (call[1:] if "--help" in call else [])))] = tuple(said)
            said.clear()
    found["report.html"] = shown.page(out / "report.html")
    found["plan.xlsx"] = list(shown.workbook(out / "plan.xlsx"))
    found["plan.gpkg"] = list(shown.layers(out / "plan.gpkg"))
    found["run.json"] = json.loads((out / "run.json").read_text(encoding="utf-8"))["notes"]
    assert all(found[name] for name in found if name != "run.json")
    return found


def _data(instance: Instance) -> set[str]:
    settings = instance.settings
    told = [settings.title, settings.title_zh, *(s for t in settings.tables.values() for s in (t.source, t.licence))]
    return {text for text in shown.data(instance) | set(told) if re.search(r"[A-Za-z\u4e00-\u9fff]", text)}


def test_nothing_is_left_in_english(everything: Callable[[str], Shown], toy: Instance) -> None:
    known, data = keys(toy), _data(toy)
    found = {where: english(texts, known, data) for where, texts in everything("zh").items()}
    assert {where: left for where, left in found.items() if left} == {}


def test_nothing_is_left_in_chinese(everything: Callable[[str], Shown], toy: Instance) -> None:
    data = {text for text in _data(toy) if re.search(r"[\u4e00-\u9fff]", text)}
    found = {where: chinese(texts, data) for where, texts in everything("en").items()}
    assert {where: texts for where, texts in found.items() if texts} == {}


FAULTS: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("no table", lambda at: (at / "sites.csv").unlink()),
    ("a row too long", lambda at: _more(at / "sites.csv", "1," * 40)),
    ("an open quotation mark", lambda at: _more(at / "sites.csv", '"s9,x')),
    ("bytes that are no text", lambda at: (at / "sites.csv").write_bytes(b"id\xff\xff\x00")),
    ("cells at fault", lambda at: _swap(at / "sites.csv", {",": ",x"})),
    ("a broken workbook", lambda at: (at / "sites.csv").rename(at / "sites.xlsx")),
    ("a broken GeoJSON", lambda at: _become(at / "sites.csv", "sites.geojson", b'{"type": "Feature')),
    ("no TOML", lambda at: _more(at / "instance.toml", "[a\n=")),
    ("settings at fault", lambda at: _swap(at / "instance.toml", {"280000": '"much"', "1.25": "-1", '"straight"': '"air"'})),
    ("a key that is not known", lambda at: _more(at / "instance.toml", "[accesss]\nx = 1")),
)  # fmt: skip


def _more(path: Path, line: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def _swap(path: Path, words: Mapping[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in words.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _become(path: Path, name: str, content: bytes) -> None:
    path.unlink()
    path.with_name(name).write_bytes(content)


@pytest.mark.parametrize("break_it", [act for _, act in FAULTS], ids=[name for name, _ in FAULTS])
def test_faults_are_told_in_chinese(
    break_it: Callable[[Path], object], toy: Instance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = Path(shutil.copytree(INSTANCES / "toy", tmp_path / "toy"))
    break_it(at)
    assert main(["check", str(at), "--lang", "zh"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told
    assert english(told, keys(toy) | {"toy", "accesss", "much", "air"}, _data(toy)) == {}


def test_what_is_left_is_found() -> None:
    assert english(["覆盖 Coverage of s1", "id、name"], {"id", "name"}, {"s1"}) == {
        "Coverage": "覆盖 Coverage of s1",
        "of": "覆盖 Coverage of s1",
    }
    assert chinese(["Canteen 食堂 at 东", "盘活"], {"东"}) == ["Canteen 食堂 at 东"]
