import signal
import threading

import numpy as np
import pytest

from panhuo.cli import follow
from panhuo.cli.follow import Follow
from panhuo.cli.progress import Steps
from panhuo.cli.screen import Screen
from panhuo.engine import Progress

SILENT = Steps(Screen("en", json=False, quiet=True))
STANDING = Progress(stage="basic", seconds=1.0, objective=10.0, bound=11.0, gap=0.1, nodes=1)


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(follow.time, "monotonic", lambda: now[0])
    return now


def test_checkpoints_are_five_seconds_apart_and_the_best_plan_is_not_lost(clock):
    kept = []
    watch = Follow(SILENT, lambda choose: kept.append(int(choose.sum())), {})
    for better in (1, 2, 3):
        watch.incumbent(np.arange(5) < better)
    assert kept == [1]
    clock[0] += 4.9
    watch.progress(STANDING)
    assert kept == [1]
    clock[0] += 0.2
    watch.progress(STANDING)
    assert kept == [1, 3]
    clock[0] += 60
    watch.progress(STANDING)
    assert kept == [1, 3]


def test_a_checkpoint_that_cannot_be_written_does_not_stop_the_solver():
    def full(choose):
        raise OSError("disk full")

    watch = Follow(SILENT, full, {})
    watch.incumbent(np.ones(2, dtype=bool))
    assert str(watch.unkept) == "disk full"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_stops_the_solver_and_the_second_ends_the_program(number):
    before = signal.getsignal(number)
    with Follow(SILENT, lambda choose: None, {}) as watch:
        signal.raise_signal(number)
        assert watch.stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("access", "已中断，尚无方案：正在停止。"),
        ("solve", "已中断：正在核验并写出目前最好的方案。"),
        ("verify", "方案已求出，仍在核验并写出。"),
        ("plan.xlsx", "方案已求出，仍在核验并写出。"),
    ],
)
def test_whoever_interrupts_is_told_what_happens_next(step, told, capsys):
    for quiet in (False, True):
        with Follow(Steps(Screen("zh", json=False, quiet=quiet)), lambda choose: None, {}) as watch:
            watch.step(step)
            signal.raise_signal(signal.SIGINT)
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err == ("" if quiet else f"{told}再按一次 Ctrl-C 立即停止。\n")


def test_a_watch_outside_the_main_thread_leaves_signals_alone():
    seen = []

    def work():
        with Follow(SILENT, lambda choose: None, {}):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]


def test_progress_speaks_of_classes_and_shows_no_figure_before_there_is_a_plan():
    nothing = Progress(stage="basic", seconds=1.0, objective=-1e30, bound=1e30, gap=float("inf"), nodes=0)
    assert follow.line(nothing, {"basic": "基础保障"}).to("zh") == "基础保障：已达 –，理论上限（或下限）–，差距 –"
    assert follow.line(STANDING, {"basic": "basic"}).to("en") == "basic: 10 reached, 11 at best, gap 10.00%"
    unplanned = Progress(stage="fair", seconds=1.0, objective=None, bound=90.0, gap=0.5, nodes=0)
    assert follow.line(unplanned, {}).to("zh").startswith("fair：已达 –，理论上限（或下限）90，差距 –")
