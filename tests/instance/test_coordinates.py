"""GCJ-02 and BD-09 against published pairs, the frame against pyproj, positions that contradict their system."""

import numpy as np
import pytest
from pyproj import Geod, Transformer

from panhuo.instance.position import systems
from panhuo.instance.position.coordinates import bd09_to_wgs84, gcj02_to_bd09, gcj02_to_wgs84, wgs84_to_gcj02

GEOD = Geod(ellps="WGS84")
CHINA = np.random.default_rng(7).uniform((74, 18), (134, 53), (2000, 2)).T


def _metres(one, other) -> np.ndarray:
    places = [np.asarray(axis, dtype=float).tolist() for pair in (one, other) for axis in pair]
    return np.asarray(GEOD.inv(*places)[2])


def test_gcj02_at_published_points() -> None:
    # WGS-84 → GCJ-02 as the tests of eviltransform (googollee/eviltransform) publish it.
    wgs = np.array([[121.5272106, 31.1774276], [113.912316, 22.543847], [116.377817, 39.911954]]).T
    gcj = np.array(
        [
            [121.531541859215, 31.17530398364597],
            [113.9171764808363, 22.540796131694766],
            [116.38404722455657, 39.91334545536069],
        ]
    ).T
    assert _metres(wgs84_to_gcj02(*wgs), gcj).max() < 0.1


def test_bd09_at_published_points() -> None:
    # GCJ-02 → BD-09 and WGS-84 → GCJ-02 as the README of coordtransform (wandergis/coordtransform) publishes them.
    at = (np.array([116.404]), np.array([39.915]))
    assert _metres(gcj02_to_bd09(*at), ([116.41036949371029], [39.92133699351021]))[0] < 0.1
    assert _metres(wgs84_to_gcj02(*at), ([116.41024449916938], [39.91640428150164]))[0] < 0.1


def test_gcj02_is_462_m_off_at_tangxiang() -> None:
    at = (np.array([105.72363]), np.array([29.70226]))
    assert _metres(at, wgs84_to_gcj02(*at))[0] == pytest.approx(462, abs=1)


def test_the_way_back_leads_home() -> None:
    assert _metres(gcj02_to_wgs84(*wgs84_to_gcj02(*CHINA)), CHINA).max() < 0.001
    bd09 = gcj02_to_bd09(*wgs84_to_gcj02(*CHINA))
    assert _metres(bd09_to_wgs84(*bd09), CHINA).max() < 0.001
    assert _metres(bd09, CHINA).min() > 300


def test_the_zone_is_chosen_by_longitude() -> None:
    assert systems.frame_for(105.7, 29.7) == "EPSG:4544"
    assert systems.frame_for(75.0, 39.0) == "EPSG:4534"
    assert systems.frame_for(134.9, 48.0) == "EPSG:4554"
    assert systems.frame_for(2.35, 48.85) == "EPSG:32631"
    assert systems.frame_for(-58.4, -34.6) == "EPSG:32721"
    assert (systems.zoned(35), systems.plain(35), systems.zoned(18), systems.plain(18)) == (
        "EPSG:4523", "EPSG:4544", "EPSG:4496", "EPSG:4507",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "false_easting"), [("EPSG:4523", 35_500_000), ("EPSG:4544", 500_000), ("EPSG:4490", 0)]
)
def test_false_eastings(code: str, false_easting: float) -> None:
    system = systems.named(code)
    assert system is not None
    assert system.false_easting_m == false_easting


@pytest.mark.parametrize("word", ["WGS", "EPSG:1", "4490", "EPSG:2229", ""])
def test_unknown_systems(word: str) -> None:
    assert systems.named(word) is None


def test_positions_match_pyproj(folder) -> None:
    instance = folder.read()
    east, north = Transformer.from_crs("EPSG:4490", "EPSG:4544", always_xy=True).transform(
        instance["sites"]["x"].to_numpy(), instance["sites"]["y"].to_numpy()
    )
    assert instance["sites"]["x_m"].tolist() == np.round(east, 3).tolist()
    assert instance["sites"]["y_m"].tolist() == np.round(north, 3).tolist()


