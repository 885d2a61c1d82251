"""Time is kept where a solver does not keep it."""

import threading

import pytest

from panhuo.engine import Limits
from panhuo.engine.program import Answer, Progress
from panhuo.locate.punctual import in_time
from panhuo.locate.result import Clock


def test_a_solver_that_ends_in_time_is_heard():
    answer = Answer("optimal", None, 3.0, 3.0, 0.0)
    assert in_time(lambda _: answer, Clock(Limits())) is answer


def test_a_silent_solver_is_left_with_its_last_bound():
    heard, clock = threading.Event(), Clock(Limits(time_limit=0.2))

    def silent(watch):
        for bound in (9.0, 7.0):
            watch.progress(Progress("", 0.0, None, bound, None, 0))
        heard.wait(60)
        return Answer("optimal", None, 5.0, 5.0, 60.0)

    answer = in_time(silent, clock)
    heard.set()
    assert (answer.reason, answer.x) == ("time_limit", None)
    assert 7.0 < answer.bound < 7.0 + 1e-6
    assert clock.seconds < 30


def test_a_fault_is_raised_where_the_answer_is_awaited():
    def broken(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_time(broken, Clock(Limits()))
