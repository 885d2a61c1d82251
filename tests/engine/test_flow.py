"""Merged flow rows and closed outlets say what the data say."""

from dataclasses import replace

import numpy as np
import pytest
from one_canteen import floats, ints, one_canteen

from panhuo.engine.compile import barred, compile_plan
from panhuo.engine.highs import solve_highs
from panhuo.engine.presolve import merge_alike, merge_flow
from panhuo.engine.program import Limits, Quiet
from panhuo.engine.viable import kept_pairs, viable
from panhuo_models.data import Flow

EXACT = Limits(gap=0, threads=1)
NEED = ints(0, 1, 2)


def flow(*cells):
    """Cells of (tally, {tier: (demand, {outlet: uptake})})."""
    rows = [(tally, c, h, *row) for c, (tally, tiers) in enumerate(cells) for h, row in tiers.items()]
    pairs = [(g, n, uptake) for g, row in enumerate(rows) for n, uptake in sorted(row[4].items())]
    tally, cell, tier, demand, _ = zip(*rows, strict=True)
    row, outlet, uptake = zip(*pairs, strict=True)
    return Flow(floats(*demand), ints(*tally), ints(*tier), ints(*cell), ints(*row), ints(*outlet), floats(*uptake))


BOTH, ONE = {0: 0.5, 1: 0.8}, {1: 0.8}


def as_cells(of):
    found = {}
    for g, (cell, tally, tier, demand) in enumerate(
        zip(of.cell.tolist(), of.tally.tolist(), of.tier.tolist(), of.demand.tolist(), strict=True)
    ):
        mine = of.row == g
        outlets = dict(zip(of.outlet[mine].tolist(), of.uptake[mine].tolist(), strict=True))
        found.setdefault(cell, (tally, {}))[1][tier] = (demand, outlets)
    return list(found.values())


CELLS = (
    (0, {1: (10.0, BOTH), 2: (20.0, ONE)}),
    (0, {1: (5.0, BOTH), 2: (10.0, ONE)}),  # mixes its tiers as the first does
    (0, {1: (5.0, BOTH), 2: (9.0, ONE)}),  # does not
    (0, {1: (5.0, BOTH), 2: (10.0, BOTH)}),  # other outlets
    (1, {1: (5.0, BOTH), 2: (10.0, ONE)}),  # another tally
    (0, {1: (7.0, BOTH)}),  # one tier
    (0, {1: (8.0, BOTH)}),
)


def test_alike_cells_are_merged_by_hand():
    merged = merge_alike(flow(*CELLS))
    assert as_cells(merged.flow) == [
        (0, {1: (20.0, BOTH), 2: (39.0, ONE)}),
        (0, {1: (5.0, BOTH), 2: (10.0, BOTH)}),
        (1, {1: (5.0, BOTH), 2: (10.0, ONE)}),
        (0, {1: (15.0, BOTH)}),
    ]


def test_cells_that_mix_tiers_alike_are_merged_by_hand():
    """Where tiers are in unequal need, fairness stays what it was only if the cells mix them alike."""
    merged = merge_flow(flow(*CELLS), NEED)
    assert as_cells(merged.flow) == [
        (0, {1: (15.0, BOTH), 2: (30.0, ONE)}),
        (0, {1: (5.0, BOTH), 2: (9.0, ONE)}),
        (0, {1: (5.0, BOTH), 2: (10.0, BOTH)}),
        (1, {1: (5.0, BOTH), 2: (10.0, ONE)}),
        (0, {1: (15.0, BOTH)}),
    ]
    assert as_cells(merge_flow(flow(*CELLS), ints(0, 1, 1)).flow) == as_cells(merge_alike(flow(*CELLS)).flow)


def test_people_are_handed_back_in_proportion():
    """Of 20 merged people of tier 1 ten live in the first cell, five in the second and the third."""
    data = flow(*CELLS)
    merged = merge_alike(data)
    assigned = np.arange(1.0, len(merged.flow.row) + 1)
    back = merged.hand_back(assigned)
    first = merged.pair == 0
    assert back[first].tolist() == [0.5, 0.25, 0.25]
    assert (data.outlet[first] == 0).all()
    assert (data.tier[data.row[first]] == 1).all()
    for of in (data.uptake, np.ones(len(data.row))):
        summed = np.bincount(data.outlet, weights=of * back)
        merged_of = merged.flow.uptake if of is data.uptake else np.ones(len(merged.flow.row))
        assert summed == pytest.approx(np.bincount(merged.flow.outlet, weights=merged_of * assigned))