def _restate(folder, table: str, crs: str, change) -> None:
    """Write a table's positions in another system."""
    rows = folder.tables[table]
    i, j = rows[0].index("x"), rows[0].index("y")
    x, y = change(np.array([float(r[i]) for r in rows[1:]]), np.array([float(r[j]) for r in rows[1:]]))
    for row, a, b in zip(rows[1:], x, y, strict=True):
        row[i], row[j] = f"{a:.9f}", f"{b:.9f}"
    folder.crs[table] = crs


def _to(code: str):
    return Transformer.from_crs("EPSG:4490", code, always_xy=True).transform


@pytest.mark.parametrize(
    ("crs", "change"),
    [
        ("GCJ-02", wgs84_to_gcj02),
        ("BD-09", lambda x, y: gcj02_to_bd09(*wgs84_to_gcj02(x, y))),
        ("EPSG:4326", lambda x, y: (x, y)),
        ("EPSG:4523", _to("EPSG:4523")),
        ("EPSG:4544", _to("EPSG:4544")),
        ("EPSG:32648", _to("EPSG:32648")),
    ],
)
def test_tables_in_different_systems_meet(folder, crs: str, change) -> None:
    plain = folder.read()["sites"][["x_m", "y_m"]].to_numpy()
    _restate(folder, "sites", crs, change)
    moved = folder.read()
    assert np.abs(moved["sites"][["x_m", "y_m"]].to_numpy() - plain).max() < 0.01
    assert moved.warnings == ()


def test_the_frame_may_be_named(folder) -> None:
    folder.toml = 'metric_crs = "EPSG:4523"\n' + folder.toml
    instance = folder.read()
    assert instance.metric_crs == "EPSG:4523"
    assert 35_500_000 < instance["sites"]["x_m"].iloc[0] < 35_700_000
    folder.toml = folder.toml.replace("4523", "4490")
    assert folder.faults() == [
        "instance.toml, metric_crs = EPSG:4490: must be EPSG: and the number of a system in metres. "
        "Correct it or leave it out."
    ]


def test_no_system_stated(folder) -> None:
    del folder.crs["sites"]
    assert folder.faults() == [
        "instance.toml, tables.sites.crs: the coordinate system of sites.csv is not stated. Write its crs: EPSG:4490 "
        "(degrees), EPSG:4544 (metres), GCJ-02 (Amap, Tencent), BD-09 (Baidu) or local."
    ]


def test_unknown_system(folder) -> None:
    folder.crs["sites"] = "WGS"
    assert folder.faults() == [
        "instance.toml, tables.sites.crs = WGS: must be EPSG: and the number of a system in degrees or metres, GCJ-02, "
        "BD-09 or local. Correct the crs."
    ]


def test_local_beside_another_system(folder) -> None:
    _restate(folder, "sites", "local", _to("EPSG:4544"))
    assert folder.faults() == [
        "instance.toml, tables.sites.crs = local: local metres cannot be joined with EPSG:4490 of demand. "
        "Give every located table the same kind of system."
    ]


def test_degrees_under_local(folder) -> None:
    folder.crs = dict.fromkeys(folder.crs, "local")
    found = folder.faults()
    assert found[0] == (
        "demand.csv, x, y = 105.72363, 29.70226: these look like degrees, but local means metres. "
        "Write the crs they are in, such as EPSG:4490 or GCJ-02."
    )


def test_swapped_table(folder) -> None:
    _restate(folder, "sites", "EPSG:4490", lambda x, y: (y, x))
    assert folder.faults() == [
        "sites.csv, x, y = 29.7023, 105.7252: longitude and latitude are swapped. "
        "Exchange the two columns: x is the longitude, y the latitude."
    ]


