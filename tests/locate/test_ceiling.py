"""The bound by prices never lies, and is near the optimum of the relaxation."""

import numpy as np
import pytest
import scipy.sparse as sp

from panhuo import locate
from panhuo.engine import Limits
from panhuo.locate.ceiling import ceiling
from panhuo.locate.result import Clock
from panhuo_models.data.location import Candidates, Covering


@pytest.mark.parametrize(("most", "budget"), [(3, None), (None, 12.0), (4, 9.0)])
@pytest.mark.parametrize("seed", range(8))
def test_never_below_the_optimum(random_case, seed, most, budget):
    case = random_case(seed, points=60, sites=20, plain=True)
    within = sp.csr_matrix(case.distance <= 9)
    none = np.zeros(20, dtype=bool)
    result = locate.mclp(case.weight, within, p=most, cost=case.cost, budget=budget)
    assert result.status == "optimal"
    data = Covering(Candidates(case.cost, none, none, most, budget=budget), within, case.weight)
    bound = ceiling(data, result.objective * 0.9, Clock(Limits()))
    assert result.objective <= bound
    # Held against p and budget one by one, it is looser where both bind.
    assert bound <= result.objective * (1.5 if most and budget else 1.12)
    assert result.objective <= ceiling(data, result.objective * 0.9, Clock(Limits(time_limit=1e-9)))
