"""A plan solved with pins is the plan that verification expects, in a quarter where every rule about money and people binds."""

from __future__ import annotations

import dataclasses

import pytest

import panhuo
from panhuo.assemble import derive_options
from panhuo.engine import InfeasibleError
from panhuo.instance import Instance
from panhuo.instance.policy import Operating, Pin
from panhuo.result.verify.stock import Stock

from .quarter import quarter
from .tampering import texts


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """Nothing is required but what a test pins; people and links are counted."""
    read = panhuo.read(quarter(tmp_path_factory.mktemp("quarter") / "q", toml=(('required_sites = ["s0"]\n', ""),)))
    return wanting(read, objectives=read.settings.policy.objectives[:3])


def wanting(instance: Instance, **policy_of: object) -> Instance:
    policy = instance.settings.policy.model_copy(update=policy_of)
    return dataclasses.replace(instance, settings=instance.settings.model_copy(update={"policy": policy}))


def pin_of(option: str, instance: Instance) -> Pin:
    row = derive_options(instance).table.set_index("option").loc[option]
    return Pin(**{part: row[part] for part in ("site", "mode", "service", "operating", "size")})


def solved(instance: Instance) -> list[str]:
    """Solve it, and see that verification finds nothing; no plan is no option."""
    try:
        made = panhuo.solve(instance)
    except InfeasibleError:
        return []
    assert texts(made.verification) == []
    return list(made.plan["option"])


@pytest.mark.parametrize(
    "these", [slice(4, 9, 2), pytest.param(slice(None), marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_options_dropped_or_pinned_in_turn(instance: Instance, these: slice) -> None:
    """What is chosen is dropped, what is not is pinned; where that leaves a plan, verification agrees with it.

    A few options always (one that can be left out, one that can be built, one that cannot), all where tests may be slow.
    """
    best, without, kept = solved(instance), [], []
    for option in derive_options(instance).table["option"][these]:
        pin = pin_of(option, instance)
        asked = wanting(instance, **{"dropped" if option in best else "pinned": (pin,)})
        found = solved(asked)
        assert not found or (option in found) == (option not in best)
        (without if option in best else kept).append(bool(found))
        excluded = derive_options(asked).excluded[["site", "mode", "service", "rule"]]
        assert Stock(asked).excluded == {
            (site, mode, service): rule for site, mode, service, rule in excluded.to_numpy()
        }
    assert any(without)
    assert any(kept)
    assert not all(kept)


def test_what_one_operating_mode_drops_and_no_fund_pays_for_another(toy: Instance) -> None:
    """The rule that bit last excludes the room, whichever operating mode comes first."""
    two = {key: Operating(operator="community") for key in ("public_public", "listed")}
    settings = toy.settings.model_copy(update={"operating": two})
    eligibility = toy["eligibility"].assign(operating=[("listed",), ()])  # nobody fits out what others run
    tables = {**toy.tables, "eligibility": eligibility}
    run = dataclasses.replace(toy, settings=settings, tables=tables)
    for operating, rule in (("listed", "unpayable"), ("", "dropped")):
        asked = wanting(run, dropped=(Pin(site="S2", mode="convert", service="canteen", operating=operating),))
        excluded = derive_options(asked).excluded[["site", "mode", "service", "rule"]]
        expected = {(site, mode, service): why for site, mode, service, why in excluded.to_numpy()}
        assert Stock(asked).excluded == expected
        assert expected["S2", "convert", "canteen"] == rule
