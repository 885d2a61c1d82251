"""Keys in words, for readers: a column's keys are named as the tables and vocabularies name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from panhuo.instance import Instance
from panhuo.instance.schema.choices import ITEMS, MODES, OPERATING, PARTIES, STATUSES
from panhuo.result.headers import KINDS
from panhuo.result.page.speech import REASONS
from panhuo.result.workbook.cells import Cell
from panhuo.words import Lang, T, Text
from panhuo.words.names import name

LEDGERS: Mapping[str, Text] = {
    "capital": name("capital", "投资"), "yearly": name("yearly", "年度"), "in_kind": name("in_kind", "实物"),
}  # fmt: skip
_YES = {"yes": T("yes"), "no": T("no")}
_NAMED = {"service": "services", "services": "services", "fund": "funds", "tier": "tiers", "tariff": "tariffs",
          "work": "shared_works"}  # fmt: skip
"""Column → the table that names its keys."""
_KEYS = {"services": "service", "funds": "fund", "tiers": "tier", "tariffs": "tariff", "shared_works": "work"}
_TYPES = {
    "old_town": T("old town"), "new_estate": T("new estate"), "fringe": T("fringe of town"), "village": T("village"),
}  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """How one workbook puts keys into words.

    For English readers the words of closed vocabularies stay as they are in the CSV files; what a table names is called
    by its name in either language. Two keys of one name are told apart, so that a name always means one of them.

    Parameters
    ----------
    lang : {"zh", "en"}
        Its language.
    words : mapping of str to mapping of str to str
        Column → key → word.
    places : mapping of str to str
        Rooms and existing facilities → their names.
    """

    lang: Lang
    words: Mapping[str, Mapping[str, str]] = field(repr=False)
    places: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, instance: Instance, lang: Lang) -> Wording:
        """Collect the words for an instance."""
        words = {column: _called(instance, table, lang) for column, table in _NAMED.items()}
        if len(instance["circles"]):
            rows = instance["circles"]
            words["circle_name"] = dict(zip(rows["circle"], rows["name"], strict=True))
        if lang == "zh":
            spoken = {column: {key: said[0] for key, said in of.items()} for column, of in _CLOSED.items()}
            said = {"reason": REASONS, "chosen": _YES, "affordable": _YES, "ledger": LEDGERS, "circle_type": _TYPES}
            words |= spoken | {column: {key: text.to(lang) for key, text in of.items()} for column, of in said.items()}
            words |= {"kind": KINDS, "item": ITEMS}
        rows = [instance[table][["id", "name"]].itertuples(index=False) for table in ("existing", "sites")]
        return cls(lang, words, {key: called for table in rows for key, called in table})

    def __call__(self, column: str, cell: Cell) -> Cell:
        """Put a cell into words; of a list every part."""
        known = self.words.get(column)
        if known is None or not isinstance(cell, str):
            return cell
        parts = cell.split(";") if column == "services" else [cell]
        return ";".join(known.get(part, part) for part in parts)


_CLOSED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "mode": MODES, "party": PARTIES, "operator": PARTIES, "status": STATUSES, "operating": OPERATING,
}  # fmt: skip


def _called(instance: Instance, table: str, lang: Lang) -> Mapping[str, str]:
    rows = instance[table].drop_duplicates(_KEYS[table])
    spoken = zip(rows[_KEYS[table]], rows["name_en"], rows["name_zh"], strict=True)
    names = {key: name(en, zh).to(lang) or key for key, en, zh in spoken}
    often = Counter(names.values())
    return {key: called if often[called] == 1 else f"{called} ({key})" for key, called in names.items()}
