"""Packages that import what they offer when it is first asked for."""

import ast
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import panhuo

ROOT = Path(panhuo.__file__).parent
FILES = [file for file in sorted(ROOT.rglob("__init__.py")) if "late(" in file.read_text("utf-8")]


def package(file: Path) -> str:
    return ".".join(file.parent.relative_to(ROOT.parent).parts)


@pytest.mark.parametrize("file", FILES, ids=package)
def test_a_package_offers_what_it_tells_type_checkers(file: Path) -> None:
    room = import_module(package(file))
    (checked,) = (n for n in ast.parse(file.read_text("utf-8")).body if isinstance(n, ast.If))
    told = {alias.name: n.module for n in checked.body if isinstance(n, ast.ImportFrom) for alias in n.names}
    assert sorted(told) == sorted(room.__all__)
    assert {name: getattr(room, name) for name in told} == {
        name: getattr(import_module(place), name) for name, place in told.items()
    }


@pytest.mark.parametrize("file", FILES, ids=package)
def test_no_module_can_stand_in_the_place_of_a_name(file: Path) -> None:
    inside = {module.name for module in pkgutil.iter_modules([str(file.parent)])}
    assert inside & set(import_module(package(file)).__all__) <= {"locate"}, "locate is offered as the module it is"


@pytest.mark.parametrize("file", FILES, ids=package)
def test_asking_a_package_for_what_is_not_there(file: Path) -> None:
    room = package(file)
    with pytest.raises(AttributeError, match=f"module '{room}' has no attribute 'siting'"):
        _ = import_module(room).siting
    with pytest.raises(ImportError):
        exec(f"from {room} import siting")
