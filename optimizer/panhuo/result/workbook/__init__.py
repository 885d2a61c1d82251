"""plan.xlsx: what a planner opens in an office, sorts, filters, edits and hands back."""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo.result.workbook.book import write_workbook

__all__ = ["write_workbook"]
__getattr__ = late(__name__, {"book": ["write_workbook"]})
