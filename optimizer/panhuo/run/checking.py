"""What the data of an instance mean, before anything is solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from panhuo import result
from panhuo.access import Catchments, Snaps
from panhuo.assemble import alone, derive_options, money_conflicts, siting_data, told
from panhuo.instance import Fault, Instance
from panhuo.result.people.served import served_before
from panhuo.run.clock import Clock, Step
from panhuo.run.reaching import Reached, walked
from panhuo.words import Text


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
    before = served_before(assembled.data, assembled.cells)
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
