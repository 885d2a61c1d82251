"""Margins of a pool are kept together, those of others each by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from districts import write

import panhuo

from .quarter import quarter
from .tampering import Rich, Spoilt

CATALOGUE = {"class": "basic", "measure": "metres", "standard_m": 300, "min_area_m2": 80}


def rooms(folder: Path, pooled_by: str) -> Path:
    """Two rooms of one owner: in a, a hall earns 4,000 CNY a year, in b a gym earns 16,000; each spends 6,000."""
    toml = (
        '[modes.convert]\n[operating.private_aided]\noperator = "enterprise"\nmargin_min = 0.1\nmargin_max = 0.45\n'
        f'pooled_by = "{pooled_by}"\n[policy]\nrequired_sites = ["a", "b"]\n'
    )
    return write(
        folder, toml,
        demand=[{"id": "d", "x": 0, "y": 0, "circle": "c", "people_all": 100}],
        sites=[{"id": "a", "x": 0, "y": 0, "area_m2": 80, "owner": "village", "circle": "c", "flue": "no"},
               {"id": "b", "x": 10, "y": 0, "area_m2": 80, "owner": "village", "circle": "c", "flue": "yes"}],
        services=[CATALOGUE | {"service": "hall", "income_cny_per_m2": 50},
                  CATALOGUE | {"service": "gym", "income_cny_per_m2": 200}],
        rules=[{"rule": "hall_in_a", "services": "hall", "column": "flue", "op": "=", "value": "yes"},
               {"rule": "gym_in_b", "services": "gym", "column": "flue", "op": "=", "value": "no"}],
        costs=[{"item": "fit_out", "capital_cny_per_m2": 100}, {"item": "staff", "yearly_cny": 6000}],
        funds=[{"fund": "city", "party": "government", "cap_cny": 16000}],
    )  # fmt: skip


@pytest.mark.parametrize("pooled_by", ["owner", "circle", "plan", "", "zone"])
def test_a_pool_keeps_its_margin_together(tmp_path: Path, pooled_by: str) -> None:
    """20,000 less 12,000 CNY is 0.4 of the income: within 0.1 to 0.45. Apart, the hall loses and the gym earns 0.625.

    Zones are blank here, and what has none stands alone.
    """
    made = panhuo.solve(panhuo.read(rooms(tmp_path / "together", "owner")))
    assert made.verification.ok
    assert made.accounts.set_index("service")["margin"].round(3).to_dict() == {"hall": -0.5, "gym": 0.625}
    other = panhuo.read(rooms(tmp_path / "other", pooled_by))
    found = Spoilt.of(Rich(other, made.tables, made.run)).faults()
    if pooled_by in ("owner", "circle", "plan"):
        assert found == []
    else:
        hall, gym = "a:convert:hall:private_aided", "b:convert:gym:private_aided"
        assert (
            f"accounts.csv, {hall}, surplus_cny = -2000.00: expected >= 400.00. The least margin of the operating mode."
            in found
        )
        assert (
            f"accounts.csv, {gym}, surplus_cny = 10000.00: expected <= 7200.00. The largest margin of the operating mode."
            in found
        )
        assert (
            f"accounts.csv, {gym}, pool = private_aided:village: accounts that keep their margin together, and no others."
            in found
        )


def test_a_party_is_spared_in_the_order_of_the_stages(tmp_path):
    """What is written off ties year and capital: the year, first among the stages, is not given up for the capital."""
    folder = quarter(
        tmp_path / "quarter",
        toml=(('required_sites = ["s0"]\n', ""),),
        conversions=[{"site": "s1", "mode": "convert", "service": "nursery", "allowed": "no"}],
    )
    found = panhuo.solve(panhuo.read(folder))
    assert found.verification.ok
    stage = {s["name"]: s for s in found.run["stages"]}["public year"]
    assert stage["objective"] <= stage["bound"] * 1.001 + 1
