"""The first sheet: the plan in words and figures, and what the other sheets hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from panhuo.result.headers import header
from panhuo.result.page.proof import STATES
from panhuo.result.page.speech import Speech
from panhuo.result.page.story import story
from panhuo.result.workbook import totals
from panhuo.result.workbook.cells import Cell, Kind
from panhuo.result.workbook.flow import Flow, Made
from panhuo.result.workbook.grid import Grid, added, quoted
from panhuo.result.workbook.inputs import column_called, table_called
from panhuo.result.workbook.looks import Looks
from panhuo.result.workbook.paper import on_paper
from panhuo.result.workbook.sheets import SHEETS, called
from panhuo.result.workbook.tables import Laying
from panhuo.result.workbook.totals import WAN
from panhuo.result.workbook.wording import LEDGERS as WORDS
from panhuo.words import T, Text

_SCALE = 60
"""Per cent at which the sheet is no wider than a page, whatever font stands in for the usual one."""
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


def summarise(
    book: Any, sheet: Any, laying: Laying, grids: Mapping[str, Grid], tables: Sequence[Grid], looks: Looks
) -> None:
    """Write the first sheet."""
    result, lang = laying.result, laying.lang
    settings = result.instance.settings
    flow = Flow(sheet, looks)
    flow.title((settings.title_zh if lang == "zh" else "") or settings.title)
    proposal = result.instance.proposal
    if proposal is not None:
        title = (proposal.title_zh if lang == "zh" else "") or proposal.title
        flow.noted(T("Proposal").to(lang), title)
    flow.section(T("In short").to(lang))
    for sentence in story(result, Speech.of(result.instance, lang)):
        flow.words(sentence)
    for remark in result.remarks:
        flow.noted(T("Note").to(lang), remark.to(lang))
    _figures(flow, laying, grids["ledger"])
    served = totals.coverage(flow, laying, grids["coverage"])
    middle = flow.row
    totals.charts(book, flow, laying, served, totals.parties(flow, laying, grids["ledger"]))
    _made_up(flow, laying)
    _contents(flow, laying, grids, tables)
    flow.section(T("Columns that say something else than one might think").to(lang))
    for where, key, said in _MEANINGS:
        if where in grids:
            flow.noted(f"{called(where, lang)}: {header(key, lang)}", said.to(lang))
    on_paper(sheet)
    sheet.set_print_scale(_SCALE)  # not fitted to the width: a page that is fitted breaks where it likes
    sheet.set_h_pagebreaks([middle])


def _figures(flow: Flow, laying: Laying, ledger: Grid) -> None:
    """Write status, proof and the great sums; what the ledger adds up to is a formula over it."""
    run, lang = laying.result.run, laying.lang
    state = STATES.get(run["status"], run["status"])
    capital = added(ledger.span("amount_cny"), {ledger.span("ledger"): quoted(WORDS["capital"].to(lang))})
    rows: list[tuple[Text, Cell | Made, Kind]] = [
        (T("Status"), state.to(lang) if isinstance(state, Text) else state, "text"),
        (T("Verified"), (T("yes") if run["verified"] else T("no")).to(lang), "text"),
        (T("Objective of the first stage"), run["objective"], "rate"),
        (T("No plan can surpass"), run["bound"], "rate"),
        (T("Gap"), run["gap"], "gap"),
        (T("Person-services newly covered"), run["new_person_services"], "rate"),
        (T("Capital (CNY)"), Made(capital, run["capital_cny"]), "money"),
        (T("of these, shared works: not in the sheet Plan (CNY)"), run["capital_works_cny"], "money"),
        (T("Fixed cost of a year (CNY)"), run["yearly_cny"], "money"),
        (
            T("of this, where somebody is said to run the place: in the yearly ledger (CNY)"),
            run["yearly_run_cny"],
            "money",
        ),
        (
            T("of this, where nobody is said to pay: in no ledger (CNY)"),
            round(run["yearly_cny"] - run["yearly_run_cny"], 2),
            "money",
        ),
    ]
    if len(laying.result.instance["tariffs"]):
        each = run["money"]["subsidy_per_new_person_cny"]
        rows += [
            (T("Public money of a year for each person newly served (CNY)"), each, "money"),
            (T("Places that would lose money"), run["money"]["losing"], "count"),
        ]
    flow.section(T("At a glance").to(lang))
    for label, value, kind in rows:
        cny = value.value if isinstance(value, Made) else value
        if lang == "zh" and kind == "money" and isinstance(cny, float) and cny >= WAN:
            flow.cell(2, Made(f"B{{row}}/{WAN}", cny / WAN), "wan")
        flow.fact(label.to(lang), value, kind)


def _made_up(flow: Flow, laying: Laying) -> None:
    """Name what was made up, table by table."""
    notes = {table: note.synthetic for table, note in laying.result.instance.settings.tables.items() if note.synthetic}
    if notes:
        flow.section(T("What was made up for the example").to(laying.lang))
        for table, columns in notes.items():
            made_up = (column_called(table, column, laying.lang) for column in columns)
            flow.noted(table_called(table, laying.lang), ", ".join(made_up))


def _contents(flow: Flow, laying: Laying, grids: Mapping[str, Grid], tables: Sequence[Grid]) -> None:
    """List the sheets, each a link."""
    lang = laying.lang
    flow.section(T("The sheets").to(lang))
    held = {called(key, lang): SHEETS[key].holds.to(lang) for key in grids}
    held |= {grid.name: T("the table as read").to(lang) for grid in tables}
    for name, said in held.items():
        flow.sheet.write_url(flow.row, 0, f"internal:'{name}'!A1", flow.looks("sentence", "link"), name)
        flow.words(said, start=1)
