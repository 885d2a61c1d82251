"""The model's data against sums worked out point by point."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from panhuo.access import catchments
from panhuo.assemble import Assembled, derive_options, siting_data
from panhuo.instance import Instance
from panhuo.instance.policy import Floor, Mode, Policy, Stage


def assembled(instance: Instance) -> Assembled:
    return siting_data(instance, derive_options(instance), catchments(instance))


def test_toy_before_reachable_total(toy: Instance) -> None:
    """README sections 2 and 3: before 0, 700, 640; unreachable 140, 0, 340; base 350, 1580, 1580."""
    tallies = assembled(toy).data.tallies
    assert list(tallies.circle) == [-1, -1, -1]
    np.testing.assert_array_equal(tallies.before, [0, 700, 640])
    np.testing.assert_array_equal(tallies.fixed, tallies.before)
    np.testing.assert_array_equal(tallies.total - tallies.reachable, [140, 0, 340])
    np.testing.assert_array_equal(tallies.total, [350, 1580, 1580])


def test_toy_reach_of_single_offers(toy: Instance) -> None:
    """README section 3: persons each offer would newly serve if chosen alone, in whatever mode."""
    data = assembled(toy).data
    gain = data.reach.within.T.astype(float) @ data.reach.demand
    assert dict(zip(data.offers, gain, strict=True)) == {
        "S1:clinic": 640, "S1:culture": 0, "S2:canteen": 210, "S2:clinic": 540, "S2:culture": 240, "S3:culture": 360,
    }  # fmt: skip
    assert [data.options[o] for o in np.flatnonzero(data.option_offer == data.offers.index("S3:culture"))] == [
        "S3:keep:culture", "S3:convert:culture",
    ]  # fmt: skip
    assert (len(data.flow), len(data.outlets)) == (0, 0)


def policy(instance: Instance, **changes: object) -> Instance:
    return replace(instance, settings=instance.settings.model_copy(update={"policy": Policy(**changes)}))


def test_floors_get_tallies_of_their_own_and_empty_circles_are_named(toy: Instance) -> None:
    floors = (Floor(service="clinic", share=0.5), Floor(service="canteen", share=0.1, circles=("east",)))
    found = assembled(policy(toy, floors=floors))
    data = found.data
    named = {(data.services[data.tallies.service[f.tally]], data.circles[data.tallies.circle[f.tally]]): f.persons
             for f in data.floors}  # fmt: skip
    # west clinic: D1 260 + D2 380 + D3 240; east: 700; canteen east: only D4's 90 seniors can be reached
    assert named == {("clinic", "west"): 440, ("clinic", "east"): 350, ("canteen", "east"): 9}
    assert not found.notes
    assert data.tallies.total.sum() == 350 + 1580 + 1580


def test_a_circle_where_nobody_can_be_reached_is_left_out_and_named(toy: Instance) -> None:
    services = toy["services"].assign(standard_min=[0.001, 0.001, float("nan")])
    instance = replace(toy, tables={**toy.tables, "services": services})
    found = assembled(policy(instance, floors=(Floor(service="canteen", share=0.5, base="all"),)))
    assert not found.data.floors
    assert [str(n) for n in found.notes] == [
        f"The floor for canteen leaves circle {c} out: nobody there can be reached" for c in ("west", "east")
    ]


def test_objectives(toy: Instance) -> None:
    stages = (
        Stage(name="fair", measure="smallest_share", services=("clinic",)),
        Stage(name="none", measure="coverage", classes=("distinctive",)),
        Stage(name="cheap", measure="party_capital", party="government"),
    )
    data = assembled(policy(toy, objectives=stages)).data
    fair, cheap = data.objectives
    assert list(fair.base) == [880, 700]
    assert fair.maximise
    assert data.money.parties[cheap.party] == "government"
    assert not cheap.maximise


def test_a_facility_that_a_mode_closes_is_a_decision(toy: Instance) -> None:
    modes = {**toy.settings.modes, "rebuild": Mode(area_ratio=1.5, closes_existing=True)}
    # the clinic E1 now stands in S3; further columns, whatever their names, change nothing
    existing = toy["existing"].assign(site_id=["S3", ""], index=["7", "8"], site="S1", project_row="9")
    rules = toy["rules"].iloc[:0]
    instance = replace(
        toy, settings=toy.settings.model_copy(update={"modes": modes}),
        tables={**toy.tables, "existing": existing, "rules": rules},
    )  # fmt: skip
    data = assembled(instance).data
    assert data.closing == ("E1",)
    assert [data.projects[p] for p in data.closing_by.indices] == ["S3:rebuild"]
    clinic = data.services.index("clinic")
    at = data.tallies.service == clinic
    assert data.tallies.fixed[at] == 0
    assert data.tallies.before[at] == 700
    column = data.reach.within[:, len(data.offers)].toarray().ravel()
    assert data.reach.demand[column].sum() == 700


@pytest.mark.parametrize("floors", [(), (Floor(service="clinic", share=0.5),)])
def test_tallies_and_rows_add_up(toy: Instance, floors: tuple[Floor, ...]) -> None:
    data = assembled(policy(toy, floors=floors)).data
    per_tally: dict[int, float] = defaultdict(float)
    for demand, tally in zip(data.reach.demand, data.reach.tally, strict=True):
        per_tally[tally] += demand
    for t in range(len(data.tallies)):
        assert data.tallies.fixed[t] + per_tally[t] == data.tallies.reachable[t]
