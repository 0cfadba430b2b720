"""Automatic layouts: straight chains, centred branches, lanes of skip connections."""

from __future__ import annotations

import itertools
from dataclasses import replace

from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.arrangement import arranged_positions
from dlstudio.document.canvas.boxes import NodeBox
from dlstudio.document.canvas.edge_lanes import is_detour, separate_lanes
from dlstudio.document.canvas.edge_routing import Obstacles, find_route
from dlstudio.document.canvas.layer_numbers import layer_numbers
from dlstudio.document.canvas.layer_order import crossings, order_layers
from dlstudio.document.drawing.graph_drawing import GraphArtist
from dlstudio.document.drawing.shapes import BezierCurve
from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.layout import COLUMN, HEIGHT, WIDTH
from dlstudio.document.values import FrozenMap

ADD = "keras.layers.Add"


def graph_of(*edges: str) -> Graph:
    """A graph from edges such as "a b"."""
    made, ports = [], dict[str, int]()
    ids = dict.fromkeys(id for edge in edges for id in edge.split())
    for edge in edges:
        source, target = edge.split()
        made.append(Edge(source, target, 0, ports.get(target, 0)))
        ports[target] = ports.get(target, 0) + 1
    return Graph(FrozenMap((id, Node(id, ADD)) for id in ids), tuple(made))


def arranged(graph: Graph) -> dict[str, tuple[float, float]]:
    return arranged_positions(graph, dict.fromkeys(graph.nodes, NodeBox(0.0, 0.0)))


def test_the_chains_of_residual_blocks_are_straight() -> None:
    """Identity and projection shortcuts, one after the other."""
    edges, end = [], "in"
    for block in range(6):
        chain = [end, *(f"c{block}{i}" for i in range(3)), f"add{block}"]
        edges += [" ".join(pair) for pair in itertools.pairwise(chain)]
        if block % 2:
            edges += [f"{end} s{block}", f"s{block} add{block}"]
        else:
            edges.append(f"{end} add{block}")
        end = f"add{block}"
    places = arranged(graph_of(*edges))
    main = {id: place for id, place in places.items() if id[0] != "s"}
    assert len({x for x, _y in main.values()}) == 1
    beside = {x - main["in"][0] for id, (x, _y) in places.items() if id[0] == "s"}
    assert {abs(x) for x in beside} <= {WIDTH + 24, WIDTH + 32, WIDTH + 40}


def test_modules_of_branches_do_not_drift() -> None:
    edges, end = [], "in"
    for module in range(5):
        for branch, length in enumerate((1, 2, 3, 3)):
            chain = [
                end,
                *(f"m{module}{branch}{i}" for i in range(length)),
                f"c{module}",
            ]
            edges += [" ".join(pair) for pair in itertools.pairwise(chain)]
        end = f"c{module}"
    places = arranged(graph_of(*edges))
    middle = {places[id][0] for id in ("in", *(f"c{i}" for i in range(5)))}
    assert len(middle) == 1
    xs = [x for x, _y in places.values()]
    assert max(xs) - min(xs) <= 3.5 * COLUMN
    (center,) = middle
    assert abs((max(xs) + min(xs)) / 2 - center) <= 16


def test_modules_that_long_edges_pass_are_in_line() -> None:
    """As in NASNet: each module gets the output of the one before the last, too."""
    edges = ["in c0", "in c1", "c0 c1"]
    for module in range(2, 7):
        for branch in range(5):
            end = f"c{module - 1 - branch // 3}"
            chain = [end, *(f"m{module}{branch}{i}" for i in range(3)), f"c{module}"]
            edges += [" ".join(pair) for pair in itertools.pairwise(chain)]
    places = arranged(graph_of(*edges))
    assert len({places[f"c{i}"][0] for i in range(2, 7)}) == 1
    xs = [x for x, _y in places.values()]
    assert max(xs) - min(xs) < 8 * COLUMN


def test_a_branch_that_is_needed_late_is_placed_late() -> None:
    """Its one long edge is above its fork, rather than three of them below."""
    chain = ["in", *(f"c{i}" for i in range(6)), "end"]
    edges = [tuple(pair) for pair in itertools.pairwise(chain)]
    edges += [("in", "side"), ("side", "fork")]
    edges += [e for i in range(3) for e in (("fork", f"f{i}"), (f"f{i}", "end"))]
    numbers = layer_numbers(list(dict.fromkeys(sum(edges, ()))), edges)
    assert numbers == {
        **{id: i for i, id in enumerate(chain)},
        "side": 1,
        "fork": 5,
        **{f"f{i}": 6 for i in range(3)},
    }


