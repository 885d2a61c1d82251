"""The capital of a result counted again: who pays what, by every rule."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

from told import Told, between, exact, fen, half_up, rows

from panhuo.assemble import derive_options

GIVERS = {"administrative": "government", "state": "government", "private": "enterprise"}
PAYERS = {"visit_subsidy": "government", "operating_subsidy": "government", "donation": "donor"}


def check_capital(told: Told) -> None:
    """Raise AssertionError where the ledger does not add up, or somebody pays what he may not."""
    _items(told)
    _in_kind(told)
    _payers(told)
    _shares(told)
    _quotas(told)


def _items(told: Told) -> None:
    """Every item of every option and work is paid in full, once."""
    due = {(o, "", item): amount for o in told.plan for item, amount in told.costs(o, "capital").items()}
    for work in rows(told.instance["shared_works"]):
        for site, mode in {(row["site"], row["mode"]) for row in told.plan.values()}:
            there = {row["service"] for row in told.plan.values() if row["site"] == site}
            if there & set(work["services"]) and told.site[site]["floor"] > 1:  # as the districts ask
                area = exact(told.site[site][told.instance.settings.modes[mode].area_of])
                by_area = half_up(exact(work["capital_cny_per_m2"]) * 100 * area)
                due[site, work["work"], work["item"]] = by_area + fen(work["capital_cny"])
    paid: dict[tuple[str, str, str], int] = {}
    for row in told.ledger:
        if row["ledger"] == "capital":
            key = (row["site"] if row["work"] else row["option"], row["work"], row["item"])
            paid[key] = paid.get(key, 0) + row["fen"]
    assert paid == {key: amount for key, amount in due.items() if amount}
    assert all(row["fen"] > 0 for row in told.ledger)


def _in_kind(told: Told) -> None:
    """Rooms without rent and volunteers, at what they are worth."""
    given = told.instance.settings.in_kind
    for option, row in told.plan.items():
        kind = told.kind(option)
        assert fen(row["capital_cny"]) == sum(told.costs(option, "capital").values())
        assert fen(row["yearly_cny"]) == sum(told.costs(option, "yearly").values())
        free = kind is not None and not kind.pays_rent
        space = half_up(told.rent(row["site"]) * 100 * exact(row["area_m2"]) * exact(given.years)) if free else 0
        hours = exact(kind.volunteer_hours) if kind else Fraction(0)
        given_hours = half_up(hours * fen(given.volunteer_cny_per_hour) * exact(given.years))
        giver = GIVERS.get(told.site[row["site"]]["ownership"], "community")
        found = {
            (r["item"], r["party"]): r["fen"] for r in told.ledger if (r["ledger"], r["option"]) == ("in_kind", option)
        }
        expected = {("space", giver): space, ("volunteers", "community"): given_hours}
        assert found == {key: amount for key, amount in expected.items() if amount}


def _is_complex(told: Told, site: str) -> bool:
    """Whether the site holds a complex."""
    asked, own = told.instance.settings.policy.complex, [r for r in told.plan.values() if r["site"] == site]
    return (
        asked is not None
        and sum(exact(r["area_m2"]) for r in own) >= exact(asked.min_area_m2)
        and len(own) >= asked.min_functions
        and sum(r["service"] in asked.named for r in own) >= asked.min_named
    )


def _payers(told: Told) -> None:
    """Caps, eligibility, largest shares of items, one central source an item, money for complexes, years."""
    budget = told.instance.settings.policy.budget_cny
    assert budget is None or told.sum("capital") <= floor(exact(budget) * 100)
    for name, fund in told.fund.items():
        assert told.sum("capital", fund=name) <= floor(exact(fund["cap_cny"]) * 100)
        assert told.sum("yearly", fund=name) <= floor(exact(fund["yearly_cap_cny"]) * 100)
    items: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in told.ledger:
        if row["ledger"] == "capital":
            items.setdefault((row["site"], row["option"], row["work"], row["item"]), []).append(row)
        start = max(2026, 2027 if "2027" in str(told.site[row["site"]]["available_from"]) else 0)
        months = told.instance.settings.modes[row["mode"]].months
        assert row["year"] == (start if row["ledger"] == "capital" else start + months // 12)
        if row["fund"]:
            assert row["party"] == told.fund[row["fund"]]["party"]
            assert PAYERS.get(row["item"], row["party"]) == row["party"]
            assert row["ledger"] == "capital" or told.allowed(row) > 0
    for (site, *_), paid in items.items():
        whole = sum(row["fen"] for row in paid)
        assert all(row["fen"] <= ceil(told.allowed(row) * whole) for row in paid)
        assert sum(bool(told.fund[row["fund"]]["central"]) for row in paid) <= 1
        assert _is_complex(told, site) or not any(told.fund[row["fund"]]["complex_only"] for row in paid)


def _shares(told: Told) -> None:
    """Shares of parties by ledger and scope, and of funds in all capital."""
    for bound in rows(told.instance["parties"]):
        ledgers = ("capital", "in_kind") if bound["ledger"] == "capital_with_in_kind" else (bound["ledger"],)
        groups: dict[Any, list[dict[str, Any]]] = {}
        for row in told.ledger:
            option = told.plan.get(row["option"])
            mine = row["ledger"] in ledgers and (bound["scope"] != "service" or option is not None)
            for listed, column in ((bound["services"], "service"), (bound["operating"], "operating")):
                mine = mine and (not listed or (option is not None and option[column] in listed))
            if mine:
                key = {"plan": "", "service": option and option["service"], "project": row["site"]}[bound["scope"]]
                groups.setdefault(key, []).append(row)
        high = bound["max_share"]
        if high != high:
            high = 0 if bound["party"] == "resident" and bound["ledger"] == "capital" else 1
        for group in groups.values():
            part = sum(row["fen"] for row in group if row["party"] == bound["party"])
            between(bound["min_share"], part, high, sum(row["fen"] for row in group))
    for name, fund in told.fund.items():
        between(fund["min_share"], told.sum("capital", fund=name), fund["max_share"], told.sum("capital"))


def _quotas(told: Told) -> None:
    """A group's share of capital or floor area, by its share of the people."""
    instance = told.instance
    open_ = {told.site[s]["circle"] for s in derive_options(instance).table["site"]}
    kind = {row["circle"]: row["type"] for row in rows(instance["circles"])}
    for quota in instance.settings.policy.quotas:
        group = kind if quota.by == "circle_type" else {c: c for c in kind}
        people: dict[str, Fraction] = {}
        for row in rows(instance["demand"]):
            there = group[row["circle"]]
            people[there] = people.get(there, Fraction(0)) + sum(exact(row[f"people_{g}"]) for g in instance.groups)
        for name in {group[c] for c in open_}:
            share = people.get(name, Fraction(0)) / sum(people.values())
            low = exact(quota.min_factor) * share
            high = Fraction(1) if quota.max_factor is None else min(Fraction(1), exact(quota.max_factor) * share)
            if quota.measure == "floor_area":
                area = {o: exact(row["area_m2"]) for o, row in told.plan.items()}
                part = sum(a for o, a in area.items() if group[told.site[told.plan[o]["site"]]["circle"]] == name)
                assert low * sum(area.values()) <= part <= high * sum(area.values())
            else:
                of = {"fund": quota.fund} if quota.fund else {}
                part = sum(
                    told.sum("capital", site=s, **of) for s, row in told.site.items() if group[row["circle"]] == name
                )
                between(low, part, high, told.sum("capital", **of))
