"""The format in words: files that planners have already, read as they are."""

from __future__ import annotations

from panhuo.words import Lang

OWN_FILES: dict[Lang, str] = {
    "en": """## Files of your own

A file that exists already is read as it is: `instance.toml` says what in it is what.

    [tables.existing]
    crs = "EPSG:4326"
    file = "$CITY/hexagons.csv.gz"                             # or a path from the folder of the instance
    columns = {id = "h3", x = "lon_deg", status = ""}          # column of the table = header in the file
    where = [{column = "clinics", op = ">", value = 0}]        # only rows that meet all conditions
    values = {service = "clinic"}                              # what the file lacks

- `file` is a path from the folder of the instance, or a whole one; `$NAME` or `${NAME}` stands for an environment
  variable. A file of that base name in the folder of the instance itself comes first: so the copy beside a result is
  read again. One file may feed several tables; two different files of one base name are a fault.
- `layer` is the layer of a GPKG, or the sheet of a workbook. Without `file` it is looked for in the table's own file,
  or in the workbook that is the instance.
- `columns`: a header that stands there means that column and nothing else; an empty header says that the column is not
  read. A unit in the brackets of such a header counts. The other headers keep their meaning.
- `where`: a header of the file, a comparison as in [rules](#rules), and a value. Beside `true` or `false` the cells are
  yes or no; else they are numbers where all filled ones are, dates where they are ordered and all are dates, and text
  otherwise; `has` takes them for lists. A blank cell makes nothing true but `blank`.
- `values`: one value for all rows; a fault where the file has the column.
- Rows in faults are those of the file.
- OpenStreetMap extracts (table `network`) and rasters (`[tables.elevation]`, `[tables.population]`,
  `[tables.population_GROUP]`) are named by `file` alone.
""",
    "zh": """## 自有文件

已有的文件不必改写，在 `instance.toml` 中说明即可直接读取：

    [tables.existing]
    crs = "EPSG:4326"
    file = "$CITY/hexagons.csv.gz"                             # 或相对于实例文件夹的路径
    columns = {id = "h3", x = "lon_deg", status = ""}          # 表的列 = 文件中的表头
    where = [{column = "clinics", op = ">", value = 0}]        # 只读取满足全部条件的行
    values = {service = "clinic"}                              # 文件中没有的列

- `file` 是相对于实例文件夹的路径或完整路径；`$NAME` 或 `${NAME}` 表示环境变量。实例文件夹中同名的文件优先，
  因此结果旁边的副本可以再次读取。一个文件可供多个表使用；两个不同的文件同名即为错误。
- `layer` 是 GPKG 的图层，或工作簿的工作表。没有 `file` 时在该表自己的文件中，或在作为实例的工作簿中寻找。
- `columns`：所写的表头只表示该列；表头为空表示不读取该列。这种表头括号中的单位有效。其余表头含义不变。
- `where`：文件的表头、与 [rules](#rules) 相同的比较方式和值。值为 `true`、`false` 时单元格按是否读取；否则全部为数时
  按数比较，比较先后且全部为日期时按日期，其余按文字；`has` 把单元格当作列表。空白单元格只满足 `blank`。
- `values`：所有行取同一个值；文件中已有该列即为错误。
- 报错中的行号是文件中的行号。
- OpenStreetMap 数据（`network` 表）和栅格（`[tables.elevation]`、`[tables.population]`、
  `[tables.population_GROUP]`）只写 `file`。
""",
}
