"""The format in words: schema and settings as Markdown."""

from __future__ import annotations

from panhuo.instance.pages import wording
from panhuo.instance.pages.networks import networks_section
from panhuo.instance.pages.own_files import OWN_FILES
from panhuo.instance.pages.people import PEOPLE
from panhuo.instance.schema import RESERVED, TABLES, Table, spoken
from panhuo.words import Lang

_INTRO: dict[Lang, str] = {
    "en": """# The format of an instance

*This page is written out of the schema (`python -m panhuo.instance.pages.format_page docs`); change it there.*

An instance is a **folder** of tables beside an `instance.toml`, or **one workbook** (`.xlsx`) whose sheets are the
tables, with a sheet `instance` that has the columns `key` (dotted, as in `policy.budget_cny`) and `value` (as in TOML,
or as in the cells of a table: `canteen; clinic`, `40万元`, `政府`); the settings of a workbook may stand in an
`instance.toml` beside it instead.
`panhuo template DIR` writes an empty one; `panhuo check INSTANCE` lists every fault at once.

**Where is the walking standard of a service set?** In the table [services](#services), column `standard_min`
(minutes) or `standard_m` (metres), chosen by `measure`. How fast people walk stands in [profiles](#profiles).

## Files

- A table is a CSV (plain or `.csv.gz`), XLSX, GPKG, SHP or GeoJSON file called by its English or Chinese name:
  `sites.csv`, `闲置资产.xlsx`. Sub-folders are not read. The network may be an OpenStreetMap extract (`network.osm`,
  `network.osm.pbf`); heights and residents may be GeoTIFF rasters (`elevation.tif`, `population.tif`,
  `population_GROUP.tif`). A file under another name, or elsewhere, is named in the settings: see
  [Files of your own](#files-of-your-own).
- CSV is UTF-8 or else GB18030, separated by commas, tabs or semicolons, with any line ends. A shapefile is read in the
  encoding of its `.cpg`, else in GB18030; a Chinese field name cut at its 10 bytes (道路等 of 道路等级) means the one
  column spelt so. In a geographic file a point gives x and y; of any other shape a point inside
  it does.
- Title rows above the header are skipped (the header is looked for in the first 10 rows). Headers may be English or
  Chinese; capitals, spaces and full-width letters do not matter. Rows that are wholly blank are skipped.
- A table without rows counts as not given; a warning says what holds instead.
- Further columns are kept and named in a warning; rules may use those of sites. A column of numbers that is nearly one
  of people or money (`people60`, `老人人数`) is a fault, for its numbers would be lost.

## Cells

- Numbers may have thousands separators, full-width digits and a unit: `１，２３４．５`, `12.5万元`, `1.2亩`, `50%`.
  A header may carry the unit as well: `可用面积（亩）`, `上限_万元`, `市场租金（元/m²/月）`. Understood are 元, 千元,
  万元, 百万元, 亿元; m², 亩, 公顷, km²; m, km, 公里; 分钟, 小时; km/h, m/s; 人, 万人; 次, 人次, 餐; and /年, /月, /次
  after what is counted by the year, the month or the visit. A unit that does not fit its column is a fault.
- Floors: `1`, `1F`, `3层`, `一层`, `十二层`; basements `-1`, `B1`, `负一`, `地下一层`. There is no floor 0.
- Yes or no: yes/no, true/false, 1/0, 是/否, 有/无.
- Dates: `2027-06-30`, `2027/6/30`, `2027年6月30日`; `2027-06` and `2027` mean the first day.
- Lists are separated by `;` `；` `、` or `|`. Keys are text: leading zeros stay.

## Coordinates

Every table with positions states its system in `instance.toml` (`crs` under `[tables.NAME]`) or, in a geographic
file, in the file itself: `EPSG:n` (degrees or metres), `GCJ-02` (Amap, Tencent), `BD-09` (Baidu) or `local` (plain
metres). Tables in different systems meet in one metric frame: `metric_crs`, or else the CGCS2000 3-degree zone the
data lie in (UTM outside China). Positions that contradict their system are faults.
""",
    "zh": """# 实例的格式

*本页由表结构自动生成（`python -m panhuo.instance.pages.format_page docs`），请勿直接修改。*

一个实例是一个**文件夹**（若干数据表和一个 `instance.toml`），或**一个工作簿**（`.xlsx`，每张工作表为一个数据表，
另有工作表 `instance`（或“实例设置”），含 `key`（如 `policy.budget_cny`）和 `value` 两列，
值可按 TOML 写，也可像表中单元格那样写（`食堂;卫生站`、`40万元`、`政府`）；
工作簿的设置也可改放在旁边的 `instance.toml` 中）。
`panhuo template DIR` 生成空白模板；`panhuo check INSTANCE` 一次列出全部错误。

**服务的步行标准在哪里设置？** 在[服务目录 services](#services) 表的 `standard_min`（步行标准，分钟）或
`standard_m`（距离标准，米）列，由 `measure`（标准类型）决定采用哪一列。步行速度见[步行人群 profiles](#profiles)。

## 文件

- 数据表为 CSV（可压缩为 `.csv.gz`）、XLSX、GPKG、SHP 或 GeoJSON 文件，以英文名或中文名命名，如 `sites.csv`、
  `闲置资产.xlsx`。不读取子文件夹。路网可为 OpenStreetMap 数据（`network.osm`、`步行路网.osm.pbf`）；
  高程和人口可为 GeoTIFF 栅格（`高程.tif`、`人口.tif`、`人口_人群.tif`，或 `elevation.tif`、`population.tif`、
  `population_GROUP.tif`）。其他名称或其他位置的文件在设置中写明，见[自有文件](#自有文件)。
- CSV 先按 UTF-8、再按 GB18030 读取，分隔符为逗号、制表符或分号，换行符不限。Shapefile 按 `.cpg` 指明的编码读取，
  没有则按 GB18030；在 10 字节处被截断的中文字段名（如“道路等级”只剩“道路等”）按唯一以此开头的列读取。
  地理文件中点要素给出 x、y；其他要素取其内部一点。
- 表头之上的标题行会跳过（在前 10 行中寻找表头）。表头可用英文或中文；大小写、空格、全角半角均可。全空的行会跳过。
- 没有数据行的表视为未提供，并提醒此时以什么为准。
- 多余的列会保留并给出提醒；资产表中的多余列可用于规则。
  与人数列、投资列只差一点的数值列（如 `老人人数`、`people60`）即为错误，以免数据丢失。

## 单元格

- 数值可带千分位、全角数字和单位：`１，２３４．５`、`12.5万元`、`1.2亩`、`50%`。
  单位也可写在表头：`可用面积（亩）`、`上限_万元`。
  可识别：元、千元、万元、百万元、亿元；m²、亩、公顷、km²；m、km、公里；分钟、小时；km/h、m/s；人、万人；次、人次、餐；
  按年、按月、按次计的另可写 /年、/月、/次，如 `市场租金（元/m²/月）`。单位与该列不符即为错误。
- 楼层：`1`、`1F`、`3层`、`一层`、`十二层`；地下：`-1`、`B1`、`负一`、`地下一层`。没有 0 层。
- 是否：是/否、有/无、yes/no、true/false、1/0。
- 日期：`2027-06-30`、`2027/6/30`、`2027年6月30日`；`2027-06`、`2027` 取第一天。
- 列表用 `;`、`；`、`、` 或 `|` 分隔。编号按文字处理，保留前导零。

## 坐标

含位置的每个表须在 `instance.toml` 的 `[tables.表名]` 下写明 `crs`（地理文件也可由文件自身给出）：`EPSG:n`（度或米）、
`GCJ-02`（高德、腾讯）、`BD-09`（百度）或 `local`（平面米制）。不同坐标系的表统一到一个米制坐标系：`metric_crs`，
未填则取数据所在的 CGCS2000 三度带（境外取 UTM）。与所写坐标系矛盾的位置即为错误。
""",
}
_COLUMNS: dict[Lang, str] = {
    "en": "| column | Chinese | holds | unit | rule | blank means | meaning | also called |\n" + "|---" * 8 + "|",
    "zh": "| 列 | 中文表头 | 内容 | 单位 | 规则 | 空白表示 | 含义 | 其他写法 |\n" + "|---" * 8 + "|",
}  # fmt: skip
_KEYS: dict[Lang, str] = {
    "en": "| key | values | default | meaning |\n|---|---|---|---|",
    "zh": "| 键 | 取值 | 默认 | 含义 |\n|---|---|---|---|",
}
_SERVICES: dict[Lang, str] = {
    "en": "> **The walking standard is set here**, service by service: `standard_min` where `measure` is minutes, "
    "`standard_m` where it is metres. A person at exactly the standard is served.",
    "zh": "> **步行标准在此设置**，逐项服务填写：`measure` 为 minutes（分钟）时填 `standard_min`，"
    "为 metres（米）时填 `standard_m`。恰好等于标准的算覆盖。",
}
_PROPOSALS: dict[Lang, str] = {
    "en": """## Proposals

A policy proposal (`proposals/NAME.toml`) has a `title` (and `title_zh`), keys of `[access]`, `[people]`, `[policy]`,
`[in_kind]` and `[operating.MODE]` that take the place of those of the instance, and changes to single cells:
`change.TABLE.KEY.COLUMN = value`, in the unit of the column, for tables with a single key column. A row of `parties` is
named by its `bound`, or by its party where that is blank.

    title = "Fifteen minutes become ten"
    [policy]
    budget_cny = 8_000_000
    [change.services.canteen]
    standard_min = 10
""",
    "zh": """## 政策方案

政策方案（`proposals/名称.toml`）含 `title`（及 `title_zh`）、用来替换实例中同名键的 `[access]`、`[people]`、
`[policy]`、`[in_kind]` 和 `[operating.运营方式]`，以及对单个单元格的修改：
`change.表名.编号.列名 = 值`，按该列的单位填写，只适用于单列编号的表。
`parties` 各行按 `bound`（约束）指名，空白的按出资方。

    title = "Fifteen minutes become ten"
    title_zh = "十五分钟改为十分钟"
    [policy]
    budget_cny = 8_000_000
    [change.services.canteen]
    standard_min = 10
""",
}


