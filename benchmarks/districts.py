"""Generated districts as the model sees them: written, read and assembled once, kept in a folder, solved from there."""

from __future__ import annotations

import pickle
import time
from dataclasses import dataclass, replace
from pathlib import Path

import generate
import numpy as np
import scipy.sparse as sp
from plain import Problem

import panhuo
from panhuo.access import cache_folder, catchments
from panhuo.assemble import derive_options, siting_data
from panhuo_models.data import SitingData

_TEN_THOUSAND = 1e-4


@dataclass(frozen=True)
class District:
    """Which district.

    Parameters
    ----------
    size : str
        S, M, L or XL.
    seed, services, funds, floors, budget
        As of ``generate.py``; services None: those of the size.
    """

    size: str
    seed: int
    services: int | None = None
    funds: int = 1
    floors: int = 0
    budget: float = 0.05

    @property
    def name(self) -> str:
        """A name for its folder."""
        services = self.services or generate.SIZES[self.size].services
        return f"{self.size}-{self.seed}-k{services}-f{self.funds}-c{self.floors}-b{self.budget:g}"


def assembled(work: Path, district: District) -> tuple[Path, dict[str, float]]:
    """Give the file of the assembled data, and the seconds that writing, reading and assembling took where they ran."""
    folder, file = work / district.name, work / f"{district.name}.pickle"
    if file.exists():
        return file, {}
    clock, seconds = time.perf_counter, {}
    start = clock()
    if not (folder / "instance.toml").exists():
        size = generate.SIZES[district.size]
        generate.write(folder, size, district.seed, services=district.services, funds=district.funds,
                       floors=district.floors, budget=district.budget)  # fmt: skip
        seconds["generate_s"] = clock() - start
    start = clock()
    instance = panhuo.read(folder)
    seconds["read_s"] = clock() - start
    start = clock()
    reach = catchments(instance, cache=cache_folder())
    seconds["access_s"] = clock() - start
    start = clock()
    data = siting_data(instance, derive_options(instance), reach).data
    seconds["assemble_s"] = clock() - start
    part = file.with_suffix(".part")
    part.write_bytes(pickle.dumps(data, protocol=pickle.HIGHEST_PROTOCOL))
    part.replace(file)
    return file, seconds


def plainly(data: SitingData) -> Problem:
    """Put a district into plain arrays.

    Raises
    ------
    ValueError
        It has rows that the plain problem does not know.
    """
    more = {"assigned people": len(data.flow), "works": len(data.works), "facilities that close": len(data.closing),
            "links": len(data.links), "floors": len(data.floors), "funds": len(data.money.funds),
            "pins": len(data.pins), "quotas": len(data.quotas), "complexes": data.complexes is not None}  # fmt: skip
    if any(more.values()) or len(data.objectives) != 1 or data.objectives[0].measure != "coverage":
        raise ValueError(f"the plain problem has no {', '.join(name for name, count in more.items() if count)}")
    weight = np.zeros(len(data.tallies))
    weight[data.objectives[0].tallies] = data.objectives[0].weight
    within = data.reach.within.tocsr()
    cost = np.asarray(data.money.cost.sum(axis=0)).ravel()[: len(data.options)] * _TEN_THOUSAND
    budget = data.money.budget * _TEN_THOUSAND
    cheapest = np.full(len(data.offers), np.inf)
    np.minimum.at(cheapest, data.option_offer, cost)
    return Problem(
        begin=within.indptr.astype(np.int64), offer=within.indices.astype(np.int64),
        people=weight[data.reach.tally] * data.reach.demand,
        sites_allowed=max(1, int(budget / np.median(cheapest[np.isfinite(cheapest)]))),
        of_offer=data.option_offer, of_project=data.option_project, area_m2=data.option_area, cost=cost,
        of_site=data.project_site, room_m2=data.project_area, budget=budget,
    )  # fmt: skip


def at_one_cost(data: SitingData, most: int) -> SitingData:
    """Give the same district with every option at 10,000 CNY and money for so many: maximal covering with p sites."""
    classes, units = data.money.cost.shape
    one = sp.csr_matrix((np.full(units, 1 / _TEN_THOUSAND), (np.zeros(units, int), np.arange(units))), (classes, units))
    return replace(data, money=replace(data.money, cost=one, budget=most / _TEN_THOUSAND))
