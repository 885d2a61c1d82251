"""What every site may become, and what that takes and costs: derived again, in exact numbers."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor
from typing import Any, cast

from panhuo.instance import Instance
from panhuo.instance.tabular import records
from panhuo.result.verify.exact import MICRO, exact, given, half_up, hundredths, rated
from panhuo.result.verify.stock.charges import Menu
from panhuo.result.verify.stock.costs import Costs
from panhuo.result.verify.stock.in_kind import Gifts
from panhuo.result.verify.stock.neighbours import Neighbours
from panhuo.result.verify.stock.option import Option, is_meant
from panhuo.result.verify.stock.payers import Payable, Payers
from panhuo.result.verify.stock.rules import Line, Rulebook
from panhuo.result.verify.stock.supplies import Supplies
from panhuo.result.verify.stock.works import Work, Works

Records = list[dict[str, Any]]

_IN_TURN = ("operating", "no_cost", "no_tariff", "dropped", "unpayable")
"""Rules in the order in which they bite; what fails under one operating mode may pass under another, and fail later."""


class Stock:
    """Every option of an instance, and the rule that excludes each site, mode and service that make none.

    Parameters
    ----------
    instance : Instance
        All tables but those about people, and the settings.
    """

    def __init__(self, instance: Instance) -> None:
        self._settings = instance.settings
        self.sites: dict[str, dict[str, Any]] = {r["id"]: r for r in records(instance["sites"])}
        self.services: dict[str, dict[str, Any]] = {r["service"]: r for r in records(instance["services"])}
        self._conversions: dict[tuple[str, str, str], dict[str, Any]] = {
            (r["site"], r["mode"], r["service"]): r for r in records(instance["conversions"])
        }
        self.menu, self.payers = Menu(instance), Payers(instance)
        self._costs, self._gifts, self.supplies = Costs(instance), Gifts(instance), Supplies(instance)
        policy = self._settings.policy
        self.status = {s: row["status"] for s, row in self.sites.items()}
        self.status |= dict.fromkeys(policy.required_sites, "required") | dict.fromkeys(
            policy.excluded_sites, "excluded"
        )
        self.pinned, self._struck = policy.pinned, policy.dropped
        self.excluded: dict[tuple[str, str, str], str] = {}
        self.works: dict[tuple[str, str], list[Work]] = {}
        self.options: dict[str, Option] = {}
        rulebook, works = Rulebook(instance), Works(instance)
        for site, row in self.sites.items():
            holding = rulebook.holding(row)
            for mode in self._settings.modes:
                self.works[site, mode] = works.of(row, mode, self.room(site, mode))
                for service in self.services:
                    self._derive(site, mode, service, holding)
        self.neighbours = Neighbours(instance)
        self._exclude_by_others()

    def room(self, site: str, mode: str) -> int:
        """Usable floor area of a project [0.01 m²], rounded down."""
        settings, row = self._settings.modes[cast("Any", mode)], self.sites[site]
        start = row[settings.area_of]
        if not given(start):
            start = row["area_m2"] if settings.area_of == "floor_area_m2" else 0.0
        return hundredths(start) * half_up(exact(settings.area_ratio) * 10_000) // 10_000

    def sizes(self, service: str) -> dict[str, int]:
        """Size levels of a service, the smallest first: area [0.01 m²] by name; one level has no name."""
        row = self.services[service]
        levels = sorted(row["sizes_m2"])
        if len(levels) > 1:
            return {f"{level:g}": hundredths(level) for level in levels}
        one = levels[0] if levels else row["area_m2"] if given(row["area_m2"]) else row["min_area_m2"]
        return {"": hundredths(one)}

    def capacity(self, service: str, area: int, own: Any) -> int | None:
        """Most people served on an area of so many 0.01 m², or as given [micro-persons]; ``None`` without limit."""
        if service not in self.menu.flow:
            return None
        if given(own):
            return floor(exact(own) * MICRO)
        each = self.services[service]["capacity_per_m2"]
        return floor(exact(each) * area * MICRO / 100) if given(each) else None

    def standing(self, service: str, own: Any) -> int | None:
        """Most people an existing facility serves: as given, or as the smallest size of the service would."""
        return self.capacity(service, min(self.sizes(service).values()), own)

    def upkeep(self, service: str) -> tuple[int, int, int]:
        """Give yearly cost, income beside visits and cost of a visit of the smallest size, whoever runs it [fen]."""
        area = min(self.sizes(service).values())
        fixed = sum(self._costs.items("yearly", "", service, "", area).values())
        income = rated(self.services[service]["income_cny_per_m2"], area)
        return fixed, income, self._costs.per_visit(service, "")

    def payable(self, unit: Option | Work, item: str, year: int | None) -> Payable:
        """Describe a payment for an option or a shared work."""
        row = self.sites[unit.site]
        services = unit.services if isinstance(unit, Work) else (unit.service,)
        operating = None if isinstance(unit, Work) else unit.operating
        return Payable(item, unit.mode, services, operating, row["ownership"], row["zone"], year)

    def needed(self, options: list[Option]) -> list[Work]:
        """List the shared works that options need, once each."""
        services: dict[tuple[str, str], list[str]] = {}
        for option in options:
            services.setdefault((option.site, option.mode), []).append(option.service)
        return [work for project, own in services.items() for work in self.works[project] if work.needed(own)]

    def capital_year(self, site: str) -> int | None:
        """Year in which a site's capital is spent."""
        start, free = self._settings.policy.start_year, self.sites[site]["available_from"]
        return start if start is None or not given(free) else max(start, free.year)

    def _derive(self, site: str, mode: str, service: str, holding: list[tuple[str, list[Line]]]) -> None:
        rule = self._excluding(site, mode, service, holding)
        if not rule:
            failed, found = ["operating"], []
            for operating in self.menu.runs(service, mode):
                if not self._priced(site, mode, service, operating):
                    failed.append("no_cost")
                elif not self.menu.offered(service, operating):
                    failed.append("no_tariff")
                else:
                    options = list(self._sized(site, mode, service, operating))
                    left = [o for o in options if not any(is_meant(pin, o) for pin in self._struck)]
                    found += [option for option in left if self._can_be_paid(option)]
                    failed.append("unpayable" if left else "dropped")
            rule = max(failed, key=_IN_TURN.index)
            self.options |= {option.key: option for option in found}
            rule = "" if found else rule
        if rule:
            self.excluded[site, mode, service] = rule

    def _excluding(self, site: str, mode: str, service: str, holding: list[tuple[str, list[Line]]]) -> str:
        """Name the first rule that excludes a pair whoever runs it; empty where none does."""
        row = self._conversions.get((site, mode, service), {})
        allowed = row.get("allowed")
        if self.status[site] == "excluded":
            return "status"
        if given(allowed) and not allowed:
            return "conversion"
        if not given(allowed):
            for rule, lines in holding:
                if all(line.concerns(service, mode) for line in lines):
                    return rule
        own, room = row.get("area_m2"), self.room(site, mode)
        if not given(own):
            return "min_area" if room < hundredths(self.services[service]["min_area_m2"]) else ""
        return "conversion_area" if hundredths(own) > room else ""

    def _priced(self, site: str, mode: str, service: str, operating: str) -> bool:
        """Whether anything says what it costs."""
        row = self._conversions.get((site, mode, service), {})
        own = any(given(v) for c, v in row.items() if c.startswith(("capital_cny_", "yearly_cny_")))
        return own or bool(self._costs.rows(mode, service, operating))

    def _sized(self, site: str, mode: str, service: str, operating: str) -> Iterator[Option]:
        """Make an option of every size level that fits; of the whole room where none does."""
        own, room = self._conversions.get((site, mode, service), {}).get("area_m2"), self.room(site, mode)
        levels = {"": hundredths(own)} if given(own) else self.sizes(service)
        fitting = {size: area for size, area in levels.items() if area <= room}
        for size, area in (fitting or {next(iter(levels)): room}).items():
            yield self._option(site, mode, service, operating, size, area)

    def _option(self, site: str, mode: str, service: str, operating: str, size: str, area: int) -> Option:
        row, catalogue = self._conversions.get((site, mode, service), {}), self.services[service]
        run = self._settings.operating[cast("Any", operating)] if operating else None
        capacity = self.capacity(service, area, row.get("capacity_persons"))
        months = row.get("months") if given(row.get("months")) else self._settings.modes[cast("Any", mode)].months
        capital, yearly = (self._cost(row, ledger, mode, service, operating, area) for ledger in ("capital", "yearly"))
        if run and run.pays_rent and (rent := rated(self._gifts.rent(self.sites[site]), area)):
            yearly["rent"] = yearly.get("rent", 0) + rent
        return Option(
            site, mode, service, operating, size, area,
            months=int(cast("int", months)),
            capital_year=self.capital_year(site),
            capital=capital,
            yearly=yearly,
            visit_cost=self._costs.per_visit(service, operating),
            capacity=capacity,
            income=rated(catalogue["income_cny_per_m2"], area),
            subsidy=rated(run.subsidy_cny_per_m2, area) + hundredths(run.subsidy_cny) if run else 0,
            in_kind=self._gifts.of(self.sites[site], run, area),
            takes=self.supplies.takes(service, capacity),
            gives=self.supplies.gives(service, area, row.get("supply")),
        )  # fmt: skip

    def _cost(
        self, given_row: dict[str, Any], ledger: str, mode: str, service: str, operating: str, area: int
    ) -> dict[str, int]:
        """Cost by item [fen]; what the conversions table gives takes the place of everything derived."""
        prefix = f"{ledger}_cny_"
        own = {c.removeprefix(prefix): v for c, v in given_row.items() if c.startswith(prefix) and given(v)}
        if own:
            found = {item: hundredths(value) for item, value in own.items()}
        else:
            found = self._costs.items(ledger, mode, service, operating, area)
        return {item: fen for item, fen in found.items() if fen}

    def _can_be_paid(self, option: Option) -> bool:
        """Whether some fund may pay every capital item of an option and of the shared works it needs."""
        due: list[tuple[Option | Work, str]] = [(option, item) for item in option.capital]
        due += [
            (work, work.item)
            for work in self.works[option.site, option.mode]
            if work.fen and work.needed([option.service])
        ]
        return all(self.payers.of(self.payable(unit, item, option.capital_year)) for unit, item in due)

    def _exclude_by_others(self) -> None:
        """Exclude options beside an existing facility they do not go with and that cannot close, or out of supply."""
        closing = {m for m, mode in self._settings.modes.items() if mode.closes_existing}
        supplied = self.supplies.supplier_of
        places = {o.site for o in self.options.values() if o.service in supplied.values()} | set(self.supplies.standing)
        self.supplies.look_up(places, {o.site for o in self.options.values() if o.service in supplied})
        before = -1
        while before != len(self.options):  # what is excluded no longer closes what stands in its site, nor supplies it
            before = len(self.options)
            emptied = {option.site for option in self.options.values() if option.mode in closing}
            for key, option in list(self.options.items()):
                self._exclude(key, self.neighbours.barred(option.site, option.service, emptied))
            near, fed = self._near()
            for key, option in list(self.options.items()):
                if option.service in supplied and option.offer not in fed:
                    self._exclude(key, "no_supply" if option.offer in near else "supply")

    def _exclude(self, key: str, rule: str) -> None:
        """Exclude an option by a rule, if there is one."""
        if rule:
            option = self.options.pop(key)
            self.excluded[option.site, option.mode, option.service] = rule

    def _near(self) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        """List the offers near enough to a supplier of their service, and those that one might indeed supply."""
        supplies, sizes = self.supplies, {k: min(self.sizes(k).values()) for k in self.services}
        asked = {o.offer for o in self.options.values() if o.service in supplies.supplier_of}
        there = [(o.service, o.site, o.gives) for o in self.options.values()]
        there += [(k, e, supplies.gives(k, sizes[k], own)) for e, (k, own) in supplies.standing.items()]
        every, giving = ([(k, place) for k, place, gives in there if gives or any_] for any_ in (True, False))
        return supplies.fed(every, asked), supplies.fed(giving, asked)
