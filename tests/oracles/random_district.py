"""Random districts: a hall (coverage), a canteen (tariffs, capacity) and at times a nursery (capacity) in two or three rooms.

Every rule about money is the theme of a few seeds, which draw figures that make it bind; the others are there by chance,
so that a few hundred seeds meet the rules in many combinations.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from districts import Row, district

from panhuo.instance import Instance

THEMES = (
    "capital/plan", "capital/service", "capital/project", "kind/plan", "kind/service", "kind/project",
    "yearly/plan", "yearly/service", "yearly/project", "fund share", "capital quota", "area quota",
    "margin", "margin cap", "pool", "subsidy", "write-off", "deficit", "picking", "central", "complex money",
    "complex", "bond", "item share", "cap", "yearly cap", "budget", "requires", "incompatible", "bonus", "works",
    "theta", "price cap", "required", "floor", "mandatory", "closing", "years",
)  # fmt: skip


def random_district(folder: Path, seed: int) -> Instance:
    """Write a random instance and read it."""
    draw = _Draw(seed)
    tables = _town(draw) | _people(draw) | _costs(draw) | _funds(draw) | _ties(draw)
    return district(folder, _settings(draw), **tables)


class _Draw:
    """Numbers by chance, and which rules are there."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self.theme = THEMES[seed % len(THEMES)]
        self.rules = {theme for theme in THEMES if theme == self.theme or self.chance(_OFTEN.get(theme, 0.08))}
        self.services = ["hall", "canteen", *(["nursery"] if self.chance(0.25) else [])]
        self.hall_is_run = self.theme == "pool" or self.chance(0.5)
        many = "nursery" in self.services or self.rules & {"closing", "central"}
        self.sites = 2 if many or self.chance(0.4) else 3
        self.sizes = "60;120" if self.sites == 2 and "closing" not in self.rules and self.chance(0.5) else "90"

    def chance(self, p: float) -> bool:
        return bool(self._rng.random() < p)

    def between(self, low: int, high: int) -> int:
        return int(self._rng.integers(low, high + 1))

    def pick(self, *values: Any) -> Any:
        return values[self.between(0, len(values) - 1)]

    def tight(self, theme: str, narrow: tuple[int, int], wide: tuple[int, int], p: float = 0.1) -> int:
        """A figure that binds where the theme asks for it, and at times elsewhere."""
        return self.between(*(narrow if self.theme == theme or self.chance(p) else wide))


_OFTEN = {"capital/plan": 0.2, "yearly/service": 0.15, "picking": 0.0, "cap": 0.0, "margin": 0.0, "required": 0.04,
          "mandatory": 0.04, "floor": 0.06, "complex": 0.04, "write-off": 0.3, "works": 0.25, "theta": 0.4}  # fmt: skip


def _town(draw: _Draw) -> dict[str, list[Row]]:
    """Where people live, rooms, today's facilities, services."""
    between, rules = draw.between, draw.rules
    demand = [
        {"id": f"d{i}", "x": between(0, 1200), "y": 0, "circle": f"c{i % 2}",
         "people_adult": between(2, 60) * 10 if i else 300, "people_old": between(8, 40) * 10}
        for i in range(between(2, 4))
    ]  # fmt: skip
    sites = [
        {"id": f"s{j}", "x": between(0, 1200), "y": between(0, 50), "circle": f"c{j % 2}",
         "area_m2": between(60, 100) if draw.theme == "closing" and j else between(150, 290), "ownership": draw.pick("state", "collective", "private"), "owner": f"o{j % 2}",
         "zone": draw.pick("", "renewal"), "floor": between(1, 2), "floor_area_m2": between(200, 320),
         "available_from": draw.pick("", "2027-03-01")}
        for j in range(draw.sites)
    ]  # fmt: skip
    capacity = between(40, 110) / 100
    services = {
        "hall": {"area_m2": 80, "min_area_m2": 60, "standard_m": 450, "income_cny_per_m2": 0 if draw.theme == "pool" else between(0, 4) * 40,
                 "mandatory": "yes" if "mandatory" in rules else ""},
        "canteen": {"sizes_m2": draw.sizes, "min_area_m2": 50, "visits_per_year": 250,
                    "standard_m": between(5, 9) * 100, "capacity_per_m2": "" if draw.chance(0.1) else capacity},
        "nursery": {"area_m2": 70, "min_area_m2": 60, "standard_m": 500, "capacity_per_m2": 0.5},
    }  # fmt: skip
    existing = [{"id": "e0", "service": "canteen", "x": between(0, 1200), "y": 0, "capacity_persons": between(20, 80) if draw.theme == "closing" else between(2, 30),
                 "site_id": "s1" if "closing" in rules else ""}]  # fmt: skip
    if draw.chance(0.3):
        existing.append({"id": "e1", "service": "hall", "x": between(0, 1200), "y": 0, "site_id": "s0"})
    return {
        "demand": demand, "sites": sites, "existing": existing,
        "services": [{"service": k, "class": "basic", "measure": "metres"} | services[k] for k in draw.services],
        "circles": [{"circle": "c0", "type": "old_town"}, {"circle": "c1", "type": "village"}],
    }  # fmt: skip


