"""Tables of the catalogue: services, rules, costs."""

from panhuo.instance.schema.choices import CLASSES, MEASURES, MODES, OPERATING, OPERATORS
from panhuo.instance.schema.column import Column, Table

_SOURCE = Column("source", "text", "来源", "Where the figure comes from, with its mark [F], [B], [S] or [E].",
                 "数据来源及标记。", blank="not stated", blank_zh="未注明")

SERVICES = Table(
    "services", "服务目录",
    "The service catalogue: who is served within what walk, and how much room it takes.",
    "服务目录：步行多远之内算覆盖，需要多大的用房。",
    key=("service",), required=True,
    columns=(
        Column("service", "id", "服务", "Key of the service.", "服务编号。", required=True),
        Column("name_zh", "text", "中文名", "Chinese name.", "中文名称。", blank="the key", blank_zh="用编号"),
        Column("name_en", "text", "英文名", "English name.", "英文名称。", blank="the key", blank_zh="用编号"),
        Column("class", "choice", "类别", "Priority class: basic comes first, then quality, then distinctive.",
               "要素类别：先基础保障，再品质提升，后特色引导。", required=True, choices=CLASSES),
        Column("measure", "choice", "标准类型", "What the standard counts: minutes, metres, or membership of a unit.",
               "服务标准的计量：步行分钟、路程米数，或属地（服务本村社）。", required=True, choices=MEASURES),
        Column("standard_min", "number", "步行标准", "The walking standard: served at or below so many minutes.",
               "步行标准：不超过多少分钟算覆盖。", blank="not measured in minutes", blank_zh="不按分钟计",
               unit="min", above=0, aliases=("步行分钟标准", "标准分钟", "Cutoff")),
        Column("standard_m", "number", "距离标准", "The distance standard: served at or below so many metres.",
               "距离标准：不超过多少米算覆盖。", blank="not measured in metres", blank_zh="不按米计", unit="m", above=0),
        Column("min_area_m2", "number", "最小面积", "Smallest floor area it can work in.", "最小用房面积。",
               required=True, unit="m²", above=0),
        Column("area_m2", "number", "标准面积", "Floor area it takes where the site has that much; a smaller site gives what it has.",
               "场地足够时占用的面积；不足时占用全部可用面积。", blank="the smallest", blank_zh="同最小面积", unit="m²", above=0),
        Column("sizes_m2", "numbers", "面积档", "Size levels: floor areas it may take; one is chosen. Instead of area_m2.",
               "可选的面积档，任选其一；填写后标准面积留空。", blank="the one standard area", blank_zh="只有标准面积一档",
               unit="m²", above=0),
        Column("capacity_per_m2", "number", "单位容量",
               "People served per m² it takes. Where not all fit in, those with the same places within reach are served in the same share.",
               "每平方米可服务的人数。容纳不下时，可达场所相同的人按相同比例得到服务。",
               blank="no limit", blank_zh="不限", unit="persons/m²", above=0),
        Column("visits_per_year", "number", "人均年次数", "Visits a served person makes in a year; needed where the service has tariffs.",
               "每个服务对象一年使用的次数；有收费方案的服务必填。", blank="visits are not counted", blank_zh="不计次数",
               unit="visits/year", above=0),
        Column("income_cny_per_m2", "number", "其他收入", "Yearly income beside visits, per m² it takes.",
               "收费以外的年度收入（每平方米）。", blank="0", blank_zh="0", default=0.0, unit="CNY/m²/year", least=0),
        Column("mandatory", "flag", "强制", "Must reach everyone it can reach (safety).", "安全类：必须覆盖所有可达人口。",
               blank="no", blank_zh="否", default=False),
        Column("weight", "number", "权重", "Weight of one person served, within its class.", "同类服务中每覆盖一人的权重。",
               blank="1", blank_zh="1", default=1.0, above=0),
        _SOURCE,
    ),
)

