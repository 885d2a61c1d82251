"""Free memory goes back to the system."""

import os
import platform
import subprocess
import sys

import pytest

FREED = """
import sys
import numpy as np
from panhuo.memory import give_back
if sys.argv[1] == "back":
    give_back()
first = np.ones(1 << 19)
del first
arrays, between = [], []
for n in range(64):
    arrays.append(np.ones(1 << 17))
    between.append(np.ones(1 << 10))
del arrays
print(int(open("/proc/self/statm").read().split()[1]) * 4 // 1024)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries have no such parameters")
def test_arrays_that_are_freed_leave_the_process() -> None:
    """64 arrays of a megabyte, with something that stays between them."""
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    kept, back = (
        int(subprocess.run([sys.executable, "-c", FREED, how], env=paths, capture_output=True, check=True).stdout)
        for how in ("kept", "back")
    )
    assert back < kept - 32
