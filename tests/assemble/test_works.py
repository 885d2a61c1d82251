"""Shared works, worked by hand on the street."""

from panhuo.assemble import derive_options
from panhuo.assemble.options import Options

WORKS = [
    {"work": "lift", "item": "access", "column": "floor", "op": ">", "value": 1, "capital_cny": 50_000,
     "capital_cny_per_m2": 10.5},
    {"work": "water", "item": "fire", "modes": "convert", "services": "hall", "capital_cny": 777.775},
]  # fmt: skip
MODES = "[modes.keep]\n[modes.convert]\narea_ratio = 0.9\n"


def need(options: Options) -> dict[str, set[str]]:
    named = options.table["option"].to_numpy()
    return {
        key: set(named[options.work_options[w].indices]) for w, key in enumerate(options.works["work_key"])
    }  # fmt: skip


def test_works_of_the_projects_that_need_them(make) -> None:
    options = derive_options(make(MODES + "[policy]\nstart_year = 2026\n", shared_works=WORKS))
    assert need(options) == {
        "s2:keep:lift": {"s2:keep:canteen", "s2:keep:hall"},
        "s2:convert:lift": {"s2:convert:canteen", "s2:convert:hall"},
        "s1:convert:water": {"s1:convert:hall"},
        "s2:convert:water": {"s2:convert:hall"},
    }
    works = options.works.set_index("work_key")
    # 250 m² × 10.5 and 225 m² × 10.5 beside 50,000; half a fen goes up
    assert dict(zip(works.index, options.works_fen, strict=True)) == {
        "s2:keep:lift": 5_262_500, "s2:convert:lift": 5_236_250, "s1:convert:water": 77_778, "s2:convert:water": 77_778,
    }  # fmt: skip
    assert works.loc["s2:keep:lift"].to_dict() == {
        "project": "s2:keep", "site": "s2", "mode": "keep", "work": "lift", "item": "access", "capital_cny": 52_625.0,
        "capital_year": 2026,
    }  # fmt: skip


def test_a_work_that_no_option_needs_does_not_exist(make) -> None:
    rules = [{"rule": "no_hall", "services": "hall", "column": "id", "op": "=", "value": "s2"}]
    options = derive_options(make(MODES, shared_works=WORKS, rules=rules))
    assert "s2:convert:water" not in need(options)
    assert need(options)["s1:convert:water"] == {"s1:convert:hall"}


def test_every_size_and_operating_mode_needs_the_work(make) -> None:
    services = [
        {"service": k, "class": "basic", "measure": "metres", "standard_m": 500, "min_area_m2": 50, "sizes_m2": "50;80"}
        for k in ("canteen", "hall")
    ]
    toml = '[operating.listed]\noperator = "enterprise"\n[operating.public_public]\noperator = "government"\n'
    options = derive_options(make(toml, services=services, shared_works=WORKS[1:]))
    assert len(options.works) == 2
    assert all(len(options.work_options[w].indices) == 4 for w in range(2))
    assert {key.split(":")[2] for keys in need(options).values() for key in keys} == {"hall"}
