"""Pyomo is there without the parts of SciPy that no model uses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("room", ["panhuo.engine.stages", "panhuo_models.siting"])
def test_no_statistics_are_loaded(room):
    asked = (
        f"import sys, {room}; print('pyomo' in sys.modules, 'scipy.stats' in sys.modules);"
        "from scipy import stats; from scipy.spatial import cKDTree; print(stats.norm.cdf(0.0), cKDTree([[0.0]]).n)"
    )
    roots = os.pathsep.join(str(ROOT / root) for root in ("optimizer", "models"))
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["True", "False", "0.5", "1"]
