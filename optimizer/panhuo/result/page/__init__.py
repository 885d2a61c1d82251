"""report.html: a result as one page that opens without any network."""

from panhuo.result.page.basemap import Basemap
from panhuo.result.page.document import page, write_page

__all__ = ["Basemap", "page", "write_page"]
