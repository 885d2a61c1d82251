"""The Chinese headers of a result's tables."""

from __future__ import annotations

HEADERS = {
    "option": "选项", "site": "资产编号", "site_name": "名称", "name": "名称", "mode": "方式", "service": "服务",
    "services": "服务", "area_m2": "面积（m²）", "months": "工期（月）", "capital_cny": "投资（元）",
    "yearly_cny": "年度费用（元）", "status": "状态", "chosen": "是否选用", "area_used_m2": "使用面积（m²）",
    "reason": "结果", "detail": "说明", "circle": "生活圈", "circle_type": "生活圈类型", "base_persons": "需要的人",
    "before_persons": "现状覆盖", "after_persons": "实施后覆盖", "new_persons": "新增覆盖",
    "lost_persons": "不再覆盖", "unreachable_persons": "均不可达", "item": "费用项", "fund": "资金",
    "party": "出资方", "ledger": "账目", "amount_cny": "金额（元）", "cap_cny": "上限（元）", "used_cny": "已用（元）",
    "left_cny": "剩余（元）", "operating": "运营方式", "size": "面积档", "tariff": "收费方案", "year_open": "开办年份",
    "capacity_persons": "可服务人数", "served_persons": "服务人数", "work": "共用工程", "year": "年份",
    "operator": "运营方", "visits": "年服务人次", "price_cny": "居民付（元）", "government_cny": "政府补（元）",
    "enterprise_cny": "企业让（元）", "donor_cny": "捐赠（元）", "other_cny": "其他收入（元）",
    "subsidy_cny": "运营补贴（元）", "fixed_cny": "固定支出（元）", "visits_cost_cny": "人次成本（元）",
    "write_off_cny": "折旧（元）", "surplus_cny": "收支差额（元）", "margin": "利润率", "margin_min": "最低利润率",
    "margin_max": "最高利润率", "pool": "合并核算", "deficit_cny": "由资金弥补的亏损（元）",
    "concession_cny": "企业让利（元）", "break_even_visits": "保本人次（按实付的运营补贴）", "tier": "对象",
    "affordable": "负担得起", "persons": "人数", "burden_cny_per_month": "每月负担（元）",
    "income_cny_per_month": "每月收入（元）", "burden_share": "负担占收入", "place": "场所", "kind": "类别",
    "best_visits": "最多年人次", "needed_visits": "所需年人次（按运营补贴上限）", "per_day_best": "最多日均人次",
    "per_day_needed": "所需日均人次（按运营补贴上限）",
    "in_kind_cny": "实物（元）", "capital_share": "投资占比", "yearly_share": "年度占比",
    "capital_with_in_kind_share": "含实物的投资占比", "yearly_cap_cny": "年度上限（元）",
    "yearly_used_cny": "年度已用（元）", "yearly_left_cny": "年度剩余（元）",
    "subsidy_per_new_person_cny": "每新增一人的补贴（元）", "supplier": "供应方", "delivery_min": "配送分钟",
    "supply": "供应量", "circle_name": "生活圈名称", "place_name": "场所名称", "used_share": "已用比例",
    "yearly_used_share": "年度已用比例", "before_share": "现状覆盖率", "after_share": "实施后覆盖率",
}  # fmt: skip
"""English key → Chinese header."""
