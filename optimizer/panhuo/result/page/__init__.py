"""report.html: a result as one page that opens without any network."""

from typing import TYPE_CHECKING

from panhuo.late import late

if TYPE_CHECKING:
    from panhuo.result.page.basemap import Basemap
    from panhuo.result.page.document import page, write_page

__all__ = ["Basemap", "page", "write_page"]
__getattr__ = late(__name__, {"basemap": ["Basemap"], "document": ["page", "write_page"]})
