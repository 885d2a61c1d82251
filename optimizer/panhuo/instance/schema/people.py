"""Tables about people: demand, needs, profiles, circles."""

from panhuo.instance.schema.column import Column, Table

DEMAND = Table(
    "demand", "需求点",
    "Demand points: where people live, by group.",
    "需求点：各类人群的居住位置和人数。",
    key=("id",), required=True, located=True,
    absent_en="they are made of population rasters, or of buildings and counts",
    absent_zh="由人口栅格或建筑与人口统计生成",
    columns=(
        Column("id", "id", "需求点编号", "Unique name of the demand point.", "需求点唯一编号。",
               required=True, aliases=("编号", "ID", "Name", "网格编号")),
        Column("name", "text", "名称", "Name for readers.", "供阅读的名称。",
               blank="no name", blank_zh="无名称", aliases=("小区名称", "地名")),
        Column("x", "number", "经度", "Longitude or easting in the table's coordinate system.",
               "经度，或所用坐标系的东向坐标。", required=True, aliases=("lon", "longitude", "lng", "X", "东坐标")),
        Column("y", "number", "纬度", "Latitude or northing in the table's coordinate system.",
               "纬度，或所用坐标系的北向坐标。", required=True, aliases=("lat", "latitude", "Y", "北坐标")),
        Column("circle", "id", "生活圈", "The life circle the point belongs to.", "所属生活圈。",
               required=True, refers="circles", aliases=("生活圈编号", "所属生活圈", "GroupName")),
        Column("unit", "id", "村社", "Community or village, for services that serve their own unit only.",
               "所属社区或村，用于只服务本村社的设施。", blank="in no unit", blank_zh="不属于任何村社",
               aliases=("社区", "村", "社区编码", "村社编码")),
        Column("people_*", "number", "人数_*", "Residents of one group, e.g. people_60_69.",
               "某一人群的常住人口，如“人数_60_69”。", required=True, unit="persons", least=0,
               aliases=("人口_*", "pop_*")),
    ),
)

NEEDS = Table(
    "needs", "需求率",
    "Which group needs which service, and how many of its people.",
    "哪类人群需要哪项服务，占该人群的比例。",
    key=("service", "group"),
    absent_en="every resident of every group needs every service once",
    absent_zh="所有人群的每个居民都需要每项服务一次",
    columns=(
        Column("service", "id", "服务", "The service.", "服务。", required=True, refers="services"),
        Column("group", "id", "人群", "The group: what follows people_ in the demand table.",
               "人群：需求点表中“人数_”之后的部分。", required=True),
        Column("rate", "number", "需求率", "Persons in need per resident of the group.", "该人群每个居民中需要此服务的人数。",
               required=True, unit="persons/resident", least=0, most=1),
        Column("source", "text", "来源", "Where the figure comes from.", "数据来源。", blank="not stated", blank_zh="未注明"),
    ),
)

PROFILES = Table(
    "profiles", "步行人群",
    "Walking profiles: how fast each group walks.",
    "步行特征：各类人群的步行速度。",
    key=("profile",),
    absent_en="one profile, adult, 4.5 km/h, for every group",
    absent_zh="只有一种步行特征：成人，4.5 km/h，适用于所有人群",
    columns=(
        Column("profile", "id", "步行特征", "Key of the profile: adult, senior, …", "步行特征：adult、senior 等。",
               required=True),
        Column("name_zh", "text", "中文名", "Chinese name.", "中文名称。", blank="the key", blank_zh="用编号"),
        Column("name_en", "text", "英文名", "English name.", "英文名称。", blank="the key", blank_zh="用编号"),
        Column("speed_km_h", "number", "步行速度", "Walking speed on the flat.", "平地步行速度。",
               required=True, unit="km/h", above=0, most=15, aliases=("speed_kmh", "速度")),
        Column("climbs_stairs", "flag", "可走梯道", "They can take stairs.", "能否走梯道。", blank="yes", blank_zh="是", default=True),
        Column("stairs_factor", "number", "梯道速度比", "Speed on stairs over speed on the flat, by the length of the line on the map.",
               "梯道上的速度与平地速度之比（按图上长度计）。", blank="0.57", blank_zh="0.57", default=0.57, above=0, most=1),
        Column("max_grade", "number", "最大坡度", "Steepest slope they can take, up or down: rise over length, such as 0.08 or 8%.",
               "能走的最大坡度（上坡或下坡，升高与长度之比），如 0.08 或 8%。", blank="no limit", blank_zh="不限", unit="m/m", above=0, most=2),
        Column("rides_bus", "flag", "可乘公交", "They may take the buses of the table bus.", "可乘坐“公交线路”表中的公交。",
               blank="yes", blank_zh="是", default=True),
        Column("groups", "list", "适用人群", "The groups that walk this way; each group in exactly one profile.",
               "采用此步行特征的人群；每个人群只能属于一种特征。", required=True),
        Column("source", "text", "来源", "Where the figure comes from.", "数据来源。", blank="not stated", blank_zh="未注明"),
    ),
)

