"""Faults of services that count as another, and of what must be supplied."""

from pathlib import Path
from typing import Any

import pytest
from districts import district
from meals import CANTEEN, KITCHEN, POINT, TABLES, kitchen, meals, services
from towns import tariff

from panhuo.instance import Instance, InstanceError

TIERS = [
    {"tier": "plain", "group": "old", "share": 0.5, "need": 1},
    {"tier": "poor", "group": "old", "share": 0.5, "need": 2},
]
RUN = '[operating.public_private]\noperator = "enterprise"\n'


def faults(folder: Path, toml: str = "", **tables: list[dict[str, Any]]) -> list[str]:
    with pytest.raises(InstanceError) as caught:
        meals(folder, toml, **tables)
    return [str(fault) for fault in caught.value.faults]


def test_a_sound_instance(tmp_path: Path) -> None:
    assert meals(tmp_path)["services"]["supply_per_person"].tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        (services({"counts_as": "meal_point"}), "services.csv row 3, counts_as = meal_point: must be another service."),
        (
            {"services": [CANTEEN | {"counts_as": "kitchen"}, POINT, KITCHEN], "needs": []},
            "services.csv row 3, counts_as = canteen: canteen counts as kitchen itself: only one step is allowed.",
        ),
        (services({"counts_as": "bakery"}), "services.csv row 3, counts_as = bakery: must be a key of services"),
        (services({"mandatory": "yes"}), "services.csv row 3, mandatory = yes: must be blank where counts_as is filled"),
        (services({"weight": 2}), "services.csv row 3, weight = 2: must be blank where counts_as is filled"),
        (
            {"needs": [*TABLES["needs"], {"service": "meal_point", "group": "old", "rate": 1}]},
            "needs.csv row 3, service = meal_point: counts as canteen, and has no needs of its own.",
        ),
        (services({"supplied_by": "meal_point"}), "services.csv row 3, supplied_by = meal_point: must be another service."),
        (services({"capacity_per_m2": ""}), "services.csv row 3, capacity_per_m2: must be filled where supplied_by is filled"),
        (services({"supplied_by": ""}), "services.csv row 3, supply_min = 5: must be blank where supplied_by is blank."),
        (
            services({"supplied_by": "", "supply_min": "", "supply_per_person": 2}),
            "services.csv row 3, supply_per_person = 2: must be blank where supplied_by is blank.",
        ),
        (
            services(kitchen={"supply_per_m2": ""}),
            "services.csv row 4, supply_per_m2: must be filled where the service supplies meal_point.",
        ),
        (
            {"services": [{**CANTEEN, "capacity_per_m2": ""},
                          {**POINT, "capacity_per_m2": "", "supplied_by": "", "supply_min": "", "measure": "minutes",
                           "standard_m": "", "standard_min": 9}], "rules": []},
            "services.csv row 3, measure = minutes: must be metres, as for canteen: people go to the nearest of both.",
        ),
    ],
)  # fmt: skip
def test_faults_of_a_table(tmp_path: Path, tables: dict[str, Any], says: str) -> None:
    found = faults(tmp_path, **tables)
    assert len(found) == 1, found
    assert found[0].startswith(says)


@pytest.mark.parametrize("table", ["existing", "conversions"])
def test_a_supplier_that_is_told_one_by_one_is_sound(tmp_path: Path, table: str) -> None:
    rows = {
        "existing": [kitchen("old", 0, 50)],
        "conversions": [{"site": "depot", "mode": "convert", "service": "kitchen", "supply": 50}],
    }
    meals(tmp_path, **{table: rows[table]}, **services(kitchen={"supply_per_m2": ""}))


