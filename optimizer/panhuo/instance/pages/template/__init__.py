"""An empty instance with every column explained: a folder of tables, or one workbook."""

from panhuo.instance.pages.template.folder import write_template

__all__ = ["write_template"]
