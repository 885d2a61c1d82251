"""Verification finds whatever was changed in a result, and nothing in one that was not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import panhuo

from .tampering import edit, texts


def cell(file: str, row: int, column: str, value: str) -> Callable[[Path], None]:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[row, column] = value
        return table

    return lambda out: edit(out / file, change)


def row(file: str, at: int, **values: str) -> Callable[[Path], None]:
    def change(table: pd.DataFrame) -> pd.DataFrame:
        for column, value in values.items():
            table.loc[at, column] = value
        return table

    return lambda out: edit(out / file, change)


def drop(file: str, row: int) -> Callable[[Path], None]:
    return lambda out: edit(out / file, lambda table: table.drop(index=row))


def again(file: str, row: int) -> Callable[[Path], None]:
    return lambda out: edit(out / file, lambda table: pd.concat([table, table.loc[[row]]]))


def record(*path: str | int, value: Any) -> Callable[[Path], None]:
    def change(out: Path) -> None:
        file = out / "run.json"
        run = at = json.loads(file.read_text(encoding="utf-8"))
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        file.write_text(json.dumps(run), encoding="utf-8")

    return change


def test_an_untouched_result_is_verified(out: Path) -> None:
    assert texts(panhuo.verify(out)) == []


SPOILT = {
    # a changed cost
    "a cost, by one fen": (cell("plan.csv", 0, "capital_cny", "116000.01"), "plan.csv, S1:convert:clinic, capital_cny = 116000.01: expected 116000.00"),
    "a yearly cost": (cell("plan.csv", 1, "yearly_cny", "94000.10"), "plan.csv, S2:convert:canteen, yearly_cny = 94000.10: expected 94000.00"),
    "an area": (cell("plan.csv", 0, "area_m2", "79.99"), "plan.csv, S1:convert:clinic, area_m2 = 79.99: expected 80.00"),
    "the months": (cell("plan.csv", 2, "months", "3"), "plan.csv, S3:keep:culture, months = 3: expected 2"),
    "an option that is excluded": (
        lambda out: edit(out / "plan.csv", lambda t: t.replace({"S1:convert:clinic": "S1:convert:canteen"}).replace({"clinic": "canteen"})),
        "plan.csv, S1:convert:canteen, option: excluded by the rule kitchen_flue",
    ),
    "an option that does not exist": (cell("plan.csv", 0, "option", "S1:convert:pool"), "plan.csv, S1:convert:pool, option:"),
    # a coverage figure off by one person
    "covered after, off by one": (cell("coverage.csv", 0, "after_persons", "121"), "coverage.csv, west canteen, after_persons = 121.0: expected 120.0"),
    "covered before, off by one": (cell("coverage.csv", 2, "before_persons", "641"), "coverage.csv, west culture, before_persons = 641.0: expected 640.0"),
    "newly covered, off by one": (cell("coverage.csv", 0, "new_persons", "119"), "coverage.csv, west canteen, new_persons"),
    "unreachable, off by one": (cell("coverage.csv", 5, "unreachable_persons", "339"), "coverage.csv, east culture, unreachable_persons"),
    "lost, off by one": (cell("coverage.csv", 5, "lost_persons", "1"), "coverage.csv, east culture, lost_persons"),
    "a circle's type": (cell("coverage.csv", 0, "circle_type", "village"), "coverage.csv, west canteen, circle_type = village: expected old_town"),
    "a demand point, off by one": (cell("demand.csv", 4, "after_persons", "379"), "demand.csv, D2 clinic, after_persons = 379.0: expected 380.0"),
    "a demand point's people": (cell("demand.csv", 4, "persons", "381"), "demand.csv, D2 clinic, persons"),
    # where people go
    "allocated to a place that is closed": (cell("allocation.csv", 0, "place", "S2"), "allocation.csv, D1 clinic adult, place = S2: the place must be open"),
    "allocated to one's own invention": (cell("allocation.csv", 0, "place", "S9"), "allocation.csv, D1 clinic adult, place = S9: the place must be open"),
    "allocated beyond the standard": (
        row("allocation.csv", 0, place="E1", kind="existing", option=""),
        "allocation.csv, D1 clinic adult, place = E1: the place must lie within the service's standard",
    ),
    "minutes": (cell("allocation.csv", 6, "minutes", "14.061"), "allocation.csv, D2 canteen senior, minutes = 14.061: expected 14.062"),
    "metres": (cell("allocation.csv", 6, "metres", "751"), "allocation.csv, D2 canteen senior, metres = 751.0: expected 750.0"),
    "persons allocated": (cell("allocation.csv", 6, "persons", "81"), "allocation.csv, D2 canteen senior, persons = 81.0: expected 80.0"),
    "the option of an allocation": (cell("allocation.csv", 6, "option", ""), "allocation.csv, D2 canteen senior, option"),
    # money
    "a payment, by one fen": (cell("ledger.csv", 0, "amount_cny", "96000.01"), "ledger.csv, S1:convert:clinic fit_out, amount_cny = 96000.01: expected 96000.00"),
    "half a fen": (cell("ledger.csv", 0, "amount_cny", "96000.005"), "ledger.csv, row 2, amount_cny = 96000.005: must be whole hundredths"),
    "an ineligible payment": (
        row("ledger.csv", 4, fund="equip", party="enterprise"),
        "ledger.csv, S3:keep:culture fit_out equip, fund = equip: the fund may not pay this item of this option",
    ),
    "a fund over its cap": (
        row("ledger.csv", 4, fund="equip", party="enterprise"),
        "ledger.csv, equip, amount_cny = 79999.80: expected <= 60000.00. The cap of the fund",
    ),
    "a share out of bounds": (
        lambda out: edit(out / "ledger.csv", lambda t: t.assign(fund="works", party="government")),
        "ledger.csv, government, amount_cny = 275999.80: expected 0.00 … 220799.84. The party's share of the plan's capital, between 0.0 and 0.8",
    ),
    "the party behind a fund": (cell("ledger.csv", 0, "party", "donor"), "ledger.csv, S1:convert:clinic fit_out works, party = donor: expected government"),
    "a fund nobody knows": (cell("ledger.csv", 0, "fund", "gift"), "ledger.csv, S1:convert:clinic fit_out gift, fund = gift: no such fund"),
    "the site of a payment": (cell("ledger.csv", 0, "site", "S2"), "ledger.csv, S1:convert:clinic fit_out works, site = S2:convert: expected S1:convert"),
    "another ledger": (cell("ledger.csv", 0, "ledger", "yearly"), "ledger.csv, S1:convert:clinic fit_out, amount_cny = 0.00: expected 96000.00. The row is missing"),
    # rows
    "a missing ledger row": (drop("ledger.csv", 3), "ledger.csv, S2:convert:canteen equipment, amount_cny = 0.00: expected 30000.00. The row is missing"),
    "a ledger row twice": (again("ledger.csv", 3), "ledger.csv, S2:convert:canteen equipment equip: the row stands there more than once"),
    "a missing plan row": (drop("plan.csv", 2), "sites.csv, S3, chosen = yes: expected no"),
    "a plan row twice": (again("plan.csv", 2), "plan.csv, S3:keep:culture: the row stands there more than once"),
    "a missing site": (drop("sites.csv", 1), "sites.csv, S2: the row is missing"),
    "a missing circle": (drop("coverage.csv", 1), "coverage.csv, west clinic: the row is missing"),
    "a missing demand point": (drop("demand.csv", 0), "demand.csv, D1 canteen: the row is missing"),
    "a missing allocation": (drop("allocation.csv", 0), "allocation.csv, D1 clinic adult: the row is missing"),
    "an allocation twice": (again("allocation.csv", 0), "allocation.csv, D1 clinic adult: the row stands there more than once"),
    "a price": (
        lambda out: (out / "prices.csv").write_text((out / "prices.csv").read_text("utf-8-sig") + "S1:convert:clinic,a,b,1,0,0,0,yes,1,1,1,1\n", "utf-8-sig"),
        "prices.csv, S1:convert:clinic b: the row must not be there",
    ),
    "a missing table": (lambda out: (out / "demand.csv").unlink(), "demand.csv: the table is missing"),
    "a missing column": (
        lambda out: edit(out / "ledger.csv", lambda t: t.drop(columns="party")), "ledger.csv, party: the column is missing"
    ),
    "no number": (cell("coverage.csv", 0, "after_persons", "many"), "coverage.csv, row 2, after_persons = many: must be a number"),
    # the story
    "a site's reason": (cell("sites.csv", 0, "reason", "not_chosen"), "sites.csv, S1, reason = not_chosen: expected chosen"),
    "a site's services": (cell("sites.csv", 1, "services", "canteen;clinic"), "sites.csv, S2, services = canteen;clinic: expected canteen"),
    "a site's capital": (cell("sites.csv", 1, "capital_cny", "1.00"), "sites.csv, S2, capital_cny = 1.00: expected 130000.00"),
    # the record
    "the capital": (record("capital_cny", value=275_999.81), "run.json, capital_cny = 275999.81: expected 275999.8"),
    "no number at all": (record("capital_cny", value=float("nan")), "run.json, capital_cny = nan: expected 275999.8"),
    "the yearly cost": (record("yearly_cny", value=0), "run.json, yearly_cny = 0: expected 239600.0"),
    "person-services": (record("new_person_services", value=1211), "run.json, new_person_services = 1211: expected 1210.0"),
    "a service's people": (record("coverage", "clinic", "after", value=1341), "run.json, coverage.clinic.after = 1341: expected 1340.0"),
    "a service left out": (record("coverage", value={}), "run.json, coverage.culture.base_persons"),
    "a party's share": (record("shares", "capital", "government", value=0.5), "run.json, shares.capital.government = 0.5: expected 0.78"),
    "an objective": (record("stages", 1, "objective", value=361), "run.json, stages.quality.objective = 361: expected 360.0"),
    "a bound below the plan": (record("stages", 1, "bound", value=359), "run.json, stages.quality.bound = 359: no plan surpasses a bound"),
    "a gap": (record("stages", 1, "gap", value=0.001), "run.json, stages.quality.gap = 0.001: expected "),
    "the sense of a stage": (record("stages", 0, "sense", value="min"), "run.json, stages.basic.sense = min: expected max"),
    "the gap at the top": (record("gap", value=0.5), "run.json, gap = 0.5: expected "),
    "what a fund pays": (record("funds", 0, "used_cny", value=1), "run.json, funds.works.used_cny = 1: expected 215999.8"),
    "a stage left out": (record("stages", value=[]), "run.json, stages.basic: the stage is missing, but the run claims to be complete"),
    # inputs
    "an input changed since": (
        lambda out: edit(out / "inputs" / "services.csv", lambda t: t.replace({"老年食堂": "食堂"})),
        "expected 558413880c7c. The input has changed since the plan was made (SHA-256)",
    ),
    "an input that changes the plan": (
        lambda out: edit(out / "inputs" / "costs.csv", lambda t: t.replace({"1000": "999"})), "plan.csv, S2:convert:canteen, capital_cny = 130000.00: expected 129900.00"
    ),
    "an input nobody knows": (lambda out: (out / "inputs" / "minutes.csv").write_text("x"), "inputs/minutes.csv: run.json does not know this input"),
    "an input missing": (lambda out: (out / "inputs" / "parties.csv").unlink(), "inputs/parties.csv: the input is missing"),
    "an input no longer sound": (
        lambda out: edit(out / "inputs" / "sites.csv", lambda t: t.assign(area_m2="-1")), "inputs/sites.csv, area_m2 = -1"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILT)
def test_what_was_changed_is_found(out: Path, case: str) -> None:
    spoil, expected = SPOILT[case]
    spoil(out)
    found = panhuo.verify(out)
    assert not found.ok
    assert any(expected in text for text in texts(found)), texts(found)
