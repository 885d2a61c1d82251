"""What readers get only where they ask for it: folders beside the files of a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from panhuo.result import figure, layers
from panhuo.result.plan import Result
from panhuo.words import Lang, Text


@dataclass(frozen=True)
class Asked:
    """A folder on request.

    Parameters
    ----------
    make : callable
        Makes the folder, which is not there yet, and its files; may give remarks for the reader.
    ours : callable
        Says whether a file of that name in the folder is one that we write, or that a program writes beside them.
    """

    make: Callable[[Result, Path, Lang], Sequence[Text] | None]
    ours: Callable[[str], bool]


def _shapes(result: Result, folder: Path, lang: Lang) -> None:
    layers.write_shapes(result, folder, lang)


def _shape(name: str) -> bool:
    return layers.shape_file(name)


def _figures(result: Result, folder: Path, lang: Lang) -> Sequence[Text]:
    return figure.draw_figures(result, folder, lang)


def _figure(name: str) -> bool:
    return figure.figure_file(name)


ASKED: Mapping[str, Asked] = {"shp": Asked(_shapes, _shape), "figures": Asked(_figures, _figure)}
"""The folders; who makes them is loaded only then."""


LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems leave in folders they looked into."""


def strangers(folder: Path) -> list[str]:
    """List what stands in the folders on request of a result that is not ours, or in their place."""
    found = []
    for name, asked in ASKED.items():
        place = folder / name
        if place.is_dir():
            inside = sorted(path.name for path in place.iterdir())
            found += [f"{name}/{own}" for own in inside if own not in LITTER and not asked.ours(own)]
        elif place.exists():
            found.append(name)
    return found


def put(fresh: Path, place: Path) -> None:
    """Let a file or folder take the place of the earlier one; what is not ours in a folder stays."""
    if not fresh.is_dir():
        fresh.replace(place)
        return
    place.mkdir(exist_ok=True)
    for path in place.iterdir():
        if ASKED[place.name].ours(path.name):
            path.unlink()
    for path in sorted(fresh.iterdir()):
        path.replace(place / path.name)
