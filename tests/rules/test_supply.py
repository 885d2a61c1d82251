"""Kitchens: rooms that may not cook become meal points, each fed by one kitchen within reach that has enough."""

from pathlib import Path

import pandas as pd
import pytest
from meals import CANTEEN, KITCHEN, POINT, TABLES, fund, kitchen, meals, services

import panhuo
from panhuo.assemble import derive_options
from panhuo.instance import Instance
from panhuo.result import Result
from panhuo.result.verify.stock import Stock


def best(instance: Instance) -> Result:
    found = panhuo.solve(instance, gap=0.0, threads=1)
    assert found.verification.faults == ()
    return found


def plan(instance: Instance) -> tuple[set[str], float]:
    """Rooms and what they become, and the people newly served."""
    found = best(instance)
    return {f"{r.site}:{r.service}" for r in found.plan.itertuples()}, found.run["coverage"]["canteen"]["new_persons"]


def fed(found: Result) -> list[tuple[object, ...]]:
    return list(found.tables["supply"].itertuples(index=False, name=None))


def test_rooms_that_may_not_cook_become_meal_points(tmp_path: Path) -> None:
    """The kitchen feeds 100 and a meal point takes 100: one point and its kitchen, that of the 80."""
    found = best(meals(tmp_path))
    assert set(found.plan["option"]) == {"west:convert:meal_point", "depot:convert:kitchen"}
    assert fed(found) == [("west:convert:meal_point", "west", "depot:convert:kitchen", "chosen", 3.12, 100.0)]
    assert found.run["supply"] == [
        {"supplier": "depot:convert:kitchen", "kind": "chosen", "service": "kitchen", "supply": 100.0, "used": 100.0,
         "left": 0.0, "places": 1, "longest_min": 3.12},
    ]  # fmt: skip
    allocation = found.allocation
    assert allocation[["service", "place", "option", "persons"]].to_numpy().tolist() == [
        ["canteen", "west", "west:convert:meal_point", 80.0]
    ]


def test_without_the_rule_the_points_stand_alone(tmp_path: Path) -> None:
    point = {k: v for k, v in POINT.items() if not k.startswith("suppl")}
    instance = meals(tmp_path, services=[CANTEEN, point, KITCHEN])
    assert plan(instance) == ({"west:meal_point", "east:meal_point"}, 140)


def test_without_meal_points_the_rooms_stay_empty(tmp_path: Path) -> None:
    assert plan(meals(tmp_path, services=[CANTEEN, KITCHEN])) == (set(), 0)


def test_a_point_without_money_for_its_kitchen_is_no_plan(tmp_path: Path) -> None:
    """10,000 CNY make one room: a point without a kitchen, or a kitchen that feeds nobody."""
    assert plan(meals(tmp_path, **fund(10_000))) == (set(), 0)


@pytest.mark.parametrize(
    ("per_m2", "points", "people"), [(1.99, {"west"}, 80), (2, {"west", "east"}, 140)], ids=["a meal short", "enough"]
)
def test_a_kitchen_feeds_no_more_than_it_can(tmp_path: Path, per_m2: float, points: set[str], people: float) -> None:
    instance = meals(tmp_path, **services(kitchen={"supply_per_m2": per_m2}))
    assert plan(instance) == ({f"{p}:meal_point" for p in points} | {"depot:kitchen"}, people)


def test_what_a_point_takes_is_counted_by_its_capacity(tmp_path: Path) -> None:
    """Half a meal for each of 100: one kitchen of 100 feeds both."""
    found = best(meals(tmp_path, **services(point={"supply_per_person": 0.5})))
    assert [row[-1] for row in fed(found)] == [50.0, 50.0]
    assert len(found.plan) == 3


def test_a_conversion_says_what_a_kitchen_can(tmp_path: Path) -> None:
    given = [{"site": "depot", "mode": "convert", "service": "kitchen", "supply": 200}]
    assert plan(meals(tmp_path, conversions=given))[1] == 140


