"""The files an instance was read from, as a result keeps them."""

from __future__ import annotations

from panhuo.instance import Instance
from panhuo.instance.instance import Source
from panhuo.instance.reading import names


def inputs(instance: Instance) -> list[tuple[str, Source]]:
    """Name every file the instance was read from as the result's ``inputs`` folder holds it."""
    return [(_kept_as(source), source) for source in instance.sources]


def _kept_as(source: Source) -> str:
    """Name a file in the folder ``inputs``; what is read beside the instance may be called as a file of it."""
    if source.role == "proposal":
        return "proposal.toml"
    return f"pins/pins{names.ending(source.path.name)}" if source.role == "pins" else source.name
