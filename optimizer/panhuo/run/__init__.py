"""The run: what the commands and the library's calls do, in a few readable lines each."""

from panhuo.run.certifying import Certified, certify
from panhuo.run.checking import Check, check, picture
from panhuo.run.solving import evaluate, solve, write_lp

__all__ = ["Certified", "Check", "certify", "check", "evaluate", "picture", "solve", "write_lp"]
