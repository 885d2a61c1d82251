"""Arguments as they are given: checked all at once, and put into one form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panhuo.engine import Limits
from panhuo.engine.program import Bools, Floats
from panhuo_models.data.location import Candidates


class ArgumentError(ValueError):
    """Arguments are at fault; ``faults`` has a line for each: argument = value: rule. Mend."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class Faults:
    """The faults of one call, found one after the other and raised together."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, argument: str, value: object, rule: str, mend: str) -> None:
        """Note one more fault."""
        self.lines.append(f"{argument} = {value}: {rule}. {mend}.")

    def settle(self) -> None:
        """Raise what was found.

        Raises
        ------
        ArgumentError
            There were faults.
        """
        if self.lines:
            raise ArgumentError(self.lines)


@dataclass(frozen=True, eq=False)
class Labels:
    """What the rows of demand points or sites are called.

    Parameters
    ----------
    values : array
        One label a row.
    frame : GeoDataFrame or None
        Where they come from; its columns can be asked for by name.
    """

    values: NDArray[Any]
    frame: Any = None

    def __len__(self) -> int:
        return len(self.values)


def numbers(
    argument: str, given: Any, labels: Labels, faults: Faults, *, default: float | None = None, what: str
) -> Floats:
    """Read one number a row: an array, a Series, one number for all, or the name of a column.

    Parameters
    ----------
    argument : str
        Name of the argument.
    given : array, Series, float, str or None
        What was given; None means ``default``.
    labels : Labels
        The rows.
    faults : Faults
        Takes what is wrong.
    default : float, optional
        For all rows where nothing is given; without it something must be.
    what : str
        What the rows are, in words.

    Returns
    -------
    (rows,) float
        Finite, not negative; zeros where something is wrong.
    """
    nothing = np.zeros(len(labels))
    if given is None:
        if default is None:
            faults.add(argument, None, f"must be given, one number for each of {len(labels)} {what}", "Give it")
            return nothing
        return nothing + default
    if isinstance(given, str):
        if labels.frame is None or given not in labels.frame.columns:
            faults.add(argument, repr(given), f"must be a column of the {what}", "Name a column, or give numbers")
            return nothing
        given = labels.frame[given]
    try:
        values = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        faults.add(argument, repr(given)[:60], "must be numbers", "Give one number a row")
        return nothing
    values = np.full(len(labels), float(values)) if values.ndim == 0 else values
    if values.shape != (len(labels),):
        faults.add(argument, f"array of shape {values.shape}", f"must have one number for each of {len(labels)} {what}",
                   "Give as many as there are rows")  # fmt: skip
        return nothing
    wrong = np.flatnonzero(~(values >= 0) | np.isinf(values))
    if len(wrong):
        others = f" ({len(wrong)} rows are not)" if len(wrong) > 1 else ""
        place = f"{argument}[{wrong[0]}]"
        faults.add(place, values[wrong[0]], f"must be finite and ≥ 0{others}", "Correct or leave out the row")
        return nothing
    return values


def number(argument: str, given: Any, faults: Faults, *, whole: bool = False, least: float = 0.0) -> Any:
    """Read one number, or None."""
    if given is None:
        return None
    rule = f"must be a {'whole ' if whole else ''}number ≥ {least:g}"
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = float("nan")
    if isinstance(given, bool) or not value >= least or (whole and value != np.rint(value)):
        faults.add(argument, repr(given), rule, "Correct it")
        return None
    return int(value) if whole else value


def marks(argument: str, given: Any, labels: Labels, faults: Faults) -> Bools:
    """Read which sites are meant: a mask, their row numbers or labels, or the name of a column of yes and no."""
    mask = np.zeros(len(labels), dtype=bool)
    if given is None:
        return mask
    if isinstance(given, str):
        if labels.frame is None or given not in labels.frame.columns:
            faults.add(argument, repr(given), "must be a column of the sites", "Name a column, or give labels")
            return mask
        given = labels.frame[given]
    values = np.asarray(given)
    if values.dtype == bool:
        if values.shape != mask.shape:
            faults.add(argument, f"array of shape {values.shape}", f"must have one mark for each of {len(mask)} sites",
                       "Give as many as there are rows")  # fmt: skip
            return mask
        return values
    place = {label: n for n, label in enumerate(labels.values.tolist())}
    unknown = [label for label in values.ravel().tolist() if label not in place]
    if unknown:
        faults.add(argument, unknown[0], "must be a site" + (f" ({len(unknown)} are none)" if len(unknown) > 1 else ""),
                   "Name sites by row number, or by the index of their table")  # fmt: skip
    mask[[place[label] for label in values.ravel().tolist() if label in place]] = True
    return mask


@dataclass(frozen=True, eq=False)
class Sites:
    """The sites as asked for.

    Parameters
    ----------
    candidates : Candidates
        All sites; existing ones are required, cost nothing and do not count towards p.
    existing : (J,) bool
        Which of them are there already.
    labels : Labels
        What they are called.
    """

    candidates: Candidates
    existing: Bools
    labels: Labels

    def named(self, chosen: Bools) -> NDArray[Any]:
        """Give the labels of the chosen sites that are not there already."""
        return self.labels.values[chosen & ~self.existing]


def sites(
    labels: Labels,
    faults: Faults,
    *,
    cost: Any,
    p: Any,
    budget: Any,
    existing: Any,
    required: Any,
    excluded: Any,
    exactly: bool = False,
    default_cost: float = 1.0,
) -> Sites:
    """Read all that is said of the sites."""
    price = numbers("cost", cost, labels, faults, default=default_cost, what="sites")
    here, must, out = (
        marks(argument, given, labels, faults)
        for argument, given in (("existing", existing), ("required", required), ("excluded", excluded))
    )
    for argument, mask in (("required", must), ("existing", here)):
        both = np.flatnonzero(mask & out)
        if len(both):
            faults.add(
                argument, labels.values[both[0]], "must not be excluded as well", "Leave it out of one of the two"
            )
    most = number("p", p, faults, whole=True, least=0)
    money = number("budget", budget, faults)
    must = must & ~here
    if most is not None and int(must.sum()) > most:
        faults.add("required", f"{int(must.sum())} sites", f"must be at most p = {most}", "Raise p, or require fewer")
    free = int((~out & ~here).sum())
    if exactly and most is not None and most > free:
        faults.add("p", most, f"must be at most the {free} sites that may be chosen", "Lower p")
    if money is not None and float(price[must].sum()) > money * (1 + 1e-12):
        faults.add("required", f"sites for {price[must].sum():g}", f"must cost at most budget = {money:g}",
                   "Raise the budget, or require fewer")  # fmt: skip
    price = np.where(here, 0.0, price)
    count = None if most is None else most + int(here.sum())
    return Sites(Candidates(price, must | here, out & ~here, count, exactly, money), here, labels)


def limits(gap: Any, time_limit: Any, threads: Any, seed: Any, faults: Faults) -> Limits:
    """Read when to stop."""
    share, seconds = number("gap", gap, faults), number("time_limit", time_limit, faults)
    if seconds == 0:
        faults.add("time_limit", time_limit, "must be > 0 [s]", "Give some seconds, or leave it out")
    count = number("threads", threads, faults, whole=True)
    start = number("seed", seed, faults, whole=True)
    return Limits(share or 0.0, seconds or float("inf"), count or 0, start or 0)
