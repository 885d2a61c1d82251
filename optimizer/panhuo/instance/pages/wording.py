"""What the format's columns and settings mean, in both languages, for the template and the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from panhuo.instance.policy import Access, Floor, Mode, Policy, Settings, Stage, TableNote
from panhuo.instance.schema import TABLES, Column, Table, spoken
from panhuo.words import Lang

_KINDS = {
    "id": ("key", "编号"),
    "text": ("text", "文字"),
    "number": ("number", "数值"),
    "integer": ("whole number", "整数"),
    "flag": ("yes or no", "是/否"),
    "date": ("date", "日期"),
    "choice": ("one of", "选项"),
    "list": ("list (separated by ;)", "列表（用 ; 分隔）"),
    "numbers": ("numbers (separated by ;)", "若干数值（用 ; 分隔）"),
    "integers": ("whole numbers (separated by ;)", "若干整数（用 ; 分隔）"),
    "floor": ("floor", "楼层"),
}

# Settings: model.key → (English, Chinese). English is empty where the model itself describes the key.
_SETTINGS = {
    "Settings.title": ("title of the instance", "实例名称（英文）"),
    "Settings.title_zh": ("title in Chinese", "实例名称（中文）"),
    "Settings.currency": ("currency of all amounts", "所有金额的币种"),
    "Settings.metric_crs": ("", "计算用的米制坐标系（EPSG 编号）；空：按数据自动选择"),
    "Settings.modes": ("", "规划允许的方式，各为一段，如 `[modes.convert]`：留 keep、改 convert、拆 rebuild、增 add"),
    "Access.method": ("", "straight：直线距离 × 绕行系数，给定的步行时间优先；minutes：只用给定的步行时间"),
    "Access.detour": ("", "绕行系数：步行距离与直线距离之比"),
    "Mode.area_of": ("", "以哪一项面积为基础"),
    "Mode.area_ratio": ("", "可用面积与该面积之比"),
    "Mode.months": ("", "开放前所需月数"),
    "Mode.closes_existing": ("", "采用此方式时，场地内的现有设施关闭"),
    "Policy.budget_cny": ("", "各方投资合计的上限（元）"),
    "Policy.floors": ("coverage floors", "覆盖率下限"),
    "Policy.required_sites": ("", "必须采用的资产编号（另见资产表的状态）"),
    "Policy.excluded_sites": ("", "不得采用的资产编号（另见资产表的状态）"),
    "Policy.objectives": ("objectives, solved in turn; an earlier one comes first", "依次求解的目标，前者优先"),
    "Floor.service": ("the service", "服务"),
    "Floor.share": ("", "最低覆盖率，0 至 1"),
    "Floor.circles": ("", "适用的生活圈；不填则看 circle_types"),
    "Floor.circle_types": ("", "适用的生活圈类型；也不填则为所有生活圈"),
    "Floor.base": ("", "reachable：占可达人口之比；all：占全部人口之比"),
    "Stage.name": ("name of the stage", "目标名称"),
    "Stage.measure": (
        "what is optimised: people covered, the smallest share of a circle, capital, or one party's capital",
        "优化对象：coverage 覆盖人数、smallest_share 各生活圈中最低的覆盖率、capital 投资、party_capital 某一方的投资",
    ),
    "Stage.classes": ("", "coverage、smallest_share：只计这些类别的服务；不填为全部"),
    "Stage.services": ("", "coverage、smallest_share：只计这些服务"),
    "Stage.circle_types": ("", "smallest_share：只计这些类型的生活圈"),
    "Stage.party": ("", "party_capital：使哪一方的投资最小"),
    "Stage.tolerance": ("", "后续目标最多可使本目标退让的比例"),
    "TableNote.crs": ("", "坐标系：EPSG:4490、EPSG:4544 等，GCJ-02，BD-09，或 local（平面米制）"),
    "TableNote.source": ("", "数据来源"),
    "TableNote.licence": ("", "使用许可"),
    "TableNote.fact": ("", "哪些列是事实"),
    "TableNote.synthetic": ("", "哪些列是为示例编造的"),
}  # fmt: skip


@dataclass(frozen=True)
class Key:
    """One key of ``instance.toml``.

    Parameters
    ----------
    name : str
        Its name.
    choices : tuple of str
        The values it may take, where these are words.
    limits : str
        Its limits, e.g. "≥ 1, ≤ 5".
    default : object
        What holds where it is not given; ``None`` where there is no default.
    required : bool
        It must be given.
    means : str
        What it means.
    """

    name: str
    choices: tuple[str, ...]
    limits: str
    default: Any
    required: bool
    means: str


SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", Settings),
    ("access", Access),
    ("modes.convert", Mode),
    ("policy", Policy),
    ("[policy.floors]", Floor),
    ("[policy.objectives]", Stage),
    *((f"tables.{t.name}", TableNote) for t in TABLES.values() if t.required or t.located),
)
"""The sections of ``instance.toml``; those in brackets may stand there several times."""

INNER = ("access", "policy", "tables")
"""Keys of the top level that are sections of their own."""


def keys(model: type[BaseModel], lang: Lang) -> Iterator[Key]:
    """List the keys of a section.

    Parameters
    ----------
    model : type of BaseModel
        The model of the section.
    lang : Lang
        The language of the meaning.
    """
    for name, info in model.model_fields.items():
        if model is Settings and name in INNER:
            continue
        english, chinese = _SETTINGS[f"{model.__name__}.{name}"]
        default = None if info.is_required() else info.get_default()
        means = chinese if lang == "zh" else english or str(info.description)
        yield Key(name, _literals(info.annotation), _limits(info), default, info.is_required(), means)


def _literals(annotation: Any) -> tuple[str, ...]:
    values = get_args(annotation)
    if values and all(isinstance(v, str) for v in values):
        return tuple(v for v in values if v)
    if get_origin(annotation) in (tuple, dict) and values:
        return _literals(values[0])
    return ()


def _limits(info: FieldInfo) -> str:
    signs = (("gt", ">"), ("ge", "≥"), ("le", "≤"), ("lt", "<"))
    found = (f"{sign} {getattr(m, name):g}" for name, sign in signs for m in info.metadata if hasattr(m, name))
    return ", ".join(found)


def kind(column: Column, lang: Lang) -> str:
    """Say what a cell of a column holds."""
    word = _KINDS[column.kind][lang == "zh"]
    if not column.choices:
        return word
    return word + (": " if lang == "en" else "：") + spoken.choices(column.choices).to(lang)


def rule(column: Column, lang: Lang) -> str:
    """Say what limits a column's values."""
    said = [
        f"{sign} {limit:g}"
        for sign, limit in ((">", column.above), ("≥", column.least), ("≤", column.most))
        if limit is not None
    ]
    if column.refers:
        tables = (" or ", " 或 ")[lang == "zh"].join(f"`{t}`" for t in column.refers.split("|"))
        said.append(f"a key of {tables}" if lang == "en" else f"{tables} 中的编号")
    return ", ".join(said)


def blank(column: Column, lang: Lang) -> str:
    """Say what a blank cell means."""
    if column.required:
        return "must be filled" if lang == "en" else "必填"
    return column.blank if lang == "en" else column.blank_zh


def means(column: Column, lang: Lang) -> str:
    """Say what a column means."""
    return column.help_en if lang == "en" else column.help_zh


def comment(column: Column, lang: Lang) -> str:
    """Explain a column in a few lines, for the header of a workbook."""
    labels = ("Unit", "Rule", "Blank") if lang == "en" else ("单位", "规则", "空白")
    parts = (
        (labels[0], spoken.unit(column.unit).to(lang)),
        (labels[1], rule(column, lang)),
        (labels[2], blank(column, lang)),
    )
    sep = ": " if lang == "en" else "："
    lines = [means(column, lang), kind(column, lang), *(label + sep + said for label, said in parts if said)]
    return "\n".join(lines)


def title(table: Table, lang: Lang) -> str:
    """Name a table in a language."""
    return table.name if lang == "en" else table.zh
