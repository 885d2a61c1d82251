"""plan.xlsx: what a planner opens in an office, sorts, filters, edits and hands back."""

from panhuo.result.workbook.book import write_workbook

__all__ = ["write_workbook"]
