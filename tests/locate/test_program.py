"""Reach rows as arrays say what the same rows say in Pyomo."""

import numpy as np
import pytest
import scipy.sparse as sp
from four_sites import CAPACITY, covering, serving
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from panhuo.locate.program import (
    compile_location,
    cover_arrays,
    level_arrays,
    must_cover_arrays,
    pair_arrays,
)
from panhuo_models.cflp import cflp, pair_rows
from panhuo_models.covering import cover_rows, must_cover_rows
from panhuo_models.lscp import lscp
from panhuo_models.mclp import mclp
from panhuo_models.p_median import level_rows, p_median
from panhuo_models.partial_cover import partial_cover

CASES = {
    "mclp": (mclp, cover_rows, cover_arrays, covering, "reached", "covered"),
    "partial_cover": (partial_cover, cover_rows, cover_arrays, covering, "reached", "covered"),
    "lscp": (lscp, must_cover_rows, must_cover_arrays, covering, None, None),
    "p_median": (p_median, level_rows, level_arrays, lambda: serving(exactly=True), "distance", "beyond"),
    "cflp": (cflp, pair_rows, lambda data: pair_arrays(data, CAPACITY), serving, "serving", "served"),
}


def rows_of(matrix, lower, upper):
    """Rows as sets of entries with their bounds, both signs alike, constants moved into the bounds."""
    found = set()
    matrix = sp.csr_matrix(matrix)
    matrix.eliminate_zeros()
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        pairs = sorted(zip(matrix.indices[part].tolist(), matrix.data[part].tolist(), strict=True))
        low, high = float(lower[row]), float(upper[row])
        if pairs and pairs[0][1] < 0:
            pairs, low, high = [(c, -v) for c, v in pairs], -high, -low
        found.add((tuple((c, round(v, 9)) for c, v in pairs), round(low, 9) + 0.0, round(high, 9) + 0.0))
    return found


@pytest.mark.parametrize("name", CASES)
def test_arrays_and_pyomo(name):
    formulation, written, arrays, make, total, own = CASES[name]
    data = make()
    program = compile_location(formulation(data), total, arrays(data))
    model = formulation(data)
    written(model, data)
    variables = list(model.choose.values())
    variables += [model.component(total)] if total else [None]
    variables += list(model.component(own).values()) if own else []
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    place = {id(variable): n for n, variable in enumerate(variables)}
    entries = sp.coo_matrix(form.A)
    column = np.array([place[id(variable)] for variable in form.columns])[entries.col]
    matrix = sp.csr_matrix((entries.data, (entries.row, column)), shape=(form.A.shape[0], len(variables)))
    kind = np.array([bound for _, bound in form.rows])
    said = rows_of(matrix, np.where(kind <= 0, form.rhs, -np.inf), np.where(kind >= 0, form.rhs, np.inf))
    assert rows_of(program.matrix, program.row_lower, program.row_upper) == said
    for n, variable in enumerate(variables):
        if variable is not None:
            upper = np.inf if variable.ub is None else variable.ub
            assert (program.lower[n], program.upper[n]) == (variable.lb, upper)
            assert program.integer[n] == variable.is_integer()
    assert program.maximise == (name == "mclp")
