"""Who may pay what, row by row."""

from panhuo.assemble import derive_options, payable, payable_works
from panhuo.instance import Instance

OPERATING = '[operating.listed]\noperator = "enterprise"\n[operating.public_public]\noperator = "government"\n'
COSTS = [{"item": "fit_out", "capital_cny_per_m2": 100}, {"item": "fire", "capital_cny": 5}]
FUNDS = [
    {"fund": "city", "party": "government", "cap_cny": 1},
    {"fund": "all", "party": "government", "cap_cny": 1},
]


def paid(instance: Instance) -> dict[tuple[str, str], float]:
    """What the fund city may pay, by option and item."""
    options = derive_options(instance)
    share = payable(instance, options.table, options.items)
    assert (share[1] == 1).all()
    return {
        (key, item): float(share[0, o, i])
        for o, key in enumerate(options.table["option"])
        for i, item in enumerate(options.items)
        if share[0, o, i]
    }


def test_one_row_must_allow_all_of_a_payment(make) -> None:
    rows = [
        {"fund": "city", "items": "fire", "services": "hall", "operating": "listed", "ownerships": "state"},
        {
            "fund": "city",
            "items": "fit_out",
            "services": "canteen",
            "operating": "public_public",
            "ownerships": "private",
        },
        {"fund": "all"},
    ]
    assert paid(make(OPERATING, costs=COSTS, funds=FUNDS, eligibility=rows)) == {
        ("s1:convert:hall:listed", "fire"): 1.0, ("s2:convert:canteen:public_public", "fit_out"): 1.0,
    }  # fmt: skip


def test_of_several_rows_the_largest_share_holds(make) -> None:
    rows = [
        {"fund": "city", "max_share": 0.3},
        {"fund": "city", "items": "fire", "max_share": 0.8},
        {"fund": "city", "items": "fire", "services": "hall", "max_share": 0.5},
        {"fund": "all"},
    ]
    found = paid(make(costs=COSTS, funds=FUNDS, eligibility=rows))
    assert {item: share for (_, item), share in found.items()} == {"fit_out": 0.3, "fire": 0.8}
    assert len(found) == 8


def test_years_zones_and_modes(make) -> None:
    sites = [
        {"id": "s1", "x": 0, "y": 0, "area_m2": 100, "zone": "old", "available_from": "2027-05-01"},
        {"id": "s2", "x": 0, "y": 0, "area_m2": 100, "zone": "new"},
    ]
    rows = [
        {"fund": "city", "items": "fire", "years": "2027;2028", "modes": "convert"},
        {"fund": "city", "items": "fit_out", "zones": "new", "modes": "keep"},
        {"fund": "all"},
    ]
    toml = "[modes.keep]\n[modes.convert]\n[policy]\nstart_year = 2026\n"
    found = paid(make(toml, sites=sites, costs=COSTS, funds=FUNDS, eligibility=rows))
    assert set(found) == {(f"s1:convert:{k}", "fire") for k in ("canteen", "hall")} | {
        (f"s2:keep:{k}", "fit_out") for k in ("canteen", "hall")
    }


def test_shared_works(make) -> None:
    """A row about halls matches a lift for halls and canteens, a row about canteens no fire water for halls."""
    works = [
        {"work": "lift", "item": "access", "capital_cny": 1},
        {"work": "ramp", "item": "access", "services": "hall;canteen", "capital_cny": 1},
        {"work": "water", "item": "fire", "services": "hall", "capital_cny": 1},
    ]
    rows = [
        {"fund": "city", "services": "canteen", "max_share": 0.4, "operating": "listed"},
        {"fund": "city", "items": "access", "services": "hall", "ownerships": "private", "max_share": 0.6},
        {"fund": "all"},
    ]
    instance = make(OPERATING, shared_works=works, funds=FUNDS, eligibility=rows)
    options = derive_options(instance)
    share = payable_works(instance, options.works)
    assert (share[1] == 1).all()
    assert dict(zip(options.works["work_key"], share[0], strict=True)) == {
        "s1:convert:lift": 0.4, "s2:convert:lift": 0.6, "s1:convert:ramp": 0.4, "s2:convert:ramp": 0.6,
        "s1:convert:water": 0.0, "s2:convert:water": 0.0,
    }  # fmt: skip
