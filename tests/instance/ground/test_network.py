"""Lines are cut where they share a vertex and nowhere else, and joined where their ends nearly meet."""

import itertools

import networkx as nx
import numpy as np
import pytest
import shapely

from .conftest import table


def edges_of(network):
    """Every edge as (from, to, length), ends in order."""
    ends = [
        sorted([tuple(network.xy[a]), tuple(network.xy[b])]) for a, b in zip(network.start, network.end, strict=True)
    ]
    return sorted((*e, round(float(m), 6)) for e, m in zip(ends, network.length_m, strict=True))


def sound(network):
    """Edges run from node to node along their vertices."""
    assert (network.shape[network.first[:-1]] == network.xy[network.start]).all()
    assert (network.shape[network.first[1:] - 1] == network.xy[network.end]).all()
    assert len(np.unique(network.xy, axis=0)) == len(network.xy)
    assert set(network.start) | set(network.end) == set(range(len(network.xy)))


def test_a_bridge_without_a_shared_vertex_does_not_touch(laid):
    road, bridge = [(0, 0), (100, 0)], [(50, -50), (50, 50)]
    network, told = laid([road, bridge], span=[False, True])
    sound(network)
    assert edges_of(network) == [((0, 0), (100, 0), 100), ((50, -50), (50, 50), 100)]
    assert network.span.tolist() == [False, True]
    assert network.component.tolist() == [0, 0, 1, 1]
    assert told == [
        "network.gpkg: the network is in 2 pieces that are not joined; the longest: 0.1, 0.1 km. "
        "Check bridges and the ends of lines; nobody walks from one piece to another."
    ]


def test_a_crossing_with_a_shared_vertex_is_one_node(laid):
    network, told = laid([[(0, 0), (50, 0), (100, 0)], [(50, -30), (50, 0), (50, 30)]])
    sound(network)
    assert edges_of(network) == [
        ((0, 0), (50, 0), 50),
        ((50, -30), (50, 0), 30),
        ((50, 0), (50, 30), 30),
        ((50, 0), (100, 0), 50),
    ]
    assert network.component.tolist() == [0] * 5
    assert network.component_m.tolist() == [160]
    assert network.row.tolist() == [1, 1, 2, 2]
    assert not told


def test_a_vertex_of_one_line_only_is_no_node(laid):
    network, _ = laid([[(0, 0), (30, 40), (60, 0)]])
    assert edges_of(network) == [((0, 0), (60, 0), 100)]
    assert network.first.tolist() == [0, 3]


def test_a_line_is_cut_where_it_meets_itself(laid):
    eight, ring = [(0, 0), (10, 0), (10, 10), (5, 0), (5, -5)], [(100, 0), (110, 0), (105, 9), (100, 0)]
    network, _ = laid([[*eight[:1], (5, 0), *eight[1:]], ring])
    sound(network)
    # the first line passes (5, 0) twice: 0→5, the loop through (10, 0) and (10, 10), and the tail
    loop = 5 + 10 + np.hypot(5, 10)
    assert ((5, 0), (5, 0), round(loop, 6)) in edges_of(network)
    assert ((100, 0), (100, 0), round(10 + 2 * np.hypot(5, 9), 6)) in edges_of(network)
    assert len(network.start) == 4


def test_positions_within_half_a_millimetre_are_one(laid):
    network, _ = laid([[(0, 0), (10.0004, 0)], [(9.9996, 0.0004), (10, 10)]], {"join_m": 0})
    assert len(network.xy) == 3
    network, _ = laid([[(0, 0), (10.0006, 0)], [(9.9996, 0.0004), (10, 10)]], {"join_m": 0})
    assert len(network.xy) == 4


def test_repeated_vertices_and_lines_without_length_are_dropped(laid):
    network, _ = laid([[(0, 0), (0, 0), (10, 0), (10, 0.0002)], [(5, 5), (5, 5)], [(10, 0), (10, 10)]])
    sound(network)
    assert edges_of(network) == [((0, 0), (10, 0), 10), ((10, 0), (10, 10), 10)]
    assert np.diff(network.first).tolist() == [2, 2]


def test_a_length_that_is_given_is_shared_out_by_shape(laid):
    parts = shapely.MultiLineString([[(0, 0), (10, 0), (40, 0)], [(40, 0), (40, 60)]])
    network, _ = laid([parts, [(10, 0), (10, 5)]], length_m=[200.0, float("nan")])
    assert edges_of(network) == [
        ((0, 0), (10, 0), 20),
        ((10, 0), (10, 5), 5),
        ((10, 0), (40, 0), 60),
        ((40, 0), (40, 60), 120),
    ]


