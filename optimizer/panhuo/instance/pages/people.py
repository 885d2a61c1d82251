"""How demand points come about where they are not given: a section of the format's page."""

from panhuo.words import Lang

PEOPLE: dict[Lang, str] = {
    "en": """## People from rasters and buildings

Demand points are given as the table `demand`, **or** made of a population raster, **or** of buildings and counts: one
of the three.

**Population raster.** `population.tif` holds all residents of each cell (group `all`, column `people_all`), or
`population_GROUP.tif` those of one group each; all on one grid (extent, cells, system). A GeoTIFF of one band, in any
system with an EPSG number in degrees or metres, however it is turned; its `crs` is `tables.population.crs`, or else
that of the file. Every cell with people becomes a demand point at its centre, called by row and column from the upper
left (`r12c7`), without a `unit`. The values are taken as they are (scale and offset of the file applied), so nobody
is lost or rounded; a cell without data (the file's no-data value, its mask, not a number) holds nobody, and one below
0 is a fault.

The circle of a cell is that of the polygon of [circles](#circles) (a geographic file) that its centre lies in or on
the border of; of several, the first of the table. Positions and polygons are compared in their own system where they
share one, else in longitude and latitude. What lies in no polygon is of `people.circle`; where that is not given it
is a fault that counts people and cells. Where circles have no polygons `people.circle` must be given; without a table
of circles it names the one circle, `all` if it is not given either. Blank circles of a given demand table are filled
from the polygons alike. Maps draw the polygons, vertices brought into the metric frame and rounded to the millimetre; a
border that crosses itself is mended and told, a polygon that encloses nothing or lies more than 200 km from the middle
of all positions is a fault.

**Buildings.** The residents of each unit in [counts](#counts) are shared out over its [buildings](#buildings) people
live in, by floor area: `floor_area_m2`, or else the area of the outline in a metric frame × `floors`. Every building
somebody lives in becomes a demand point, with the circle and unit of its counts; a building without an `id` is called
by its row. A unit with residents and no floor area is a fault.

**Merging.** With `people.merge_min` above 0, near demand points become one, wherever they come from. From the most
people down (among equals the first of the table), a point that no other stands for yet stands for all points of its
circle and unit that lie within the distance; each of these then goes to the nearest that stands (of equally near ones
the first of the table). The distance is such that straight line × `access.detour` takes the slowest profile no more
than `merge_min` on the flat. People add up exactly. Along a network the true error of a pair may be more or less: the
bound is one of straight lines. Those that stand keep id, name and position; the other ids do not occur in results,
and a table of [minutes](#minutes) that names them is a fault. `check`, the notes of `solve` and `run.json`
(`merging`: points before and after, error allowed, largest error, error of the average resident) say what it cost.
""",
    "zh": """## 由栅格和建筑生成人口

需求点由 `demand`（需求点）表直接提供，**或**由人口栅格生成，**或**由建筑与人口统计生成，三者只取其一。

**人口栅格。** `population.tif`（`人口.tif`）为各像元的全部居民（人群 `all`，列 `people_all`）；
或每个人群一个 `population_人群.tif`，格网（范围、像元、坐标系）须一致。须为单波段 GeoTIFF，
坐标系有 EPSG 编号（度或米），方向不限；`crs` 取 `tables.population.crs`，未填则取文件自带。
每个有人的像元成为一个需求点，位于像元中心，以左上角起的行列号命名（`r12c7`），不属于任何村社。
像元值按原值采用（先应用文件的比例和偏移），人数既不丢失也不取整；无数据的像元（文件的无数据值、掩膜、非数）
视为无人，小于 0 的为错误。

像元所属生活圈按[生活圈 circles](#circles)（面图层）判定：中心落在其内部或边界上的面；有多个时取表中的第一个。
两者坐标系相同时直接比较，否则按经纬度比较。不在任何面内的属于 `people.circle`；未填则报错，并写明人数和像元数。
生活圈没有面图形时必须填写 `people.circle`；没有生活圈表时，它就是唯一的生活圈，也未填则为 `all`。
需求点表中空白的生活圈同样由面图形补全。地图绘制这些面，顶点转入米制坐标系并取整到毫米；
边界自相交的面会修复并提示，没有围出任何范围、或距全部位置的中心超过 200 公里的面为错误。

**建筑。** [人口统计 counts](#counts) 中各村社的居民，按建筑面积分摊到其有人居住的[建筑 buildings](#buildings)：
取 `floor_area_m2`，没有则为轮廓面积（米制坐标系）× `floors`。每栋有人居住的建筑成为一个需求点，
生活圈和村社取自人口统计；没有编号的建筑以行号命名。有居民而没有居住建筑面积的村社为错误。

**合并。** `people.merge_min` 大于 0 时，相近的需求点合并为一个，不论其来源。
从人数最多的点起（人数相同取表中靠前的），尚未被代表的点代表同一生活圈、同一村社中距离之内的所有点；
随后每个点归入最近的代表点（同样近时取表中靠前的）。此距离按直线距离 × `access.detour`、
最慢人群在平地上步行不超过 `merge_min` 计。人数精确相加。沿路网的实际误差可能更大或更小：该上限按直线计。
代表点保留编号、名称和位置，其余编号不再出现于结果；[步行时间 minutes](#minutes) 表中出现这些编号即为错误。`check`、
`solve` 的提示以及 `run.json`（`merging`：合并前后的点数、允许误差、最大误差、居民平均误差）会说明合并的代价。
""",
}
