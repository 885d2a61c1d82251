"""The sheets of the money: every sum is a formula over the sheet of the ledger."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from panhuo.instance.schema import PARTIES
from panhuo.result.headers import header
from panhuo.result.money.figures import NOBODY, subsidies
from panhuo.result.money.sheets import burden_table, fund_item_table, losing_table, party_table
from panhuo.result.workbook.cells import plain
from panhuo.result.workbook.grid import ALL, SHOWN, Field, Grid, added, quoted
from panhuo.result.workbook.sheets import called
from panhuo.result.workbook.tables import LEAD, Laying
from panhuo.result.workbook.wording import LEDGERS
from panhuo.words import T

_WHOLE = T("In all")
_IN = ("price_cny", "government_cny", "donor_cny", "other_cny", "subsidy_cny")
_OUT = ("fixed_cny", "visits_cost_cny", "write_off_cny")


def sheets(laying: Laying, ledger: Grid) -> Iterator[tuple[str, Grid]]:
    """Lay out the money of a plan, sheet by sheet."""
    yield "funds", _funds(laying, ledger)
    yield "parties", _parties(laying, ledger)
    yield "items", _items(laying, ledger)
    yield "years", _years(laying, ledger)
    yield "accounts", _accounts(laying)
    yield "burden", _burden(laying)
    yield "losing", _losing(laying)
    yield "subsidies", _subsidies(laying)


def word(laying: Laying, name: str) -> str:
    """Write the word for a ledger into a formula, as the sheet of the ledger has it."""
    return quoted(LEDGERS[name].to(laying.lang))


def _funds(laying: Laying, ledger: Grid) -> Grid:
    """Say what every fund may pay, pays and has left, of the capital and of a year."""
    columns = [
        "fund", "party", "cap_cny", "used_cny", "left_cny", "used_share", "yearly_cap_cny", "yearly_used_cny",
        "yearly_left_cny", "yearly_used_share",
    ]  # fmt: skip
    table = pd.DataFrame(laying.result.run["funds"], columns=columns)
    table = table.astype(dict.fromkeys(columns[2:], float))
    formulas, above, values = {}, dict[str, str](), {}
    for prefix, name in (("", "capital"), ("yearly_", "yearly")):
        cap, used, left, share = (f"{prefix}{end}" for end in ("cap_cny", "used_cny", "left_cny", "used_share"))
        formulas[used] = added(
            ledger.span("amount_cny"), {ledger.span("fund"): "{fund}", ledger.span("ledger"): word(laying, name)}
        )
        formulas[left] = f"{{{cap}}}-{{{used}}}"
        formulas[share] = f'IF({{{cap}}}=0,"",{{{used}}}/{{{cap}}})'
        table[share] = table[used] / table[cap].where(table[cap] > 0)
        above[used] = ALL
        if table[cap].notna().all():  # without a cap nothing is left to add up
            above |= {cap: ALL, left: ALL, share: formulas[share]}
            whole = float(table[cap].sum())
            values[share] = float(table[used].sum()) / whole if whole > 0 else None
    return laying.grid("funds", table, lead=_WHOLE, above=above, formulas=formulas, values=values, kept=1)


def _parties(laying: Laying, ledger: Grid) -> Grid:
    table = party_table(laying.result.run)
    formulas = {
        f"{name}_cny": added(
            ledger.span("amount_cny"), {ledger.span("party"): "{party}", ledger.span("ledger"): word(laying, name)}
        )
        for name in LEDGERS
    }
    shares = {"capital_share": ("capital_cny",), "yearly_share": ("yearly_cny",),
              "capital_with_in_kind_share": ("capital_cny", "in_kind_cny")}  # fmt: skip
    for share, parts in shares.items():
        whole = "+".join(f"{{sum_{part}}}" for part in parts)
        formulas[share] = f"IF({whole}=0,0,({'+'.join(f'{{{part}}}' for part in parts)})/({whole}))"
        sums = table[list(parts)].sum(axis=1)
        table[share] = (sums / sums.sum()).fillna(0.0) if sums.sum() else 0.0
    return laying.grid("parties", table, lead=_WHOLE, above=dict.fromkeys((f"{name}_cny" for name in LEDGERS), ALL),
                       formulas=formulas, kept=1)  # fmt: skip


def _items(laying: Laying, ledger: Grid) -> Grid:
    """Say what each fund pays of each item; the headers are the items as the ledger names them."""
    table = fund_item_table(laying.result.run)
    sums = {"capital_cny": "capital", "yearly_cny": "yearly"}
    fields, first, last = [], "", ""
    for n, column in enumerate(map(str, table.columns)):
        cells = [laying.wording(column, plain(value)) for value in table[column]]
        if column == "fund":
            fields.append(Field(column, header(column, laying.lang), "text", cells))
        elif column in sums:
            formula = f"SUM({{{first}}}:{{{last}}})" if first else "0"
            fields.append(Field(column, header(column, laying.lang), "money", cells, formula, ALL))
            first = ""
        else:
            key = f"item_{n}"  # items are words of the tables, which no formula may hold
            first, last = first or key, key
            paid = added(ledger.span("amount_cny"), {ledger.span("fund"): "{fund}", ledger.span("item"): "{head}"})
            item = str(laying.wording("item", column.removesuffix("_cny")))
            none = [0.0 if cell is None else cell for cell in cells]
            fields.append(Field(key, item, "blank_money", none, paid, ALL))
    lead = T("In all [CNY]").to(laying.lang)
    return Grid(called("items", laying.lang), tuple(fields), lead, 1)


def _years(laying: Laying, ledger: Grid) -> Grid:
    """Say what is paid in which year: of the capital the year of payment, else the year of opening."""
    rows = laying.result.tables["ledger"]
    parties = [party for party in PARTIES if (rows["party"] == party).any()]
    order = rows["ledger"].map(list(LEDGERS).index)
    by = rows.assign(_order=order).groupby(["_order", "ledger", "year"], dropna=False)["amount_cny"]
    keys = [(str(name), plain(year)) for (_, name, year), _ in by]
    ledgers = [laying.wording("ledger", name) for name, _ in keys]
    fields = [
        Field("ledger", header("ledger", laying.lang), "text", ledgers),
        Field("year", header("year", laying.lang), "year", [year for _, year in keys]),
    ]
    for party in parties:
        mine = rows[rows["party"] == party]
        own = [
            round(math.fsum(mine["amount_cny"][(mine["ledger"] == name) & _same(mine["year"], year)]), 2)
            for name, year in keys
        ]
        where = {ledger.span("ledger"): "{ledger}", ledger.span("party"): "{head}"}
        fields.append(
            Field(party, str(laying.wording("party", party)), "blank_money", own,
                  added(ledger.span("amount_cny"), where, {ledger.span("year"): "{year}"}))
        )  # fmt: skip
    sums = [round(math.fsum(row), 2) for row in zip(*(field.cells for field in fields[2:]), strict=True)]
    if parties:
        fields.append(Field("whole", T("In all [CNY]").to(laying.lang), "money", sums,
                            f"SUM({{{parties[0]}}}:{{{parties[-1]}}})"))  # fmt: skip
    return Grid(called("years", laying.lang), tuple(fields))


def _same(years: pd.Series, year: object) -> pd.Series:
    return years.isna() if year is None else (years == year).fillna(False).astype(bool)


def _accounts(laying: Laying) -> Grid:
    table = laying.result.tables["accounts"]
    table = table.assign(site_name=table["site"].map(laying.wording.places))
    first = ["site", "site_name"]
    rest = [c for c in table.columns if c not in (*first, "option")]
    income = "+".join(f"{{{part}}}" for part in _IN)
    cost = "".join(f"-{{{part}}}" for part in _OUT)
    money = [c for c in rest if c.endswith("_cny")]
    return laying.grid(
        "accounts", table[[*first, *rest, "option"]], lead=LEAD, kept=2,
        above=dict.fromkeys(["visits", *money], SHOWN),
        formulas={"surplus_cny": income + cost, "margin": f'IF({income}=0,"",{{surplus_cny}}/({income}))'},
        kinds={"visits": "count", "break_even_visits": "count"},
    )  # fmt: skip


def _burden(laying: Laying) -> Grid:
    table = burden_table(laying.result.tables)
    share = 'IF({income_cny_per_month}=0,"",{burden_cny_per_month}/{income_cny_per_month})'
    return laying.grid("burden", table, lead=LEAD, above={"visits": SHOWN}, formulas={"burden_share": share})


def _losing(laying: Laying) -> Grid:
    table = losing_table(laying.result.tables)
    table.insert(1, "place_name", table["place"].map(laying.wording.places))
    return laying.grid("losing", table, kept=2)


def _subsidies(laying: Laying) -> Grid:
    table = subsidies(laying.result.instance, laying.result.tables)
    each: Mapping[str, str] = {
        "subsidy_per_new_person_cny": f'IF({{new_persons}}<{NOBODY},"",ROUND({{subsidy_cny}}/{{new_persons}},2))'
    }
    whole = laying.result.run["money"]["subsidy_per_new_person_cny"]
    above: dict[str, str] = {"new_persons": ALL, "subsidy_cny": ALL}
    if whole is not None:
        above["subsidy_per_new_person_cny"] = each["subsidy_per_new_person_cny"]
    return laying.grid("subsidies", table, lead=_WHOLE, above=above, formulas=each,
                       values={"subsidy_per_new_person_cny": whole})  # fmt: skip