@pytest.mark.parametrize(
    ("aim", "key"),
    [
        ('floors = [{ service = "meal_point", share = 0.1 }]', "policy.floors[0].service"),
        (
            'objectives = [{ name = "p", measure = "coverage", services = ["meal_point"] }]',
            "policy.objectives[0].services",
        ),
    ],
)
def test_aims_speak_of_the_service_that_people_need(tmp_path: Path, aim: str, key: str) -> None:
    with pytest.raises(InstanceError) as caught:
        district(tmp_path, f"[modes.convert]\n[policy]\n{aim}\n", **TABLES)
    assert [str(fault) for fault in caught.value.faults] == [
        f"instance.toml, {key} = meal_point: counts as canteen, and has no needs of its own. Write canteen."
    ]


def test_both_have_tariffs_or_neither(tmp_path: Path) -> None:
    own = {"services": [CANTEEN | {"visits_per_year": 9}, POINT, KITCHEN], "tiers": TIERS, "tariffs": tariff("fair", 8)}
    assert faults(tmp_path, RUN, **own) == [
        "services.csv row 3, counts_as = canteen: canteen has tariffs and meal_point has none, but both serve the same "
        "people. Give both tariffs, or neither."
    ]


@pytest.mark.parametrize(("price", "sound"), [(8, True), (7, False)])
def test_todays_tariffs_agree_where_both_stand(tmp_path: Path, price: float, sound: bool) -> None:
    visited = [service | {"visits_per_year": 9} for service in (CANTEEN, POINT)]
    point = [row | {"service": "meal_point"} for row in tariff("point", price)]
    tables = {"services": [*visited, KITCHEN], "tiers": TIERS, "tariffs": [*tariff("fair", 8), *point]}
    standing = [{"id": place, "service": place, "x": 0, "y": 0} for place in ("canteen", "meal_point")]
    meals(tmp_path / "one", RUN, **tables, existing=standing[1:])
    if sound:
        meals(tmp_path / "both", RUN, **tables, existing=standing)
    else:
        (found,) = faults(tmp_path / "both", RUN, **tables, existing=standing)
        assert found.startswith(
            "tariffs.csv row 4, tariff = point: existing facilities of meal_point and canteen serve the same people"
        )


def test_nobody_needs_a_service_that_counts_as_another(tmp_path: Path) -> None:
    """Where no needs are given, everyone needs every service once: those that stand for themselves."""
    assert set(meals(tmp_path, needs=[])["needs"]["service"]) == {"canteen", "kitchen"}


def warned(instance: Instance) -> list[str]:
    return [str(warning) for warning in instance.warnings if "suppl" in str(warning)]


def test_supply_that_nobody_takes_is_told(tmp_path: Path) -> None:
    standing = [
        kitchen("old", 0, 50),
        *({"id": f"c{n}", "service": "canteen", "x": 0, "y": 0, "supply": 40} for n in "ab"),
    ]
    given = [{"site": "west", "mode": "convert", "service": "canteen", "supply": 9}]
    own = {"services": [CANTEEN | {"supply_per_m2": 2}, POINT, KITCHEN]}
    assert warned(meals(tmp_path / "sound", existing=standing[:1])) == []
    assert [text.partition(": ")[0] for text in warned(meals(tmp_path, **own, existing=standing, conversions=given))] == [
        "services.csv row 2, supply_per_m2 = 2", "existing.csv row 3, supply = 40", "conversions.csv row 2, supply = 9",
    ]  # fmt: skip
    told = warned(meals(tmp_path / "existing", existing=standing))
    assert told[0].startswith(
        "existing.csv row 3, supply = 40: is of no effect (rows: 2): canteen supplies no service. Clear the cell, or"
    )


def test_a_standing_kitchen_that_supplies_nothing_is_told(tmp_path: Path) -> None:
    standing = [kitchen("old", 0, 50), kitchen("new", 0), kitchen("none", 0, 0)]
    assert warned(meals(tmp_path / "by area", existing=standing)) == []
    assert warned(meals(tmp_path, existing=standing, **services(kitchen={"supply_per_m2": ""}))) == [
        "existing.csv row 3, supply: is blank (rows: 1), as is supply_per_m2 of kitchen: nothing more is supplied from "
        "there. Write what it can supply."
    ]
