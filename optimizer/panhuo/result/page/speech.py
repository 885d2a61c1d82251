"""Keys and amounts in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from panhuo.instance import Instance
from panhuo.instance.schema import RASTERS, TABLES
from panhuo.instance.schema.choices import CLASSES, ITEMS, MODES, OPERATING, PARTIES
from panhuo.words import Lang, T, Text, figures

REASONS = {
    "chosen": T("chosen"), "excluded": T("ruled out"), "no_option": T("no option is left"),
    "off_network": T("off the network"), "no_gain": T("nobody would gain"), "not_chosen": T("not chosen"),
}  # fmt: skip
"""What became of a room."""

MODES_EN = {"keep": "keep", "convert": "convert", "rebuild": "rebuild", "add": "add on"}


@dataclass(frozen=True)
class Speech:
    """How one page speaks.

    Parameters
    ----------
    lang : {"zh", "en"}
        Its language.
    named : mapping of str to mapping of str to str
        Names that the tables give: services, walking profiles, circles, funds, tiers, tariffs.
    """

    lang: Lang
    named: Mapping[str, Mapping[str, str]] = field(repr=False)

    @classmethod
    def of(cls, instance: Instance, lang: Lang) -> Speech:
        """Collect the names of an instance."""
        named: dict[str, dict[str, str]] = {}
        keys = {"services": "service", "profiles": "profile", "funds": "fund", "tariffs": "tariff", "tiers": "tier"}
        for table, key in keys.items():
            rows = instance[table].drop_duplicates(key)
            other = "en" if lang == "zh" else "zh"
            spoken = zip(rows[key], rows[f"name_{lang}"], rows[f"name_{other}"], strict=True)
            named[table] = {own: first or second or own for own, first, second in spoken}
        rows = instance["circles"]
        named["circles"] = {key: name or key for key, name in zip(rows["circle"], rows["name"], strict=True)}
        return cls(lang, named)

    def text(self, sentence: Text | str) -> str:
        """Put a sentence into the language; a plain string is data and stays as it is."""
        return sentence.to(self.lang) if isinstance(sentence, Text) else sentence

    def called(self, table: str, key: str) -> str:
        """Name a key of a table; by itself where the table does not know it."""
        return self.named[table].get(key, key)

    def service(self, key: str) -> str:
        """Name a service."""
        return self.called("services", key)

    def circle(self, key: str) -> str:
        """Name a life circle."""
        return self.called("circles", key)

    def table(self, key: str) -> str:
        """Name a table or raster of the instance."""
        if self.lang == "en":
            return key
        return TABLES[key].zh if key in TABLES else RASTERS.get(key, key)

    def columns(self, table: str, keys: Sequence[str]) -> str:
        """Put columns of a table in a row; one of a family goes by its key."""
        zh = {column.name: column.zh for column in TABLES[table].columns} if table in TABLES else {}
        return self.row([zh.get(key, key) if self.lang == "zh" else key for key in keys])

    def word(self, choices: Mapping[str, Any], key: str) -> str:
        """Name a key of a closed vocabulary."""
        if self.lang == "zh" and key in choices:
            said = choices[key]
            return str(said if isinstance(said, str) else said[0])
        return key.replace("_", " ")

    def mode(self, key: str) -> str:
        """Name a mode (留改拆增)."""
        return MODES[key][0] if self.lang == "zh" else MODES_EN[key]

    def party(self, key: str) -> str:
        """Name a party."""
        return self.word(PARTIES, key)

    def item(self, key: str) -> str:
        """Name an item of cost."""
        return self.word(ITEMS, key)

    def operating(self, key: str) -> str:
        """Name an operating mode."""
        return self.word(OPERATING, key) or "–"

    def priority(self, key: str) -> str:
        """Name a priority class."""
        return self.word(CLASSES, key)

    def persons(self, number: float) -> str:
        """Write a number of people in a sentence."""
        return figures.people(number, self.lang)

    def times(self, number: float) -> str:
        """Write a number of person-services in a sentence."""
        return figures.services(number, self.lang)

    def money(self, cny: float) -> str:
        """Write an amount in a sentence."""
        return figures.money(cny, self.lang)

    def bare(self, cny: float | None) -> str:
        """Write an amount in a table whose head names the unit; a dash for none."""
        return "–" if cny is None or cny != cny else figures.bare(cny, self.lang)  # noqa: PLR0124 (NaN)

    @property
    def unit(self) -> str:
        """The unit of :meth:`bare`."""
        return figures.unit(self.lang)

    def row(self, names: list[str]) -> str:
        """Put names in a row."""
        return ("、" if self.lang == "zh" else ", ").join(names)