def format_page(lang: Lang) -> str:
    """Write the page that documents the format, in Markdown."""
    parts = [
        _INTRO[lang],
        OWN_FILES[lang],
        PEOPLE[lang],
        networks_section(lang),
        "## Tables\n" if lang == "en" else "## 数据表\n",
        _overview(lang),
    ]
    parts += [table_section(t, lang) for t in TABLES.values()]
    parts += [_reserved(lang), settings_section(lang), _PROPOSALS[lang]]
    return "\n".join(parts)


def _overview(lang: Lang) -> str:
    head = ("| table | Chinese | needed | holds |", "| 表 | 中文名 | 是否必需 | 内容 |")[lang == "zh"]
    words = (("yes", "no"), ("必需", "可选"))[lang == "zh"]
    lines = [head, "|---|---|---|---|"]
    for t in TABLES.values():
        said = t.help_en if lang == "en" else t.help_zh
        lines.append(f"| [{t.name}](#{t.name}) | {t.zh} | {words[not t.required]} | {said} |")
    return "\n".join(lines) + "\n"


def table_section(table: Table, lang: Lang) -> str:
    """Document one table."""
    en = lang == "en"
    lines = [f"### {table.name}", "", f"**{table.zh}** — {table.help_en if en else table.help_zh}", ""]
    if table.name == "services":
        lines += [_SERVICES[lang], ""]
    if table.key:
        key = ", ".join(f"`{k}`" for k in table.key)
        but = ("; rows may repeat where their numbers agree", "；数值一致的行可以重复")[not en] if table.repeats else ""
        lines.append(f"- Unique: {key}{but}" if en else f"- 唯一：{key}{but}")
    if table.required:
        unless = (f", unless {table.absent_en}" if en else f"，除非{table.absent_zh}") if table.absent_en else ""
        lines.append(f"- Must be given{unless}." if en else f"- 必须提供{unless}。")
    else:
        lines.append(f"- Where it is not given: {table.absent_en}." if en else f"- 未提供时：{table.absent_zh}。")
    if table.located:
        lines.append("- Holds positions: state its `crs`." if en else "- 含位置：须写明 `crs`。")
    lines += ["", _COLUMNS[lang]]
    for c in table.columns:
        cells = (
            f"`{c.name}`", c.zh, wording.kind(c, lang), spoken.unit(c.unit).to(lang), wording.rule(c, lang),
            wording.blank(c, lang), wording.means(c, lang), ", ".join(c.aliases),
        )  # fmt: skip
        lines.append("| " + " | ".join(x.replace("|", "\\|") for x in cells) + " |")
    return "\n".join(lines) + "\n"


def _reserved(lang: Lang) -> str:
    names = ", ".join(f"`{k}` {zh}" for k, zh in RESERVED.items())
    if lang == "en":
        return f"### Names kept for later\n\n{names}: this version does not plan them and refuses them.\n"
    return f"### 保留的表名\n\n{names}：本版本尚不支持，出现即报错。\n"


def settings_section(lang: Lang) -> str:
    """Document the keys of ``instance.toml``."""
    lines = ["## instance.toml", ""]
    done: set[type] = set()
    for section, model in wording.SECTIONS:
        if model in done:
            continue
        done.add(model)
        name = {"modes.convert": "[modes.MODE]", "operating.public_private": "[operating.MODE]", "": ""}.get(
            section, f"[{section}]"
        )
        name = "[tables.NAME]" if section.startswith("tables.") else name
        lines += [f"### `{name}`" if name else "### " + ("Top level" if lang == "en" else "顶层"), "", _KEYS[lang]]
        for key in wording.keys(model, lang):
            values = " ".join(filter(None, (", ".join(key.choices), key.limits)))
            lines.append(f"| `{key.name}` | {values} | {wording.absent(key, lang)} | {key.means} |")
        lines.append("")
    return "\n".join(lines)
