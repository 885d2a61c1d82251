"""The run: what the commands and the library's calls do, in a few readable lines each."""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo.run.certified import Certified
    from panhuo.run.certifying import certify
    from panhuo.run.checking import Check, check
    from panhuo.run.picturing import picture
    from panhuo.run.solving import evaluate, solve, write_lp

__all__ = ["Certified", "Check", "certify", "check", "evaluate", "picture", "solve", "write_lp"]
__getattr__ = late(
    __name__,
    {
        "certified": ["Certified"],
        "certifying": ["certify"],
        "checking": ["Check", "check"],
        "picturing": ["picture"],
        "solving": ["evaluate", "solve", "write_lp"],
    },
)
