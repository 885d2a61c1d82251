"""Panhuo (盘活): facility siting and idle-asset reuse with proven gaps and a ledger to the fen."""

from panhuo.instance import read

__version__ = "0.1.0"
__all__ = ["read"]
