"""The closed vocabularies of the format: key → spellings that mean the same."""

MODES = {
    "keep": ("留", "保留", "retain"),
    "convert": ("改", "改造", "改建"),
    "rebuild": ("拆", "拆建", "拆除重建"),
    "add": ("增", "增建", "加建"),
}
"""留改拆增, exactly one per site."""

PARTIES = {
    "government": ("政府", "政府补", "G"),
    "community": ("社区", "社区担", "C"),
    "enterprise": ("企业", "企业让", "E"),
    "resident": ("居民", "居民付", "R"),
    "donor": ("捐赠", "慈善", "D"),
}

OWNERSHIPS = {
    "administrative": ("行政事业", "行政事业单位", "机关事业"),
    "state": ("国企", "国有企业", "国有"),
    "collective": ("集体", "集体经济"),
    "community": ("社区配套", "社区"),
    "private": ("私有", "私人", "民企"),
}

STATUSES = {
    "candidate": ("候选", "0", "3"),
    "required": ("必选", "必须", "1"),
    "excluded": ("排除", "不选", "禁选"),
}

CLASSES = {
    "basic": ("基础保障", "基础", "基本"),
    "quality": ("品质提升", "品质"),
    "distinctive": ("特色引导", "特色"),
}
"""Priority classes of TD/T 1062-2021; basic comes first."""

OPERATING = {
    "public_public": ("公建公营",),
    "public_private": ("公建民营",),
    "private_aided": ("民办公助",),
    "listed": ("挂牌", "挂牌长者餐厅"),
}
"""Operating modes: who builds and who runs."""

YEAR_ITEMS = {
    "visit_subsidy": ("按人次补贴", "按次补贴", "按次补助"),
    "donation": ("捐赠",),
    "operating_subsidy": ("运营补贴", "运营补助"),
    "operation": ("弥补亏损", "运营缺口"),
}
"""What a fund may pay of a year."""

ITEMS = {
    "structure": "结构", "fire": "消防", "fume": "排烟", "access": "无障碍", "fit_out": "装修", "equipment": "设备",
    "lift": "电梯", "staff": "人工", "ingredients": "食材", "utilities": "水电气", "rent": "租金", "upkeep": "维护",
    "price": "居民付", "concession": "企业让", "visit_subsidy": "按人次补贴", "donation": "捐赠",
    "operating_subsidy": "运营补贴", "operation": "弥补亏损", "space": "免租场地", "volunteers": "志愿服务",
}  # fmt: skip
"""Cost items and items of the year → Chinese; an instance may name others, which stay as they are."""

PRICE_CLASSES = {
    "safety_net": ("兜底保障", "兜底"),
    "inclusive": ("普惠服务", "普惠"),
    "market": ("市场选择", "市场"),
}

LEDGERS = {
    "capital": ("投资", "建设"),
    "yearly": ("年度", "运营"),
    "capital_with_in_kind": ("含实物的投资", "含实物"),
}

SCOPES = {"plan": ("方案", "全部"), "service": ("服务", "逐项服务"), "project": ("项目", "逐个项目")}

LINK_KINDS = {
    "requires": ("需要", "必须有"),
    "bonus": ("加分", "鼓励"),
    "incompatible": ("不相容", "互斥"),
}

MEASURES = {
    "minutes": ("分钟", "步行分钟", "时间"),
    "metres": ("米", "距离", "路网距离"),
    "unit": ("村社", "属地", "单元"),
}

ONEWAY = {
    "yes": ("是", "1", "true", "单行", "F", "FT"),
    "no": ("否", "0", "false", "双行", "B"),
    "-1": ("reverse", "逆向", "T", "TF"),
}
"""F, B, T as in the shapefiles of OpenStreetMap by Geofabrik; FT, TF as in ArcGIS."""

SAFETY_GRADES = {"A": ("A级", "a"), "B": ("B级", "b"), "C": ("C级", "c"), "D": ("D级", "d")}

FIRE_CLASSES = {
    "1": ("一级", "I", "一"),
    "2": ("二级", "II", "二"),
    "3": ("三级", "III", "三"),
    "4": ("四级", "IV", "四"),
}

LIFTS = {
    "none": ("无", "没有", "否", "0"),
    "passenger": ("客梯", "有", "是", "普通电梯"),
    "stretcher": ("担架梯", "担架电梯", "医用电梯", "可容纳担架"),
}

OPERATORS = {
    "=": ("==", "等于", "is"),
    "!=": ("≠", "<>", "不等于", "is not"),
    "<": ("小于",),
    "<=": ("≤", "不大于"),
    ">": ("大于",),
    ">=": ("≥", "不小于"),
    "in": ("属于", "one of"),
    "not in": ("不属于", "none of"),
    "has": ("包含", "contains"),
    "blank": ("空", "empty"),
    "filled": ("非空", "not empty"),
}
"""How a rule compares a site's column with its value. A blank cell makes no comparison true but ``blank``."""