@pytest.mark.parametrize(
    ("given", "fault"),
    [(89, True), (91, False), (99.6, False), (0, True)],  # of a line of 100 m in two parts
)
def test_a_length_well_below_that_of_the_shape_is_a_fault(faults, laid, given, fault):
    parts = shapely.MultiLineString([[(0, 0), (40, 0)], [(40, 0), (40, 60)]])
    lines, metres = [parts, [(0, 0), (0, 300)]], [float(given), 300.0]
    if not fault:
        network, told = laid(lines, length_m=metres)
        assert network.length_m.sum() == pytest.approx(given + 300)
        assert told == []
        return
    assert faults(table(lines, length_m=metres)) == [
        f"network.gpkg row 1, length_m = {given}: is shorter than the line itself, which is 100.0 m long. Correct its "
        'unit, or let the lines tell: columns = {length_m = ""} under [tables.network].'
    ]


def test_short_lines_may_be_rounded_to_whole_metres_and_lines_nobody_uses_do_not_count(laid):
    lines = [[(0, 0), (0, 0.5)], [(0, 0.5), (0, 100)], [(50, 0), (50, 100)]]
    network, told = laid(
        lines, {"join_m": 0}, length_m=[0.0, 100.0, 1.0], walk=[True, True, False], kind=["", "", "footway"]
    )
    assert network.length_m.tolist() == [0, 100]
    assert told == []


@pytest.mark.parametrize(("given", "warned"), [(500, False), (501, True)])
def test_a_length_many_times_that_of_the_shape_is_told(laid, given, warned):
    _, told = laid([[(0, 0), (0, 100)], [(0, 0), (100, 0)]], length_m=[100.0, float(given)])
    assert told == (
        [
            "network.gpkg, length_m: lengths more than 5 times as long as their lines: 1; the first: row 2, 501.0 m "
            "over a line of 100.0 m. Check their unit."
        ]
        if warned
        else []
    )


# the street runs along y = 0 from x = 0 to 100 and a path comes down to it at x = 30
@pytest.mark.parametrize(("gap", "joined"), [(0.3, True), (0.5, True), (0.501, False), (0.7, False)])
def test_an_end_that_nearly_meets_a_line_is_joined_to_it(laid, gap, joined):
    network, _ = laid([[(0, 0), (100, 0)], [(30, gap), (30, 50)]], {"join_m": 0.5})
    sound(network)
    if joined:
        assert edges_of(network) == [
            ((0, 0), (30, 0), 30),
            ((30, 0), (30, gap), gap),
            ((30, 0), (100, 0), 70),
            ((30, gap), (30, 50), 50 - gap),
        ]
        connector = network.length_m.argmin()
        assert network.row[connector] == 2
        assert network.walk[connector]
        assert not network.stairs[connector]
        assert network.drive_km_h[:, connector].tolist() == [0, 0]
    else:
        assert len(network.start) == 2


def test_an_end_is_joined_to_the_node_that_is_there(laid):
    network, _ = laid([[(0, 0), (30, 0)], [(30, 0), (100, 0)], [(30.0005, 0.4), (30, 50)]])
    assert ((30, 0), (30, 0.4), 0.4) in edges_of(network)
    assert len(network.xy) == 5


def test_an_end_is_joined_to_a_bend_that_is_there(laid):
    network, _ = laid([[(0, 0), (30, 0), (30, -70)], [(30.3, 0.4), (30, 50)]])
    sound(network)
    assert ((30, 0), (30.3, 0.4), 0.5) in edges_of(network)
    assert len(network.start) == 4


def test_an_end_that_lies_on_a_line_becomes_a_vertex_of_it(laid):
    network, _ = laid([[(0, 0), (100, 0)], [(30, 0), (30, 50)]])
    sound(network)
    assert edges_of(network) == [((0, 0), (30, 0), 30), ((30, 0), (30, 50), 50), ((30, 0), (100, 0), 70)]


def test_several_ends_are_joined_to_one_segment(laid):
    network, _ = laid([[(0, 0), (100, 0)], *([(x, 0.2), (x, 50)] for x in (70, 30, 50))])
    sound(network)
    assert [e for e in edges_of(network) if e[0][1] == e[1][1] == 0] == [
        ((0, 0), (30, 0), 30),
        ((30, 0), (50, 0), 20),
        ((50, 0), (70, 0), 20),
        ((70, 0), (100, 0), 30),
    ]


