"""The plan in a paragraph of plain words, and its figures at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from panhuo.result.page.people import by_circle
from panhuo.result.page.speech import Speech
from panhuo.result.plan import Result
from panhuo.words import T, Text, figures

MOST = 3
"""Services named in the story."""


def story(result: Result, speech: Speech) -> list[str]:
    """Tell a plan in sentences, each with its figures."""
    told = (*_rooms(result, speech), *_people(result, speech), *_money(result, speech), *_proof(result))
    return [speech.text(sentence) for sentence in told]


def _rooms(result: Result, speech: Speech) -> Sequence[Text]:
    sites, run = result.tables["sites"], result.run
    used = sites[sites["chosen"] == "yes"]
    if used.empty:
        return [T("No room is used: these are the figures of what exists today.")]
    modes = used["mode"].value_counts()
    parts = [f"{speech.mode(m)} {modes[m]}" for m in ("keep", "convert", "rebuild", "add") if m in modes.index]
    return [
        T(
            "Of {rooms} rooms the plan uses {used} ({modes}), for {money} of capital.",
            rooms=figures.count(len(sites)), used=figures.count(len(used)), modes=speech.row(parts),
            money=speech.money(run["capital_cny"]),
        )
    ]  # fmt: skip


def _people(result: Result, speech: Speech) -> Sequence[Text]:
    coverage = result.run["coverage"]
    gains = sorted(
        ((c["new_persons"], k) for k, c in coverage.items() if c["new_persons"] >= 0.5), key=lambda g: (-g[0], g[1])
    )
    if not gains:
        return [T("Nobody is newly covered.")]
    first = [
        speech.text(
            T("{service} {persons} ({before} → {after})", service=speech.service(k), persons=speech.persons(n),
              before=figures.round_percent(coverage[k]["before"] / coverage[k]["base_persons"]),
              after=figures.round_percent(coverage[k]["after"] / coverage[k]["base_persons"]))
        )
        for n, k in gains[:MOST]
    ]  # fmt: skip
    said = [
        T(
            "Newly covered: {new}, most of them in {first}.",
            new=speech.times(result.run["new_person_services"]), first=speech.row(first),
        )
    ]  # fmt: skip
    lost = sum(c["lost_persons"] for c in coverage.values())
    if lost >= 0.5:
        said.append(
            T("No longer covered: {lost}, because the building is rebuilt or a full place is shared with others.",
              lost=speech.times(lost))
        )  # fmt: skip
    rows = by_circle(result)
    sums = rows.groupby("circle")[["base_persons", "before_persons", "after_persons"]].sum()
    if len(sums) > 1:
        share = sums["after_persons"] / sums["base_persons"]
        circle = share.idxmin()
        before = sums["before_persons"][circle] / sums["base_persons"][circle]
        said.append(
            T(
                "Furthest behind is the circle {circle}: {after} of its person-services are covered, {before} before.",
                circle=speech.circle(str(circle)), after=figures.percent(float(share[circle])),
                before=figures.percent(float(before)),
            )
        )  # fmt: skip
    return said


def _money(result: Result, speech: Speech) -> Sequence[Text]:
    run = result.run
    said = []
    shares = run["shares"]["capital"]
    if shares:
        parts = [f"{speech.party(party)} {figures.percent(share)}" for party, share in shares.items()]
        said.append(T("Who pays the capital: {parties}.", parties=speech.row(parts)))
    if run["yearly_cny"]:
        said.append(T("Running it all costs {money} a year, whoever comes.", money=speech.money(run["yearly_cny"])))
    each = run["money"]["subsidy_per_new_person_cny"]
    if each:
        said.append(
            T("Public money of a year: {money} for each person newly served.", money=figures.yuan(each, speech.lang))
        )
    viability = result.tables["viability"]
    mine = viability[viability["kind"] == "chosen"]
    if len(mine):
        loses = int((mine["loses"] == "yes").sum())
        said.append(
            T("Places of the plan with tariffs: {places}; of these do not carry themselves: {losing}.",
              places=figures.count(len(mine)), losing=figures.count(loses))
            if loses
            else T("Places of the plan with tariffs: {places}; none of them loses money.",
                   places=figures.count(len(mine)))
        )  # fmt: skip
    return said


def _proof(result: Result) -> Sequence[Text]:
    run = result.run
    if run["status"] == "evaluated" or run["objective"] is None:
        return []
    if run["bound"] is None or run["gap"] is None:
        return [T("How far the best possible plan is from this one is not known.")]
    if run["gap"] < figures.NO_GAP:
        return [T("In its first objective it is proven that no plan is better.")]
    return [T("In its first objective it is proven to within {gap} of the best possible.", gap=figures.gap(run["gap"]))]


def glance(result: Result, speech: Speech) -> list[tuple[str, str]]:
    """Give the figures that stand large at the top: the figure and what it is."""
    run, sites = result.run, result.tables["sites"]
    new = sum(c["new_persons"] for c in run["coverage"].values())
    used = int((sites["chosen"] == "yes").sum())
    found = [
        (figures.short(new, speech.lang), T("person-services newly covered")),
        (f"{used} / {len(sites)}", T("rooms used")),
        (speech.money(run["capital_cny"]), T("capital")),
        (speech.money(run["yearly_cny"]), T("a year to run")),
    ]
    if run["gap"] is not None:
        found.append((figures.gap(run["gap"]), T("at most from the best possible")))
    found.append((speech.text(T("yes") if run["verified"] else T("no")), T("verified")))
    return [(figure, speech.text(words)) for figure, words in found]
