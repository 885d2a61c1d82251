"""Ties between offers: three rooms in a row at 0, 300 and 400 m."""

from typing import Any

from panhuo.assemble import derive_options, links
from panhuo.instance import Instance

SITES = [{"id": s, "x": x, "y": 0, "area_m2": 100} for s, x in (("s1", 0), ("s2", 300), ("s3", 400))]


def tie(kind: str, a: str, b: str, **more: Any) -> list[dict[str, Any]]:
    return [{"link": "tie", "kind": kind, "service_a": a, "service_b": b} | more]


def laid(instance: Instance) -> dict[str, tuple[set[str], bool]]:
    """By offer: the others, and whether an existing facility is one."""
    options = derive_options(instance)
    return {options.offers[n.offer]: ({options.offers[s] for s in n.others}, n.held) for n in links(instance, options)}


def test_at_the_same_site(make) -> None:
    instance = make(sites=SITES, links=tie("requires", "hall", "canteen"))
    assert laid(instance) == {f"{s}:hall": ({f"{s}:canteen"}, False) for s in ("s1", "s2", "s3")}
    (first, *_) = links(instance, derive_options(instance))
    assert (first.name, first.kind, first.bonus) == ("tie", "requires", 0.0)


def test_nearby_counts_the_site_itself_and_the_boundary(make) -> None:
    assert laid(make(sites=SITES, links=tie("requires", "hall", "canteen", within_m=300))) == {
        "s1:hall": ({"s1:canteen", "s2:canteen"}, False),
        "s2:hall": ({"s1:canteen", "s2:canteen", "s3:canteen"}, False),
        "s3:hall": ({"s2:canteen", "s3:canteen"}, False),
    }


def test_distances_are_rounded_to_a_millimetre(make) -> None:
    """1.0004 m is 1 m, 1.0006 m is not."""
    for x, near in ((1.0004, True), (1.0006, False)):
        sites = [SITES[0], {"id": "s2", "x": x, "y": 0, "area_m2": 100}]
        found = laid(make(sites=sites, links=tie("requires", "hall", "canteen", within_m=1)))
        assert ("s2:canteen" in found["s1:hall"][0]) == near


def test_what_exists_meets_a_requirement_and_earns_a_bonus(make) -> None:
    existing = [{"id": "e", "service": "canteen", "x": 390, "y": 0, "site_id": "s2"}]
    here = {"sites": SITES, "existing": existing}
    assert set(laid(make(**here, links=tie("requires", "hall", "canteen")))) == {"s1:hall", "s3:hall"}
    near = laid(make(**here, links=tie("requires", "hall", "canteen", within_m=20)))
    assert set(near) == {"s1:hall", "s2:hall"}, "the facility is near s3, whatever site it is said to stand in"
    assert laid(make(**here, links=tie("bonus", "hall", "canteen", bonus=2, within_m=20))) == {
        "s1:hall": ({"s1:canteen"}, False), "s2:hall": ({"s2:canteen"}, False), "s3:hall": ({"s3:canteen"}, True),
    }  # fmt: skip


def test_a_bonus_that_nothing_can_earn_is_left_out(make) -> None:
    rules = [{"rule": "no", "services": "canteen", "column": "id", "op": "!=", "value": "s2"}]
    instance = make(sites=SITES, rules=rules, links=tie("bonus", "hall", "canteen", bonus=2))
    assert laid(instance) == {"s2:hall": ({"s2:canteen"}, False)}
    assert [n.bonus for n in links(instance, derive_options(instance))] == [2.0]
    barred = make(sites=SITES, rules=rules, links=tie("requires", "hall", "canteen"))
    assert laid(barred)["s1:hall"] == (set(), False), "a requirement that nothing can meet binds"


def test_incompatible_offers(make) -> None:
    assert laid(make(sites=SITES, links=tie("incompatible", "hall", "canteen", within_m=100))) == {
        "s1:hall": ({"s1:canteen"}, False),
        "s2:hall": ({"s2:canteen", "s3:canteen"}, False),
        "s3:hall": ({"s2:canteen", "s3:canteen"}, False),
    }
    assert laid(make(sites=SITES, links=tie("incompatible", "hall", "hall", within_m=300))) == {
        "s1:hall": ({"s2:hall"}, False), "s2:hall": ({"s3:hall"}, False),
    }  # fmt: skip


def excluded(instance: Instance) -> dict[str, tuple[str, str]]:
    table = derive_options(instance).excluded
    return {f"{r.site}:{r.mode}:{r.service}": (r.rule, r.name_en) for r in table.itertuples()}


def test_an_incompatible_facility_that_cannot_close_excludes(make) -> None:
    existing = [{"id": "e", "service": "canteen", "x": 350, "y": 0}]
    found = excluded(make(sites=SITES, existing=existing, links=tie("incompatible", "hall", "canteen", within_m=50)))
    assert found == {f"{s}:convert:hall": ("tie", "tie") for s in ("s2", "s3")}
    there = [{"id": "e", "service": "canteen", "x": 9999, "y": 0, "site_id": "s1"}]
    found = excluded(make(sites=SITES, existing=there, links=tie("incompatible", "hall", "canteen")))
    assert found == {"s1:convert:hall": ("tie", "tie")}


def test_a_facility_that_may_close_excludes_nothing(make) -> None:
    """It stands in s2; only while s2 has a project that closes it are s2 and s3 free of it."""
    existing = [{"id": "e", "service": "canteen", "x": 350, "y": 0, "site_id": "s2"}]
    here = {"sites": SITES, "existing": existing, "links": tie("incompatible", "hall", "canteen", within_m=50)}
    modes = "[modes.keep]\n[modes.rebuild]\ncloses_existing = true\n"
    assert excluded(make(modes, **here)) == {}
    rules = [{"rule": "no", "modes": "rebuild", "column": "id", "op": "=", "value": "s2"}]
    kept = excluded(make(modes, **here, rules=rules))
    assert {k for k, (rule, _) in kept.items() if rule == "tie"} == {"s2:keep:hall", "s3:keep:hall", "s3:rebuild:hall"}


def test_a_project_that_nobody_pays_for_closes_nothing(make) -> None:
    """Rebuilding s2 would close the canteen, but no fund pays for it there: the canteen stays, and halls beside it go."""
    existing = [{"id": "e", "service": "canteen", "x": 350, "y": 0, "site_id": "s2"}]
    here = {"sites": [SITES[0] | {"zone": "z"}, SITES[1], SITES[2] | {"zone": "z"}], "existing": existing}
    eligibility = [{"fund": "city", "modes": "keep"}, {"fund": "city", "modes": "rebuild", "zones": "z"}]
    found = excluded(
        make("[modes.keep]\n[modes.rebuild]\ncloses_existing = true\n", **here, eligibility=eligibility,
             links=tie("incompatible", "hall", "canteen", within_m=50))
    )  # fmt: skip
    assert {k: rule for k, (rule, _) in found.items()} == {
        "s2:keep:hall": "tie", "s2:rebuild:canteen": "unpayable", "s2:rebuild:hall": "unpayable", "s3:keep:hall": "tie",
        "s3:rebuild:hall": "tie",
    }  # fmt: skip
