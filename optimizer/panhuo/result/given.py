"""A plan that somebody gives: from the rows of a table to a choice of options and tariffs."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Set
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from panhuo.assemble import Options
from panhuo.instance import Fault, GivenPlan, Instance, InstanceError
from panhuo.instance.checking.planned import Planned, in_keys
from panhuo.instance.schema.choices import MODES
from panhuo.instance.tabular import tuples
from panhuo.words import T, Text
from panhuo.words.names import name
from panhuo_models.data import Outlets

Bools = NDArray[np.bool_]
_PLACE = ("site", "mode", "service")
_PARTS = (*_PLACE, "operating", "size")


def choice_of(instance: Instance, options: Options, outlets: Outlets, given: GivenPlan) -> tuple[Bools, Bools]:
    """Read a choice from a given plan: its ``option`` column, or else ``site``, ``mode`` and ``service``.

    Where site, mode and service leave several options, ``operating`` and ``size`` tell them apart. A ``tariff`` may be
    named or left open. Rows that say drop, and those of sites that the plan excludes, are not of the choice.

    Parameters
    ----------
    given : GivenPlan
        The plan, in words or keys.

    Returns
    -------
    choose : (O,) bool
        The options.
    level : (N,) bool
        The outlets that the plan names.

    Raises
    ------
    InstanceError
        With one fault for each row that names no option (and why it is none) or several, that was named before, that
        names a tariff its option may not charge, or that the row's own site, mode or service contradicts; and for each
        site that the plan requires and does not use, or excludes and pins.
    """
    read, sites = in_keys(given, instance.tables, instance.settings)
    read, undecided = _kept(read, sites, set(instance["sites"]["id"]))
    at, faults = _found(read, options)
    faults += undecided
    faults += _contradictions(read, options, at)
    level, unknown = _levels(read, options, outlets, at)
    if faults or unknown:
        raise InstanceError([*faults, *unknown])
    choose = np.zeros(len(options.table), dtype=bool)
    choose[at] = True
    return choose, level


def _kept(read: Planned, sites: Planned | None, known: Set[str]) -> tuple[Planned, list[Fault]]:
    """Leave out what the plan itself drops or excludes; name what it decides and does not do."""
    dropped = read.table["decision"] == "drop"
    if sites is None:
        return replace(read, table=read.table[~dropped]), []
    decided = {word: sites.table[sites.table["decision"] == word] for word in ("required", "excluded")}
    place = read.table["site"].mask(read.table["site"] == "", read.table["option"].str.split(":").str[0])
    out = place.isin(decided["excluded"]["site"])
    left = replace(read, table=read.table[~dropped & ~out])
    faults = [
        sites.fault(line, "site", T("there is no site {site}", site=site))
        for part in decided.values()
        for line, site in part["site"].items()
        if site not in known
    ]
    faults += [
        read.fault(line, "decision", T("the site is excluded, so nothing can be pinned there"))
        for line in read.table.index[out & (read.table["decision"] == "pin")]
    ]
    unused = decided["required"][~decided["required"]["site"].isin(place[left.table.index])]
    rule, mend = T("is required, and no row of the plan uses it"), T("Add a row for it, or clear the decision")
    faults += [sites.fault(line, "site", rule, mend=mend) for line, site in unused["site"].items() if site in known]
    return left, faults


def _found(read: Planned, options: Options) -> tuple[NDArray[np.int64], list[Fault]]:
    """Find the option of every row; -1 where there is none."""
    keys = options.table[["option", *_PARTS]].to_dict("records")
    by_name = {own["option"]: [o] for o, own in enumerate(keys)}
    by_place: dict[str, list[int]] = {}
    for o, own in enumerate(keys):
        by_place.setdefault(_joined(own), []).append(o)
    why, seen, at, faults = _Why(options), set[int](), list[int](), list[Fault]()
    for line, row in zip(read.table.index, read.table.to_dict("records"), strict=True):
        named = row["option"] or _joined(row)
        fitting = by_name.get(named, []) if row["option"] else by_place.get(named, [])
        if not row["option"]:
            left_open = [part for part in ("operating", "size") if not row[part]]
            fitting = [o for o in fitting if all(p in left_open or keys[o][p] == row[p] for p in ("operating", "size"))]
        at.append(fitting[0] if len(fitting) == 1 else -1)
        if len(fitting) > 1:
            rule = T("may be any of {options}: operating and size say which",
                     options=", ".join(keys[o]["option"] for o in fitting))  # fmt: skip
            faults.append(read.fault(line, "option", rule, named))
        elif not fitting:
            part, rule = why(named)
            faults.append(read.fault(line, part if part and not row["option"] else "option", rule, named))
        elif at[-1] in seen:
            faults.append(read.fault(line, "option", T("named before"), named))
        seen.add(at[-1])
    return np.array(at, dtype=np.int64), faults


def _joined(parts: Mapping[Hashable, str]) -> str:
    return ":".join(parts[part] for part in _PLACE)


def _contradictions(read: Planned, options: Options, at: NDArray[np.int64]) -> Iterator[Fault]:
    """Compare the parts of a row with those of the option it names."""
    for part in [p for p in _PARTS if read.has(p)]:
        named_by = np.append(options.table[part].to_numpy(object), "")[at]  # the last one answers -1
        for row, value, should in zip(read.table.index, read.table[part], named_by, strict=True):
            left_open = part in ("operating", "size") and not value
            # a spreadsheet rewrites an id of digits: 001 becomes 1
            rewritten = part in _PLACE and should.isdigit()
            if should and value != should and not rewritten and not left_open:
                yield read.fault(int(row), part, T("expected {value}", value=should))


def _levels(read: Planned, options: Options, outlets: Outlets, at: NDArray[np.int64]) -> tuple[Bools, list[Fault]]:
    """Mark the outlets that the rows name."""
    account = pd.Index(options.accounts).get_indexer(options.table["account"])
    outlet = {
        (int(a), tariff): n for n, (a, tariff) in enumerate(zip(outlets.account, outlets.tariff, strict=True)) if a >= 0
    }
    level, faults = np.zeros(len(outlets), dtype=bool), []
    for row, tariff, o in zip(read.table.index, read.table["tariff"], at.tolist(), strict=True):
        if o < 0 or not tariff:
            continue
        n = outlet.get((int(account[o]), tariff))
        if n is None:
            own = ", ".join(name for a, name in outlet if a == account[o] and name)
            rule = T("expected {value}", value=own) if own else T("the option charges no tariff")
            faults.append(read.fault(int(row), "tariff", rule))
        else:
            level[n] = True
    return level, faults


class _Why:
    """Says why a site, mode and service make no option."""

    def __init__(self, options: Options) -> None:
        both = pd.concat([options.table[list(_PLACE)], options.excluded[list(_PLACE)]])
        self._known = {part: set(both[part]) for part in _PLACE}
        self._offered = set(options.table[list(_PLACE)].itertuples(index=False, name=None))
        self._rules = {
            f"{row.site}:{row.mode}:{row.service}": T(
                "excluded by the rule {rule} ({name})", rule=row.rule, name=name(row.name_en, row.name_zh)
            )
            for row in tuples(options.excluded)
        }

    def __call__(self, named: str) -> tuple[str, Text]:
        """Give the part at fault (empty where all of them are together) and the reason."""
        site, mode, service = [*named.split(":"), "", "", ""][:3]
        whole = ":".join((site, mode, service))
        if whole in self._rules:
            return "", self._rules[whole]
        if not service:
            return "", T("no such option: an option is written site:mode:service, with operating and size after it")
        if (site, mode, service) in self._offered:
            return "", T("no such option: operating or size do not fit")
        return next(self._faulty(site, mode, service), ("", T("no such option")))

    def _faulty(self, site: str, mode: str, service: str) -> Iterator[tuple[str, Text]]:
        if site not in self._known["site"]:
            yield "site", T("there is no site {site}", site=site)
        if mode not in MODES:
            yield "mode", T("there is no mode {mode}", mode=mode)
        if mode not in self._known["mode"]:
            yield "mode", T("the mode {mode} is not allowed by instance.toml", mode=name(mode, MODES[mode][0]))
        if service not in self._known["service"]:
            yield "service", T("there is no service {service}", service=service)
