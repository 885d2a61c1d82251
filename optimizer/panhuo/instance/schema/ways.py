"""Tables about ways: minutes."""

from panhuo.instance.schema.column import Column, Table

MINUTES = Table(
    "minutes", "步行时间",
    "Walking minutes worked out elsewhere (a map service, ArcGIS). Where a pair stands here, it rules.",
    "由地图服务或 ArcGIS 等得到的步行时间；表中有的，以表为准。",
    key=("demand", "place", "profile"),
    absent_en="minutes come from straight lines times the detour factor of instance.toml",
    absent_zh="步行时间按直线距离乘以 instance.toml 中的绕行系数计算",
    columns=(
        Column("demand", "id", "需求点编号", "The demand point.", "需求点编号。", required=True, refers="demand",
               aliases=("OriginID", "OriginName", "origin")),
        Column("place", "id", "场所编号", "The site or existing facility.", "资产或设施编号。", required=True, refers="sites|existing",
               aliases=("DestinationID", "DestinationName", "destination")),
        Column("profile", "id", "步行特征", "The walking profile.", "步行特征。", refers="profiles",
               blank="every profile", blank_zh="所有步行特征"),
        Column("minutes", "number", "分钟", "Walking minutes from the demand point to the place.", "步行分钟数。",
               required=True, unit="min", least=0, aliases=("Total_Minutes", "Total_Time", "WalkTime")),
        Column("metres", "number", "米", "Walking distance; needed for services whose standard is in metres.",
               "步行距离；用于按米计的服务。", blank="not given", blank_zh="未提供", unit="m", least=0,
               aliases=("Total_Meters", "Total_Length")),
    ),
)
