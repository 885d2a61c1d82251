"""A small instance whose people are not given as a table."""

from typing import Any

import pytest


@pytest.fixture
def homeless(folder: Any) -> Any:
    """The clean small instance without its demand table."""
    del folder.tables["demand"]
    del folder.crs["demand"]
    return folder