RULES = Table(
    "rules", "用房规则",
    "What a room may not become. Rows with the same rule and case must all hold; any case that holds excludes the option.",
    "什么房不能做什么用。同一规则同一情形的各行须同时成立；任一情形成立即排除。",
    absent_en="no rule excludes anything but area and cost",
    absent_zh="除面积和造价外不作限制",
    columns=(
        Column("rule", "id", "规则", "Key of the rule.", "规则编号。", required=True),
        Column("case", "id", "情形", "Case within the rule.", "规则内的情形。", blank="the one case", blank_zh="唯一情形"),
        Column("name_zh", "text", "中文名", "Chinese name.", "中文名称。", blank="the key", blank_zh="用编号"),
        Column("name_en", "text", "英文名", "English name.", "英文名称。", blank="the key", blank_zh="用编号"),
        Column("services", "list", "服务", "Services the rule is about.", "适用的服务。", refers="services",
               blank="every service", blank_zh="所有服务"),
        Column("modes", "list", "方式", "Modes the rule is about: keep, convert, rebuild, add.", "适用的方式：留、改、拆、增。",
               blank="every mode", blank_zh="所有方式", choices=MODES),
        Column("column", "id", "字段", "Column of the sites table that is compared.", "用于判断的资产表字段。", required=True),
        Column("op", "choice", "比较", "= != < <= > >= in, not in, has, blank, filled.", "比较方式。", required=True,
               choices=OPERATORS),
        Column("value", "text", "取值", "What it is compared with; several values for in, not in and has.",
               "比较的值；属于、不属于、包含可填多个。", blank="nothing (for blank and filled)", blank_zh="无（用于空、非空）"),
        _SOURCE,
    ),
)

COSTS = Table(
    "costs", "造价",
    "Unit costs by service, mode, operating mode and item. For each item the most exact row counts: a given service weighs "
    "more than a given mode, a mode more than an operating mode. Costs per visit are looked up for themselves, among the "
    "rows that give them.",
    "按服务、方式、运营方式和造价项列出的单价。每项取最具体的一行：先看服务，再看方式，后看运营方式。每次费用单独查找，只看填写了该列的行。",
    key=("service", "mode", "operating", "item"),
    absent_en="only conversions carry costs; an option without any cost row is excluded",
    absent_zh="只采用改造方案中的造价；没有造价的方案一律排除",
    columns=(
        Column("service", "id", "服务", "The service.", "服务。", refers="services", blank="every service", blank_zh="所有服务"),
        Column("mode", "choice", "方式", "The mode.", "方式。", choices=MODES, blank="every mode", blank_zh="所有方式",
               aliases=("留改拆增",)),
        Column("operating", "choice", "运营方式", "The operating mode.", "运营方式。", choices=OPERATING,
               blank="every operating mode, or none", blank_zh="所有运营方式"),
        Column("item", "id", "造价项", "Cost item: structure, fire, fume, access, fit_out, equipment; or staff, utilities, …",
               "造价项：结构、消防、油烟、无障碍、装修、设备，或人员、水电等。", required=True),
        Column("capital_cny_per_m2", "number", "单位投资", "Capital cost per m² the service takes.", "每平方米投资。",
               blank="0", blank_zh="0", default=0.0, unit="CNY/m²", least=0),
        Column("capital_cny", "number", "固定投资", "Capital cost that does not depend on area.", "与面积无关的投资。",
               blank="0", blank_zh="0", default=0.0, unit="CNY", least=0),
        Column("yearly_cny_per_m2", "number", "单位年费", "Yearly cost per m².", "每平方米年度费用。",
               blank="0", blank_zh="0", default=0.0, unit="CNY/m²/year", least=0),
        Column("yearly_cny", "number", "固定年费", "Yearly cost that does not depend on area.", "与面积无关的年度费用。",
               blank="0", blank_zh="0", default=0.0, unit="CNY/year", least=0),
        Column("yearly_cny_per_visit", "number", "每次费用", "Cost of one visit (ingredients and the like); not in a row that names "
               "a mode.", "每次服务的费用（食材等）；指定了方式的行不得填写。", blank="none in this row", blank_zh="本行无",
               unit="CNY/visit", least=0),
        _SOURCE,
    ),
)
