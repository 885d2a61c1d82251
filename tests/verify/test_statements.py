"""Whoever tampers with what is said of the money is found: prices, accounts, viability."""

from __future__ import annotations

import pytest

from .tampering import Change, Spoilt, found_in

CANTEEN, HALL = "s0:convert:canteen:private_aided:120", "s0:convert:hall:public_public"
NURSERY = "s1:convert:nursery:listed"

SAID: dict[str, tuple[Change, str]] = {
    **{
        f"prices: {column}": (
            lambda s, column=column, value=value: s.set("prices", {"tier": "plain"}, **{column: value}),
            f"prices.csv, s0:convert:canteen:private_aided:120 plain, {column} = {said}",
        )
        for column, value, said in (
            ("tariff", "cheap", "cheap: expected fair"), ("price_cny", 11.99, "11.99: expected 12.00"),
            ("government_cny", 1.01, "1.01: expected 1.00"), ("enterprise_cny", 0.0, "0.00: expected 1.00"),
            ("donor_cny", 0.51, "0.51: expected 0.50"), ("affordable", "no", "no: expected yes"),
            ("persons", 41.538462, "41.538462: expected 41.538461"), ("visits", 10385, "10385: expected 10384"),
            ("burden_cny_per_month", 250.01, "250.01: expected 250.00"),
            ("income_cny_per_month", 2001.0, "2001.0: expected 2000.0"),
        )
    },
    "prices: a tier that can pay": (
        lambda s: s.set("prices", {"tier": "poorest"}, affordable="yes"), "poorest, affordable = yes: expected no",
    ),
    "prices: a tier left out": (lambda s: s.drop("prices", tier="poor"), "prices.csv, s0:convert:canteen:private_aided:120 poor: the row is missing"),
    **{
        f"accounts: {column}": (
            lambda s, column=column, value=value: s.set("accounts", {"option": CANTEEN}, **{column: value}),
            f"accounts.csv, s0:convert:canteen:private_aided:120, {column} = {said}",
        )
        for column, value, said in (
            ("site", "s1", "s1: expected s0"), ("service", "hall", "hall: expected canteen"),
            ("operating", "listed", "listed: expected private_aided"),
            ("operator", "community", "community: expected enterprise"), ("tariff", "cheap", "cheap: expected fair"),
            ("visits", 15000, "15000: expected 14999"), ("price_cny", 152298.01, "152298.01: expected 152298.00"),
            ("government_cny", 0.0, "0.00: expected 28844.00"), ("donor_cny", 0.0, "0.00: expected 7499.50"),
            ("other_cny", 1.0, "1.00: expected 0.00"), ("fixed_cny", 131499.99, "131499.99: expected 131500.00"),
            ("visits_cost_cny", 0.0, "0.00: expected 90743.95"), ("write_off_cny", 1729.15, "1729.15: expected 1729.14"),
            ("surplus_cny", 4570.89, "4570.89: expected 4570.88"), ("margin", 0.03, "0.03: expected 0.02"),
            ("margin_min", 0.0, "0.0: expected 0.02"), ("margin_max", 1.0, "1.0: expected 0.3"),
            ("deficit_cny", 1.0, "1.00: expected 0.00"), ("concession_cny", 0.0, "0.00: expected 14999.00"),
            ("break_even_visits", 14298, "14298: expected 14299"),
        )
    },
    "accounts: a pool of two that is none": (
        lambda s: s.set("accounts", {"option": NURSERY}, pool="private_aided:o0"),
        "accounts.csv, s1:convert:nursery:listed, pool = private_aided:o0: accounts that keep their margin together, and no others",
    ),
    "accounts: a pool left out": (
        lambda s: s.set("accounts", {"option": CANTEEN}, pool=""),
        "accounts.csv, s0:convert:canteen:private_aided:120, pool = blank: accounts that keep their margin together, and no others",
    ),
    "accounts: what is missing": (
        lambda s: s.set("accounts", {"option": NURSERY}, deficit_cny=0.0), "accounts.csv, s1:convert:nursery:listed, deficit_cny = 0.00: expected 26475.00",
    ),
    "accounts: a row left out": (lambda s: s.drop("accounts", option=HALL), "accounts.csv, s0:convert:hall:public_public: the row is missing"),
    **{
        f"viability: {column} of {place}": (
            lambda s, place=place, column=column, value=value: s.set("viability", {"place": place}, **{column: value}),
            f"viability.csv, {place} {kind} canteen, {column} = {said}",
        )
        for place, kind, column, value, said in (
            ("s0", "chosen", "best_visits", 15000, "15000: expected 14999"),
            ("s0", "chosen", "needed_visits", 14673, "14673: expected 14672"),
            ("s0", "chosen", "per_day_needed", 40.0, "40.0: expected 40.19726"),
            ("s1", "not chosen", "best_visits", 8822, "8822: expected 8823"),
            ("s1", "not chosen", "operating", "listed", "listed: expected private_aided"),
            ("s2", "not chosen", "loses", "no", "no: expected yes"),
            ("s2", "not chosen", "tariff", "cheap", "cheap: expected fair"),
            ("e0", "existing", "needed_visits", 0, "0: expected 26415"),
            ("e0", "existing", "per_day_best", 8.0, "8.0: expected 8.556164"),
        )
    },
    "viability: another kind": (lambda s: s.set("viability", {"place": "s1"}, kind="chosen"), "viability.csv, s1 not chosen canteen: the row is missing"),
    "viability: a place left out": (lambda s: s.drop("viability", place="s2"), "viability.csv, s2 not chosen canteen: the row is missing"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_a_statement_that_was_changed_isfound_in(spoilt: Spoilt, case: str) -> None:
    found_in(spoilt, *SAID[case])
