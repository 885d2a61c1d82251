"""Cells, units and headers, one by one."""

import datetime as dt
from fractions import Fraction

import pytest

from panhuo.instance.reading import cells, headers, units
from panhuo.instance.reading.cells import CellError
from panhuo.instance.schema import TABLES, Column

AREA, CAP = TABLES["sites"].column("area_m2"), TABLES["funds"].column("cap_cny")
SHARE, STANDARD = TABLES["parties"].column("max_share"), TABLES["services"].column("standard_min")
GRADE, FLOORS = TABLES["profiles"].column("max_grade"), TABLES["buildings"].column("floors")
METRES, SPEED = TABLES["services"].column("standard_m"), TABLES["profiles"].column("speed_km_h")


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (AREA, "155", 155.0), (AREA, " 1,234.5 ", 1234.5), (AREA, "１２３", 123.0), (AREA, "１，２３４．５", 1234.5),
        (AREA, "1.5亩", 1000.0), (AREA, "2公顷", 20000.0), (AREA, "80㎡", 80.0), (AREA, "80 平方米", 80.0), (AREA, 80, 80.0),
        (CAP, "12.5万元", 125000.0), (CAP, "0.07万元", 700.0), (CAP, "1.1亿元", 1.1e8), (CAP, "￥300", 300.0), (CAP, "-5元", -5.0),
        (SHARE, "50%", 0.5), (SHARE, "０．３", 0.3), (STANDARD, "0.25小时", 15.0), (STANDARD, "15分钟", 15.0),
        (METRES, "0.5km", 500.0), (METRES, "1.2公里", 1200.0), (SPEED, "1.25m/s", 4.5), (AREA, "1e3", 1000.0),
        (GRADE, "8%", 0.08), (GRADE, "0.08", 0.08), (GRADE, "８％", 0.08), (GRADE, "80‰", 0.08), (FLOORS, "3F", 3.0), (FLOORS, "十层", 10.0),
        (AREA, "－3", -3.0),
    ],
)  # fmt: skip
def test_numbers(column: Column, cell: object, value: float) -> None:
    assert cells.reader(column)(cell) == value


def test_scales_are_exact() -> None:
    # 0.07 × 10 000 is 700.0000000000001 in floating point
    assert cells.number("0.07", CAP, Fraction(10_000)) == 700
    assert cells.number(0.07, CAP, Fraction(10_000)) == 700
    assert cells.number("5元", CAP, Fraction(10_000)) == 5
    assert float(cells.number(5.6e-17, AREA)) == 5.6e-17  # what rounding leaves of a zero is no slip


@pytest.mark.parametrize(
    "cell",
    [
        "12,34",
        "1.2.3",
        "abc",
        "5千克",
        "50%",
        "inf",
        float("inf"),
        True,
        "12:30",
        "一百",
        "1e999999999",
        "1e-99",
        1e300,
    ],
)
def test_no_numbers(cell: object) -> None:
    with pytest.raises(CellError):
        cells.number(cell, AREA)


@pytest.mark.parametrize("cell", ["1000000000000", 10**12, 1e12])
def test_numbers_beyond_any_measure(cell: object) -> None:
    with pytest.raises(CellError):
        cells.reader(AREA)(cell)
    assert cells.reader(AREA)("999999999999.99") == 999999999999.99


@pytest.mark.parametrize(
    ("cell", "storey"),
    [
        ("1F", 1), ("3层", 3), ("一层", 1), ("负一", -1), ("负一层", -1), ("B1", -1), ("b2", -2), ("-1", -1), ("-1F", -1), (2.0, 2),
        ("地下一层", -1), ("地下2层", -2), ("十二层", 12), ("二十一楼", 21), ("十层", 10), ("两层", 2), ("第3层", 3), ("首层", 1), ("１Ｆ", 1), ("F2", 2),
    ],
)  # fmt: skip
def test_floors(cell: object, storey: int) -> None:
    assert cells.floor(cell) == storey


@pytest.mark.parametrize("cell", ["0", "1-2层", "夹层", "1.5", "M", "十十层"])
def test_no_floors(cell: str) -> None:
    with pytest.raises(CellError):
        cells.floor(cell)


@pytest.mark.parametrize("cell", ["yes", "TRUE", "1", 1.0, 1, True, "是", "有", "√", "Ｙ"])
def test_yes(cell: object) -> None:
    assert cells.flag(cell) is True