CIRCLES = Table(
    "circles", "生活圈清单",
    "Life circles and their type.",
    "生活圈及其类型。",
    key=("circle",),
    absent_en="one circle for every value of demand.circle, without a type",
    absent_zh="需求点表中出现的每个生活圈，不分类型",
    columns=(
        Column("circle", "id", "生活圈", "Key of the circle.", "生活圈编号。", required=True, aliases=("生活圈编号",)),
        Column("name", "text", "名称", "Name for readers.", "名称。", blank="the key", blank_zh="用编号"),
        Column("type", "id", "类型", "old_town, new_estate, fringe, village, … (any word; policies refer to it).",
               "类型：old_town 老城区、new_estate 新建小区、fringe 城乡接合部、village 乡村等，政策按此引用。",
               blank="no type", blank_zh="不分类型"),
    ),
)

BUILDINGS = Table(
    "buildings", "建筑",
    "Building footprints: demand points are made of them, the residents of each unit shared out by floor area.",
    "建筑轮廓：按建筑面积分摊各村社的常住人口，形成需求点。",
    located=True,
    absent_en="demand points are given, or made of a population raster", absent_zh="需求点直接提供，或由人口栅格生成",
    columns=(
        Column("id", "id", "建筑编号", "Unique name of the building.", "建筑唯一编号。", blank="its row", blank_zh="行号",
               aliases=("编号", "ID", "osm_id")),
        Column("x", "number", "经度", "Longitude or easting; of a shape a point inside it.", "经度或东向坐标；面要素取其内部一点。",
               required=True, aliases=("lon", "longitude", "lng", "X", "东坐标")),
        Column("y", "number", "纬度", "Latitude or northing; of a shape a point inside it.", "纬度或北向坐标；面要素取其内部一点。",
               required=True, aliases=("lat", "latitude", "Y", "北坐标")),
        Column("unit", "id", "村社", "The community or village whose residents it houses part of.", "所属社区或村。", required=True,
               refers="counts", aliases=("社区", "村", "社区编码", "村社编码")),
        Column("floors", "number", "层数", "Floors people live on: 3, 3层, 三层 or 3F.", "居住层数：3、3层、三层或 3F。",
               blank="1", blank_zh="1", default=1.0, unit="floors", above=0,
               aliases=("总层数", "building:levels", "levels")),
        Column("floor_area_m2", "number", "建筑面积", "Floor area people live in.", "居住建筑面积。",
               blank="area of the shape × floors", blank_zh="轮廓面积 × 层数", unit="m²", least=0),
        Column("lived_in", "flag", "有人居住", "People live there.", "是否有人居住。", blank="yes", blank_zh="是", default=True),
    ),
)

COUNTS = Table(
    "counts", "人口统计",
    "Residents of each community or village, by group; shared out over its buildings.",
    "各社区、村分人群的常住人口，分摊到其建筑。",
    key=("unit",),
    absent_en="only with buildings", absent_zh="仅与“建筑”表同用",
    columns=(
        Column("unit", "id", "村社", "The community or village.", "社区或村。", required=True, aliases=("社区", "村", "社区编码", "村社编码")),
        Column("circle", "id", "生活圈", "The life circle it belongs to.", "所属生活圈。", required=True, refers="circles",
               aliases=("生活圈编号", "所属生活圈")),
        Column("people_*", "number", "人数_*", "Residents of one group, e.g. people_60_69.",
               "某一人群的常住人口，如“人数_60_69”。", required=True, unit="persons", least=0, aliases=("人口_*", "pop_*")),
    ),
)
