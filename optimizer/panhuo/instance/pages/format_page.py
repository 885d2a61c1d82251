"""Writes the documentation of the format: ``python -m panhuo.instance.pages.format_page docs``."""

from __future__ import annotations

import sys
from pathlib import Path

from panhuo.instance.pages.documentation import format_page
from panhuo.words import LANGS, Lang

FILES: dict[Lang, str] = {"en": "format.md", "zh": "format.zh-CN.md"}


def main(folder: Path) -> None:
    """Write the page in every language."""
    for lang in LANGS:
        (folder / FILES[lang]).write_text(format_page(lang), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
