"""The Chinese headers of a result's tables: shown in the workbook, accepted in a plan that is given."""

from __future__ import annotations

HEADERS = {
    "option": "方案", "site": "资产编号", "site_name": "名称", "name": "名称", "mode": "方式", "service": "服务",
    "services": "服务", "area_m2": "面积（m²）", "months": "工期（月）", "capital_cny": "投资（元）",
    "yearly_cny": "年度费用（元）", "status": "状态", "chosen": "是否选用", "area_used_m2": "使用面积（m²）",
    "reason": "结果", "detail": "说明", "circle": "生活圈", "circle_type": "生活圈类型", "base_persons": "需要的人",
    "before_persons": "现状覆盖", "after_persons": "实施后覆盖", "new_persons": "新增覆盖",
    "lost_persons": "不再覆盖", "unreachable_persons": "均不可达", "item": "造价项", "fund": "资金",
    "party": "出资方", "ledger": "账目", "amount_cny": "金额（元）", "cap_cny": "上限（元）", "used_cny": "已用（元）",
    "left_cny": "剩余（元）",
}  # fmt: skip
"""English key → Chinese header."""