@pytest.mark.parametrize("cell", ["no", "False", "0", 0.0, 0, False, "否", "无", "没有"])
def test_no(cell: object) -> None:
    assert cells.flag(cell) is False


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-05-01", (2024, 5, 1)), ("2024/5/1", (2024, 5, 1)), ("2024.5.1", (2024, 5, 1)), ("2024年5月", (2024, 5, 1)),
        ("2024年5月20日", (2024, 5, 20)), ("2024-05", (2024, 5, 1)), ("2024", (2024, 1, 1)), ("20240520", (2024, 5, 20)),
        ("2024-05-20 00:00:00", (2024, 5, 20)), ("2024-05-20T08:30:00", (2024, 5, 20)), ("２０２４年", (2024, 1, 1)),
        (dt.date(2024, 5, 20), (2024, 5, 20)), (dt.datetime(2024, 5, 20, 8), (2024, 5, 20)), (2024.0, (2024, 1, 1)),
    ],
)  # fmt: skip
def test_dates(cell: object, day: tuple[int, int, int]) -> None:
    assert cells.date(cell) == dt.datetime(*day)


@pytest.mark.parametrize("cell", ["2024-13-01", "2023-02-29", "soon", "45000", "1-2-2024", "24-05-01"])
def test_no_dates(cell: str) -> None:
    with pytest.raises(CellError):
        cells.date(cell)


def test_choices_and_lists() -> None:
    mode, modes = TABLES["conversions"].column("mode"), TABLES["rules"].column("modes")
    assert [cells.choice(c, mode) for c in ("留", "Convert", "拆建", " 增 ")] == ["keep", "convert", "rebuild", "add"]
    assert cells.parts("留；改、 add |", modes) == ("keep", "convert", "add")
    assert cells.parts("a; b", TABLES["rules"].column("services")) == ("a", "b")
    with pytest.raises(CellError, match="must be one of keep, convert, rebuild, add"):
        cells.parts("留;卖", modes)


def test_keys_are_text() -> None:
    assert [cells.identifier(v) for v in (500111001.0, 7, "007", " Ａ１ ", 1.5)] == [
        "500111001",
        "7",
        "007",
        "A1",
        "1.5",
    ]


def test_an_alias_means_one_column_only() -> None:
    for table in TABLES.values():
        for column in table.columns:
            for spelling in (column.name, column.zh):
                head = headers.match(table, spelling.replace("*", "0_14"))
                assert head is not None, (table.name, spelling)
                assert head.column is column, (table.name, spelling)


@pytest.mark.parametrize(
    ("table", "header", "name", "factor"),
    [
        ("sites", "可用面积（亩）", "area_m2", Fraction(2000, 3)), ("sites", "AREA_M2", "area_m2", 1), ("sites", "层 高(米)", "storey_height_m", 1),
        ("sites", "经度(°)", "x", 1), ("sites", "可用面积㎡", "area_m2", 1), ("sites", "电梯(担架)", "lift", 1),
        ("funds", "上限_万元", "cap_cny", 10_000), ("funds", "cap_cny[亿元]", "cap_cny", 10**8),
        ("conversions", "投资_结构（万元）", "capital_cny_结构", 10_000), ("conversions", "capital_cny_fire", "capital_cny_fire", 1),
        ("demand", "人口_60_69", "people_60_69", 1), ("demand", "pop_m", "people_m", 1), ("demand", "人数_80+（人）", "people_80+", 1),
        ("services", "步行标准(小时)", "standard_min", 60), ("costs", "单位投资（万元/㎡）", "capital_cny_per_m2", 10_000),
        ("sites", "租金（元/月）", "rent_cny_per_year", 12), ("parties", "最高比例(%)", "max_share", Fraction(1, 100)),
        ("profiles", "最大坡度（%）", "max_grade", Fraction(1, 100)), ("buildings", "层数（层）", "floors", 1),
    ],
)  # fmt: skip
def test_headers(table: str, header: str, name: str, factor: Fraction) -> None:
    head = headers.match(TABLES[table], header)
    assert head is not None
    assert (head.name, head.factor) == (name, factor)


def test_units_that_do_not_fit() -> None:
    assert units.scale(AREA, "万元") is None
    assert units.scale(CAP, "亩") is None
    assert units.scale(AREA, "%") is None
    head = headers.match(TABLES["sites"], "可用面积（万元）")
    assert head is not None
    assert head.factor is None
