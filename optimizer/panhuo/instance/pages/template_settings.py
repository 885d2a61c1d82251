"""Settings and a proposal for the template: every key with its meaning, most of it commented out."""

from __future__ import annotations

import json
from collections.abc import Iterator

from panhuo.instance.pages import wording
from panhuo.instance.policy import Mode
from panhuo.instance.schema import MODES, TABLES
from panhuo.words import Lang

_MODES: dict[Lang, str] = {
    "en": "# Modes: one section each for keep, convert, rebuild and add. Where none is written,\n"
    "# convert alone is allowed, with the values shown; where any is written, only those are.",
    "zh": "# 方式：留 keep、改 convert、拆 rebuild、增 add 各写一段。一段也不写时只允许 convert（取下列数值）；\n"
    "# 写了任何一段，则只允许写出的方式。",
}
_PROPOSAL: dict[Lang, str] = {
    "en": """# An example of a proposal: take away the # where something is to change, then
#     panhuo solve INSTANCE -p proposals/example.toml
title = "Example"
# title_zh = "示例"

# Keys of access and of policy take the place of those in the settings.
# [access]
# detour = 1.3

# [policy]
# budget_cny = 8_000_000
# required_sites = ["S1"]
# excluded_sites = ["S2"]

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

# Chinese keys, and keys with a dot or a space, stand in quotation marks.
# [change.services."食堂"]
# "步行标准" = 10
""",
    "zh": """# 政策方案示例：去掉行首的 # 即生效，然后运行
#     panhuo solve 实例 -p proposals/example.toml
title = "Example"
title_zh = "示例"

# access 和 policy 中写出的键替换设置中的同名键。
# [access]
# detour = 1.3

# [policy]
# budget_cny = 8_000_000
# required_sites = ["S1"]
# excluded_sites = ["S2"]

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
""",
}


def proposal(lang: Lang) -> str:
    """Write an example of a proposal, with every kind of change commented out."""
    return _PROPOSAL[lang]


def toml(lang: Lang) -> Iterator[str]:
    """Write ``instance.toml`` line by line; what need not be given is commented out."""
    for section, model in wording.SECTIONS:
        if model is Mode:
            yield from _modes(lang)
            continue
        mark = "# " if section.startswith("[") else ""
        if section:
            yield ""
            yield f"{mark}[{section}]"
        for key in _keys(section, lang):
            if key.name in ("floors", "objectives"):
                continue  # sections of their own
            given = not mark and (key.required or key.name in ("title_zh", "crs"))
            yield f"# {said(key)}"
            yield f"{'' if given else '# '}{key.name} = {_literal(key)}"


def _modes(lang: Lang) -> Iterator[str]:
    yield ""
    yield _MODES[lang]
    for key in wording.keys(Mode, lang):
        yield f"#   {key.name}: {said(key)}"
    for mode in MODES:
        yield ""
        yield f"# [modes.{mode}]"
        yield from (f"# {key.name} = {_literal(key)}" for key in wording.keys(Mode, lang))


def rows(lang: Lang) -> Iterator[tuple[str, str]]:
    """List the keys of the sheet ``instance`` with their meanings."""
    for section, model in wording.SECTIONS:
        if section.startswith("["):
            continue  # written as one value, see policy.floors and policy.objectives
        for part in [f"modes.{mode}" for mode in MODES] if model is Mode else [section]:
            for key in _keys(part, lang):
                yield f"{part}.{key.name}" if part else key.name, said(key) + _EXAMPLES.get(key.name, "")


def _keys(section: str, lang: Lang) -> Iterator[wording.Key]:
    model = Mode if section.startswith("modes.") else dict(wording.SECTIONS)[section]
    for key in wording.keys(model, lang):
        table = TABLES.get(section.removeprefix("tables."))
        if key.name != "modes" and not (key.name == "crs" and table is not None and not table.located):
            yield key


def said(key: wording.Key) -> str:
    """Say what a key means, which values it takes and what limits them."""
    return "; ".join(filter(None, (key.means, " | ".join(key.choices), key.limits)))


def _literal(key: wording.Key) -> str:
    if key.default is None:
        return "0" if key.name in ("budget_cny", "share") else '""'
    return json.dumps(list(key.default) if isinstance(key.default, tuple) else key.default)


_EXAMPLES = {
    "floors": '  [{service = "canteen", share = 0.5}]',
    "objectives": '  [{name = "basic", measure = "coverage", classes = ["basic"]}]',
}