def test_layers_on_a_cycle_are_placed_too() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]
    assert set(layer_numbers("abcd", edges)) == set("abcd")


def test_the_layer_right_above_a_merge_has_the_straight_edge() -> None:
    """The shortcut goes around on the side of its port."""
    graph = graph_of("in a", "a b", "in add", "b add")
    artist = GraphArtist(Catalog.load(), {})
    drawn = artist.draw(artist.arranged(graph, always=True))
    curves = [each.points for each in drawn.shapes if isinstance(each, BezierCurve)]
    straight = [points for points in curves if len({x for x, _y in points}) == 1]
    (around,) = (points for points in curves if is_detour(points))
    assert len(straight) == 3
    assert around[3][0] < around[-1][0] < straight[-1][-1][0]


def test_branches_are_in_the_order_of_the_ports_that_they_are_for() -> None:
    chain = ["in a", "a b", "b c", "in s"]
    for left, right in ("sc", "cs"):
        places = arranged(graph_of(*chain, f"{left} add", f"{right} add"))
        assert places[left][0] < places[right][0]
        assert places["in"][0] == places["c"][0] == places["add"][0]


def test_nested_skip_connections_have_lanes_of_their_own() -> None:
    chain = [f"l{i}" for i in range(20)]
    skips = [f"l{9 - i} l{10 + i}" for i in range(2, 9, 2)]
    graph = graph_of(*(" ".join(p) for p in itertools.pairwise(chain)), *skips)
    artist = GraphArtist(Catalog.load(), {})
    drawn = artist.draw(artist.arranged(graph, always=True))
    curves = [each for each in drawn.shapes if isinstance(each, BezierCurve)]
    lanes = {each.points[3][0] for each in curves if is_detour(each.points)}
    assert len(lanes) == len(skips)
    gaps = [b - a for a, b in itertools.pairwise(sorted(lanes))]
    assert all(gap >= 7 for gap in gaps)


def test_shorter_detours_are_nearer_and_those_of_one_source_share_a_lane() -> None:
    boxes = Obstacles(NodeBox(0.0, y) for y in range(0, 1000, 96))
    ends = {
        Edge("a", "d"): ((0.0, 24.0), (0.0, 840.0)),
        Edge("b", "c"): ((0.0, 216.0), (0.0, 648.0)),
        Edge("b", "d", 0, 1): ((0.0, 216.0), (0.0, 840.0)),
    }
    found = separate_lanes({e: find_route(*pair, boxes) for e, pair in ends.items()})
    lane = {edge.target + edge.source: route[3][0] for edge, route in found.items()}
    assert lane["cb"] == lane["db"]
    assert abs(lane["da"]) > abs(lane["cb"]) > WIDTH / 2


def test_cards_never_overlap_and_edges_go_down() -> None:
    edges = [
        f"n{i} n{j}" for i in range(24) for j in (i + 1, i + 3, 2 * i + 5) if j < 24
    ]
    graph = graph_of(*dict.fromkeys(edges))
    places = arranged(graph)
    for (x, y), (other_x, other_y) in itertools.combinations(places.values(), 2):
        assert abs(x - other_x) >= WIDTH or abs(y - other_y) >= HEIGHT
    assert all(places[e.source][1] < places[e.target][1] for e in graph.edges)
    assert arranged(replace(graph, edges=graph.edges[::-1])).keys() == places.keys()


def test_the_order_with_the_fewest_crossings_is_kept() -> None:
    layers = [["a", "b", "c"], ["x", "y", "z"]]
    below = {"a": ["z"], "b": ["y"], "c": ["x"]}
    above = {"z": ["a"], "y": ["b"], "x": ["c"]}
    assert crossings(layers, below) == 3
    assert crossings(order_layers(layers, above, below), below) == 0
    full = {"a": ["x", "y"], "b": ["x", "y"]}
    assert crossings([["a", "b"], ["x", "y"]], full) == 1
