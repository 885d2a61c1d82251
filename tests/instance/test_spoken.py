"""The words of a planner: Dazu in Chinese from the names of the files to the last choice is the same instance."""

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from panhuo.instance import Instance, InstanceError, read
from panhuo.instance.reading.units import scale
from panhuo.instance.schema import TABLES

DAZU = Path(__file__).parents[2] / "instances" / "dazu"
MONEY = ("services", "costs", "funds", "eligibility", "parties", "shared_works", "tiers", "tariffs", "links")


def _chinese(folder: Path) -> Path:
    """Write every table of Dazu with Chinese file names, headers and choices."""
    folder.mkdir()
    (folder / "instance.toml").write_text((DAZU / "instance.toml").read_text("utf-8"), "utf-8")
    for path in DAZU.glob("*.csv"):
        table = TABLES[path.stem]
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        heads = {}
        for name in frame.columns:
            column = table.column(name)
            if column is None:
                continue
            heads[name] = column.zh[:-1] + name[len(column.family) :] if column.family else column.zh
            if column.kind == "flag":
                frame[name] = frame[name].map({"yes": "是", "no": "否", "": ""})
            if column.choices:
                words = {k: next((w for w in said if not w.isascii()), k) for k, said in column.choices.items()}
                frame[name] = ["；".join(words[w] for w in cell.split(";") if w) for cell in frame[name]]
        if table.name == "services":
            heads |= {"standard_min": "步行标准（分钟）", "standard_m": "距离标准（米）"}
        frame.rename(columns=heads).to_csv(folder / f"{table.zh}.csv", index=False, encoding="utf-8-sig")
    return folder


@pytest.fixture(scope="module")
def chinese(tmp_path_factory) -> Instance:
    return read(_chinese(tmp_path_factory.mktemp("zh") / "dazu"))


def test_every_table_is_found_by_its_chinese_name(dazu, chinese) -> None:
    assert chinese.given == dazu.given


@pytest.mark.parametrize("name", MONEY)
def test_chinese_headers_and_choices_read_alike(dazu, chinese, name) -> None:
    pd.testing.assert_frame_equal(chinese[name], dazu[name])


MENDS = [
    ("services", 2, "visits_per_year", "often"), ("costs", 2, "operating", "franchise"), ("funds", 2, "cover", "0.5"),
    ("eligibility", 2, "years", "2026;soon"), ("parties", 2, "ledger", "monthly"), ("shared_works", 2, "item", ""),
    ("tiers", 2, "share", "1.2"), ("tariffs", 2, "uptake", "0"), ("links", 2, "within_m", "-1"),
]  # fmt: skip


def test_faults_of_all_tables_come_in_one_report(tmp_path) -> None:
    """A slip in each table about money: each is told with its file, row, column, value, rule and mend."""
    for path in DAZU.glob("*.csv"):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for table, row, column, value in MENDS:
            if table == path.stem:
                frame.loc[row - 2, column] = value
        frame.to_csv(tmp_path / path.name, index=False, encoding="utf-8-sig")
    (tmp_path / "instance.toml").write_text((DAZU / "instance.toml").read_text("utf-8"), "utf-8")
    with pytest.raises(InstanceError) as caught:
        read(tmp_path)
    found = {(f.file, f.row, f.column): f for f in caught.value.faults}
    for table, row, column, value in MENDS:
        fault = found[f"{table}.csv", row, column]
        assert str(fault.value or "") in value or column == "years"
        for lang in ("en", "zh"):
            assert fault.rule.to(lang)
            assert fault.mend.to(lang)
            assert fault.rule.to(lang) in fault.to(lang)
        assert any(c >= "\u4e00" for c in fault.mend.to("zh"))


WORTH = {"CNY": ("万元", Fraction(10**4)), "m²": ("亩", Fraction(2000, 3)), "persons": ("万人", Fraction(10**4))}
SAID = {"year": "年", "month": "月", "visit": "次"}
SCALED = [(t.name, c) for t in TABLES.values() for c in t.columns if c.unit.split("/")[0] in WORTH]


@pytest.mark.parametrize(("table", "column"), SCALED, ids=[f"{t}-{c.name}" for t, c in SCALED])
def test_ten_thousands_of_yuan_and_mu_are_taken_everywhere(table, column) -> None:
    """万元 over 10,000 of the column's own unit, 亩 over 666⅔ m², in whatever place of the unit they stand."""
    top, *below = column.unit.split("/")
    if below[:1] == ["CNY"]:
        assert scale(column, "%/年") == Fraction(1, 100)
        return
    word, worth = WORTH[top]
    for part in below:
        over, times = WORTH.get(part, (SAID.get(part, part), Fraction(1)))
        word, worth = f"{word}/{over}", worth / times
    if top == "persons" and below == ["resident"]:
        assert scale(column, "人/人") == 1
        return
    assert scale(column, word) == worth
