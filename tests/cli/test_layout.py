"""Tables and sentences on a terminal: nothing wider than it is, figures whole, words in lines."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from panhuo.cli import screen
from panhuo.cli.layout import blocks
from panhuo.cli.screen import Screen
from panhuo.cli.wrapping import lines, pieces, spoken, wide
from panhuo.words import T

FUNDS = ["资金", "出资方", "上限", "已用", "剩余", "年度上限"]
ROWS = [
    ["中央预算内投资（社区嵌入式服务设施）", "政府", "12,200.00", "12,200.00", "0.00", "0.00"],
    ["慈善捐赠", "捐赠", "30.00", "29.73", "0.27", "6.00"],
]


def test_what_fits_stands_as_it_is():
    (block,) = blocks(["Service", "In need"], [["Clinic", "1,580"]], words=1, keys=1, width=80)
    assert (block.head, block.rule, block.rows) == (["Service  In need"], 16, ["Clinic     1,580"])


def test_without_a_width_nothing_is_broken():
    (block,) = blocks(FUNDS, ROWS, words=2, keys=1, width=None)
    assert [len(block.head), len(block.rows)] == [1, 2]
    assert not any(line.endswith(" ") for line in block.rows)


def test_words_are_broken_before_columns_are_parted():
    (block,) = blocks(FUNDS, ROWS, words=2, keys=1, width=64)
    assert block.rows[0].startswith("中央预算内投资（社  ")
    assert block.rows[1].startswith("区嵌入式服务设施）")


def test_columns_that_do_not_fit_stand_below_with_what_the_rows_are_of():
    """Two blocks, as even as can be, each beginning with the fund; every figure whole and once."""
    parts = blocks(FUNDS, ROWS, words=2, keys=1, width=44)
    assert [part.head[-1].split() for part in parts] == [
        ["资金", "出资方", "上限", "已用"],
        ["资金", "剩余", "年度上限"],
    ]
    assert all(part.rows[-1].startswith("慈善捐赠") for part in parts)
    told = " ".join(line for part in parts for line in part.rows).split()
    assert [told.count(figure) for figure in ("12,200.00", "29.73", "0.27", "6.00")] == [2, 1, 1, 1]


NAMES = st.text(st.sampled_from("社区卫生，（） abcdefgh-…"), min_size=1, max_size=30)
FIGURES = st.integers(0, 10**9).map("{:,}".format)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(NAMES, NAMES, FIGURES, FIGURES, FIGURES), min_size=1, max_size=4),
    width=st.integers(48, 120),
)
def test_no_line_is_wider_and_no_figure_is_lost(rows, width):
    heads = ["服务 Service", "Tariff", "Covered before", "新增覆盖", "Share"]
    parts = blocks(heads, [list(row) for row in rows], words=2, keys=2, width=width)
    everything = [line for part in parts for line in [*part.head, *part.rows]]
    assert max(map(wide, everything)) <= width
    told = " ".join(line for part in parts for line in part.rows).split()
    for row in rows:
        assert all(told.count(figure) >= 1 for figure in row[2:])


def test_a_line_ends_between_words_or_chinese_characters():
    assert lines("其中 2,901.81 万元 属于没有运营方式的服务。", 20) == [
        "其中 2,901.81 万元",
        "属于没有运营方式的服",
        "务。",
    ]
    assert lines("of CNY 2.38 million in all", 12) == ["of", "CNY 2.38 million", "in all"]
    assert pieces("（一）12元，3 m") == ["（一）", "12元，", "3 m"]


def test_a_path_stays_whole_in_a_sentence_and_is_cut_in_a_cell():
    assert lines("in /a/very/long/path", 8) == ["in", "/a/very/long/path"]
    assert lines("in /a/very/long/path", 8, fold=True) == ["in", "/a/very/", "long/pat", "h"]


def test_what_would_steer_a_terminal_is_data():
    assert spoken("a\x1b[2Jb\x08\r\nc\u202ed") == "a?[2Jb?  c?d"


@pytest.fixture
def terminal(monkeypatch):
    """A terminal of so many columns, without colours."""

    def open_(columns):
        made = partial(Console, width=columns, force_terminal=True, color_system=None)
        monkeypatch.setattr(screen, "Console", made)

    return open_


def test_names_are_never_markup(terminal, capsys):
    terminal(80)
    Screen("en", json=False, quiet=False).table(
        T("Funds ({unit})", unit="CNY"), [T("Fund")], [["[red]x[/red] :smile:"]]
    )
    assert capsys.readouterr().out.splitlines()[1:] == ["Funds (CNY)", "Fund", "─" * 20, "[red]x[/red] :smile:"]
