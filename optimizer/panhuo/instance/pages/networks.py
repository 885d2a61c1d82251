"""Networks and heights in words: how lines become a network, and what their kinds mean."""

from __future__ import annotations

from panhuo.instance.ground.kinds import KINDS, Kind
from panhuo.instance.ground.lengths import LONGEST, SHORTEST
from panhuo.instance.ground.lines import STRAY_KM
from panhuo.instance.ground.raster import HIGHEST_M, LOWEST_M
from panhuo.words import Lang

_WORDS: dict[Lang, str] = {
    "en": """## Networks and heights

The table [network](#network) is one of three: a layer of **lines** (`network.gpkg`, `.shp`, `.geojson`); an
**OpenStreetMap** extract (`network.osm`, `network.osm.pbf`); or a table of **edges** between the rows of
[nodes](#nodes), each a straight line. Where lines have shapes, `from` and `to` are not looked at.

- Lines are brought into the metric frame and rounded to the millimetre; several shapes of one row are taken apart,
  repeated vertices dropped. A line more than {stray} km from the middle of all is a fault.
- **Lines meet where they share a vertex, and nowhere else.** A bridge that crosses a street without a vertex there
  does not touch it. A given `length_m` is shared out over the pieces by the length of their shapes. One shorter than
  {shortest:g} × the line (between nodes: × the straight line), by more than half a metre, is a fault, and of one longer
  than {longest:g} × a warning tells: its unit is wrong. `columns = {{length_m = ""}}` lets the lines tell.
- **Ends that nearly meet.** The end of a walked line that nothing else meets is joined by a straight line to the
  nearest place of another walked line within `access.join_m`; a vertex that is there within 1 mm is used. 0 joins
  nothing.
- **Pieces.** Walked lines that hang together are a piece. Pieces shorter than `access.island_m` are walked on no
  more, except the longest; a warning says how many. Of a network in several long pieces a warning tells too.
- **Who may walk.** A column of the row rules over the kind of the line. Without a kind, people walk there and
  vehicles drive at `access.driving.speed_km_h`; on a kind that is not known people walk and no vehicle drives. No
  vehicle climbs stairs unless the row gives it a speed. Lines nobody uses are left out: they do not even cut others.
  In a column called `maxspeed` 0 means not known, as in the shapefiles of OpenStreetMap (Geofabrik), whose words are
  understood.

A network that is given and has no lines is a fault, unless `access.method` is straight or minutes: a geographic file,
or one that `[tables.network]` names or chooses rows of. A table with a header only counts as not given. A stop of
[bus](#bus) farther than `access.max_snap_m` from the network is told with its distance.

Of OpenStreetMap the ways with a tag `highway` are read, areas (`area=yes`) are not; rows are named by the number of
the way. `foot` = yes, designated, permissive, official, public, destination or customers lets people in, whatever
`access` says; `foot` or `access` = no, private or use_sidepath, and `motorroad=yes`, shut them out. For vehicles
`motor_vehicle`, else `vehicle`, else `access` counts. `bridge` and `tunnel` make a span, `oneway` and roundabouts
(`junction`) one way; `maxspeed` is the speed of vehicles where it is a number (km/h, or mph).

**Heights** come from the first band of `elevation.tif`, with its scale and offset, in the system the file states or
`tables.elevation.crs` declares. Unknown are cells without data or masked, and values below {low:.0f} m or above
{high:.0f} m, of which a warning tells, as it does of cells under the network at the largest value of a whole-number
type, which may be clipped. Heights are looked up along walked lines at most `access.sample_m` apart, on a span at
its two ends; each is interpolated between the four nearest cell centres, over those that have data, and within half
a cell of the border the border cell holds. Where half of the lines are steeper than 100 %, a warning says that the
heights may not be metres. Unknown ones between known ones are interpolated along the line, beyond
them the nearest known one holds. A line without any is a fault, or flat with `access.no_data = "flat"`; a raster
that lies wholly outside the network always is a fault.

| kind | people walk | vehicles, km/h |
|---|---|---|
""",
    "zh": """## 路网和高程

[步行路网 network](#network) 表可以是以下三种之一：**线图层**（`network.gpkg`、`.shp`、`.geojson`）；
**OpenStreetMap** 数据（`network.osm`、`network.osm.pbf`）；或连接[路网节点 nodes](#nodes) 各行的**边表**，
每条边为直线。线自带线形时不看 `from`、`to`。

- 线统一到米制坐标系，坐标取到毫米；一行中的多段线拆开，重复的折点去掉。距全部线的中心超过 {stray} 公里的线即为错误。
- **线只在共有折点处相接。** 跨越街道而在该处没有共有折点的桥不与街道相接。所填 `length_m` 按线形长度分摊到各段；
  短于线形的 {shortest:g} 倍（边表为两节点的直线距离）且相差半米以上的为错误，超过 {longest:g} 倍的会提醒：单位有误。
  写 `columns = {{length_m = ""}}` 则按线形计算。
- **几乎相接的端点。** 可步行的线，若端点不与其他线相接，则以直线接到 `access.join_m`
   之内另一条可步行的线上最近的位置；1 毫米之内已有折点的用该折点。填 0 则不接。
- **连通部分。** 相互连通的可步行的线为一个部分。短于 `access.island_m` 的部分不作步行之用（最长的除外），并提醒数量；
  路网分为几个较长部分时也会提醒。
- **能否步行。** 该行的列优先于道路类型。没有类型的线可步行，车速取 `access.driving.speed_km_h`；
  类型无法识别的可步行、不通车。梯道不通车，除非该行填了车速。无人使用的线不计，也不切断其他线。
  列名为 `maxspeed` 时 0 表示未知，与 OpenStreetMap 的 Shapefile（Geofabrik）一致；其中的用词可直接识别。

已给出而没有线的路网为错误（`access.method` 为 straight 或 minutes 时除外）：地理文件，或 `[tables.network]`
写明文件或筛选条件的表；只有表头的表视为未提供。
[公交线路 bus](#bus) 的站点距路网超过 `access.max_snap_m` 时会提醒其距离。

OpenStreetMap 中读取带 `highway` 标签的路，面（`area=yes`）除外；行号为路的编号。`foot` 为 yes、designated、
permissive、official、public、destination、customers 时可步行（不论 `access`）；`foot` 或 `access` 为 no、private、
use_sidepath，以及 `motorroad=yes` 时不可步行。车辆依次看 `motor_vehicle`、`vehicle`、`access`。`bridge`、`tunnel`
为桥隧；`oneway` 和环岛（`junction`）为单行；`maxspeed` 为数值时（km/h 或 mph）作为车速。

**高程**取 `elevation.tif` 的第一个波段，计入其比例和偏移，坐标系由文件给出或由 `tables.elevation.crs` 写明。无数据、
被掩膜的单元，以及低于 {low:.0f} 米或高于 {high:.0f} 米的值视为未知（后者会提醒）；
路网下取整数类型最大值的单元可能被截断，也会提醒。沿可步行的线每隔至多 `access.sample_m` 取一次高程，桥隧只取两端；
每处由最近的四个单元中心（只用有数据的）双线性内插，距边界半个单元之内取边界单元的值。
一半的线坡度超过 100 % 时会提醒：高程的单位可能不是米。已知点之间的未知点沿线内插，
之外取最近的已知值。全线没有高程的线为错误，`access.no_data = "flat"` 时按平地计；栅格与路网完全不重叠时一律为错误。

| 道路类型 | 步行 | 车速，km/h |
|---|---|---|
""",
}
_SOURCES: dict[Lang, str] = {
    "en": """
Kinds and who may walk: OpenStreetMap wiki, “Key:highway” and “OSM tags for routing/Access restrictions”. Speeds: the
lowest design speeds of CJJ 37-2012 (city roads) and JTG B01-2014 (motorways); those of service roads, living streets,
tracks and ramps are ours. `access.driving.kinds` replaces them.
""",
    "zh": """
类型及能否步行：OpenStreetMap wiki 的“Key:highway”和“OSM tags for routing/Access restrictions”。
车速：CJJ 37-2012（城市道路）和 JTG B01-2014（高速公路）的最低设计速度；
服务性道路、生活街道、土路和匝道的车速为本项目自定。可由 `access.driving.kinds` 替换。
""",
}


def networks_section(lang: Lang) -> str:
    """Document how networks and heights are read."""
    words = _WORDS[lang].format(stray=STRAY_KM, low=LOWEST_M, high=HIGHEST_M, shortest=SHORTEST, longest=LONGEST)
    alike: dict[Kind, list[str]] = {}
    for name, kind in KINDS.items():
        alike.setdefault(kind, []).append(f"`{name}`")
    lines = [f"| {', '.join(names)} | {_walk(kind, lang)} | {kind.drive_km_h:g} |" for kind, names in alike.items()]
    return words + "\n".join(lines) + "\n" + _SOURCES[lang]


def _walk(kind: Kind, lang: Lang) -> str:
    if kind.stairs:
        return "yes, stairs" if lang == "en" else "可，梯道"
    return {"en": ("no", "yes"), "zh": ("否", "可")}[lang][kind.walk]
