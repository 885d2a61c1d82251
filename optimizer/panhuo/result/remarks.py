"""What a reader of the figures must know."""

from __future__ import annotations

from panhuo.instance import Instance
from panhuo.words import T, Text, figures

_PEOPLE_OR_ROOMS = ("demand", "buildings", "counts", "population", "sites")


def synthetic(instance: Instance) -> tuple[Text, ...]:
    """Warn where people or rooms were made up: the figures of an example must never pass for a district's own."""
    notes = instance.settings.tables
    made_up = any(
        note.synthetic for name, note in notes.items() if name in _PEOPLE_OR_ROOMS or name.startswith("population_")
    )
    return (T("Partly synthetic data: see the tables' notes"),) if made_up else ()


def merged(instance: Instance) -> tuple[Text, ...]:
    """State what merging near demand points cost, where any were."""
    error = instance.merging
    if error is None or error.merged == error.points:
        return ()
    return (
        T(
            "{points} demand points were merged into {merged}, within {allowed} min (people.merge_min): at most "
            "{largest} min off, {mean} min for the average resident, by straight lines × detour",
            points=figures.count(error.points),
            merged=figures.count(error.merged),
            allowed=f"{error.allowed_min:g}",
            largest=f"{error.largest_min:.2f}",
            mean=f"{error.mean_min:.2f}",
        ),
    )


def against_policy(sentence: Text) -> Text:
    """Mark a breach among other remarks."""
    return T("Against the policy: {what}", what=sentence)