def test_two_ends_near_each_other_get_one_joining_line(laid):
    network, _ = laid([[(0, 0), (10, 0)], [(10.3, 0.4), (20, 0)]])
    sound(network)
    assert len(network.start) == 3
    assert ((10, 0), (10.3, 0.4), 0.5) in edges_of(network)


def test_the_nearest_line_is_taken_and_the_own_one_never(laid):
    hook = [(0, 10), (50, 10), (50, 0.3), (0, 0.3), (0, 9.9)]  # its end comes back within 0.1 m of its beginning
    network, _ = laid([hook])
    assert len(network.start) == 1
    network, _ = laid([[(0, 0), (100, 0)], [(0, 0.7), (100, 0.7)], [(50, 0.3), (60, 0.4)]])
    # 0.3 to the lower line from its beginning (0.4 to the upper one), 0.3 to the upper line from its end
    assert ((50, 0), (50, 0.3), 0.3) in edges_of(network)
    assert ((60, 0.4), (60, 0.7), 0.3) in edges_of(network)
    assert len(network.start) == 7


def test_nothing_is_joined_where_nobody_walks_or_no_tolerance_is_given(laid):
    street, path = [(0, 0), (100, 0)], [(30, 0.3), (30, 50)]
    for columns in ({"kind": ["motorway", "footway"]}, {"kind": ["footway", "motorway"]}):
        network, _ = laid([street, path], **columns)
        assert len(network.start) == 2
    network, _ = laid([street, [(30, 0), (30, 50)]], {"join_m": 0})
    assert len(network.start) == 2


def test_short_pieces_that_join_nothing_are_left_out(laid):
    long, island, longer = [(0, 0), (300, 0)], [(0, 500), (99, 500)], [(0, 900), (100, 900)]
    network, told = laid([long, island, longer], {"island_m": 100}, kind=["footway"] * 3)
    sound(network)
    assert network.row.tolist() == [1, 3]
    assert network.component_m.tolist() == [300, 100]
    assert network.component.tolist() == [0, 0, 1, 1]
    assert told[0] == (
        "network.gpkg: pieces of the network that are joined to nothing and shorter than 100 m: 1, 99 m in all; nobody "
        "walks there. Join them in the file, or change access.island_m or access.join_m."
    )
    # the longest piece stays however short it is; a street of an island is still driven on
    network, told = laid([long, island], {"island_m": 5000}, kind=["footway", "residential"])
    assert network.walk.tolist() == [True, False]
    assert network.component.tolist() == [0, 0, -1, -1]
    assert network.component_m.tolist() == [300]
    assert len(told) == 1


def test_what_nobody_uses_neither_stays_nor_cuts(laid):
    network, _ = laid([[(0, 0), (50, 0), (100, 0)], [(50, 0), (50, 50)]], kind=["footway", "construction"])
    assert edges_of(network) == [((0, 0), (100, 0), 100)]
    # a motorway is driven on, so it stays, joins nobody's way and has no component of its own
    network, _ = laid([[(0, 0), (50, 0), (100, 0)], [(50, 0), (50, 50)]], kind=["footway", "motorway"])
    assert network.walk.tolist() == [True, True, False]
    assert network.component.tolist() == [0, 0, 0, -1]


def test_kinds_and_columns_say_what_lines_are_good_for(laid):
    blank, no = None, float("nan")
    rows = [
        # kind, walk, stairs, oneway, speed → walk, stairs, along, against
        ("", blank, blank, "", no, True, False, 25, 25),
        ("Residential ", blank, blank, "", no, True, False, 20, 20),
        ("steps", blank, blank, "", no, True, True, 0, 0),
        ("steps", blank, False, "", no, True, False, 0, 0),
        ("", blank, True, "", no, True, True, 0, 0),
        ("primary", False, blank, "yes", no, False, False, 40, 0),
        ("primary", blank, blank, "-1", 60.0, True, False, 0, 60),
        ("footway", blank, blank, "no", 5.0, True, False, 5, 5),
        ("motorway", True, blank, "", 0.0, True, False, 0, 0),
        ("towpath", blank, blank, "", no, True, False, 0, 0),
        ("quay", blank, blank, "", no, True, False, 12, 12),
        ("tertiary", blank, blank, "", no, True, False, 7, 7),
    ]
    kind, walk, stairs, oneway, speed, *expected = zip(*rows, strict=True)
    shapes = [[(0, 10 * i), (100, 10 * i)] for i in range(len(rows))]
    driving = {"kinds": {"quay": 12, "tertiary": 7, "alley": 3}}
    columns = {"kind": kind, "walk": walk, "stairs": stairs, "oneway": oneway, "speed_km_h": speed}
    network, told = laid(shapes, {"driving": driving}, **{k: list(v) for k, v in columns.items()})
    assert network.row.tolist() == list(range(1, len(rows) + 1))
    assert network.walk.tolist() == list(expected[0])
    assert network.stairs.tolist() == list(expected[1])
    assert network.drive_km_h.tolist() == [list(expected[2]), list(expected[3])]
    assert told[:2] == [
        "network.gpkg, kind: kinds that are not known: towpath; people walk there, and no vehicle drives. Write them in "
        "the words of OpenStreetMap, or give walk and speed_km_h, or write access.driving.kinds.",
        "instance.toml, access.driving.kinds = alley: no line is of this kind. Nothing to do if that is meant.",
    ]


