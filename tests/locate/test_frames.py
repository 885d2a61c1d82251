"""Demand points and sites as GeoDataFrames."""

import geopandas as gpd
import pytest
from shapely import Point, box

from panhuo import locate


@pytest.fixture
def demand():
    return gpd.GeoDataFrame({"people": [5, 3, 2]}, index=["a", "b", "c"], crs="EPSG:32648",
                            geometry=[Point(0, 0), Point(300, 400), Point(2000, 0)])  # fmt: skip


@pytest.fixture
def sites():
    return gpd.GeoDataFrame({"cny": [3, 1], "old": [False, True], "seats": [8, 9]}, index=[70, 90], crs="EPSG:32648",
                            geometry=[Point(0, 0), Point(2000, 500)])  # fmt: skip


def test_straight_within_the_radius(demand, sites):
    """b is exactly 500 m from site 70, c from site 90."""
    result = locate.mclp("people", (demand, sites), radius_m=500, cost="cny", budget=3)
    assert result.selected.tolist() == [70]
    assert result.objective == 8
    assert locate.mclp("people", (demand, sites), radius_m=499.99, p=1).objective == 5
    result = locate.mclp("people", (demand, sites), radius_m=500, p=1, existing="old")
    assert (result.objective, result.before, result.selected.tolist()) == (10, 2, [70])
    assert locate.lscp((demand, sites), radius_m=499).unreachable.tolist() == ["b", "c"]
    assert locate.mclp("people", (demand, sites), radius_m=500, p=1, required=[90]).selected.tolist() == [90]


def test_distances_and_places_of_areas(demand, sites):
    sites.geometry = [box(-10, -10, 10, 10), box(1990, 490, 2010, 510)]  # measured from their middle
    result = locate.p_median("people", (demand, sites), p=2)
    assert result.objective == pytest.approx(3 * 500 + 2 * 500)
    assert result.assignment.tolist() == [70, 70, 90]
    assert locate.p_center((demand, sites), p=2, radius_m=600).objective == pytest.approx(500)
    result = locate.cflp("people", (demand, sites), capacity="seats", cost="cny")
    assert result.objective == pytest.approx(4 + 2500)


def test_tables_at_fault(demand, sites):
    with pytest.raises(ValueError, match="must be projected, in metres") as caught:
        locate.lscp((demand.to_crs("EPSG:4326"), sites.set_crs(None, allow_override=True)), radius_m=500)
    assert len(caught.value.faults) == 2
    with pytest.raises(ValueError, match="must be one for both tables"):
        locate.lscp((demand.to_crs("EPSG:32649"), sites), radius_m=500)
    with pytest.raises(ValueError, match="must be in metres"):
        locate.lscp((demand.to_crs("EPSG:2263"), sites), radius_m=500)
    with pytest.raises(ValueError, match="index of the sites = repeated"):
        locate.lscp((demand, sites.set_index("old").iloc[[0, 0]]), radius_m=500)
    with pytest.raises(ValueError, match="radius_m = None: must be given"):
        locate.lscp((demand, sites))
    with pytest.raises(ValueError, match="radius = 5: is for arrays"):
        locate.p_center((demand, sites), p=1, radius=5)
    with pytest.raises(ValueError, match="cost = 'price': must be a column of the sites"):
        locate.lscp((demand, sites), radius_m=500, cost="price")
