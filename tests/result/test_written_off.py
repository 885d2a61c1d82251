"""What an operator pays of the capital of one account burdens that account's year, and no other's."""

from __future__ import annotations

from pathlib import Path

from districts import district

import panhuo

TOML = """
[modes.convert]
[operating.private_aided]
operator = "enterprise"
margin_min = 0.0
write_off_years = 10
"""


def test_each_account_writes_off_its_own_capital(tmp_path: Path) -> None:
    """A hall earns 4,000 CNY a year and spends them; a gym earns 16,000 and spends 4,000. Each takes 8,000 CNY to fit out.

    So the enterprise, though first in turn, may pay the gym only: of the hall it could write off nothing.
    """
    catalogue = {"class": "basic", "measure": "metres", "standard_m": 300, "min_area_m2": 80}
    made = panhuo.solve(
        district(
            tmp_path / "d", TOML,
            demand=[{"id": "d0", "x": 0, "y": 0, "circle": "c", "people_all": 100}],
            sites=[{"id": "s0", "x": 0, "y": 0, "area_m2": 160}],
            services=[catalogue | {"service": "hall", "income_cny_per_m2": 50},
                      catalogue | {"service": "gym", "income_cny_per_m2": 200}],
            costs=[{"item": "fit_out", "capital_cny_per_m2": 100}, {"item": "staff", "yearly_cny": 4000}],
            funds=[{"fund": "firm", "party": "enterprise", "cap_cny": 8000, "priority": 1},
                   {"fund": "city", "party": "government", "cap_cny": 8000, "priority": 2}],
        )
    )  # fmt: skip
    assert made.verification.ok
    paid = made.ledger.set_index("option")[["fund", "amount_cny"]]
    assert paid.loc["s0:convert:hall:private_aided"].tolist() == ["city", 8000.0]
    assert paid.loc["s0:convert:gym:private_aided"].tolist() == ["firm", 8000.0]
    assert made.accounts.set_index("service")["write_off_cny"].to_dict() == {"hall": 0.0, "gym": 800.0}
