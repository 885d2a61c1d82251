"""Tables about ways: network, nodes, bus, minutes."""

from panhuo.instance.schema.choices import ONEWAY
from panhuo.instance.schema.column import Column, Table

MINUTES = Table(
    "minutes", "步行时间",
    "Walking minutes worked out elsewhere (a map service, ArcGIS). Where a pair stands here, it rules; of a row for the "
    "profile and one for every profile, that for the profile.",
    "由地图服务或 ArcGIS 等得到的步行时间；表中有的，以表为准；同一对既有该步行特征的行又有空白行时，以该特征的行为准。",
    key=("demand", "place", "profile"), repeats=True,
    absent_en="minutes come from the network, or from straight lines times the detour factor of instance.toml",
    absent_zh="步行时间按路网计算；没有路网时按直线距离乘以 instance.toml 中的绕行系数计算",
    columns=(
        Column("demand", "id", "需求点编号", "The demand point.", "需求点编号。", required=True, refers="demand",
               aliases=("OriginID", "OriginName", "origin")),
        Column("place", "id", "场所编号", "The site or existing facility.", "资产或设施编号。", required=True, refers="sites|existing",
               aliases=("DestinationID", "DestinationName", "destination")),
        Column("profile", "id", "步行特征", "The walking profile; a row for it comes before one for every profile.", "步行特征；指明特征的行优先于空白行。",
               refers="profiles",
               blank="every profile", blank_zh="所有步行特征"),
        Column("minutes", "number", "分钟", "Walking minutes from the demand point to the place.", "步行分钟数。",
               required=True, unit="min", least=0, aliases=("Total_Minutes", "Total_Time", "WalkTime")),
        Column("metres", "number", "米", "Walking distance; needed for services whose standard is in metres.",
               "步行距离；用于按米计的服务。", blank="not given", blank_zh="未提供", unit="m", least=0,
               aliases=("Total_Meters", "Total_Length")),
    ),
)

NETWORK = Table(
    "network", "步行路网",
    "The walking network: lines (GPKG, SHP, GeoJSON), an OpenStreetMap extract (.osm, .osm.pbf), or a table of edges between "
    "the rows of nodes.",
    "步行路网：线图层（GPKG、SHP、GeoJSON）、OpenStreetMap 数据（.osm、.osm.pbf），或连接“路网节点”的边表。",
    absent_en="minutes come from straight lines times the detour factor of instance.toml",
    absent_zh="步行时间按直线距离乘以 instance.toml 中的绕行系数计算",
    columns=(
        Column("from", "id", "起点", "Node it starts from; not for lines that have a shape.", "起点节点；线要素不填。", refers="nodes",
               blank="the shape tells", blank_zh="由线形给出", aliases=("u", "from_node", "起点编号")),
        Column("to", "id", "终点", "Node it leads to; not for lines that have a shape.", "终点节点；线要素不填。", refers="nodes",
               blank="the shape tells", blank_zh="由线形给出", aliases=("v", "to_node", "终点编号")),
        Column("length_m", "number", "长度", "Length.", "长度。", blank="that of its shape", blank_zh="按线形计算", unit="m", least=0,
               aliases=("distance", "length", "Shape_Length", "长度米")),
        Column("kind", "text", "道路类型", "Kind of line in the words of OpenStreetMap: footway, residential, primary, steps, …",
               "道路类型，用 OpenStreetMap 的词：footway 人行道、residential 居住区道路、primary 主干路、steps 梯道等。",
               blank="walkable, and driven at the speed of the settings", blank_zh="可步行，车速按设置", aliases=("highway", "fclass", "道路等级", "类型")),
        Column("walk", "flag", "可步行", "People may walk there.", "能否步行。", blank="as its kind says", blank_zh="按道路类型", aliases=("foot",)),
        Column("stairs", "flag", "梯道", "Stairs.", "是否为梯道。", blank="yes where the kind is steps", blank_zh="道路类型为 steps 时是", aliases=("steps",)),
        Column("span", "flag", "桥隧", "A bridge or a tunnel: its height runs straight from end to end.", "桥梁或隧道：高程在两端之间按直线变化。",
               blank="no", blank_zh="否", default=False, aliases=("bridge", "桥梁")),
        Column("oneway", "choice", "单行", "One way for vehicles: yes, no, or -1 against the line.", "机动车单行：是、否，或 -1（逆线形方向）。",
               blank="no", blank_zh="否", default="no", choices=ONEWAY),
        Column("speed_km_h", "number", "车速", "Speed of vehicles; 0 where none may go.", "机动车速度；0 为禁行。", blank="as its kind says",
               blank_zh="按道路类型", unit="km/h", least=0, most=130, aliases=("maxspeed", "限速")),
        Column("name", "text", "名称", "Name for readers.", "名称。", blank="no name", blank_zh="无名称", aliases=("道路名称",)),
    ),
)

NODES = Table(
    "nodes", "路网节点",
    "Nodes of a network that is given as a table of edges.",
    "以边表给出的路网的节点。",
    key=("id",), located=True,
    absent_en="the lines of the network have shapes", absent_zh="路网的线自带线形",
    columns=(
        Column("id", "id", "节点编号", "Unique name of the node.", "节点唯一编号。", required=True, aliases=("编号", "ID", "osmid")),
        Column("x", "number", "经度", "Longitude or easting in the table's coordinate system.",
               "经度，或所用坐标系的东向坐标。", required=True, aliases=("lon", "longitude", "lng", "X", "东坐标")),
        Column("y", "number", "纬度", "Latitude or northing in the table's coordinate system.",
               "纬度，或所用坐标系的北向坐标。", required=True, aliases=("lat", "latitude", "Y", "北坐标")),
    ),
)

BUS = Table(
    "bus", "公交线路",
    "Buses that help people to a place (小巷公交): the stops of every line, two at least, in turn. A ride takes half the headway of waiting.",
    "辅助出行的公交（小巷公交）：各线路依次停靠的站点，至少两站。候车按发车间隔的一半计。",
    key=("line", "seq"), located=True,
    absent_en="everybody walks all the way", absent_zh="全程步行",
    columns=(
        Column("line", "id", "线路", "The line.", "线路。", required=True, aliases=("线路编号", "route_id")),
        Column("seq", "integer", "站序", "Place of the stop in the line: 1, 2, …", "站序：1、2……", required=True, aliases=("stop_sequence",)),
        Column("stop", "text", "站名", "Name of the stop.", "站名。", blank="no name", blank_zh="无名称", aliases=("stop_name", "站点")),
        Column("x", "number", "经度", "Longitude or easting in the table's coordinate system.",
               "经度，或所用坐标系的东向坐标。", required=True, aliases=("lon", "longitude", "lng", "X", "东坐标", "stop_lon")),
        Column("y", "number", "纬度", "Latitude or northing in the table's coordinate system.",
               "纬度，或所用坐标系的北向坐标。", required=True, aliases=("lat", "latitude", "Y", "北坐标", "stop_lat")),
        Column("headway_min", "number", "发车间隔", "Minutes between two buses; the same in all rows of a line.", "发车间隔；同一线路各行相同。",
               required=True, unit="min", above=0, aliases=("headway",)),
        Column("ride_min", "number", "行驶时间", "Minutes from the stop before; blank at the first stop of a line, and there only.", "从上一站到本站的分钟数；线路首站留空，其余各站必填。",
               blank="the first stop", blank_zh="首站", unit="min", least=0),
        Column("both_ways", "flag", "双向", "It runs back the same way; the same in all rows of a line.", "是否原路返回；同一线路各行相同。", blank="yes", blank_zh="是", default=True),
    ),
)