def test_swapped_row(folder) -> None:
    folder.put("sites", 3, "x", "29.7023").put("sites", 3, "y", "105.7336")
    assert folder.faults() == [
        "sites.csv row 3, x, y = 29.7023, 105.7336: longitude and latitude are swapped. "
        "Exchange the two columns: x is the longitude, y the latitude."
    ]


def test_outside_the_range(folder) -> None:
    folder.put("sites", 3, "y", "-97")
    folder.crs["demand"] = "GCJ-02"
    folder.put("demand", 2, "x", "5.7")
    assert folder.faults() == [
        "demand.csv row 2, x, y = 5.7, 29.70226: lies outside the range of GCJ-02. Correct the position or the crs.",
        "sites.csv row 3, x, y = 105.7336, -97: lies outside the range of EPSG:4490. Correct the position or the crs.",
    ]


def test_metres_under_degrees(folder) -> None:
    _restate(folder, "sites", "EPSG:4490", _to("EPSG:4544"))
    (only,) = folder.faults()
    assert only.startswith("sites.csv, x, y = 570180.")
    assert only.endswith(
        ": these are metres, but EPSG:4490 counts in degrees. Write the crs they are in, such as EPSG:4544."
    )


def test_zoned_metres_under_degrees(folder) -> None:
    _restate(folder, "sites", "EPSG:4490", _to("EPSG:4523"))
    assert folder.faults()[0].endswith("Write the crs they are in: zone 35 is EPSG:4523 in CGCS2000.")


def test_degrees_under_metres(folder) -> None:
    folder.crs["sites"] = "EPSG:4544"
    assert folder.faults() == [
        "sites.csv, x, y = 105.7252, 29.7023: these are degrees, but EPSG:4544 counts in metres. "
        "Write the crs they are in, such as EPSG:4490 or GCJ-02."
    ]


def test_eight_digit_easting_without_a_zone_in_the_system(folder) -> None:
    _restate(folder, "sites", "EPSG:4544", _to("EPSG:4523"))
    (only,) = folder.faults()
    assert only.startswith("sites.csv, x, y = 35570180.")
    assert only.endswith(
        ": an easting of 8 digits begins with its zone number (35), but EPSG:4544 has none. "
        'Write crs = "EPSG:4523", which is zone 35 in CGCS2000.'
    )


def test_six_digit_easting_under_a_zoned_system(folder) -> None:
    _restate(folder, "sites", "EPSG:4523", _to("EPSG:4544"))
    assert folder.faults()[0].endswith(
        ": the easting has no zone number, but EPSG:4523 begins its eastings with 35. "
        'Write crs = "EPSG:4544", the same zone without the number.'
    )


def test_easting_of_another_zone(folder) -> None:
    _restate(folder, "sites", "EPSG:4524", _to("EPSG:4523"))
    assert folder.faults()[0].endswith(
        ': the easting is of zone 35, but EPSG:4524 is zone 36. Write crs = "EPSG:4523", which is zone 35 in CGCS2000.'
    )


def test_swapped_metres(folder) -> None:
    _restate(folder, "sites", "EPSG:4544", lambda x, y: _to("EPSG:4544")(x, y)[::-1])
    assert folder.faults()[0].endswith(
        ": easting and northing are swapped. Exchange the two columns: x is the easting, y the northing."
    )


def test_wrong_zone_against_the_other_tables(folder) -> None:
    _restate(folder, "sites", "EPSG:4545", _to("EPSG:4544"))
    (only,) = folder.faults()
    assert "the table lies 29" in only
    assert " km from demand.csv: EPSG:4545 and EPSG:4490 do not go together. " in only
    assert only.endswith('Read as EPSG:4544 it would lie beside it: write crs = "EPSG:4544" if that is so.')


