"""What may be built and charged, and what that takes and costs: derived again from the instance alone."""

from panhuo.result.verify.stock.charges import Menu, Tariff
from panhuo.result.verify.stock.option import Option, is_meant
from panhuo.result.verify.stock.options import Stock
from panhuo.result.verify.stock.payers import Payers
from panhuo.result.verify.stock.works import Work

__all__ = ["Menu", "Option", "Payers", "Stock", "Tariff", "Work", "is_meant"]
