"""The sentences of the program: every ``T("…")`` in ``optimizer/``, and what their translations lack.

As a program it prints what is missing from and what is stale in ``zh.po``; ``make words`` runs it.
"""

from __future__ import annotations

import ast
import string
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
OPTIMIZER = ROOT / "optimizer" / "panhuo"
PO = OPTIMIZER / "words" / "zh.po"


def sentences(root: Path = OPTIMIZER) -> dict[str, str]:
    """Find every pattern that has words, and the first place it stands in; one that is no literal is an error."""
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "T"):
                continue
            place = f"{path.relative_to(root).as_posix()}:{node.lineno}"
            first = node.args[0] if node.args else None
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                raise TypeError(f"{place}: T() needs a literal pattern, so that it can be translated")
            if first.value:
                found.setdefault(first.value, place)
    return found


def translations(po: Path = PO) -> dict[str, str]:
    """Read the translations; an empty one counts as missing."""
    with po.open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream, abort_invalid=True) if m.id}


def placeholders(pattern: str) -> set[str]:
    """Name what a pattern leaves to be filled."""
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


def lacking(found: dict[str, str], known: dict[str, str]) -> list[str]:
    """List sentences without a translation, translations without a sentence, and placeholders that differ."""
    missing = [f"missing ({place}): {p}" for p, place in found.items() if not known.get(p)]
    stale = [f"stale: {p}" for p in known if p not in found]
    unlike = [
        f"placeholders differ: {p}" for p, t in known.items() if p in found and t and placeholders(p) != placeholders(t)
    ]
    return missing + stale + unlike


if __name__ == "__main__":
    lines = lacking(sentences(), translations())
    print("\n".join(lines) or "every sentence is translated")  # noqa: T201
    sys.exit(bool(lines))
