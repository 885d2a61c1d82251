"""What several tests of Dazu read."""

import pytest

from panhuo.access import catchments
from panhuo.assemble import derive_options, siting_data


@pytest.fixture(scope="session")
def options(dazu):
    """Every option of Dazu."""
    return derive_options(dazu)


@pytest.fixture(scope="session")
def data(dazu, options):
    """What the model sees of Dazu."""
    return siting_data(dazu, options, catchments(dazu)).data
