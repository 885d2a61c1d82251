"""How a solve ends without a plan."""

from __future__ import annotations

from panhuo.words import T, Text


class InfeasibleError(Exception):
    """No plan exists; ``conflicts`` says what is at odds."""

    def __init__(self, conflicts: tuple[Text, ...]) -> None:
        super().__init__("; ".join(str(text) for text in conflicts))
        self.conflicts = conflicts


class NoPlanError(Exception):
    """A limit or an interruption came before any plan was found."""


class RefusedError(ValueError):
    """A solver cannot take a model; ``text`` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class UnboundedError(RefusedError):
    """Prices alone bound nothing: a column has no bound, and no row gives it one."""

    def __init__(self) -> None:
        super().__init__(T("a part of this model has no bound by itself, so that it cannot be taken apart: take exact"))


class TooLargeError(ValueError):
    """A model that is too large to be written out; ``text`` says how large."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class SolverError(RuntimeError):
    """A solver refused a call or ended in a way that has no meaning here: a fault of ours, not of the data."""
