"""Named small instances."""

import gc
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import panhuo
from panhuo.instance import Instance

INSTANCES = Path(__file__).parents[1] / "instances"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep walking minutes in a folder of the tests, never in the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PANHUO_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # else each program that is started reads all sources
        yield


@pytest.fixture(scope="module", autouse=True)
def _loaded_late() -> Iterator[None]:
    """Let the collector pass over what the tests of a file have loaded, too."""
    yield
    gc.collect()
    gc.freeze()


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over the libraries, which stay until the end."""
    gc.freeze()


@pytest.fixture(scope="module")
def tables_alone() -> Iterator[Mapping[str, object]]:
    """Of a result write the tables and run.json only: what readers open takes most of the time. Gives who writes that."""
    from panhuo.result import figure, writing

    with pytest.MonkeyPatch.context() as patch:
        opened = writing.OPENED
        patch.setattr(writing, "OPENED", {})
        patch.setattr(figure, "draw_map", lambda *_: None)
        yield opened


@pytest.fixture(scope="session")
def toy() -> Instance:
    """Three rooms on one street, solved by hand in instances/toy/README.md."""
    return panhuo.read(INSTANCES / "toy")


@pytest.fixture(scope="session")
def dazu() -> Instance:
    """Dazu District as committed."""
    return panhuo.read(INSTANCES / "dazu")
