"""What an engine run does not need is not loaded."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("room", ["engine", "locate"])
def test_the_rooms_that_solve_load_no_tables_and_no_maps(room: str) -> None:
    """They would take a quarter of the memory of a large district, and a second, without being used."""
    heavy = ("pandas", "geopandas", "pandera", "shapely", "pyproj", "openpyxl", "ortools")
    code = f"import sys, panhuo.{room}\nprint(*(name for name in {heavy!r} if name in sys.modules))"
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", code], env=paths, capture_output=True, text=True, check=True)
    assert not ran.stdout.split()