def test_random_lines_lead_as_far_as_their_segments_do(laid):
    """An independent graph of all segments, nodes by position, has the same shortest ways between nodes."""
    rng = np.random.default_rng(7)
    walks = [np.cumsum(rng.integers(-1, 2, size=(rng.integers(2, 9), 2)), axis=0) * 10 for _ in range(60)]
    network, _ = laid([walk.tolist() for walk in walks], {"join_m": 0})
    sound(network)
    oracle, ours = nx.Graph(), nx.Graph()
    for walk in walks:
        for a, b in itertools.pairwise(map(tuple, walk.tolist())):
            if a != b:
                oracle.add_edge(a, b, m=np.hypot(a[0] - b[0], a[1] - b[1]))
    for a, b, m in edges_of(network):
        if not ours.has_edge(a, b) or ours[a][b]["m"] > m:
            ours.add_edge(a, b, m=m)
    lengths = dict(nx.all_pairs_dijkstra_path_length(oracle, weight="m"))
    found = dict(nx.all_pairs_dijkstra_path_length(ours, weight="m"))
    assert len(found) > 20
    for a, b in itertools.combinations(found, 2):
        assert (b in found[a]) == (b in lengths[a])
        assert found[a].get(b, 0) == pytest.approx(lengths[a].get(b, 0))
    hangs_together = {
        frozenset(tuple(network.xy[i]) for i in np.flatnonzero(network.component == c))
        for c in range(len(network.component_m))
    }
    assert hangs_together == {frozenset(piece) & frozenset(found) for piece in nx.connected_components(oracle)}
    assert list(network.component_m) == sorted(network.component_m, reverse=True)


def test_the_same_lines_make_the_same_network(laid):
    rng = np.random.default_rng(3)
    lines = [np.cumsum(rng.normal(0, 3, size=(6, 2)), axis=0).tolist() for _ in range(40)]
    one, other = laid(lines, {"join_m": 1})[0], laid(lines, {"join_m": 1})[0]
    for name in one.__dataclass_fields__:
        assert np.array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("seed", range(4))
def test_random_ends_are_joined_where_another_line_is_near(laid, seed):
    """Every free end against every other edge, one by one: joined where the nearest lies within the tolerance."""
    rng, within = np.random.default_rng(seed), 2.0
    lines = [
        np.round(rng.uniform(0, 60, 2) + np.cumsum(rng.normal(0, 6, (rng.integers(2, 6), 2)), axis=0), 3)
        for _ in range(40)
    ]
    apart, joined = (laid([line.tolist() for line in lines], {"join_m": j})[0] for j in (0, within))
    sound(joined)
    shapes = [shapely.LineString(apart.shape[a:b]) for a, b in itertools.pairwise(apart.first)]
    degree = np.bincount(np.concatenate([apart.start, apart.end]))
    now = np.bincount(np.concatenate([joined.start, joined.end]))
    where = {tuple(p): i for i, p in enumerate(joined.xy)}
    gaps = {}
    for end in np.flatnonzero(degree == 1):
        own = np.flatnonzero((apart.start == end) | (apart.end == end))[0]
        point = shapely.Point(apart.xy[end])
        gap, other = min((shape.distance(point), e) for e, shape in enumerate(shapes) if e != own)
        is_joined = now[where[tuple(apart.xy[end])]] > 1
        assert is_joined == (gap <= within)
        if is_joined:
            place = shapes[other].interpolate(shapes[other].project(point))
            gaps[frozenset([(point.x, point.y), (round(place.x, 3), round(place.y, 3))])] = gap
    assert len(gaps) > 5
    assert joined.length_m.sum() == pytest.approx(apart.length_m.sum() + sum(gaps.values()), abs=0.002 * len(gaps))