def test_an_existing_kitchen_saves_the_chosen_one(tmp_path: Path) -> None:
    """One of 100 stands in the east: west is too far from it, and is fed by the depot."""
    found = best(meals(tmp_path, existing=[kitchen("old", 2000, 100)]))
    assert {row[1:5] for row in fed(found)} == {
        ("west", "depot:convert:kitchen", "chosen", 3.12),
        ("east", "old", "existing", 0.0),
    }


@pytest.mark.parametrize(("supply", "people"), [(99.999999, 0), (100, 80), (200, 140), ("", 80)])
def test_what_an_existing_kitchen_can(tmp_path: Path, supply: float | str, people: float) -> None:
    """Blank: what the smallest size supplies, 100 m² at 1."""
    sites = TABLES["sites"][:2]
    assert plan(meals(tmp_path, sites=sites, existing=[kitchen("old", 1000, supply)]))[1] == people


@pytest.mark.parametrize(("most", "barred"), [(3.12, False), (3.119, True)], ids=["closed", "a thousandth more"])
def test_a_point_out_of_reach_of_every_kitchen_is_excluded(tmp_path: Path, most: float, barred: bool) -> None:
    found = best(meals(tmp_path, **services(point={"supply_min": most})))
    assert (len(found.plan) == 0) == barred
    detail = found.tables["sites"].set_index("site")["detail"]["west"]
    assert ("No Kitchen lies within the delivery standard (1)" in str(detail)) == barred
    assert ("配送时限内没有中央厨房（1）" in detail.to("zh")) == barred


def test_without_a_standard_every_kitchen_may_supply(tmp_path: Path) -> None:
    far = [*TABLES["sites"][:2], TABLES["sites"][2] | {"x": 90_000}]
    found = best(meals(tmp_path, sites=far, **services(point={"supply_min": ""})))
    assert [row[4] for row in fed(found)] == [280.8]


def test_speed_and_detour_of_driving(tmp_path: Path) -> None:
    """1,000 m straight are 2,000 on the road, 4 minutes at 30 km/h."""
    found = best(meals(tmp_path, "[access]\ndetour = 2\ndriving = { speed_km_h = 30 }\n"))
    assert [row[4] for row in fed(found)] == [4.0]


def test_a_kitchen_that_closes_feeds_nobody(tmp_path: Path) -> None:
    """It stands in the east room, which closes it where it is used: west is fed then only by the depot."""
    toml = "[modes.rebuild]\ncloses_existing = true\n"
    instance = meals(tmp_path, toml, existing=[kitchen("old", 2000, 100, site_id="east")],
                     sites=[TABLES["sites"][0], TABLES["sites"][1]],
                     rules=[*TABLES["rules"], {"rule": "only_rebuild", "modes": "convert", "column": "id", "op": "=",
                                               "value": "east", "services": "meal_point"}],
                     **services(point={"supply_min": 9}))  # fmt: skip
    assert plan(instance) == ({"west:meal_point"}, 80)


def test_a_site_holds_one_of_both(tmp_path: Path) -> None:
    """300 m² with a flue would hold canteen and point: 100 served by each, were both allowed."""
    demand = [TABLES["demand"][0] | {"people_old": 250}]
    sites = [TABLES["sites"][0] | {"area_m2": 300, "flue": "yes"}]
    instance = meals(tmp_path, demand=demand, sites=sites, existing=[kitchen("old", 0, 1000)], **fund(90_000))
    assert plan(instance)[1] == 100
    both = pd.DataFrame({"option": ["west:convert:canteen", "west:convert:meal_point"]})
    found = panhuo.evaluate(instance, both)
    assert found.verification.faults == ()
    assert [text.to("en") for text in found.verification.against] == [
        "west holds canteen; Meal point, which serve the same people; one is allowed"
    ]


def test_own_standard_and_capacity(tmp_path: Path) -> None:
    """A point within 300 m instead of 500: of 40 people 400 m away and 80 at the door the point serves 80."""
    demand = [TABLES["demand"][0], {"id": "d2", "x": 307.7, "y": 0, "circle": "c", "people_old": 15}]
    one = {"demand": demand, "existing": [kitchen("old", 0, 1000)]}
    assert plan(meals(tmp_path / "far", **one))[1] == 95
    assert plan(meals(tmp_path / "near", **one, **services(point={"standard_m": 300})))[1] == 80