def test_rows_without_outlet_are_dropped():
    data = flow(*CELLS)
    kept = data.row != 0
    left = replace(data, row=data.row[kept], outlet=data.outlet[kept], uptake=data.uptake[kept])
    merged = merge_flow(left, NEED)
    assert (0, {2: (20.0, ONE)}) in as_cells(merged.flow)
    assert merged.flow.demand.sum() == data.demand.sum() - 10.0
    nothing = replace(data, row=ints(), outlet=ints(), uptake=floats())
    assert len(merge_flow(nothing, NEED).flow) == 0
    assert len(merge_alike(nothing).hand_back(floats())) == 0


@pytest.mark.parametrize("seed", [*range(5), *(pytest.param(n, marks=pytest.mark.slow) for n in range(5, 15))])
def test_merged_flow_has_the_same_optimum(cases, seed):
    """Each row split into three cells of unequal size, which merge again to what they were."""
    data = cases.full(seed)
    parts = (0.5, 0.3, 0.2)
    g, cells = len(data.flow), int(data.flow.cell.max(initial=-1)) + 1
    split = Flow(
        demand=np.concatenate([data.flow.demand * part for part in parts]), tally=np.tile(data.flow.tally, 3),
        tier=np.tile(data.flow.tier, 3), cell=np.concatenate([data.flow.cell + n * cells for n in range(3)]),
        row=np.concatenate([data.flow.row + n * g for n in range(3)]), outlet=np.tile(data.flow.outlet, 3),
        uptake=np.tile(data.flow.uptake, 3),
    )  # fmt: skip
    merged = merge_flow(split, data.tier_need)
    assert len(merged.flow) <= len(data.flow)
    values = [
        solve_highs(compile_plan(replace(data, flow=of)).program(0), EXACT, Quiet()).objective
        for of in (data.flow, split, merged.flow)
    ]
    assert values == [values[0]] * 3 if values[0] is None else values == pytest.approx([values[0]] * 3, abs=1e-5)


def test_viable_by_hand():
    """Alone, "low" leaves 90·1,000 + 60·2,000 CNY at most, and "high" 280,000, of 240,000 that the canteen costs."""
    options, outlets = viable(one_canteen())
    assert (options.tolist(), outlets.tolist()) == ([True], [False, True])

    def year(**fields):
        data = one_canteen()
        return viable(replace(data, accounts=replace(data.accounts, **fields)))

    assert year(subsidy=floats(30_000))[1].tolist() == [True, True]
    assert year(subsidy=floats(29_999))[1].tolist() == [False, True]
    assert year(income=floats(30_000))[1].tolist() == [True, True]
    assert year(fixed=floats(280_001))[0].tolist() == [False]
    assert year(margin_min=floats(0.0816), fixed=floats(240_000))[1].tolist() == [False, True]
    assert year(margin_min=floats(0.0817))[0].tolist() == [False]
    assert year(capacity=floats(119))[0].tolist() == [False]
    # Without a margin of its own, or pooled with others, an account may lose money.
    assert year(margin_min=floats(np.nan), pool=ints(-1))[1].tolist() == [True, True]


def test_what_is_not_viable_is_closed():
    data = one_canteen()
    options, outlets = viable(data)
    closed = barred(compile_plan(data), data, options, outlets)
    assert closed.upper[closed.families["level"]].tolist() == [0, 1]
    assert closed.upper[closed.families["choose"]].tolist() == [1]
    left, pairs = kept_pairs(data.flow, outlets)
    assert left.outlet.tolist() == [1, 1]
    assert data.flow.outlet[pairs].tolist() == [1, 1]


@pytest.mark.parametrize("block", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_no_plan_is_lost_by_what_is_not_viable(cases, block):
    shut = 0
    for seed in range(20 * block, 20 * block + 20):
        data = cases.full(seed)
        compiled, (options, outlets) = compile_plan(data), viable(data)
        closed = barred(compiled, data, options, outlets)
        values = [solve_highs(of.program(0), EXACT, Quiet()).objective for of in (compiled, closed)]
        assert values[0] == values[1] or values == pytest.approx([values[0]] * 2, abs=1e-5)
        shut += not (options.all() and outlets.all())
    assert shut > 5
