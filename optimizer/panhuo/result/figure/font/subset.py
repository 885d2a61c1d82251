"""Make the font again from which figures take their letters: a subset of Noto Sans CJK SC.

``python -m panhuo.result.figure.font.subset NotoSansCJK-Regular.ttc`` writes it beside this module. The original is
release Sans2.004 of https://github.com/notofonts/noto-cjk, as Debian's package fonts-noto-cjk 1:20220127+repack1-1
holds it; another one is refused. The subset bears a name of its own, so that no installed font is taken for it.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SHA256 = "b76b0433203017ca80401b2ee0dd69350349871c4b19d504c34dbdd80541690a"
"""Of the original, NotoSansCJK-Regular.ttc."""

FACE = 2
"""The face of simplified Chinese in the collection."""

FAMILY, STEM = "Panhuo Sans SC", "PanhuoSansSC-Regular"

BLOCKS = (
    (0x0020, 0x007E), (0x00A0, 0x017F), (0x2000, 0x20BF), (0x2100, 0x22FF), (0x2500, 0x25FF), (0x3000, 0x303F),
    (0xFF00, 0xFFEF),
)  # fmt: skip
"""Latin, punctuation, currencies, arrows and signs, beside the characters of GB 2312."""

NAMES = (
    "塆坵垚喆堃珺镕瑄玥昇淼旸烜甯翀埗墘岙峃坜坭垵崬崀湴碶硚硐垟氿浬浉渌溇漖滘瀍堎埌塅"
    "塝堨埼崾畈浒洑淏晞暐玙珩琎婳煊燊鑫堉"
)
"""Frequent in names of places and people, and for the most part not in GB 2312."""

_KEPT_NAMES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14]
"""Copyright, names, version, trademark, makers, licence."""


def characters() -> set[int]:
    """List the characters of GB 2312-80 (6,763 Chinese ones, Greek, Cyrillic, signs), and of the lists above."""
    found = {code for first, last in BLOCKS for code in range(first, last + 1)} | set(map(ord, NAMES))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            found.update(map(ord, bytes((row, cell)).decode("gb2312", errors="ignore")))
    return found


def make(original: Path, made: Path) -> None:
    """Write the subset: the same bytes from the same original and the same fontTools.

    Raises
    ------
    ValueError
        The file is another one.
    """
    if hashlib.sha256(original.read_bytes()).hexdigest() != SHA256:
        raise ValueError(f"{original} is not the file of Noto Sans CJK 2.004 whose SHA-256 is {SHA256}")
    font = TTFont(original, fontNumber=FACE, recalcTimestamp=False)
    options = subset.Options(
        layout_features=[], hinting=False, name_IDs=_KEPT_NAMES, name_languages=[0x409], notdef_outline=True,
    )  # fmt: skip
    options.drop_tables += ["BASE", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=characters())
    chosen.subset(font)
    names = {1: FAMILY, 3: f"2.004;{STEM}", 4: FAMILY, 6: STEM}  # family, unique, whole, PostScript
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.toUnicode())
    compact = font["CFF "].cff
    compact.fontNames = [STEM]
    compact.topDictIndex[0].FullName, compact.topDictIndex[0].FamilyName = FAMILY, FAMILY
    font.save(made)


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(__file__).with_name(f"{STEM}.otf"))