def test_people_who_are_reached_only(tmp_path: Path) -> None:
    """Without capacities: a kiosk counts as a library; whoever lives within its 200 m is covered, each once."""
    library = {"service": "library", "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 90}
    kiosk = library | {"service": "kiosk", "min_area_m2": 50, "standard_m": 100, "counts_as": "library"}
    demand = [TABLES["demand"][0], {"id": "d2", "x": 200, "y": 0, "circle": "c", "people_old": 7}]
    small = {"services": [library, kiosk], "needs": [{"service": "library", "group": "old", "rate": 1}], "rules": []}
    sites = [{"id": "big", "x": 0, "y": 0, "area_m2": 90}, {"id": "small", "x": 200, "y": 0, "area_m2": 60}]
    found = best(meals(tmp_path, sites=sites, demand=demand, **small, **fund(9_000)))
    assert set(found.plan["option"]) == {"big:convert:library"}
    found = best(meals(tmp_path / "dear", sites=sites, demand=demand, **small, **fund(8_999)))
    assert set(found.plan["option"]) == {"big:convert:kiosk"}
    assert found.coverage[["service", "after_persons"]].to_numpy().tolist() == [["library", 80.0]]
    standing = [{"id": "k", "service": "kiosk", "x": 200, "y": 0}]
    found = best(meals(tmp_path / "old", sites=sites, demand=demand, existing=standing, **small))
    assert set(found.plan["option"]) == {"big:convert:kiosk"}, "the cheaper one, as the seven have a kiosk"
    assert found.allocation[["demand", "service", "place", "option"]].to_numpy().tolist() == [
        ["d0", "library", "big", "big:convert:kiosk"], ["d2", "library", "k", ""]
    ]  # fmt: skip


def test_a_class_of_services_that_count_as_others_is_about_nothing(tmp_path: Path) -> None:
    folder = meals(tmp_path, **services(point={"class": "distinctive"})).path
    told = (folder / "instance.toml").read_text(encoding="utf-8")
    start, end = told.index("[policy]"), told.index("[tables.")
    (folder / "instance.toml").write_text(told[:start] + told[end:], encoding="utf-8")
    found = best(panhuo.read(folder))
    assert [stage["name"] for stage in found.run["stages"]] == ["basic", "quality"]
    assert found.run["coverage"]["canteen"]["new_persons"] == 80


def test_todays_flow_goes_to_both_kinds(tmp_path: Path) -> None:
    """A canteen for 30 and a point for 20 stand at the 80: 50 are served today."""
    standing = [
        {"id": "c", "service": "canteen", "x": 0, "y": 0, "capacity_persons": 30},
        {"id": "p", "service": "meal_point", "x": 0, "y": 0, "capacity_persons": 20},
    ]
    found = best(meals(tmp_path, existing=standing, **fund(0)))
    assert found.run["coverage"]["canteen"]["before"] == 50
    assert set(found.tables["allocation_before"]["place"]) == {"c", "p"}


def test_a_given_plan_that_no_kitchen_feeds(tmp_path: Path) -> None:
    """As many as can be are fed; who is not is said, in plain words, as of any rule that a plan breaks."""
    instance = meals(tmp_path)
    names = ["west:convert:meal_point", "east:convert:meal_point", "depot:convert:kitchen"]
    found = panhuo.evaluate(instance, pd.DataFrame({"option": names}))
    assert found.verification.faults == ()
    assert len(fed(found)) == 1
    assert [text.to("en") for text in found.verification.against] == [
        "Meal point in east has no Kitchen within its delivery standard that has enough for it"
    ]
    assert [text.to("zh") for text in found.verification.against] == ["east 的助餐点在配送时限内没有余量足够的中央厨房"]
    fine = panhuo.evaluate(instance, pd.DataFrame({"option": [names[0], names[2]]}))
    assert fine.verification.ok
    assert fine.verification.against == ()


def test_what_keeps_every_plan_away_is_named(tmp_path: Path) -> None:
    sites = [TABLES["sites"][0] | {"status": "required"}, *TABLES["sites"][1:]]
    with pytest.raises(panhuo.engine.InfeasibleError) as caught:
        panhuo.solve(meals(tmp_path, sites=sites, **services(kitchen={"supply_per_m2": 0.5})))
    assert [str(text) for text in caught.value.conflicts] == [
        "required site west: it must be used",
        "supply: every place that must be supplied has one supplier, which is open",
        "supply: depot:kitchen feeds no more than it can",
    ]


ROADS = {
    "nodes": [{"id": "w", "x": 0, "y": 0}, {"id": "m", "x": 1000, "y": 0}, {"id": "e", "x": 2000, "y": 0}],
    "network": [
        {"from": "w", "to": "m", "kind": "residential", "speed_km_h": 60},
        {"from": "e", "to": "m", "kind": "residential", "speed_km_h": 60, "oneway": "yes"},
    ],
}
"""1,000 m from the depot to the west, a minute at 60 km/h; the street to the east comes from there only."""


def test_deliveries_go_by_road(tmp_path: Path) -> None:
    toml = '[tables.nodes]\ncrs = "local"\n'
    found = best(meals(tmp_path, toml, **ROADS, **services(kitchen={"supply_per_m2": 9})))
    assert fed(found) == [("west:convert:meal_point", "west", "depot:convert:kitchen", "chosen", 1.0, 100.0)]
    detail = found.tables["sites"].set_index("site")["detail"]["east"]
    assert "No Kitchen lies within the delivery standard (1)" in str(detail)


def test_a_network_without_roads_is_a_fault(tmp_path: Path) -> None:
    paths = [edge | {"kind": "footway", "speed_km_h": ""} for edge in ROADS["network"]]
    with pytest.raises(panhuo.InstanceError) as caught:
        meals(tmp_path, '[tables.nodes]\ncrs = "local"\n', nodes=ROADS["nodes"], network=paths)
    assert str(caught.value).startswith(
        "services.csv row 3, supplied_by = kitchen: needs lines that vehicles may use, and the network has none."
    )


def test_a_kitchen_near_that_supplies_nothing_is_another_reason_than_none_near(tmp_path: Path) -> None:
    """The depot may become a kitchen of which nothing says what it supplies; the old one is 4,000 m from the west."""
    instance = meals(
        tmp_path,
        existing=[kitchen("old", 4000, 500)],
        **services(kitchen={"supply_per_m2": ""}, point={"supply_min": 4}),
    )
    excluded = derive_options(instance).excluded
    points = excluded[excluded["service"] == "meal_point"].set_index("site")
    assert points["rule"].to_dict() == {"west": "no_supply", "east": "no_supply"} | {"depot": "no_supply"}
    assert points.at["west", "name_en"] == "No Kitchen within the delivery standard supplies anything"
    assert points.at["west", "name_zh"] == "配送时限内的中央厨房均无可供应量"
    assert Stock(instance).excluded == {(r.site, r.mode, r.service): r.rule for r in excluded.itertuples()}
    notes = ["As kitchen these rooms would supply nothing, as neither services.supply_per_m2 nor conversions.supply says "
             "how much: depot"]  # fmt: skip
    assert [str(note) for note in panhuo.check(instance).notes] == notes
    assert [str(note) for note in best(instance).notes if "supply" in str(note)] == notes
    assert panhuo.check(meals(tmp_path / "sound")).notes == ()
    far = meals(tmp_path / "far", **services(point={"supply_min": 3}))
    excluded = derive_options(far).excluded
    points = excluded[excluded["service"] == "meal_point"].set_index("site")["rule"]
    assert points.to_dict() == {"west": "supply", "east": "supply"}
    assert Stock(far).excluded == {(r.site, r.mode, r.service): r.rule for r in excluded.itertuples()}
