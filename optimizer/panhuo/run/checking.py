"""What the data of an instance mean, before anything is solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from panhuo import result
from panhuo.access import Catchments, Snaps, areas
from panhuo.assemble import alone, derive_options, money_conflicts, siting_data, told
from panhuo.instance import Fault, Instance, InstanceError
from panhuo.result import Books
from panhuo.run.clock import Clock, Step
from panhuo.run.reaching import Reached, walked
from panhuo.words import Lang, T, Text


@dataclass(frozen=True)
class Check:
    """What the data of an instance mean.

    Parameters
    ----------
    coverage : DataFrame
        By service: ``base_persons``, ``before_persons``, ``unreachable_persons``.
    options : DataFrame
        By service: number of ``options`` and of ``sites`` that offer one.
    excluded : DataFrame
        By service and rule: number of (site, mode) ``pairs`` excluded, with the rule's names.
    warnings : tuple of Fault
        What does not stop a run but should be known.
    notes : tuple of Text
        Who is off the network; circles that a floor or a smallest share leaves out; rules about money that are at odds
        whatever is chosen; suppliers that supply nothing; what merging demand points cost.
    minutes : dict of str to int
        Pairs of demand point and place within the longest standard, by where their minutes come from.
    off_network : dict of str to int, or None
        Demand points, sites and existing facilities that are off the network; ``None`` where there is none.
    snapping : Snaps or None
        How people and places lie to the network, and its pieces; ``None`` where there is none.
    alone : DataFrame
        By service and operating mode, of options that must keep a margin by themselves: ``options``, how many ``lose``
        whoever comes, and at how many sites there is one that does not (``sites_left``).
    unpaid : mapping of str to tuple of str
        Capital items that no fund may pay for any option, and the services that need them.
    """

    coverage: pd.DataFrame
    options: pd.DataFrame
    excluded: pd.DataFrame
    warnings: tuple[Fault, ...]
    notes: tuple[Text, ...]
    minutes: Mapping[str, int]
    off_network: Mapping[str, int] | None
    snapping: Snaps | None
    alone: pd.DataFrame
    unpaid: Mapping[str, tuple[str, ...]]


def check(
    instance: Instance,
    *,
    cache: bool = True,
    reached: Reached | None = None,
    step: Step | None = None,
) -> Check:
    """Say what the data mean: baseline coverage, options, and what excluded the rest.

    Parameters
    ----------
    cache : bool
        Keep walking minutes along a network on disk, and use those kept.
    reached : callable, optional
        Is told the share of the walking minutes that is worked out.
    step : callable, optional
        Is told the name of each step as it begins.
    """
    clock = Clock(step)
    with clock.step("access"):
        reach = walked(instance, cache, reached)
    with clock.step("assemble"):
        return _found(instance, reach)


def _found(instance: Instance, reach: Catchments) -> Check:
    options = derive_options(instance)
    assembled = siting_data(instance, options, reach)
    before = Books(instance, options, assembled).before
    coverage = result.baseline(instance, options, reach, assembled.cells, before)
    services = pd.Index(instance["services"]["service"], name="service")
    by = options.table.groupby("service")
    counts = pd.DataFrame({"options": by.size(), "sites": by["site"].nunique()}).reindex(services, fill_value=0)
    excluded = options.excluded.groupby(["service", "rule", "name_zh", "name_en"], sort=False).size()
    notes = (*told(instance, (*assembled.notes, *money_conflicts(instance, options))), *result.merged(instance))
    notes = (*result.off_said(instance, reach.snapping), *notes)
    return Check(
        coverage, counts.reset_index(), excluded.rename("pairs").reset_index(), instance.warnings, notes,
        result.minutes_from(instance, reach), result.off_network(instance, reach), reach.snapping,
        alone(options, assembled.data), options.unpayable,
    )  # fmt: skip


def picture(instance: Instance, path: Path, snapping: Snaps | None, lang: Lang = "en") -> Text | None:
    """Draw what lies within 15 minutes of a few sites, spread over the district.

    Parameters
    ----------
    path : Path
        The file: .png or .svg.
    snapping : Snaps or None
        As :class:`Check` has it: sites off the network are passed over.
    lang : {"zh", "en"}
        Language of the words.

    Returns
    -------
    Text or None
        A remark, where the machine has no font for what should stand there.

    Raises
    ------
    InstanceError
        All sites are excluded or off the network.
    """
    sites = instance["sites"]
    drawn = (sites["status"] != "excluded").to_numpy(bool)
    if snapping is not None:
        drawn = drawn & ~np.logical_and.reduce(list(snapping.off_places.values()))[: len(sites)]
    if not drawn.any():
        rule = T("there is no room to draw: all are excluded or off the network")
        raise InstanceError([Fault(str(path), rule, T("Leave --picture out"))])
    found = areas(instance, result.spread(instance, drawn), result.LIMIT_MIN)
    return result.draw_areas(instance, found, path, lang)
