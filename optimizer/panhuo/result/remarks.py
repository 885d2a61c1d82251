"""What a reader of the figures must know."""

from __future__ import annotations

from panhuo.instance import Instance
from panhuo.words import T, Text


def synthetic(instance: Instance) -> tuple[Text, ...]:
    """Warn where people or rooms were made up: the figures of an example must never pass for a district's own."""
    notes = instance.settings.tables
    made_up = any(notes[table].synthetic for table in ("demand", "sites") if table in notes)
    return (T("Partly synthetic data: see the tables' notes"),) if made_up else ()


def against_policy(sentence: Text) -> Text:
    """Mark a breach among other remarks."""
    return T("Against the policy: {what}", what=sentence)
