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


Sentence = tuple[str, ...]
"""The English forms of a sentence: one, or that for one and that for any other number."""


def sentences(root: Path = OPTIMIZER) -> dict[Sentence, str]:
    """Find every pattern that has words, and the first place it stands in; one that is no literal is an error."""
    found: dict[Sentence, str] = {}
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "T"):
                continue
            place = f"{path.relative_to(root).as_posix()}:{node.lineno}"
            forms = tuple(a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
            if not 1 <= len(forms) == len(node.args) <= 2:
                raise TypeError(f"{place}: T() needs a literal pattern, so that it can be translated")
            if len(forms) == 2 and not any(k.arg == "count" for k in node.keywords):
                raise TypeError(f"{place}: a sentence with a plural needs its count")
            if forms[0]:
                found.setdefault(forms, place)
    return found


def translations(po: Path = PO) -> dict[Sentence, str]:
    """Read the translations, the first form of each; an empty one counts as missing."""
    with po.open("rb") as stream:
        catalogue = read_po(stream, abort_invalid=True)
    return {_forms(m.id): _forms(m.string)[0] for m in catalogue if m.id}


def _forms(said: str | Sentence) -> Sentence:
    return (said,) if isinstance(said, str) else tuple(said)


def placeholders(pattern: str) -> set[str]:
    """Name what a pattern leaves to be filled."""
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


def lacking(found: dict[Sentence, str], known: dict[Sentence, str]) -> list[str]:
    """List sentences without a translation, translations without a sentence, and placeholders that differ."""
    missing = [f"missing ({place}): {' | '.join(p)}" for p, place in found.items() if not known.get(p)]
    stale = [f"stale: {' | '.join(p)}" for p in known if p not in found]
    unlike = [
        f"placeholders differ: {' | '.join(p)}"
        for p, t in known.items()
        if p in found and t and placeholders(p[-1]) != placeholders(t)
    ]
    return missing + stale + unlike


if __name__ == "__main__":
    lines = lacking(sentences(), translations())
    print("\n".join(lines) or "every sentence is translated")  # noqa: T201
    sys.exit(bool(lines))
