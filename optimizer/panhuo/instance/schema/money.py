"""Tables about money: funds, eligibility, parties."""

from panhuo.instance.schema.choices import MODES, OWNERSHIPS, PARTIES
from panhuo.instance.schema.column import Column, Table

FUNDS = Table(
    "funds", "资金",
    "Where the money comes from.",
    "资金来源。",
    key=("fund",),
    absent_en="one government fund that may pay everything, up to policy.budget_cny",
    absent_zh="只有一笔政府资金，可支付任何项目，上限为 policy.budget_cny",
    columns=(
        Column("fund", "id", "资金", "Key of the fund.", "资金编号。", required=True),
        Column("name_zh", "text", "中文名", "Chinese name.", "中文名称。", blank="the key", blank_zh="用编号"),
        Column("name_en", "text", "英文名", "English name.", "英文名称。", blank="the key", blank_zh="用编号"),
        Column("party", "choice", "出资方", "Who stands behind it.", "出资方。", required=True, choices=PARTIES),
        Column("cap_cny", "number", "上限", "The most it can pay.", "支付上限。", required=True, unit="CNY", least=0,
               aliases=("额度", "资金额度")),
        Column("priority", "integer", "顺序", "Where funds could pay the same, the lower number pays first.",
               "可由多笔资金支付时，数字小的先付。", blank="after all numbered ones", blank_zh="排在最后", least=1),
        Column("source", "text", "来源", "Where the figure comes from.", "数据来源。", blank="not stated", blank_zh="未注明"),
    ),
)

ELIGIBILITY = Table(
    "eligibility", "资金适用",
    "What each fund may pay. A payment is allowed where one row of the fund allows all of it; a fund without a row pays nothing.",
    "每笔资金可以支付什么。有一行完全允许即可支付；没有任何行的资金不得支付。",
    absent_en="every fund may pay everything",
    absent_zh="每笔资金可支付任何项目",
    columns=(
        Column("fund", "id", "资金", "The fund.", "资金。", required=True, refers="funds"),
        Column("items", "list", "造价项", "Cost items it may pay.", "可支付的造价项。", blank="every item", blank_zh="所有造价项",
               aliases=("item",)),
        Column("modes", "list", "方式", "Modes it may pay for.", "可支付的方式。", blank="every mode", blank_zh="所有方式",
               choices=MODES, aliases=("mode",)),
        Column("services", "list", "服务", "Services it may pay for.", "可支付的服务。", blank="every service", blank_zh="所有服务",
               refers="services", aliases=("service",)),
        Column("ownerships", "list", "产权性质", "Kinds of owner it may pay for.", "可支付的产权性质。",
               blank="every owner", blank_zh="所有产权性质", choices=OWNERSHIPS),
        Column("zones", "list", "片区", "Zones it may pay in.", "可支付的片区。", blank="everywhere", blank_zh="所有片区"),
        Column("source", "text", "来源", "Where the rule comes from.", "依据。", blank="not stated", blank_zh="未注明"),
    ),
)

PARTIES_TABLE = Table(
    "parties", "分担比例",
    "Bounds on each party's share of the plan's capital (政府补、社区担、企业让、居民付).",
    "各方在全部投资中的分担比例上下限（政府补、社区担、企业让、居民付）。",
    key=("party",),
    absent_en="no bounds, but residents pay no capital",
    absent_zh="不设上下限，但居民不承担投资",
    columns=(
        Column("party", "choice", "出资方", "The party.", "出资方。", required=True, choices=PARTIES),
        Column("min_share", "number", "最低比例", "Least share of the plan's capital.", "占全部投资的最低比例。",
               blank="0", blank_zh="0", default=0.0, least=0, most=1),
        Column("max_share", "number", "最高比例", "Largest share of the plan's capital.", "占全部投资的最高比例。",
               blank="1 (0 for residents)", blank_zh="1（居民为 0）", least=0, most=1),
        Column("source", "text", "来源", "Where the figure comes from.", "数据来源。", blank="not stated", blank_zh="未注明"),
    ),
)
