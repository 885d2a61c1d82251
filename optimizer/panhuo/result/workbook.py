"""The plan as a workbook: summary, plan, sites, coverage, ledger, funds, and the money as readers want it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from panhuo.instance import Instance
from panhuo.instance.schema.choices import ITEMS, MODES, OPERATING, PARTIES, STATUSES
from panhuo.result.headers import KINDS, header
from panhuo.result.money.figures import subsidies
from panhuo.result.money.sheets import burden_table, fund_item_table, losing_table, party_table
from panhuo.result.plan import Result
from panhuo.words import Lang, T, Text
from panhuo.words.names import name

_BORN = datetime.datetime(2020, 1, 1)
_SHEETS = {
    "plan": T("Plan"), "sites": T("Sites"), "coverage": T("Coverage"), "ledger": T("Ledger"), "funds": T("Funds"),
    "parties": T("Money by party"), "items": T("Funds and items"), "accounts": T("Profit and loss"),
    "burden": T("Burden by tier"), "losing": T("Would lose money"), "subsidies": T("Subsidy a person"),
    "supply": T("Supply"),
}  # fmt: skip
_ALWAYS = ("plan", "sites", "coverage", "ledger", "funds", "parties")
"""Sheets that are there even where they have no rows."""

_FORMATS = {
    "_cny": "#,##0.00", "_cny_per_month": "#,##0.00", "_m2": "#,##0.00", "persons": "#,##0.##", "_share": "0.0%",
    "margin": "0.0%", "margin_min": "0.0%", "margin_max": "0.0%", "per_day_best": "0.0", "per_day_needed": "0.0",
}  # fmt: skip
"""Number formats by the end of a column's key."""

_STATES = {
    "optimal": "已证明最优", "within_gap": "达到要求的差距", "time_limit": "因时间限制停止", "interrupted": "已中断",
    "evaluated": "仅评估",
}  # fmt: skip
_REASONS = {
    "chosen": "选用", "excluded": "已排除", "no_option": "没有可选方案", "off_network": "不在路网上",
    "no_gain": "无新增", "not_chosen": "未选用",
}  # fmt: skip
_YES = {"yes": "是", "no": "否"}
_LEDGERS = {"capital": "投资", "yearly": "年度", "in_kind": "实物"}


_MEANINGS = (
    ("plan", "capital_cny", T(
        "capital of the option alone: shared works of its building (lift, fire water, …) stand in the sheets Sites "
        "and Ledger"
    )),
    ("plan", "year_open", T(
        "the year of the first payment (policy.start_year, or later where the site is available later) and the months "
        "of the mode, whole years of them"
    )),
    ("ledger", "year", T("capital: the year it is paid in; a year and in kind: the year of opening")),
    ("accounts", "break_even_visits", T(
        "least visits at which the place loses nothing, with the operating subsidy it is paid"
    )),
    ("losing", "needed_visits", T(
        "least visits at which the place keeps its least margin, with the largest operating subsidy it may get"
    )),
)  # fmt: skip
"""Sheet, column and meaning of what would be taken for something else."""


