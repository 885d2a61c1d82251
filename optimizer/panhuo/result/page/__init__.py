"""report.html: a result as one page that opens without any network."""

from panhuo.result.page.document import page, write_page

__all__ = ["page", "write_page"]
