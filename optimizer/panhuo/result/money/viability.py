"""Which places can live on their visits: every place of a service with tariffs, chosen or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble.costs import unit_costs
from panhuo.assemble.exact import MICRO, exactly, rated, whole
from panhuo.instance import Instance
from panhuo.instance.tabular import tuples
from panhuo.result.books import Books, Written
from panhuo.result.money.year import needed

VIABILITY = (
    "place", "kind", "service", "operating", "tariff", "best_visits", "needed_visits", "per_day_best",
    "per_day_needed", "loses",
)  # fmt: skip
"""Columns of viability.csv."""

DAYS = 365
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Case:
    """One way to run a place: the visits it has at best, and those it needs; ``None`` where none are enough."""

    place: str
    kind: str
    service: str
    operating: str
    tariff: str
    best: int
    needed: int | None

    @property
    def rank(self) -> tuple[bool, int]:
        """How good it is: whether any visits are enough, then how many are left over."""
        return self.needed is not None, self.best - (self.needed or 0)

    @property
    def row(self) -> tuple[object, ...]:
        """The row of viability.csv."""
        needs = float("nan") if self.needed is None else self.needed / DAYS
        loses = "yes" if self.needed is None or self.best < self.needed else "no"
        return (
            self.place, self.kind, self.service, self.operating, self.tariff, self.best, self.needed, self.best / DAYS,
            needs, loses,
        )  # fmt: skip


def viability_table(books: Books, written: Written) -> pd.DataFrame:
    """Hold the visits each place of a service with tariffs has, or could have, against those it needs.

    A chosen place has the visits of the plan, and writes off what its operator paid. Every other site that may give the
    service is shown in its best case over options and tariffs: everybody within the standard who can pay is assigned to
    it, as many come as the tariff says, up to its capacity (then fewer of every tier alike); nothing is written off. An
    existing facility likewise, under the tariff of today; it costs what the costs table says of the smallest size in
    rows that name neither mode nor operating mode.

    What is needed are the least visits, in that mix of tiers, at which the largest operating subsidy leaves the least
    margin: 0 where none is asked for, and at existing facilities, which get no such subsidy.
    """
    cases = [*_offers(books, written), *_existing(books)]
    table = pd.DataFrame([case.row for case in cases], columns=list(VIABILITY))
    types = dict.fromkeys(("place", "kind", "service", "operating", "tariff", "loses"), "str")
    counts = dict.fromkeys(("best_visits", "needed_visits"), "Int64")
    return table.astype({**types, **counts, "per_day_best": float, "per_day_needed": float})


def _offers(books: Books, written: Written) -> Iterator[_Case]:
    options, table = books.options, books.options.table
    people, tariffs = _potential(books), books.assembled.data.outlets.tariff
    outlets: dict[int, list[int]] = {}
    for n, a in enumerate(books.assembled.data.outlets.account.tolist()):
        if a >= 0 and tariffs[n]:
            outlets.setdefault(a, []).append(n)
    chosen = {book.account.option: book for book in written.settled.books}
    margin = {key: kind.margin_min or 0 for key, kind in books.instance.settings.operating.items()}
    account = pd.Index(options.accounts).get_indexer(table["account"]).tolist()
    kinds, capacity = table["operating"].tolist(), table["capacity_persons"].tolist()
    fixed = options.yearly_fen.sum(axis=1).tolist()
    for offer, members in table.groupby("offer", sort=False).indices.items():
        live = [o for o in members.tolist() if account[o] in outlets]
        if not live:
            continue
        site, service = str(offer).split(":")
        taken = [o for o in live if o in chosen]
        if taken:
            book = chosen[taken[0]]
            own = book.account
            need = needed(
                own.visits, own.fixed + book.write_off, own.other + own.limit, own.margin_min or Fraction(0)
            )  # fmt: skip
            best = sum(v.count for v in own.visits)
            yield _Case(site, "chosen", service, own.operating, own.tariff, best, need)
            continue
        found = []
        for o in live:
            operating = kinds[o]
            beside = int(options.income_fen[o] + options.subsidy_fen[o])
            for n in outlets[account[o]]:
                come = _held(people[n], capacity[o])
                visits = books.operation.visits(service, operating, tariffs[n], come)
                need = needed(visits, int(fixed[o]), beside, exactly(margin[operating]))
                best = sum(v.count for v in visits)
                found.append(_Case(site, "not chosen", service, operating, tariffs[n], best, need))
        yield max(found, key=lambda case: case.rank)


def _existing(books: Books) -> Iterator[_Case]:
    data = books.assembled.data
    outlets, people = data.outlets, _potential(books)
    mine = [n for n, a in enumerate(outlets.account.tolist()) if a < 0 and outlets.tariff[n]]
    year = _smallest(books.instance)
    service_of = dict(zip(books.instance["existing"]["id"], books.instance["existing"]["service"], strict=True))
    for n in mine:
        place = outlets.names[n].removesuffix(f"|{outlets.tariff[n]}")
        service = service_of[place]
        visits = books.operation.visits(service, "", outlets.tariff[n], _held(people[n], outlets.capacity[n]))
        need = needed(visits, *year[service], Fraction(0))
        yield _Case(place, "existing", service, "", outlets.tariff[n], sum(v.count for v in visits), need)


def _potential(books: Books) -> Ints:
    """Count who would come to each outlet if everybody who can pay were sent there, by tier, (N, H) [1e-6 persons]."""
    data, micro = books.assembled.data, books.assembled.cells.micro
    flow = data.flow
    come = np.zeros(len(flow.row), dtype=np.int64)
    for share in np.unique(flow.uptake):
        pairs, u = flow.uptake == share, exactly(share)
        come[pairs] = micro[flow.row[pairs]].astype(object) * u.numerator // u.denominator
    people = np.zeros((len(data.outlets), len(data.tiers)), dtype=np.int64)
    np.add.at(people, (flow.outlet, flow.tier[flow.row]), come)
    return people


def _held(people: Ints, capacity: float) -> Ints:
    """Keep as many as a place holds, of every tier alike."""
    everybody = int(people.sum())
    if np.isinf(capacity) or everybody <= (room := round(capacity * MICRO)):
        return people
    return np.array([p * room // everybody for p in people.tolist()], dtype=np.int64)


def _smallest(instance: Instance) -> dict[str, tuple[int, int]]:
    """Give the fixed yearly cost and the income beside visits of the smallest size of every service [fen]."""
    services = instance["services"]
    levels = [
        min(row.sizes_m2) if row.sizes_m2 else row.min_area_m2 if np.isnan(row.area_m2) else row.area_m2
        for row in tuples(services)
    ]
    area = whole(levels)
    k = np.arange(len(services))
    fixed = unit_costs(instance, [""], [""]).yearly.fen((0 * k, k, 0 * k), area).sum(axis=1)
    income = rated(whole(services["income_cny_per_m2"]), area)
    return dict(zip(services["service"], zip(fixed.tolist(), income.tolist(), strict=True), strict=True))
