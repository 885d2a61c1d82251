"""supply.csv against the inputs: who feeds whom, how far, how much."""

from __future__ import annotations

from pathlib import Path

import pytest
from meals import kitchen, meals

import panhuo
from panhuo.result.verify import verify_tables
from panhuo.result.verify.stock.supplies import Supplies

from .tampering import Change, Rich, Spoilt, found_in
from .test_every_cell import changed

WEST, EAST, DEPOT = "west:convert:meal_point", "east:convert:meal_point", "depot:convert:kitchen"


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Rich:
    """West is fed by the depot, east by the old kitchen at its door."""
    instance = meals(tmp_path_factory.mktemp("meals") / "inputs", existing=[kitchen("old", 2000, 100)])
    found = panhuo.solve(instance)
    assert found.verification.faults == ()
    assert len(found.tables["supply"]) == 2
    return Rich(instance, found.tables, found.run)


CHANGES: dict[str, tuple[Change, str]] = {
    "a row that is missing": (
        lambda s: s.drop("supply", option=EAST),
        f"supply.csv, {EAST}: the row is missing: old could supply it",
    ),
    "a row twice": (
        lambda s: s.again("supply", {"option": WEST}),
        f"supply.csv, {WEST}: the row stands there more than once",
    ),
    "a place that needs none": (
        lambda s: s.again("supply", {"option": WEST}, option=DEPOT),
        f"supply.csv, {DEPOT}: the row must not be there",
    ),
    "one kitchen for both": (
        lambda s: s.set("supply", {"option": EAST}, supplier=DEPOT, kind="chosen", delivery_min=3.12),
        f"supply.csv, {DEPOT}, supply = 200.0: expected <= 100.0. No supplier gives more than it has",
    ),
    "a kitchen out of reach": (
        lambda s: s.set("supply", {"option": WEST}, supplier="old", kind="existing", delivery_min=6.24),
        f"supply.csv, {WEST}, supplier = old: the supplier must lie within the delivery standard",
    ),
    "a supplier that is none": (
        lambda s: s.set("supply", {"option": WEST}, supplier=EAST),
        f"supply.csv, {WEST}, supplier = {EAST}: the supplier must be open and give the service kitchen",
    ),
    "minutes": (
        lambda s: s.set("supply", {"option": WEST}, delivery_min=3.0),
        f"supply.csv, {WEST}, delivery_min = 3.0: expected 3.12.",
    ),
    "meals": (
        lambda s: s.set("supply", {"option": WEST}, supply=99.0),
        f"supply.csv, {WEST}, supply = 99.0: expected 100.0.",
    ),
    "what is left": (
        lambda s: s.run["supply"][0].update(left=1.0),
        "run.json, supply.depot:convert:kitchen.left = 1.0: expected 0.0",
    ),
    "a kitchen that run.json does not know": (
        lambda s: s.run["supply"].pop(),
        "run.json, supply.old.places: expected 1.0",
    ),
    "a kitchen that is not there": (
        lambda s: s.run["supply"].append({**s.run["supply"][0], "supplier": "new"}),
        "run.json, supply.new: the row must not be there",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_what_was_changed_is_found(fed: Rich, case: str) -> None:
    found_in(Spoilt.of(fed), *CHANGES[case])


def test_every_cell_of_supply_counts(fed: Rich) -> None:
    table = fed.tables["supply"]
    for column in table.columns:
        for line in range(len(table)):
            spoilt = Spoilt.of(fed)
            spoilt.tables["supply"] = table.astype(object)
            spoilt.tables["supply"].loc[line, column] = changed(str(table.at[line, column]))
            assert not spoilt.verified().ok, (line, column)


def test_a_plan_without_its_kitchen(fed: Rich) -> None:
    spoilt = Spoilt.of(fed)
    spoilt.drop("plan", option=DEPOT)
    assert any("the supplier must be open and give the service kitchen" in text for text in spoilt.faults())


def test_files_are_verified_too(fed: Rich, tmp_path: Path) -> None:
    out = panhuo.result.write(panhuo.solve(fed.instance), tmp_path / "out")
    assert (out / "supply.csv").read_text("utf-8-sig").splitlines() == [
        "option,site,supplier,kind,delivery_min,supply",
        f"{WEST},west,{DEPOT},chosen,3.12,100",
        f"{EAST},east,old,existing,0,100",
    ]
    assert panhuo.verify(out).ok


@pytest.mark.parametrize(("stated", "sound"), [(3.123, True), (3.122, True), (3.124, False), (3.121, False)])
def test_halves_of_a_thousandth_may_be_rounded_either_way(
    fed: Rich, monkeypatch: pytest.MonkeyPatch, stated: float, sound: bool
) -> None:
    """The depot is 3.1225 minutes away."""
    real = Supplies.minutes
    monkeypatch.setattr(
        Supplies, "minutes", lambda s, supplier, site: 3.1225 if supplier == "depot" else real(s, supplier, site)
    )
    spoilt = Spoilt.of(fed)
    spoilt.set("supply", {"option": WEST}, delivery_min=stated)
    spoilt.run["supply"][0].update(longest_min=stated)
    found = verify_tables(fed.instance, spoilt.tables, spoilt.run)
    assert (not found.faults) == sound
