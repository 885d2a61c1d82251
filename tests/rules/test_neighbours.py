"""Which services stand together: complexes, and links at one site or nearby."""

import pytest
from towns import ROOMS, slow

NEED = {
    "demand": [{"id": "d", "x": 0, "y": 0, "circle": "c", "people_old": 100}],
    "services": [
        {"service": k, "class": "basic", "measure": "metres", "standard_m": 1000, "min_area_m2": area, "weight": weight}
        for k, area, weight in (("clinic", 100, 2.5), ("hall", 100, 2), ("library", 50, 1))
    ],
}  # fmt: skip
"""100 people need a clinic (10,000 CNY, weight 2.5), a hall (10,000, weight 2) and a library (5,000, weight 1)."""


def sites(*places: tuple[str, int, int], **more: object) -> list[dict[str, object]]:
    return [{"id": key, "x": x, "y": 0, "circle": "c", "area_m2": area} | more for key, x, area in places]


COMPLEX = (
    "complex = {{ min_area_m2 = {0}, min_functions = {1}, named = ['hall', 'library'], min_named = {2}, least = {3} }}"
)


@pytest.mark.parametrize(
    ("what", "only", "services"),
    [
        ((100, 1, 0, 0), "", {"clinic", "hall"}),  # 20,000 CNY for the two that weigh most
        slow((200, 1, 0, 0), "yes", {"clinic", "hall"}),
        ((201, 1, 0, 0), "yes", set()),  # all three for 25,000 would be large enough
        ((100, 3, 0, 0), "yes", set()),
        ((100, 2, 2, 0), "yes", {"hall", "library"}),  # both named ones, for 15,000
    ],
)
def test_a_fund_for_complexes_only(plan, rooms, what, only, services) -> None:
    funds = [ROOMS["funds"][0] | {"cap_cny": 20_000, "complex_only": only}]
    found = plan(rooms(COMPLEX.format(*what), **NEED, sites=sites(("s", 0, 250)), funds=funds))
    assert found.options == {f"s:convert:{k}" for k in services}


@pytest.mark.parametrize(
    ("least", "expected"),
    [(0, {"s:convert:clinic", "t:convert:hall"}), (1, {"t:convert:hall", "t:convert:library"})],
)
def test_complexes_asked_for(plan, rooms, least, expected) -> None:
    """20,000 CNY buy clinic and hall; a complex of two needs the larger room t, where no clinic may be."""
    rules = [{"rule": "none", "services": "clinic", "column": "id", "op": "=", "value": "t"},
             {"rule": "ground", "services": "hall", "column": "id", "op": "=", "value": "s"}]  # fmt: skip
    funds = [ROOMS["funds"][0] | {"cap_cny": 20_000}]
    own = {"sites": sites(("s", 0, 100), ("t", 50, 200)), "rules": rules, "funds": funds}
    assert plan(rooms(COMPLEX.format(150, 2, 0, least), **NEED, **own)).options == expected


def tie(kind: str, a: str, b: str, within: object = "", **more: object) -> list[dict[str, object]]:
    return [{"link": "tie", "kind": kind, "service_a": a, "service_b": b, "within_m": within} | more]


ROW = {"sites": sites(("s", 0, 150), ("t", 300, 150)), "funds": [ROOMS["funds"][0] | {"cap_cny": 15_000}]}
"""Two rooms, 300 m apart, that hold a clinic or a hall and a library each; 15,000 CNY."""


@pytest.mark.parametrize(
    ("links", "services"),
    [
        ([], {"clinic", "library"}),
        (tie("requires", "clinic", "hall"), {"hall", "library"}),  # clinic and hall are 20,000 CNY
        (tie("incompatible", "clinic", "library", 300), {"hall", "library"}),  # 300 weighed persons, with a clinic 250
    ],
)
def test_what_needs_or_excludes_what(plan, rooms, links, services) -> None:
    found = plan(rooms(**NEED, **ROW, links=links))
    assert {option.split(":")[2] for option in found.options} == services


@pytest.mark.parametrize(("kind", "sites"), [("requires", 1), ("incompatible", 2)])
def test_at_one_site_or_apart(plan, rooms, kind, sites) -> None:
    found = plan(rooms(**NEED, **ROW, links=tie(kind, "clinic", "library")))
    assert {option.split(":")[2] for option in found.options} == {"clinic", "library"}
    assert len({option.split(":")[0] for option in found.options}) == sites


@pytest.mark.parametrize(
    ("kind", "within", "place", "expected"),
    [
        ("requires", "", {}, {"s:convert:hall"}),  # no library, no clinic
        ("requires", "", {"site_id": "s"}, {"s:convert:clinic"}),
        slow("requires", 250, {"x": 250}, {"s:convert:clinic"}),
        ("incompatible", 250, {"x": 250}, {"s:convert:hall"}),
        slow("incompatible", 249, {"x": 250}, {"s:convert:clinic"}),
    ],
)
def test_links_to_what_exists(plan, rooms, kind, within, place, expected) -> None:
    """10,000 CNY for a clinic or a hall in s, and a library that stands already."""
    existing = [{"id": "e", "service": "library", "x": 900, "y": 0} | place]
    links = tie(kind, "clinic", "library", within)
    assert plan(rooms(**NEED, sites=sites(("s", 0, 150)), existing=existing, links=links)).options == expected


def test_two_of_a_kind_too_near(plan, rooms) -> None:
    """Halls in both rooms, 1,000 m apart, serve 160 people; not if they must be farther apart than that."""
    funds = [ROOMS["funds"][0] | {"cap_cny": 20_000}]
    both = {"big:convert:hall", "small:convert:hall"}
    assert plan(rooms(funds=funds, links=tie("incompatible", "hall", "hall", 999))).options == both
    assert plan(rooms(funds=funds, links=tie("incompatible", "hall", "hall", 1000))).options == {"big:convert:hall"}


LINKS_FIRST = """objectives = [
  { name = "points", measure = "links", tolerance = 0.0 },
  { name = "people", measure = "coverage", tolerance = 0.0 },
]"""


@pytest.mark.parametrize(
    ("links", "services", "values"),
    [
        ([], {"clinic", "library"}, [350]),
        (tie("bonus", "library", "hall", bonus=2), {"hall", "library"}, [2, 300]),
        slow(tie("bonus", "library", "hall", 300, bonus=2), {"hall", "library"}, [2, 300]),
        # together 20,000 CNY: the points cannot be earned
        (tie("bonus", "clinic", "hall", 300, bonus=2), {"clinic", "library"}, [0, 350]),
    ],
)
def test_points_for_what_goes_together(plan, rooms, links, services, values) -> None:
    found = plan(rooms(LINKS_FIRST, **NEED, **ROW, links=links))
    assert {option.split(":")[2] for option in found.options} == services
    assert found.values == values


@pytest.mark.slow
@pytest.mark.parametrize(("x", "site"), [(350, "t"), (-50, "s")])
def test_points_beside_what_exists(plan, rooms, x, site) -> None:
    existing = [{"id": "e", "service": "hall", "x": x, "y": 0}]
    links = tie("bonus", "clinic", "hall", 50, bonus=2)
    found = plan(rooms(LINKS_FIRST, **NEED, **ROW, existing=existing, links=links))
    assert found.values == [2, 350]
    assert f"{site}:convert:clinic" in found.options
