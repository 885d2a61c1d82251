"""Tables about visits and neighbours: tiers, tariffs, links."""

from panhuo.instance.schema.choices import LINK_KINDS, OPERATING, PRICE_CLASSES
from panhuo.instance.schema.column import Column, Table

_SOURCE = Column("source", "text", "来源", "Where the figure comes from.", "数据来源。", blank="not stated", blank_zh="未注明")

TIERS = Table(
    "tiers", "人群分档",
    "Tiers of payers: which share of which group, how needy, and what they live on. A tier may have several rows, one a group.",
    "收费人群的分档：各占哪类人群多少、需要程度和收入。一档可有多行，每类人群一行。",
    key=("tier", "group"),
    absent_en="no tiers, and so no tariffs",
    absent_zh="不分档，也就没有收费方案",
    columns=(
        Column("tier", "id", "档", "Key of the tier.", "档的编号。", required=True),
        Column("name_zh", "text", "中文名", "Chinese name.", "中文名称。", blank="the key", blank_zh="用编号"),
        Column("name_en", "text", "英文名", "English name.", "英文名称。", blank="the key", blank_zh="用编号"),
        Column("group", "id", "人群", "The group: what follows people_ in the demand table.", "人群：需求点表中“人数_”之后的部分。",
               required=True),
        Column("share", "number", "占比", "Share of the group that is of this tier; the shares of a group add to 1.",
               "该人群中属于此档的比例；同一人群各档合计为 1。", required=True, above=0, most=1),
        Column("need", "integer", "需要程度", "Rank of need: the higher, the needier. Tiers of one rank are treated alike.",
               "需要程度的次序：数字越大越困难；相同则不分先后。", required=True),
        Column("income_cny_per_month", "number", "月收入", "What one person lives on, in a month; what visits may cost is measured by it.",
               "每人每月收入，用于衡量负担。", blank="not compared", blank_zh="不比较", unit="CNY/month", above=0),
        _SOURCE,
    ),
)

TARIFFS = Table(
    "tariffs", "收费方案",
    "The menu of tariffs: what a visit costs each tier, and who adds what. A place charges one whole tariff; each has a row for every tier.",
    "收费方案清单：每次服务各档人群付多少、各方补多少。一处只采用一个完整的方案；每个方案对每一档各有一行。",
    key=("tariff", "tier"),
    absent_en="no service charges for visits",
    absent_zh="各项服务均不收费",
    columns=(
        Column("tariff", "id", "方案", "Key of the tariff.", "收费方案编号。", required=True),
        Column("service", "id", "服务", "The service; the same in all rows of a tariff.", "服务；同一方案各行相同。", required=True,
               refers="services"),
        Column("name_zh", "text", "中文名", "Chinese name.", "中文名称。", blank="the key", blank_zh="用编号"),
        Column("name_en", "text", "英文名", "English name.", "英文名称。", blank="the key", blank_zh="用编号"),
        Column("price_class", "choice", "价格类别", "safety_net, inclusive or market; operating modes name the ones they may charge.",
               "兜底保障、普惠服务或市场选择；运营方式按此限定。", required=True, choices=PRICE_CLASSES),
        Column("operating", "list", "运营方式", "Operating modes that may charge it.", "可采用的运营方式。",
               blank="every operating mode", blank_zh="所有运营方式", choices=OPERATING),
        Column("tier", "id", "档", "The tier.", "人群档。", required=True, refers="tiers"),
        Column("price_cny", "number", "居民付", "What the resident pays for a visit; it does not rise with need.",
               "居民每次支付的金额；不得随需要程度上升。", required=True, unit="CNY/visit", least=0, aliases=("居民价",)),
        Column("government_cny", "number", "政府补", "What the government adds to a visit; 0 in the class market.",
               "政府每次补助的金额；市场选择类为 0。", blank="0", blank_zh="0", default=0.0, unit="CNY/visit", least=0),
        Column("enterprise_cny", "number", "企业让", "What the enterprise forgoes of the full price; never a cost.",
               "企业每次让利的金额；不计为成本。", blank="0", blank_zh="0", default=0.0, unit="CNY/visit", least=0),
        Column("donor_cny", "number", "捐赠", "What donors add to a visit.", "捐赠方每次补助的金额。",
               blank="0", blank_zh="0", default=0.0, unit="CNY/visit", least=0),
        Column("uptake", "number", "使用率", "Share of the tier's people within reach who come at this price.",
               "该档可达人口中按此价格会来的比例。", required=True, above=0, most=1),
        Column("existing", "flag", "现行", "The tariff of the service's existing facilities; one tariff a service at most.",
               "现有设施采用的方案；每项服务最多一个。", blank="no; where no tariff of the service says yes, its first one is",
               blank_zh="否；该服务没有注明的，取第一个", default=False),
        _SOURCE,
    ),
)

LINKS = Table(
    "links", "联动关系",
    "Ties between services at one site or nearby: what needs, favours or excludes what (医养, 医育).",
    "同一场地或邻近的服务之间的关系：必须有、鼓励或不相容（医养、医育等）。",
    key=("link",),
    absent_en="services do not depend on one another",
    absent_zh="各项服务互不影响",
    columns=(
        Column("link", "id", "联动", "Key of the tie.", "联动编号。", required=True),
        Column("kind", "choice", "关系", "requires: a needs b; bonus: a beside b earns points; incompatible: not both.",
               "requires：甲须有乙；bonus：甲乙相伴得分；incompatible：甲乙不得并存。", required=True, choices=LINK_KINDS),
        Column("service_a", "id", "服务甲", "The service that needs, is favoured or is excluded.", "需要、受鼓励或受限制的服务。",
               required=True, refers="services"),
        Column("service_b", "id", "服务乙", "The other service.", "另一项服务。", required=True, refers="services"),
        Column("within_m", "number", "距离", "How near: straight line between the places.", "两处的直线距离上限。",
               blank="in the same site", blank_zh="同一场地", unit="m", least=0),
        Column("bonus", "number", "得分", "Points that one offer of a earns, for kind bonus.", "鼓励类的得分（每处甲一次）。",
               blank="no points", blank_zh="不得分", above=0),
        _SOURCE,
    ),
)
