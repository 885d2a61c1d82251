"""Named small instances."""

from pathlib import Path

import pytest

import panhuo
from panhuo.instance import Instance

INSTANCES = Path(__file__).parents[1] / "instances"


@pytest.fixture(scope="session")
def toy() -> Instance:
    """Three rooms on one street, solved by hand in instances/toy/README.md."""
    return panhuo.read(INSTANCES / "toy")


@pytest.fixture(scope="session")
def dazu() -> Instance:
    """Dazu District as committed."""
    return panhuo.read(INSTANCES / "dazu")