def test_outside_the_area_of_the_system(folder) -> None:
    _restate(folder, "sites", "EPSG:2437", lambda x, y: (x * 0 + 500_000, y * 0 + 9_000_000))
    assert folder.faults()[0].endswith(
        ": the positions lie outside the area EPSG:2437 is made for. Correct the crs (another zone?) or the positions."
    )


def test_an_old_datum_is_named(folder) -> None:
    _restate(folder, "sites", "EPSG:2380", _to("EPSG:4544"))
    assert [str(w) for w in folder.read().warnings] == [
        "sites.csv: EPSG:2380 rests on Xian 1980, whose shift to CGCS2000 is not public. "
        "Expect positions to be off by up to 100 m, or have them converted to CGCS2000."
    ]


def test_a_single_stray(folder) -> None:
    folder.put("sites", 3, "x", "115.7336")
    assert folder.faults() == [
        "sites.csv row 3, x = 115.7336: lies more than 200 km from the middle of all positions. Correct the position."
    ]


@pytest.mark.parametrize("crs", ["EPSG:4490", "GCJ-02"])
@pytest.mark.parametrize(
    ("table", "row", "left"), [("sites", 3, 3), ("sites", 2, 2), ("existing", 2, 1), ("demand", 4, 6)]
)
def test_a_slip_in_one_latitude_is_told_of_its_row(folder, crs: str, table: str, row: int, left: int) -> None:
    folder.crs = dict.fromkeys(folder.crs, crs)
    folder.tables[table] = folder.tables[table][: left + 1]
    folder.put(table, row, "y", "39.7005")
    assert folder.faults() == [
        f"{table}.csv row {row}, y = 39.7005: lies more than 200 km from the middle of all positions. "
        "Correct the position."
    ]


def _scattered(folder, rng, count: int, spread_m: float) -> None:
    """Put sites within a walk of demand points that lie scattered in eight units."""
    centres = rng.uniform((105.5, 29.5), (105.9, 29.9), (12, 2))
    folder.tables["demand"] = [folder.tables["demand"][0]]
    folder.tables["sites"] = [[*folder.tables["sites"][0], "unit"]]
    del folder.tables["existing"]
    for n in range(count):
        unit = n % len(centres)
        at = centres[unit] + rng.normal(0, spread_m / 100_000, 2)
        folder.tables["demand"].append([f"d{n}", f"{at[0]:.7f}", f"{at[1]:.7f}", "west", f"u{unit}", "9", "3"])
        at = centres[unit] + rng.normal(0, spread_m / 100_000, 2)
        folder.tables["sites"].append(
            [f"s{n}", f"{at[0]:.7f}", f"{at[1]:.7f}", "west", "90", "1", "no", "state", f"u{unit}"]
        )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("spread_m", [100, 400, 2000])
def test_ordinary_scatter_raises_no_alarm(folder, seed: int, spread_m: float) -> None:
    _scattered(folder, np.random.default_rng(seed), 60, spread_m)
    assert folder.read().warnings == ()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("name", "change"), [("sites", wgs84_to_gcj02), ("demand", wgs84_to_gcj02)])
def test_gcj02_that_is_not_declared_is_noticed(folder, seed: int, name: str, change) -> None:
    _scattered(folder, np.random.default_rng(seed), 36, 150)
    _restate(folder, name, "EPSG:4490", change)
    (only,) = map(str, folder.read().warnings)
    assert only.startswith(f"{name}.csv: the positions fit the other tables better read as GCJ-02 than as EPSG:4490 (4")
    assert only.endswith(" m apart). Find out in which system the table was made, and correct its crs.")


def test_wgs84_declared_as_gcj02_is_noticed(folder) -> None:
    _scattered(folder, np.random.default_rng(1), 36, 150)
    folder.crs["sites"] = "GCJ-02"
    sentence = (
        "sites.csv: the positions fit the other tables better read as WGS-84 / CGCS2000 (EPSG:4490) than as GCJ-02"
    )
    assert any(str(w).startswith(sentence) for w in folder.read().warnings)
