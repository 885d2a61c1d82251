"""The people and the year of a result counted again: prices, visits, margins, deficits, bonds."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from told import Row, Told, exact, fen, half_up, rows

MICRO = Fraction(1, 10**6)
HAIR = Fraction(1, 10**5)
HALF = Fraction(1, 20_000)
PARTS = {
    "price": "price_cny",
    "visit_subsidy": "government_cny",
    "concession": "enterprise_cny",
    "donation": "donor_cny",
}


def check_year(told: Told) -> None:
    """Raise AssertionError where people, prices or the money of the year break a rule."""
    _tariffs(told)
    served = _allocated(told)
    _no_picking(told)
    _visits(told, served)
    _accounts(told)
    _margins(told)
    _bonds(told)


def _can_pay(told: Told, tier: str, price: Any) -> bool:
    share, visits = told.instance.settings.policy.affordable_share, exact(told.service["canteen"]["visits_per_year"])
    income = exact(told.tier[tier]["income_cny_per_month"])
    return share is None or exact(price) * visits <= exact(share) * income * 12


def _tariffs(told: Told) -> None:
    """Whole tariffs that the operating mode may charge, none above the cap, cheaper for the needier."""
    cap, tiers = told.instance.settings.policy.price_cap_cny, told.tier
    for option, row in told.plan.items():
        assert bool(row["tariff"]) == (row["service"] == "canteen")
        if not row["tariff"]:
            continue
        kind, tariff = told.kind(option), told.charged[option]
        by_need = sorted(tariff.values(), key=lambda row: tiers[row["tier"]]["need"])
        assert len(by_need) == len(tiers)
        assert [exact(row["price_cny"]) for row in by_need] == sorted(
            (exact(r["price_cny"]) for r in by_need), reverse=True
        )
        for paid in by_need:
            assert cap is None or exact(paid["price_cny"]) <= exact(cap)
            assert paid["price_class"] in kind.price_classes
            assert not paid["operating"] or row["operating"] in paid["operating"]


def _allocated(told: Told) -> dict[tuple[str, str], Fraction]:
    """Check demand and capacity of services with capacity or tariffs; gives who is served by place and tier."""
    instance, tiers = told.instance, told.tier
    sent: dict[tuple[str, str, str], Fraction] = {}
    served: dict[tuple[str, str], Fraction] = {}
    for row in told.flow:
        key = row["demand"], row["service"], row["tier"]
        sent[key] = sent.get(key, Fraction(0)) + exact(row["assigned_persons"])
        place = row["option"] or row["place"]
        come = exact(row["persons"])
        served[place, row["tier"]] = served.get((place, row["tier"]), Fraction(0)) + come
        tariff = told.charged.get(place, {})
        uptake = exact(tariff[row["tier"]]["uptake"]) if tariff else Fraction(1)
        assert come == floor(exact(row["assigned_persons"]) * uptake / MICRO) * MICRO
        assert not tariff or _can_pay(told, row["tier"], tariff[row["tier"]]["price_cny"])
    demand = {row["id"]: row for row in rows(instance["demand"])}
    for (point, service, tier), persons in sent.items():
        share = exact(tiers[tier]["share"]) if tier else Fraction(1)
        need = (
            exact(n["rate"]) * exact(demand[point][f"people_{n['group']}"])
            for n in rows(instance["needs"])
            if n["service"] == service
        )
        assert persons <= sum(need) * share
    room = {row["id"]: row["capacity_persons"] for row in rows(instance["existing"])}
    for option, row in told.plan.items():
        per_m2 = exact(told.service[row["service"]]["capacity_per_m2"])
        room[option] = row["capacity_persons"]
        assert exact(row["capacity_persons"]) == floor(per_m2 * exact(row["area_m2"]) / MICRO) * MICRO
    for place in {place for place, _ in served}:
        come = sum(persons for (at, _), persons in served.items() if at == place)
        assert room[place] != room[place] or come <= exact(room[place])
    return served


def _no_picking(told: Told) -> None:
    """Where both tiers may go, as large a share of the poor is sent somewhere as of the others to those places."""
    tiers, charged = told.tier, told.charged
    points: dict[str, list[Row]] = {}
    for row in told.flow:
        if row["tier"]:
            points.setdefault(row["demand"], []).append(row)
    old = {row["id"]: exact(row["people_old"]) for row in rows(told.instance["demand"])}
    for point, there in points.items():
        sent = {"plain": Fraction(0), "poor": Fraction(0)}
        for row in there:
            tariff = charged[row["option"] or row["place"]]
            if row["tier"] == "poor" or _can_pay(told, "poor", tariff["poor"]["price_cny"]):
                sent[row["tier"]] += exact(row["assigned_persons"])
        people = {tier: old[point] * exact(tiers[tier]["share"]) for tier in sent}
        most = max(people.values())
        assert sent["plain"] / people["plain"] * most <= sent["poor"] / people["poor"] * most + HAIR


def _visits(told: Told, served: dict[tuple[str, str], Fraction]) -> None:
    """Whole visits, times whole fen, item by item of the ledger; prices.csv says the same."""
    a_year = exact(told.service["canteen"]["visits_per_year"])
    said = {(row["option"], row["tier"]): row for row in rows(told.tables["prices"])}
    for option, tariff in told.charged.items():
        if option not in told.plan:
            continue
        due = dict.fromkeys(PARTS, 0)
        for tier, row in tariff.items():
            persons = served.get((option, tier), Fraction(0))
            count = floor(persons * a_year)
            told_row = said.pop((option, tier))
            assert (exact(told_row["persons"]), told_row["visits"]) == (persons, count)
            assert fen(told_row["burden_cny_per_month"]) == half_up(exact(row["price_cny"]) * 100 * a_year / 12)
            assert (told_row["affordable"] == "yes") == _can_pay(told, tier, row["price_cny"])
            for item, column in PARTS.items():
                assert fen(told_row[column]) == fen(row[column])
                due[item] += count * fen(row[column])
        for item, amount in due.items():
            assert told.sum("yearly", option=option, item=item) == amount
        assert told.sum("yearly", option=option, item="price", party="resident", fund="") == due["price"]
        assert told.sum("yearly", option=option, item="concession", party="enterprise", fund="") == due["concession"]
    assert not said


def _books(told: Told, option: str) -> dict[str, int]:
    """Income and cost of an option, from the ledger and the tables of the instance [fen]."""
    row, kind = told.plan[option], told.kind(option)
    of = {item: told.sum("yearly", option=option, item=item) for item in (*PARTS, "operating_subsidy", "operation")}
    visits = {r["tier"]: r["visits"] for r in rows(told.tables["prices"]) if r["option"] == option}
    food = next(c for c in rows(told.instance["costs"]) if c["item"] == "food")["yearly_cny_per_visit"]
    own = told.sum("capital", option=option, party=kind.operator)
    years = kind.write_off_years
    other = half_up(exact(told.service[row["service"]]["income_cny_per_m2"]) * 100 * exact(row["area_m2"]))
    return of | {
        "other": other,
        "income": of["price"] + of["visit_subsidy"] + of["donation"] + of["operating_subsidy"] + other,
        "running": sum(told.costs(option, "yearly").values()) + sum(visits.values()) * fen(food),
        "write_off": half_up(Fraction(own) / exact(years)) if years else 0,
    }


def _accounts(told: Told) -> None:
    """Subsidies within their limits, deficits financed, accounts.csv as counted here."""
    said = {row["option"]: row for row in rows(told.tables["accounts"])}
    assert said.keys() == {o for o in told.plan if told.kind(o)}
    for option, row in said.items():
        kind, books = told.kind(option), _books(told, option)
        area = exact(told.plan[option]["area_m2"])
        assert books["operating_subsidy"] <= half_up(
            (exact(kind.subsidy_cny) + exact(kind.subsidy_cny_per_m2) * area) * 100
        )
        surplus = books["income"] - books["running"] - books["write_off"]
        assert books["operation"] == (max(0, -surplus) if kind.margin_min is None else 0)
        columns = {"price_cny": "price", "government_cny": "visit_subsidy", "donor_cny": "donation", "other_cny": "other",
                   "subsidy_cny": "operating_subsidy", "write_off_cny": "write_off", "deficit_cny": "operation",
                   "concession_cny": "concession"}  # fmt: skip
        assert {column: fen(row[column]) for column in columns} == {c: books[key] for c, key in columns.items()}
        assert fen(row["fixed_cny"]) + fen(row["visits_cost_cny"]) == books["running"]
        assert fen(row["surplus_cny"]) == surplus


def _margins(told: Told) -> None:
    """Least margin ≤ (income − cost) / income ≤ largest, rounded to a hundredth of a percent, pool by pool."""
    pools: dict[Any, list[str]] = {}
    for option, row in told.plan.items():
        kind = told.kind(option)
        if kind is not None and kind.margin_min is not None:
            shared = (
                "plan" if kind.pooled_by == "plan" else told.site[row["site"]][kind.pooled_by] if kind.pooled_by else ""
            )
            pools.setdefault((row["operating"], shared or option), []).append(option)
    for (operating, _), members in pools.items():
        kind = told.instance.settings.operating[operating]
        books = [_books(told, option) for option in members]
        income = sum(b["income"] for b in books)
        surplus = income - sum(b["running"] + b["write_off"] for b in books)
        assert (exact(kind.margin_min) - HALF) * income <= surplus
        assert kind.margin_max is None or surplus <= (exact(kind.margin_max) + HALF) * income


def _bonds(told: Told) -> None:
    """Own revenue of what a bond may pay for covers its debt service; one that pays nothing asks for nothing."""
    for name, fund in told.fund.items():
        paid = told.sum("capital", fund=name)
        if not paid or fund["debt_service"] != fund["debt_service"]:
            continue
        revenue = 0
        for option in told.plan:
            if told.kind(option) is not None and _backs(told, name, option):
                books = _books(told, option)
                revenue += books["price"] + books["other"] - books["running"]
        assert exact(fund["cover"]) * exact(fund["debt_service"]) * paid <= revenue


def _backs(told: Told, fund: str, option: str) -> bool:
    """Whether a fund may pay for an option."""
    row = told.plan[option]
    year = 2027 if "2027" in str(told.site[row["site"]]["available_from"]) else 2026
    asked = {"fund": fund, "site": row["site"], "option": option, "mode": row["mode"], "year": year}
    return any(told.allowed(asked | {"item": item}) for item in told.costs(option, "capital"))
