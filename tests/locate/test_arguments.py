"""What is wrong with arguments is said all at once: argument, value, rule, mend."""

import numpy as np
import pytest

from panhuo import locate

METRES = np.array([[1.0, 5.0], [4.0, 2.0]])


def faults(call, *given, **named):
    with pytest.raises(ValueError, match=r" must | is ") as caught:
        call(*given, **named)
    assert isinstance(caught.value, locate.ArgumentError)
    assert str(caught.value).splitlines() == list(caught.value.faults)
    return caught.value.faults


def test_all_at_once():
    said = faults(locate.mclp, [1, -2], METRES, radius=-1, cost=[1, np.nan], required=[0], excluded=[0, 7], gap="much",
                  time_limit=0, threads=1.5)  # fmt: skip
    assert said == (
        "gap = 'much': must be a number ≥ 0. Correct it.",
        "time_limit = 0: must be > 0 [s]. Give some seconds, or leave it out.",
        "threads = 1.5: must be a whole number ≥ 0. Correct it.",
        "radius = -1: must be a number ≥ 0. Correct it.",
        "weights[1] = -2.0: must be finite and ≥ 0. Correct or leave out the row.",
        "cost[1] = nan: must be finite and ≥ 0. Correct or leave out the row.",
        "excluded = 7: must be a site. Name sites by row number, or by the index of their table.",
        "required = 0: must not be excluded as well. Leave it out of one of the two.",
        "p, budget = None: one of them must be given. Give the most sites, or the most money.",
    )


@pytest.mark.parametrize(("call", "given", "named", "says"), [
    (locate.mclp, ([1, 1], METRES), {"p": 1}, "radius = None: must be given with distances"),
    (locate.mclp, ([1, 1], METRES < 3), {"p": 1, "radius": 3}, "radius = 3: is for distances"),
    (locate.mclp, ([1, 1], METRES.astype(int)), {"p": 1}, "reach = 5: must be yes and no without a radius"),
    (locate.mclp, ([1, 1], METRES), {"p": 1, "radius_m": 3}, "radius_m = 3: is for GeoDataFrames"),
    (locate.mclp, ([1, 1, 1], METRES < 3), {"p": 1}, "weights = array of shape (3,): must have one number for each of 2"),
    (locate.mclp, ("people", METRES < 3), {"p": 1}, "weights = 'people': must be a column"),
    (locate.mclp, ([1, 1], [1, 2]), {"p": 1}, "reach = array of shape (2,), int64: must be numbers, demand points × sites"),
    (locate.mclp, ([1, 1], METRES < 3), {"p": 1, "required": [True, True]}, "required = 2 sites: must be at most p = 1"),
    (locate.mclp, ([1, 1], METRES < 3), {"budget": 1, "cost": 2, "required": [0]}, "required = sites for 2: must cost at most"),
    (locate.mclp, ([1, 1], METRES < 3), {"p": 1, "existing": [True]}, "existing = array of shape (1,): must have one mark"),
    (locate.partial_cover, ([1, 1], METRES < 3), {}, "share, amount = (None, None): one of the two must be given"),
    (locate.partial_cover, ([1, 1], METRES < 3), {"share": 90}, "share = 90: must be at most 1"),
    (locate.lscp, (-METRES,), {"radius": 3}, "reach[0, 0] = -1.0: must be ≥ 0"),
    (locate.p_median, ([1, 1], METRES), {"p": 3}, "p = 3: must be at most the 2 sites"),
    (locate.p_median, ([1, 1], METRES), {"p": True}, "p = True: must be a whole number"),
    (locate.p_center, (METRES,), {"p": None}, "p = None: must be given"),
    (locate.cflp, ([1, 1], METRES), {"capacity": [1], "cost": None}, "capacity = array of shape (1,): must have one number"),
])  # fmt: skip
def test_each(call, given, named, says):
    assert any(line.startswith(says) for line in faults(call, *given, **named))