def write_workbook(result: Result, path: Path, lang: Lang = "en") -> None:
    """Write plan.xlsx: headers frozen, filters on, numbers as numbers; text is never taken for a formula.

    For Chinese readers headers and keys are put into words; for English readers they stay as in the CSV files.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": _BORN, "title": result.instance.settings.title})
        looks: dict[str, Any] = {suffix: book.add_format({"num_format": number}) for suffix, number in _FORMATS.items()}
        looks["head"] = book.add_format({"bold": True, "bottom": 1})
        looks["wide"] = book.add_format({"num_format": "#,##0.######"})
        looks["percent"] = book.add_format({"num_format": 10})  # 0.00%, so numbered by ECMA-376
        _summary(result, book.add_worksheet(T("Summary").to(lang)), looks, lang)
        words = _words(result.instance, lang)
        for key, table in _laid_out(result).items():
            if len(table) or key in _ALWAYS:
                _sheet(table, book.add_worksheet(_SHEETS[key].to(lang)), looks, words, lang)


def _laid_out(result: Result) -> dict[str, pd.DataFrame]:
    """Give the tables of the sheets, in order."""
    made = {
        "funds": _funds(result),
        "parties": party_table(result.run),
        "items": fund_item_table(result.run),
        "burden": burden_table(result.tables),
        "losing": losing_table(result.tables),
        "subsidies": subsidies(result.instance, result.tables),
    }
    return {key: made[key] if key in made else result.tables[key] for key in _SHEETS}


def _words(instance: Instance, lang: Lang) -> dict[str, Mapping[str, str]]:
    """Put keys into words, by column."""

    def called(table: str, key: str) -> dict[str, str]:
        rows = instance[table].drop_duplicates(key)
        return {
            own: name(en, zh).to(lang) or own
            for own, en, zh in zip(rows[key], rows["name_en"], rows["name_zh"], strict=True)
        }

    services = called("services", "service")
    named: dict[str, Mapping[str, str]] = {
        "service": services, "services": services, "fund": called("funds", "fund"), "tier": called("tiers", "tier"),
        "tariff": called("tariffs", "tariff"), "work": called("shared_works", "work"),
    }  # fmt: skip
    if lang == "en":
        return named
    chosen: dict[str, Mapping[str, tuple[str, ...]]] = {
        "mode": MODES, "party": PARTIES, "operator": PARTIES, "status": STATUSES, "operating": OPERATING,
    }  # fmt: skip
    spoken = {column: {key: said[0] for key, said in words.items()} for column, words in chosen.items()}
    return {
        **named, **spoken, "reason": _REASONS, "chosen": _YES, "affordable": _YES, "ledger": _LEDGERS, "kind": KINDS,
        "item": ITEMS,
    }  # fmt: skip


def _funds(result: Result) -> pd.DataFrame:
    """Lay out what every fund pays and what is left of it, of the capital and of a year."""
    columns = [
        "fund", "party", "cap_cny", "used_cny", "left_cny", "yearly_cap_cny", "yearly_used_cny", "yearly_left_cny",
    ]  # fmt: skip
    table = pd.DataFrame(result.run["funds"], columns=columns)
    return table[columns].astype(dict.fromkeys(columns[2:], float))


def _summary(result: Result, sheet: Any, looks: dict[str, Any], lang: Lang) -> None:
    run, services = result.run, result.instance["services"]
    settings = result.instance.settings
    state = name(run["status"], _STATES.get(run["status"], run["status"]))
    lines: list[tuple[Text, Any, str]] = [
        (T("Status"), state, "wide"),
        (T("Verified"), T("yes") if run["verified"] else T("no"), "wide"),
        (T("Objective of the first stage"), run["objective"], "wide"),
        (T("No plan can surpass"), run["bound"], "wide"),
        (T("Gap"), run["gap"], "percent"),
        (T("Person-services newly covered"), run["new_person_services"], "wide"),
        (T("Capital (CNY)"), run["capital_cny"], "_cny"),
        (T("of these, shared works: not in the sheet Plan (CNY)"), run["capital_works_cny"], "_cny"),
        (T("Fixed cost of a year (CNY)"), run["yearly_cny"], "_cny"),
        (
            T("of this, where somebody is said to run the place: in the yearly ledger (CNY)"),
            run["yearly_run_cny"],
            "_cny",
        ),
        (
            T("of this, where nobody is said to pay: in no ledger (CNY)"),
            round(run["yearly_cny"] - run["yearly_run_cny"], 2),
            "_cny",
        ),
    ]
    if len(result.instance["tariffs"]):
        each = run["money"]["subsidy_per_new_person_cny"]
        lines += [
            (T("Public money of a year for each person newly served (CNY)"), each, "_cny"),
            (T("Places that would lose money"), run["money"]["losing"], "wide"),
        ]
    lines += [(T("Note"), remark, "wide") for remark in result.remarks]
    sheet.write_string(0, 0, (settings.title_zh if lang == "zh" else "") or settings.title, looks["head"])
    for row, (label, value, look) in enumerate(lines, start=1):
        sheet.write_string(row, 0, label.to(lang))
        _cell(sheet, row, 1, value, looks[look], lang)
    row = len(lines) + 2
    heads = [
        T("Service"), T("In need"), T("Covered before"), T("Covered after"), T("Newly covered"),
        T("No longer covered"), T("Unreachable"),
    ]  # fmt: skip
    keys = ["base_persons", "before", "after", "new_persons", "lost_persons", "unreachable_persons"]
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head.to(lang), looks["head"])
    names = services.set_index("service")[f"name_{lang}"]
    for line, (service, figures) in enumerate(run["coverage"].items(), start=row + 1):
        sheet.write_string(line, 0, names[service] or service)
        for column, key in enumerate(keys, start=1):
            _cell(sheet, line, column, figures[key], looks["persons"], lang)
    row += len(run["coverage"]) + 2
    row = _parties(run, sheet, row, looks, lang) + 2
    for column, head in enumerate((T("Column"), T("What it says"))):
        sheet.write_string(row, column, head.to(lang), looks["head"])
    for line, (where, key, said) in enumerate(_MEANINGS, start=row + 1):
        sheet.write_string(line, 0, f"{_SHEETS[where].to(lang)}: {header(key, lang)}")
        sheet.write_string(line, 1, said.to(lang))
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, len(heads), 16)


def _parties(run: Mapping[str, Any], sheet: Any, row: int, looks: dict[str, Any], lang: Lang) -> int:
    """Write what each party pays, carries and gives, with its shares; gives the row after it."""
    heads = {
        "capital_cny": T("Capital (CNY)"), "capital_share": T("Share of capital"), "yearly_cny": T("A year (CNY)"),
        "yearly_share": T("Share of the year"), "in_kind_cny": T("In kind (CNY)"),
        "capital_with_in_kind_share": T("Share of capital with in kind"),
    }  # fmt: skip
    for column, head in enumerate((T("Party"), *heads.values())):
        sheet.write_string(row, column, head.to(lang), looks["head"])
    table = party_table(run)
    for line, figures in enumerate(table.to_dict("records"), start=row + 1):
        party = figures["party"]
        sheet.write_string(line, 0, PARTIES[party][0] if lang == "zh" else party)
        for column, key in enumerate(heads, start=1):
            _cell(sheet, line, column, figures[key], looks["percent" if key.endswith("share") else "_cny"], lang)
    return row + 1 + len(table)


def _sheet(
    table: pd.DataFrame, sheet: Any, looks: dict[str, Any], words: Mapping[str, Mapping[str, str]], lang: Lang
) -> None:
    for column, key in enumerate(map(str, table.columns)):
        look = next((looks[suffix] for suffix in _FORMATS if key.endswith(suffix)), looks["wide"])
        head = header(key, lang)
        sheet.write_string(0, column, head, looks["head"])
        longest, spoken = len(head), words.get(key, {})
        for row, value in enumerate(table[key], start=1):
            said = ";".join(spoken.get(part, part) for part in value.split(";")) if isinstance(value, str) else value
            _cell(sheet, row, column, said, look, lang)
            longest = max(longest, len(said) if isinstance(said, str) else 12)
        sheet.set_column(column, column, min(longest + 2, 48))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)


def _cell(sheet: Any, row: int, column: int, value: Any, look: Any, lang: Lang) -> None:
    if isinstance(value, Text):
        sheet.write_string(row, column, value.to(lang))
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None and not pd.isna(value):
        sheet.write_number(row, column, float(value), look)
