"""Money that cannot work out is named."""

from typing import Any

import pytest

from panhuo.assemble import derive_options, money_conflicts
from panhuo.instance import Instance

FUNDS = [
    {"fund": "city", "party": "government", "cap_cny": 1_000_000},
    {"fund": "firm", "party": "enterprise", "cap_cny": 1_000_000},
]

TOO_DEAR = "Every tariff of canteen is more than any tier can pay, or more than the cap"


def conflicts(instance: Instance) -> list[str]:
    return [str(text) for text in money_conflicts(instance, derive_options(instance))]


def bound(key: str, party: str, low: Any = "", high: Any = "", **more: Any) -> dict[str, Any]:
    return {"bound": key, "party": party, "min_share": low, "max_share": high} | more


def test_the_street_has_no_conflict(make) -> None:
    assert conflicts(make()) == []


@pytest.mark.parametrize(
    ("parties", "said"),
    [
        ([bound("g", "government", 0.6), bound("e", "enterprise", 0.4)], []),
        ([bound("g", "government", 0.6), bound("e", "enterprise", 0.5)],
         ["Shares at odds in parties: the least shares of g, e add to 110.0%"]),
        ([bound("g", "government", "", 0.6), bound("e", "enterprise", "", 0.4)], []),
        ([bound("g", "government", "", 0.6), bound("e", "enterprise", "", 0.3)],
         ["Shares at odds in parties: the largest shares of g, e, resident add to 90.0%"]),
        ([bound("d", "donor", 0.1)],
         ["Shares at odds in parties: d ask for at least 10.0%, but at most 0.0% can be carried"]),
        # apart: another ledger, scope or filter
        ([bound("g", "government", 0.6), bound("e", "enterprise", 0.5, ledger="yearly")], []),
        ([bound("g", "government", 0.6), bound("e", "enterprise", 0.5, scope="project")], []),
        ([bound("g", "government", 0.6, services="hall"), bound("e", "enterprise", 0.5, services="canteen")], []),
        ([bound("g", "government", 0.6, services="hall;canteen"), bound("e", "enterprise", 0.5, services="canteen;hall")],
         ["Shares at odds in parties: the least shares of g, e add to 110.0%"]),
        # of the year everyone may carry something, funds or not
        ([bound("g", "government", "", 0.3, ledger="yearly"), bound("e", "enterprise", "", 0.2, ledger="yearly")], []),
        ([bound(p, p, "", 0.19, ledger="yearly") for p in ("government", "community", "enterprise", "resident", "donor")],
         ["Shares at odds in parties: the largest shares of government, community, enterprise, resident, donor add to 95.0%"]),
    ],
)  # fmt: skip
def test_shares(make, parties: list[dict[str, Any]], said: list[str]) -> None:
    assert conflicts(make(funds=FUNDS, parties=parties)) == said


def test_shares_are_added_exactly(make) -> None:
    """0.1 + 0.2 + 0.7 is 1, though not in floating point."""
    funds = [*FUNDS, {"fund": "gift", "party": "donor", "cap_cny": 1}]
    parties = [bound("g", "government", 0.1, 0.1), bound("e", "enterprise", 0.2, 0.2), bound("d", "donor", 0.7, 0.7)]
    assert conflicts(make(funds=funds, parties=parties)) == []


@pytest.mark.parametrize(
    ("cap", "items", "said"), [(100, "fit_out", False), (0, "fit_out", False), (100, "donation; operation", True)]
)
def test_a_party_without_capital_carries_none(make, cap: float, items: str, said: bool) -> None:
    """The donors' fund makes up what the largest shares of the others leave, if it may pay capital, were it none."""
    found = conflicts(
        make(
            funds=[*FUNDS, {"fund": "gift", "party": "donor", "cap_cny": cap, "yearly_cap_cny": 100}],
            eligibility=[{"fund": "city"}, {"fund": "firm"}, {"fund": "gift", "items": items}],
            parties=[bound("g", "government", "", 0.6), bound("e", "enterprise", "", 0.3)],
        )
    )
    sentence = "Shares at odds in parties: the largest shares of g, e, resident add to 90.0%"
    assert found == [sentence] * said


