"""The first moments of the program."""

import json
import signal
import sys
import types

import pytest

import panhuo
from panhuo.__main__ import main


class _Interrupted(types.ModuleType):
    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("words", "out", "err"),
    [
        (["check", "x", "--lang=zh"], "", "\r已中断，此前还没有可写出的结果。\n"),
        (["check", "x", "--json", "--lang=en"], "Interrupted before there was anything to write.", ""),
    ],
)
def test_interrupted_while_the_libraries_are_imported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], out: str, err: str
) -> None:
    monkeypatch.setitem(sys.modules, "panhuo.cli", _Interrupted("panhuo.cli"))
    monkeypatch.setattr(sys, "argv", ["panhuo", *words])
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        assert main() == 130
        assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    shown = capsys.readouterr()
    assert shown.err == err
    assert (json.loads(shown.out)["message"] if out else shown.out) == out


def test_asking_for_what_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'siting'"):
        _ = panhuo.siting
    assert callable(panhuo.solve)
