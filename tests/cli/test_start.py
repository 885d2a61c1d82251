"""The first moments of the program."""

import signal
import sys
import types

import pytest

import panhuo
from panhuo.__main__ import main


class _Interrupted(types.ModuleType):
    def __getattr__(self, name: str) -> object:
        raise KeyboardInterrupt


def test_interrupted_while_the_libraries_are_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "panhuo.cli", _Interrupted("panhuo.cli"))
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert main() == 130
        assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, before)


def test_asking_for_what_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'siting'"):
        _ = panhuo.siting
    assert callable(panhuo.solve)
