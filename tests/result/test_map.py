"""The map of a result."""

from __future__ import annotations

import dataclasses
import io

import pytest
from matplotlib.figure import Figure

from panhuo.instance import Instance
from panhuo.instance.policy import Proposal
from panhuo.result.figure import draw_map
from panhuo.result.figure.canvas import window
from panhuo.result.figure.people import drawn

from .conftest import BY_HAND, built


def test_the_heading_names_the_proposal_and_what_is_made_up(toy: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    text = Figure.text
    monkeypatch.setattr(
        Figure, "text", lambda self, x, y, s, **more: (written.append(s), text(self, x, y, s, **more))[1]
    )
    made = built(dataclasses.replace(toy, proposal=Proposal(title="Thrift")), ())
    draw_map(made, io.BytesIO())  # type: ignore[arg-type]
    assert written == ["Toy: three rooms, solved by hand – Thrift", "Partly synthetic data: see the tables' notes"]


def test_no_point_is_clipped_at_the_frame(toy: Instance) -> None:
    existing = toy["existing"].assign(x_m=[-5_000.0, 9_000.0])
    made = built(dataclasses.replace(toy, tables={**toy.tables, "existing": existing}), BY_HAND)
    (left, right), (bottom, top) = window(drawn(made))
    assert left < -5_000 - 0.03 * 14_000
    assert right > 9_000 + 0.03 * 14_000
    assert bottom < 0 < top


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.4])
def test_a_window_fills_a_panel_of_any_shape(toy: Instance, ratio: float) -> None:
    (left, right), (bottom, top) = window(drawn(built(toy, BY_HAND)), ratio)
    assert (right - left) / (top - bottom) == pytest.approx(ratio)
