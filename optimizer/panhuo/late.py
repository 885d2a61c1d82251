"""Rooms that open late: what a package offers is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any


def late(package: str, offers: Mapping[str, Collection[str]]) -> Callable[[str], Any]:
    """Make the ``__getattr__`` of a package.

    What it offers stands in ``__all__`` and under ``TYPE_CHECKING`` too. No name may be that of another module of the
    package: once that is imported, it stands in the name's place.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    offers : mapping of str to collection of str
        By module of the package, the names that come from there; none: the module itself.
    """
    places = {name: f"{package}.{module}" for module, names in offers.items() for name in names or [module]}

    def get(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(places[name])
        return module if name in offers else getattr(module, name)

    return get
