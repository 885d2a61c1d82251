"""Settings and a proposal for the template: every key with its meaning, most of it commented out."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import BaseModel

from panhuo.instance.pages import wording
from panhuo.instance.policy import Mode, Operating
from panhuo.instance.schema import MODES, OPERATING, TABLES
from panhuo.words import Lang

_NAMED: dict[type, dict[Lang, str]] = {
    Mode: {
        "en": "# Modes: one section each for keep, convert, rebuild and add. Where none is written,\n"
        "# convert alone is allowed, with the values shown; where any is written, only those are.",
        "zh": "# 方式：留 keep、改 convert、拆 rebuild、增 add 各写一段。一段也不写时只允许 convert（取下列数值）；\n"
        "# 写了任何一段，则只允许写出的方式。",
    },
    Operating: {
        "en": "# Operating modes: one section each for public_public, public_private, private_aided and listed.\n"
        "# Where none is written, nobody runs the places, and there are no tariffs.",
        "zh": "# 运营方式：公建公营 public_public、公建民营 public_private、民办公助 private_aided、挂牌 listed\n"
        "# 各写一段。一段也不写时不计运营，也不能有收费方案。",
    },
}
_KEYS: dict[type, tuple[str, tuple[str, ...]]] = {
    Mode: ("modes", tuple(MODES)),
    Operating: ("operating", tuple(OPERATING)),
}
"""Models whose sections bear the keys of a choice: name of the section, keys."""
_PROPOSAL: dict[Lang, str] = {
    "en": """# An example of a proposal: take away the # where something is to change, then
#     panhuo solve INSTANCE -p proposals/example.toml
title = "Example"
# title_zh = "示例"

# Keys of access, policy, in_kind and of operating modes take the place of those in the settings.
# [access]
# detour = 1.3

# [policy]
# budget_cny = 8_000_000
# required_sites = ["S1"]
# excluded_sites = ["S2"]
# price_cap_cny = 12
# dropped = [{site = "S1", mode = "convert", service = "culture"}]

# [[policy.pinned]]
# site = "S1"
# mode = "convert"
# service = "canteen"

# [in_kind]
# years = 10

# [[policy.floors]]
# service = "canteen"
# share = 0.5
# circles = ["west"]

# [[policy.objectives]]
# name = "basic"
# measure = "coverage"
# classes = ["basic"]

# Cells: [change.TABLE.KEY], then COLUMN = value in the unit of the column.
# [change.services.canteen]
# standard_min = 10

# [change.funds.city]
# cap_cny = 250_000

# [change.sites.S1]
# status = "required"

# A row of parties is named by its bound; where that is blank, by its party.
# [change.parties.government]
# max_share = 0.5

# Chinese keys, and keys with a dot or a space, stand in quotation marks.
# [change.services."食堂"]
# "步行标准" = 10
""",
    "zh": """# 政策方案示例：去掉行首的 # 即生效，然后运行
#     panhuo solve 实例 -p proposals/example.toml
title = "Example"
title_zh = "示例"

# access、policy、in_kind 和各运营方式中写出的键替换设置中的同名键。
# [access]
# detour = 1.3

# [policy]
# budget_cny = 8_000_000
# required_sites = ["S1"]
# excluded_sites = ["S2"]
# price_cap_cny = 12
# dropped = [{site = "S1", mode = "convert", service = "culture"}]

# [[policy.pinned]]
# site = "S1"
# mode = "convert"
# service = "食堂"

# [in_kind]
# years = 10

# [[policy.floors]]
# service = "食堂"
# share = 0.5
# circles = ["西片"]

# [[policy.objectives]]
# name = "基础保障"
# measure = "coverage"
# classes = ["basic"]

# 单元格：先写 [change.表名.编号]，再写 列名 = 值，按该列的单位填写。中文的表名、编号和列名须加引号。
# [change.services."食堂"]
# standard_min = 10

