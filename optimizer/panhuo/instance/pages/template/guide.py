"""The first sheet of the template's workbook: how to fill it in."""

from __future__ import annotations

from panhuo.words import Lang

TITLE: dict[Lang, str] = {"en": "How to fill in this workbook", "zh": "填写说明"}

STEPS: dict[Lang, tuple[str, ...]] = {
    "en": (
        "1. Sheet instance: write the title, and the crs (coordinate system) of every table you fill that has "
        "positions. Column value takes what you write; a blank value means what column “blank means” says.",
        "2. Fill the sheets of the tables: one row is one place, one service, one fund, … Headers stay in row 1. "
        "Point at a header to read what it means, its unit, its limits, and what a blank cell means.",
        "3. Cells with a list offer what may be chosen; columns that name a row of another sheet offer its keys, so "
        "fill that sheet first. Where several may stand, part them with ; (canteen;clinic).",
        "4. Numbers are in the unit that the header says; a unit in the cell is understood too: 1.2亩, 40万元, 12%.",
        "5. The columns people_…, capital_cny_…, yearly_cny_… are examples: rename them, or add as many as you need.",
        "6. Sheets and columns you do not need may stay empty or be deleted. This sheet is not read.",
        "7. Save, then run: panhuo check THIS-FILE.xlsx (all faults at once, with sheet, row and column), and when it "
        "is sound: panhuo solve THIS-FILE.xlsx -o out",
    ),
    "zh": (
        "1. 工作表“实例设置”：填写实例名称（title），以及每张填了数据且含位置的表的坐标系（crs）。值写在“值”一列；"
        "不填时以“不填即为”一列为准。",
        "2. 逐表填写：一行为一处地点、一项服务、一笔资金等。表头保持在第 1 行。鼠标指向表头可见含义、单位、限制，"
        "以及空白表示什么。",
        "3. 带下拉列表的单元格可直接选取；指向另一张表的列会列出该表的编号，请先填那张表。可填多个的用 ; 分隔"
        "（食堂;卫生站）。",
        "4. 数值按表头所写的单位填写；单元格内也可自带单位：1.2亩、40万元、12%。",
        "5. “人数_…”“投资_…”“年费_…”各列为示例，请改名或按需增加。",
        "6. 用不到的工作表和列可以留空或删除。本工作表不会被读取。",
        "7. 保存后运行：panhuo check 本文件.xlsx（一次列出全部错误，写明工作表、行和列）；没有错误后运行："
        "panhuo solve 本文件.xlsx -o out",
    ),
}

COLOURS: dict[Lang, tuple[tuple[str, str], tuple[str, str]]] = {
    "en": (
        ("bold, orange", "must be filled in every row; a coloured tab: the table must have rows"),
        ("plain, blue", "may stay blank"),
    ),
    "zh": (("粗体、橙色", "每行必填；标签有颜色的表必须有数据"), ("常规、蓝色", "可以留空")),
}

HEADS: dict[Lang, tuple[str, str, str, str]] = {
    "en": ("sheet", "needed", "one row is", "if it has no rows"),
    "zh": ("工作表", "是否必需", "内容", "没有数据时"),
}

NEEDED: dict[Lang, tuple[str, str]] = {"en": ("yes", "optional"), "zh": ("必需", "可选")}

SETTINGS: dict[Lang, tuple[str, str, str, str, str]] = {
    "en": ("key", "value", "blank means", "may be", "meaning"),
    "zh": ("键", "值", "不填即为", "取值", "说明"),
}
"""Headers of the sheet of the settings; the first two are read."""
