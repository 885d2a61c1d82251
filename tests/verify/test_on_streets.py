"""Results whose minutes come along a network: what they state is found out independently."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streets import network, on_streets, people, rooms, tangle

import panhuo
from panhuo.result import Result

from .tampering import Change, Rich, Spoilt, found_in, texts


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("home", [False, True])
def test_what_the_solver_finds_on_random_streets_is_verified(tmp_path: Path, seed: int, *, home: bool) -> None:
    instance = tangle(tmp_path, seed, "way_home = true\n" if home else "")
    made = panhuo.solve(instance, cache=False)
    assert texts(made.verification) == []
    assert set(made.allocation["minutes_from"]) <= {"network", ""}
    assert len(made.allocation) > 100
    pairs = made.run["minutes"]
    assert pairs["network"] > 100
    assert [pairs[origin] for origin in ("given", "straight", "bus")] == [0, 0, 0]
    assert made.run["off_network"]["demand"] > 0


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One who walks, one who rides, one whose minutes are given, one who is off the network."""
    bus = [
        {"line": "b", "seq": 1, "x": 100, "y": 0, "headway_min": 6},
        {"line": "b", "seq": 2, "x": 4000, "y": 0, "headway_min": 6, "ride_min": 4},
    ]
    instance = on_streets(
        tmp_path_factory.mktemp("mixed"), network({"at": [(0, 0), (5000, 0)]}), bus=bus,
        profiles=[{"profile": "adult", "speed_km_h": 4.8, "groups": "adult"}],
        demand=people((4200, 10), (20, 0), (2000, 0), (2000, 400)), sites=rooms((4160, 0)),
        minutes=[{"demand": "d2", "place": "s0", "minutes": 14.5}],
    )  # fmt: skip
    return panhuo.solve(instance, cache=False)


def test_each_says_where_its_minutes_come_from(mixed: Result) -> None:
    assert texts(mixed.verification) == []
    rows = mixed.allocation.set_index("demand")[["minutes", "minutes_from"]]
    assert rows.to_dict("index") == {
        "d0": {"minutes": 0.625, "minutes_from": "network"},
        "d1": {"minutes": 10.0, "minutes_from": "bus"},
        "d2": {"minutes": 14.5, "minutes_from": "given"},
    }
    assert mixed.run["minutes"] == {"given": 1, "straight": 0, "network": 1, "bus": 1}
    assert mixed.run["off_network"] == {"demand": 1, "sites": 0, "existing": 0}
    assert mixed.run["coverage"]["hall"]["unreachable_persons"] == 10


def stated(key: str, **figures: int) -> Change:
    """State other figures in run.json."""
    return lambda spoilt: spoilt.run.__setitem__(key, {**spoilt.run[key], **figures})


WALKS, RIDES, GIVEN = {"demand": "d0"}, {"demand": "d1"}, {"demand": "d2"}

TAMPERED: dict[str, tuple[Callable[[Spoilt], object], str]] = {
    "a minute less on foot": (
        lambda s: s.set("allocation", WALKS, minutes=0.624),
        "allocation.csv, d0 hall adult, minutes = 0.624: expected 0.625. Derived from the inputs",
    ),
    "a shorter ride": (
        lambda s: s.set("allocation", RIDES, minutes=9.0),
        "allocation.csv, d1 hall adult, minutes = 9.0: expected 10.0. Derived from the inputs",
    ),
    "less than is given": (
        lambda s: s.set("allocation", GIVEN, minutes=14.4),
        "allocation.csv, d2 hall adult, minutes = 14.4: expected 14.5. Derived from the inputs",
    ),
    "a ride that is called a walk": (
        lambda s: s.set("allocation", RIDES, minutes_from="network"),
        "allocation.csv, d1 hall adult, minutes_from = network: expected bus. Derived from the inputs",
    ),
    "a walk that is called given": (
        lambda s: s.set("allocation", WALKS, minutes_from="given"),
        "allocation.csv, d0 hall adult, minutes_from = given: expected network. Derived from the inputs",
    ),
    "metres nobody knows": (
        lambda s: s.set("allocation", WALKS, metres=50.0),
        "allocation.csv, d0 hall adult, metres = 50.0: expected nan. Derived from the inputs",
    ),
    "people off the network who are reached": (
        lambda s: s.again("allocation", WALKS, demand="d3"),
        "allocation.csv, d3 hall adult: the row must not be there",
    ),
    "more pairs along the network": (
        stated("minutes", network=2),
        "run.json, minutes.network = 2: expected 1.0. Derived from the inputs",
    ),
    "no ride": (stated("minutes", bus=0), "run.json, minutes.bus = 0: expected 1.0. Derived from the inputs"),
    "nobody off the network": (
        stated("off_network", demand=0),
        "run.json, off_network.demand = 0: expected 1.0. Derived from the inputs",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_whoever_tampers_with_minutes_is_found(mixed: Result, what: str) -> None:
    change, expected = TAMPERED[what]
    found_in(Spoilt.of(Rich(mixed.instance, mixed.tables, mixed.run)), change, expected)


def test_halves_of_a_thousandth_may_be_rounded_either_way(tmp_path: Path) -> None:
    """At 80 m a minute every odd metre is half a thousandth too many; sums differ by their order."""
    streets = network(*({"at": [(n * 117, 0), ((n + 1) * 117, 0)]} for n in range(12)))
    instance = on_streets(
        tmp_path, streets, profiles=[{"profile": "adult", "speed_km_h": 4.8, "groups": "adult"}],
        demand=people(*((x, -(x % 7)) for x in range(1, 1400, 3))), sites=rooms((451, 3), (452, -3), (901, 9)),
    )  # fmt: skip
    made = panhuo.solve(instance, cache=False)
    assert texts(made.verification) == []
    halves = made.allocation["minutes"].to_numpy() * 80
    assert (abs(halves - halves.round()) > 0.03).sum() > 20


def test_straight_lines_have_nobody_off_a_network(tmp_path: Path) -> None:
    instance = tangle(tmp_path, 1)
    access = instance.settings.access.model_copy(update={"method": "straight"})
    settings = instance.settings.model_copy(update={"access": access})
    made = panhuo.evaluate(type(instance)(**{**vars(instance), "settings": settings}))
    assert made.run["off_network"] is None
    spoilt = Spoilt.of(Rich(made.instance, made.tables, made.run))
    assert spoilt.faults() == []
    found_in(
        spoilt, lambda s: s.run.__setitem__("off_network", {"demand": 3}),
        "run.json, off_network = {'demand': 3}: minutes do not come from a network",
    )  # fmt: skip