# [change."资金"."区财政"]
# "上限" = 250_000

# [change."闲置资产"."S1"]
# "状态" = "必选"

# 分担比例各行按“约束”列指名，该列空白的按出资方。
# [change."分担比例"."政府"]
# "最高比例" = 0.5
""",
}


def proposal(lang: Lang) -> str:
    """Write an example of a proposal, with every kind of change commented out."""
    return _PROPOSAL[lang]


def toml(lang: Lang) -> Iterator[str]:
    """Write ``instance.toml`` line by line; what need not be given is commented out."""
    for section, model in wording.SECTIONS:
        if model in _NAMED:
            yield from _named(model, lang)
            continue
        mark = "# " if section.startswith("[") or section in wording.OPTIONAL else ""
        if section:
            yield ""
            yield f"{mark}[{section}]"
        for key in _keys(section, lang):
            if key.name in ("complex", "quotas", "floors", "pinned", "dropped", "objectives"):
                continue  # sections of their own
            given = not mark and (key.required or key.name in ("title_zh", "crs"))
            yield f"# {said(key)}"
            yield f"{'' if given else '# '}{key.name} = {_literal(key)}"


def _named(model: type[BaseModel], lang: Lang) -> Iterator[str]:
    yield ""
    yield _NAMED[model][lang]
    for key in wording.keys(model, lang):
        yield f"#   {key.name}: {said(key)}"
    part, names = _KEYS[model]
    for name in names:
        yield ""
        yield f"# [{part}.{name}]"
        yield from (f"# {key.name} = {_literal(key)}" for key in wording.keys(model, lang))


def rows(lang: Lang) -> Iterator[tuple[str, wording.Key | None]]:
    """List the keys of the sheet ``instance``, dotted; a remark, which begins with #, stands above each section."""
    for section, model in wording.SECTIONS:
        if section.startswith("["):
            continue  # written as one value, see policy.floors and policy.objectives
        named, names = _KEYS.get(model, ("", ()))
        if section:
            yield _heading(section, model, lang), None
        for part in [f"{named}.{name}" for name in names] or [section]:
            for key in wording.keys(model, lang) if named else _keys(part, lang):
                if f"{part}.{key.name}" in wording.OPTIONAL:
                    continue  # its keys follow
                yield f"{part}.{key.name}" if part else key.name, key


def _heading(section: str, model: type[BaseModel], lang: Lang) -> str:
    if model in _NAMED:
        return _NAMED[model][lang].replace("\n# ", " " if lang == "en" else "")
    table = TABLES.get(section.removeprefix("tables."))
    return f"# {section}" + (f" {table.zh}" if table is not None and lang == "zh" else "")


def _keys(section: str, lang: Lang) -> Iterator[wording.Key]:
    for key in wording.keys(dict(wording.SECTIONS)[section], lang):
        table = TABLES.get(section.removeprefix("tables."))
        if key.name not in ("modes", "operating") and not (
            key.name == "crs" and table is not None and not table.located
        ):
            yield key


def said(key: wording.Key) -> str:
    """Say what a key means, which values it takes and what limits them."""
    return "; ".join(filter(None, (key.means, " | ".join(key.choices), key.limits)))


def example(key: wording.Key) -> str:
    """Show how several sections are written as one value; empty for other keys."""
    return _EXAMPLES.get(key.name, "")


def _literal(key: wording.Key) -> str:
    if key.default is None:
        return key.example
    return json.dumps(list(key.default) if isinstance(key.default, tuple) else key.default)


_EXAMPLES = {
    "quotas": '[{measure = "capital", by = "circle_type", min_factor = 0.5}]',
    "floors": '[{service = "canteen", share = 0.5}]',
    "pinned": '[{site = "S1", mode = "convert", service = "canteen"}]',
    "dropped": '[{site = "S2", mode = "convert", service = "clinic"}]',
    "objectives": '[{name = "basic", measure = "coverage", classes = ["basic"]}]',
}