def test_an_item_that_nobody_may_pay(make) -> None:
    costs = [
        {"item": "fit_out", "capital_cny_per_m2": 100},
        {"item": "fume", "service": "canteen", "capital_cny": 10},
        {"item": "fire", "service": "hall", "capital_cny": 10},
    ]
    eligibility = [{"fund": "city", "items": "fit_out"}, {"fund": "city", "items": "fire", "ownerships": "state"}]
    assert conflicts(make(costs=costs, eligibility=eligibility)) == [
        "No row of eligibility lets any fund pay the capital item fume, which canteen need"
    ]


def test_a_shared_work_that_nobody_may_pay(make) -> None:
    works = [{"work": "lift", "item": "access", "capital_cny": 10}]
    assert conflicts(make(shared_works=works, eligibility=[{"fund": "city", "items": "fit_out"}])) == [
        "No row of eligibility lets any fund pay the capital item access, which canteen, hall need"
    ]


AIDED = '[operating.private_aided]\noperator = "enterprise"\n'


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("", False),
        # the poor pay 4 × 250 = 1000 of 600 × 12: 0.1389; the plain 8 × 250 = 2000 of 2000 × 12: 0.0833
        ("affordable_share = 0.1", False),
        ("affordable_share = 0.08", True),
        ("price_cap_cny = 8", False),
        ("price_cap_cny = 7.99", True),  # no tier's alone: a whole tariff is charged or none
        ("affordable_share = 0.1\nprice_cap_cny = 8", False),
    ],
)
def test_prices_above_every_affordable_level(make, charged, policy: str, said: bool) -> None:
    found = conflicts(make(f"{AIDED}[policy]\n{policy}\n", **charged))
    assert [text.partition(" (")[0] for text in found] == [TOO_DEAR] * said


def test_a_cap_takes_a_service_off_the_menu(make, charged) -> None:
    """A month in the hall costs 100: a cap of 8 leaves the canteen; one of 1 leaves nothing, and is at odds with both."""
    charged["services"][1] |= {"visits_per_year": 12}
    charged["tariffs"] += [
        {"tariff": "month", "service": "hall", "price_class": "market", "tier": tier, "price_cny": 100, "uptake": 1}
        for tier in ("plain", "poor")
    ]
    assert conflicts(make(f"{AIDED}[policy]\nprice_cap_cny = 8\n", **charged)) == []
    assert len(conflicts(make(f"{AIDED}[policy]\nprice_cap_cny = 1\n", **charged))) == 2
    poor = f"{AIDED}[policy]\nprice_cap_cny = 8\naffordable_share = 0.08\n"
    assert [text.partition(" (")[0] for text in conflicts(make(poor, **charged))] == [TOO_DEAR]


def test_affordable_to_the_fen(make, charged) -> None:
    """8 yuan × 250 visits = 2000 yuan, exactly 1/12 of a year's income of 24,000; 8.01 is more."""
    charged["tariffs"] = charged["tariffs"][:2]
    charged["tiers"][0]["income_cny_per_month"] = 2500
    charged["tiers"][1]["income_cny_per_month"] = 1
    toml = f"{AIDED}[policy]\naffordable_share = 0.0667\n"
    assert conflicts(make(toml, **charged)) == []  # 2001 yuan
    charged["tariffs"][0]["price_cny"] = 8.01
    assert conflicts(make(toml, **charged)) == [f"{TOO_DEAR} (policy.affordable_share 0.0667, policy.price_cap_cny –)"]


def test_only_tiers_that_need_the_service_count(make, charged) -> None:
    """The rich tier of adults could pay, but adults do not eat there."""
    charged["tiers"].append({"tier": "rich", "group": "adult", "share": 1, "need": 0, "income_cny_per_month": 99_000})
    charged["tariffs"] += [
        {"tariff": t, "service": "canteen", "price_class": "market", "operating": "", "tier": "rich", "price_cny": 20, "uptake": 1}
        for t in ("safe", "fair", "dear")
    ]  # fmt: skip
    for row in charged["tariffs"]:
        row["price_class"], row["operating"] = "inclusive", ""
    demand = [{"id": "d", "x": 0, "y": 0, "circle": "c", "people_old": 100, "people_adult": 50}]
    needs = [{"service": "canteen", "group": "old", "rate": 1}, {"service": "hall", "group": "adult", "rate": 1}]
    toml = f"{AIDED}[policy]\naffordable_share = 0.08\n"
    assert len(conflicts(make(toml, demand=demand, needs=needs, **charged))) == 1
    both = [*needs, {"service": "canteen", "group": "adult", "rate": 1}]
    assert conflicts(make(toml, demand=demand, needs=both, **charged)) == []