def _people(draw: _Draw) -> dict[str, list[Row]]:
    """Needs, tiers, tariffs."""
    between, rules = draw.between, draw.rules
    rates = {"hall": (("adult", 1), ("old", 1)), "canteen": (("old", 1),), "nursery": (("adult", 0.2),)}
    poor = between(3, 7) / 10
    income = draw.tight("theta", (6, 9), (9, 14)) * 100
    tiers = [
        {"tier": "plain", "group": "old", "share": round(1 - poor, 2), "need": 1, "income_cny_per_month": 2000},
        {"tier": "poor", "group": "old", "share": poor, "need": 2, "income_cny_per_month": income},
    ]
    high = between(11, 14)
    # Under the theme, the poor bring the place less than the others, and the government more to pay.
    for_poor = between(0, 1) if "picking" in rules else 5
    menu = {
        "cheap": ("safety_net", (("plain", 8, 1, 0, 1, 0.5), ("poor", 4, for_poor, 0, 1, 0.6))),
        "dear": ("inclusive", (("plain", high, 0, 1, 0, 0.3), ("poor", high - 4, for_poor // 2, 1, 0, 0.25))),
        "fair": ("inclusive", (("plain", 10, 1, 1, 0, 0.4), ("poor", 5, for_poor, 1, 0, 0.4))),
    }
    tariffs = [
        {"tariff": t, "service": "canteen", "price_class": of, "tier": tier, "price_cny": price, "government_cny": gov,
         "enterprise_cny": firm, "donor_cny": gift, "uptake": uptake,
         "operating": "private_aided" if t == "fair" else ""}
        for t, (of, rows) in menu.items()
        for tier, price, gov, firm, gift, uptake in rows
        if t != "fair" or draw.sites == 2
    ]  # fmt: skip
    needs = [{"service": k, "group": g, "rate": rate} for k in draw.services for g, rate in rates[k]]
    return {"needs": needs, "tiers": tiers, "tariffs": tariffs}


def _costs(draw: _Draw) -> dict[str, list[Row]]:
    """Costs, and works that services of a building share."""
    between = draw.between
    staff = draw.tight("margin", (45, 80), (15, 50)) if draw.theme != "margin cap" else 10
    if draw.theme in ("subsidy", "pool", "deficit", "write-off", "picking", "yearly/service"):
        staff = between(35, 75)
    costs = [
        {"item": "fit_out", "capital_cny_per_m2": between(3, 9) * 100},
        {"item": "equipment", "service": "canteen", "capital_cny_per_m2": between(1, 5) * 100},
        {"item": "equipment", "service": "canteen", "operating": "private_aided", "capital_cny_per_m2": between(1, 5) * 100,
         "capital_cny": 0.07},
        {"item": "staff", "service": "hall", "yearly_cny": between(1, 9) * 1000},
        {"item": "staff", "service": "canteen", "yearly_cny": staff * 1000},
        {"item": "food", "service": "canteen", "yearly_cny_per_visit": between(5, 8)},
    ]  # fmt: skip
    works = []
    if "works" in draw.rules:
        works.append({"work": "lift", "item": "access", "column": "floor", "op": ">", "value": 1, "services": "canteen;hall",
                      "capital_cny": between(4, 12) * 5000, "capital_cny_per_m2": draw.pick(0, 33.33)})  # fmt: skip
    return {"costs": costs, "shared_works": works}


def _funds(draw: _Draw) -> dict[str, list[Row]]:
    """Funds, what they may pay, and bounds on shares."""
    rules, between = draw.rules, draw.between
    capital = [t for t in ("cap", "capital/plan", "central", "complex money", "bond", "fund share", "item share", "works",
                             "required", "capital quota")
               if t == draw.theme]  # fmt: skip
    scarce = bool(capital) or draw.chance(0.15)
    poor_firm = scarce or draw.theme in ("capital/service", "capital/project", "kind/service")
    bond = "bond" in rules
    city = {"fund": "city", "party": "government", "cap_cny": between(4, 14) * 10_000 if scarce else between(15, 40) * 10_000,
            "yearly_cap_cny": draw.tight("yearly cap", (1, 3), (4, 20)) * 10_000 if draw.theme != "picking" else 20_000,
            "central": "yes" if "central" in rules else "", "complex_only": "yes" if "complex money" in rules else "",
            "max_share": between(3, 6) / 10 if "fund share" in rules else ""}  # fmt: skip
    other = {"fund": "bond" if bond else "state", "party": "government", "cap_cny": between(3, 12) * 10_000,
             "central": "yes" if "central" in rules else "", "debt_service": draw.pick(0.08, 0.3) if bond else "",
             "cover": 1.2 if bond else "", "min_share": 0.2 if "fund share" in rules and draw.chance(0.5) else ""}  # fmt: skip
    firm = {"fund": "firm", "party": "enterprise", "cap_cny": between(2, 6) * 10_000 if poor_firm else between(8, 20) * 10_000,
            "yearly_cap_cny": draw.pick(0, 0, 20_000)}  # fmt: skip
    gift = {
        "fund": "gift",
        "party": "donor",
        "cap_cny": between(0, 2) * 10_000,
        "yearly_cap_cny": between(2, 9) * 10_000,
    }
    village = {
        "fund": "village",
        "party": "community",
        "cap_cny": between(1, 4) * 10_000,
        "yearly_cap_cny": draw.pick(0, 30_000),
    }
    eligibility = [
        {"fund": "city", "max_share": between(4, 7) / 10 if "item share" in rules or "central" in rules else "",
         "years": "2026" if "years" in rules else ""},
        {"fund": other["fund"], "items": "fit_out;access;equipment", "zones": "renewal" if draw.chance(0.3) else "",
         "modes": "rebuild" if bond and "closing" in rules else ""},
        {"fund": other["fund"], "items": "fit_out", "max_share": 0.5},
        {"fund": "firm", "items": "equipment;fit_out;operation", "operating": "private_aided"},
        {"fund": "gift", "items": "equipment;donation"},
        {"fund": "village", "items": "fit_out;operation", "ownerships": draw.pick("", "collective;community")},
    ]  # fmt: skip
    return {"funds": [city, other, firm, gift, village], "eligibility": eligibility, "parties": _parties(draw)}


def _parties(draw: _Draw) -> list[Row]:
    """Bounds on shares, in every ledger and scope."""
    tenths = draw.between
    rows: dict[str, dict[str, Any]] = {
        "capital/plan": {"party": "government", "max_share": tenths(2, 6) / 10},
        "capital/service": {"party": "enterprise", "services": "canteen", "min_share": tenths(4, 7) / 10},
        "capital/project": draw.pick(
            {"party": "enterprise", "operating": "private_aided", "min_share": tenths(3, 6) / 10},
            {"party": "government", "max_share": tenths(3, 6) / 10},
        ),
        "kind/plan": {"party": "community", "min_share": tenths(2, 5) / 10},
        "kind/service": {"party": draw.pick("community", "enterprise"), "services": "canteen", "min_share": tenths(2, 5) / 10},
        "kind/project": {"party": "government", "max_share": tenths(3, 7) / 10},
        "yearly/plan": {"party": "government", "max_share": tenths(1, 5) / 20},
        "yearly/service": draw.pick(
            {"party": "government", "services": "canteen", "max_share": tenths(1, 5) / 20},
            {"party": "government", "services": "canteen", "operating": "public_public", "min_share": tenths(3, 6) / 10},
            {"party": "resident", "services": "canteen", "min_share": tenths(7, 9) / 10},
        ),
        "yearly/project": draw.pick(
            {"party": "government", "max_share": tenths(1, 5) / 20}, {"party": "resident", "min_share": tenths(7, 9) / 10}
        ),
    }  # fmt: skip
    ledgers = {"capital": "capital", "kind": "capital_with_in_kind", "yearly": "yearly"}
    return [
        {"bound": theme.replace("/", "_"), "ledger": ledgers[theme.split("/")[0]], "scope": theme.split("/")[1]} | row
        for theme, row in rows.items()
        if theme in draw.rules
    ]


def _ties(draw: _Draw) -> dict[str, list[Row]]:
    """Links of every kind."""
    near = draw.pick("", 300)
    pair = {"service_a": "canteen", "service_b": "hall"}
    links = {
        "requires": {"kind": "requires", "within_m": near} | pair,
        "incompatible": {"kind": "incompatible", "within_m": draw.pick(200, 600)}
        | draw.pick(pair, pair | {"service_b": "canteen"}),
        "bonus": {"kind": "bonus", "within_m": near, "bonus": 1.5} | pair,
    }
    return {"links": [{"link": theme} | row for theme, row in links.items() if theme in draw.rules]}


def _settings(draw: _Draw) -> str:
    """All of instance.toml but the title."""
    rules, between, theme = draw.rules, draw.between, draw.theme
    people = "{ name = 'people', measure = 'coverage', tolerance = 0.0 }"
    second = draw.pick("", "", "{ name = 'cost', measure = 'capital', tolerance = 0.0 }")
    points = "{ name = 'links', measure = 'links', tolerance = 0.0 }"
    stages = [points, people] if theme == "bonus" else [people, points] if "bonus" in rules else [people, second]
    policy = {"start_year": 2026, "objectives": f"[{', '.join(stage for stage in stages if stage)}]"}
    if "theta" in rules:
        policy["affordable_share"] = between(15, 25) / 100
    if "price cap" in rules:
        policy["price_cap_cny"] = between(9, 12)
    if "budget" in rules:
        policy["budget_cny"] = between(8, 20) * 10_000
    quotas = [
        f"{{ measure = '{measure}', by = '{draw.pick('circle', 'circle_type')}', {factors} }}"
        for rule, measure, factors in (
            ("capital quota", "capital", f"min_factor = {between(5, 10) / 10}"),
            ("area quota", "floor_area", f"min_factor = {between(4, 8) / 10}, max_factor = {between(11, 20) / 10}"),
        )
        if rule in rules
    ]
    if "capital quota" in rules and draw.chance(0.4):
        quotas.append("{ measure = 'capital', fund = 'city', by = 'circle', max_factor = 1.2 }")
    policy["quotas"] = f"[{', '.join(quotas)}]"
    if "complex" in rules or "complex money" in rules:
        policy["complex"] = (
            f"{{ min_area_m2 = {between(14, 19) * 10}, min_functions = 2, named = ['canteen'], min_named = 1, "
            f"least = {int('complex' in rules)} }}"
        )
    if "floor" in rules:
        policy["floors"] = (
            f"[{{ service = '{draw.pick('hall', 'canteen')}', share = {between(2, 5) / 10}, circles = ['c0'] }}]"
        )
    if "required" in rules:
        policy["required_sites"] = "['s0']"
    least = between(-2, 6)
    spread = between(1, 8) if theme == "margin cap" else 40 if draw.chance(0.2) else 0
    margin_max = f"margin_max = {(least + spread) / 100}" if spread else ""
    pool = f'pooled_by = "{draw.pick("owner", "plan", "circle")}"' if "pool" in rules else ""
    subsidy = between(1, 4) * 5000 if "subsidy" in rules or draw.chance(0.4) else 0
    sections = {
        "modes.convert": "area_ratio = 1.0\nmonths = 4",
        "in_kind": f"rent_cny_per_m2 = {between(60, 200)}\nvolunteer_cny_per_hour = 20\nyears = {draw.pick(1, 2.5, 5)}",
        "operating.public_public": f"""services = ["canteen"]
operator = "{draw.pick("government", "community")}"
price_classes = ["safety_net"]
volunteer_hours = {between(0, 40) * 5}
write_off_years = {draw.pick(5, 8)}""",
        "operating.private_aided": f"""services = ["canteen"{', "hall"' if draw.hall_is_run else ""}]
operator = "enterprise"
price_classes = ["inclusive"]
margin_min = {least / 100}
{margin_max}
{pool}
subsidy_cny = {subsidy}
subsidy_cny_per_m2 = {draw.pick(0, 40.5)}
pays_rent = {str(draw.chance(0.3)).lower()}
{f"write_off_years = {between(3, 9)}" if "write-off" in rules else ""}""",
        "policy": "\n".join(f"{k} = {v}" for k, v in policy.items()),
    }
    if "closing" in rules:
        sections["modes.rebuild"] = "area_of = 'floor_area_m2'\nmonths = 14\ncloses_existing = true"
    return "\n".join(f"[{name}]\n{body}" for name, body in sections.items())
