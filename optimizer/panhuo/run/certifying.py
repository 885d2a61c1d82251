"""Bounds derived again from prices and inputs, and clusters solved again by another solver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from panhuo.assemble import derive_options, siting_data
from panhuo.engine import Watch
from panhuo.instance import Fault, InstanceError
from panhuo.result import bound
from panhuo.result.verify import folder, verify
from panhuo.result.verify.findings import Findings
from panhuo.run.certified import Certified
from panhuo.run.confirming import Confirmed, confirm
from panhuo.run.reaching import Reached, walked
from panhuo.words import T, Text


def certify(
    out: Path,
    *,
    clusters: bool = False,
    watch: Watch | None = None,
    step: Callable[[str], object] | None = None,
    reached: Reached | None = None,
    tell: Callable[[Text], object] | None = None,
) -> Certified:
    """Verify a result, and the bounds of its stages.

    Parameters
    ----------
    out : Path
        What ``solve`` wrote.
    clusters : bool
        Solve every cluster again with SCIP.
    watch : Watch, optional
        Its ``stop`` ends the work on clusters.
    step : callable, optional
        Is told the name of each step as it begins.
    reached : callable, optional
        Is told the share of the walking minutes that is worked out.
    tell : callable, optional
        Is told where a long step stands.

    Raises
    ------
    InstanceError
        The folder holds no result, or one that was not solved by parts.
    """
    run = folder.record(out)
    if run.get("engine") != "decompose":
        rule = T("was not solved by parts: no prices were written, and there is no bound to derive again")
        mend = T("Leave --bound out, or solve with --engine decompose")
        raise InstanceError([Fault(str(out), rule, mend)])
    verification = verify(out, step=step)
    if not verification.ok:
        return Certified(verification)
    instance, findings = folder.instance(out), Findings()
    if step is not None:
        step("access")
    reach = walked(instance, cache=True, reached=reached, watch=watch)
    if step is not None:
        step("assemble")
    data = siting_data(instance, derive_options(instance), reach).data
    if step is not None:
        step("bound")
    prices = bound.stored(out, data, findings)
    derived = bound.check(data, prices, run, findings)
    confirmed: list[Confirmed] = []
    if clusters and not len(findings):
        if step is not None:
            step("clusters")
        confirmed = confirm(data, prices, run, findings, watch, tell)
    faults = findings.verification(solved=True).faults
    return Certified(replace(verification, faults=faults), tuple(derived), tuple(confirmed), instance)
