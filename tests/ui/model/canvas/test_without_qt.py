"""Canvas modules that are independent of Qt."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from dataclasses import replace

import pytest
from canvas_world import CONV, DENSE, LAYERS, chain, design_graph, residual_graph
from hypothesis import given
from hypothesis import strategies as st
from strategies import graphs

from dlstudio.catalog.store import Catalog
from dlstudio.document.analysis import NodeReport, TensorInfo
from dlstudio.document.canvas.arrangement import arranged_positions
from dlstudio.document.canvas.boxes import (
    NodeBox,
    clamp_position,
    free_position,
    make_room_below,
)
from dlstudio.document.canvas.connection_rules import (
    ConnectionRules,
    free_port,
    ports_of,
)
from dlstudio.document.canvas.edge_routing import Obstacles, distance, find_route
from dlstudio.document.canvas.layer_summary import count_text, details, summary
from dlstudio.document.graph import INPUT, Edge, Graph, Group, Node, node
from dlstudio.document.new_node import new_node, stem_of
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.ui.model.canvas.connections.layer_suggestions import (
    fits,
    placeable_layers,
    rank_key,
)
from dlstudio.ui.model.canvas.layout.alignment import (
    aligned_positions,
    distributed_positions,
)
from dlstudio.ui.model.graph_clipboard import (
    from_text,
    is_layers_text,
    paste_into,
    to_text,
)

CATALOG = Catalog.load()


def boxes_of(graph: Graph) -> dict[str, NodeBox]:
    return {id: NodeBox(*clamp_position(n.position)) for id, n in graph.nodes.items()}


# -- new nodes and their texts


def test_every_layer_makes_a_node_with_what_it_needs() -> None:
    for wanted in placeable_layers(CATALOG):
        made = new_node(wanted, Graph(), (0.0, 0.0))
        required = {param.name for param in wanted.params if param.required}
        assert required <= set(made.params), wanted.kind
        # A backbone is known by its network.
        named = ("Input", wanted.name, "ops.", "MobileNetV3Small")
        assert summary(made, wanted, 2).startswith(named)


def test_summaries_show_the_main_parameters() -> None:
    def text_of(kind: str, **params: object) -> str:
        made = node("x", LAYERS + kind, **params)
        return summary(made, CATALOG[LAYERS + kind], 2)

    conv = {"filters": 32, "kernel_size": 3, "activation": "relu"}
    assert text_of("Conv2D", **conv) == "Conv2D · 32 filters 3×3 · relu"
    assert text_of("Conv2D", **{**conv, "strides": (2, 2), "padding": "same"}) == (
        "Conv2D · 32 filters 3×3 · stride 2 · relu · same"
    )
    assert text_of("MaxPooling2D") == "MaxPooling2D · 2×2"
    assert text_of("InputLayer", shape=(28, None, 1)) == "Input · 28 × ? × 1"
    assert text_of("Add") == "Add · 2 inputs"
    assert text_of("Dense", units=10, activation="softmax") == "Dense · 10 · softmax"
    assert text_of("Rescaling", scale=1 / 255) == "Rescaling · 1/255"
    assert text_of("LSTM", units=8, return_sequences=True) == "LSTM · 8 · sequences"


def test_counts_are_short() -> None:
    assert [count_text(n) for n in (320, 18496, 23_587_712, 4 * 10**9)] == [
        "320", "18,496", "23.6 M", "4 G"
    ]  # fmt: skip


def test_ids_are_named_as_keras_does() -> None:
    names = ("Conv2D", "MaxPooling2D", "LSTM", "Conv2DTranspose", "InputLayer")
    stems = [stem_of(LAYERS + name) for name in names]
    assert stems == ["conv2d", "max_pooling2d", "lstm", "conv2d_transpose", "input"]


def test_a_new_id_is_not_an_existing_name() -> None:
    taken = node("x", DENSE, units=1, name="dense_1")
    made = new_node(CATALOG[DENSE], Graph.chain([taken]), (0.0, 0.0))
    assert made.id == "dense_2"


def test_details_are_complete() -> None:
    frozen = replace(node("x", DENSE, units=3), frozen=True, shares="y")
    report = NodeReport((), (TensorInfo((3,)),), 12, 12, 2_500_000, 4096)
    text = details(frozen, "Dense · 3", report)
    for part in ("(3) float32", "12 parameters, 0 trainable", "2.5 M", "Frozen", "“y”"):
        assert part in text


# -- connection rules


def test_refused_edges_have_a_reason() -> None:
    rules = ConnectionRules(design_graph(), CATALOG)
    assert "itself" in rules.judge("conv_1", "conv_1", None).reason
    assert "cycle" in rules.judge("head", "conv_1", None).reason
    assert "input" in rules.judge("conv_1", "image", None).reason
    assert "already" in rules.judge("pool_1", "conv_2", 0).reason
    replacing = rules.judge("image", "pool_1", None)
    assert replacing.replaces == Edge("conv_1", "pool_1")
    assert rules.judge("conv_1", "merge", None).edge == Edge("conv_1", "merge", 0, 2)


def test_a_moved_edge_is_treated_as_removed() -> None:
    graph = chain(INPUT, CONV, CONV)
    moved = Edge("b", "c")
    assert not ConnectionRules(graph, CATALOG).judge("c", "b", None).edge
    assert ConnectionRules(graph, CATALOG, moved).judge("c", "b", None).edge


def test_optional_ports_are_offered() -> None:
    ports = ports_of(Node("n", LAYERS + "MultiHeadAttention"), CATALOG)
    assert [free_port(ports, set(range(n))) for n in range(4)] == [0, 1, 2, None]


# -- layout


@given(graphs())
def test_arranged_nodes_are_below_their_sources(graph: Graph) -> None:
    # A group is one block: layers between its nodes cannot be below their sources.
    graph = replace(graph, groups=())
    places = arranged_positions(graph, boxes_of(graph))
    _order, circle = graph.order()
    for edge in graph.edges:
        if edge.target not in circle and edge.source != edge.target:
            assert places[edge.source][1] < places[edge.target][1]


@given(graphs())
def test_arranged_nodes_do_not_overlap(graph: Graph) -> None:
    places = arranged_positions(graph, boxes_of(graph))
    assert set(places) == set(graph.nodes)
    for a, b in itertools.combinations(places, 2):
        assert not NodeBox(*places[a]).near(NodeBox(*places[b]))


def test_a_chain_is_straight_and_so_is_a_residual_network() -> None:
    graph = residual_graph(100)
    places = arranged_positions(graph, boxes_of(graph))
    assert len({x for x, _y in places.values()}) == 1
    assert (
        arranged_positions(graph, {id: NodeBox(*at) for id, at in places.items()})
        == places
    )


def test_branches_are_side_by_side() -> None:
    places = arranged_positions(design_graph(), boxes_of(design_graph()))
    assert places["conv_2"][1] == places["shortcut"][1]
    assert abs(places["conv_2"][0] - places["shortcut"][0]) >= 176
    assert places["conv_2"][0] < places["merge"][0] < places["shortcut"][0]


def test_only_the_chosen_nodes_are_arranged() -> None:
    graph = design_graph()
    places = arranged_positions(graph, boxes_of(graph), ["conv_2", "shortcut", "merge"])
    assert set(places) == {"conv_2", "shortcut", "merge"}


def test_align_and_distribute() -> None:
    boxes = {"a": NodeBox(0, 0), "b": NodeBox(30, 100, 300), "c": NodeBox(-20, 300)}
    left = aligned_positions(boxes, "left")
    assert {x - boxes[id].width / 2 for id, (x, _y) in left.items()} == {-120}
    down = distributed_positions(boxes, across=False)
    assert [down[id][1] for id in "abc"] == [0, 150, 300]


def test_nodes_move_down_only_as_far_as_needed() -> None:
    graph = chain(CONV, CONV, CONV, CONV)
    nodes = [
        replace(n, position=(0.0, y))
        for n, y in zip(graph.nodes.values(), (0.0, 96.0, 260.0, 500.0), strict=True)
    ]
    graph = graph.with_nodes(nodes)
    moves = make_room_below(graph, boxes_of(graph), "b", 96.0)
    assert moves == {"b": (0, 192), "c": (0, 288)}
    assert make_room_below(graph, boxes_of(graph), "d", 300.0) == {}


def test_a_free_position_overlaps_nothing() -> None:
    boxes = [NodeBox(0, 0), NodeBox(200, 8)]
    spot = NodeBox(*free_position(boxes, 0, 0))
    assert not any(spot.near(box) for box in boxes)
    assert free_position(boxes, 0, 200) == (0, 200)


coordinates = st.floats(-2000, 2000)


@given(
    st.tuples(coordinates, coordinates),
    st.tuples(coordinates, coordinates),
    st.lists(st.tuples(coordinates, coordinates), max_size=12),
)
def test_routes_start_and_end_at_the_ports(
    start: tuple[float, float],
    end: tuple[float, float],
    centres: list[tuple[float, float]],
) -> None:
    points = find_route(start, end, Obstacles(NodeBox(*each) for each in centres))
    assert (points[0], points[-1]) == (start, end)
    assert len(points) % 3 == 1
    assert distance(points, *start) < 1e-6


def test_an_edge_avoids_obstacles() -> None:
    wall = NodeBox(0, 200)
    points = find_route((0, 0), (0, 400), Obstacles([wall]))
    lane = points[len(points) // 2][0]
    assert abs(lane) > wall.width / 2
    assert find_route((0, 0), (0, 400), Obstacles([NodeBox(500, 200)]))[1][0] == 0


# -- the clipboard


@given(graphs())
def test_copied_nodes_round_trip(graph: Graph) -> None:
    part = from_text(to_text(graph, graph.nodes))
    assert part.edges == graph.edges
    assert {id: (n.kind, n.params, n.frozen) for id, n in part.nodes.items()} == {
        id: (n.kind, n.params, n.frozen) for id, n in graph.nodes.items()
    }


@given(graphs())
def test_pasting_keeps_the_existing_nodes(graph: Graph) -> None:
    part = from_text(to_text(graph, graph.nodes))
    made = paste_into(graph, part, (10.0, 0.0))
    assert set(made.ids).isdisjoint(graph.nodes)
    assert len(made.graph.nodes) == 2 * len(graph.nodes)
    assert all(made.graph.nodes[id] == n for id, n in graph.nodes.items())
    assert len(made.graph.edges) == 2 * len(graph.edges)
    assert len({group.id for group in made.graph.groups}) == len(made.graph.groups)


def test_names_groups_and_shared_weights_when_pasted() -> None:
    a = node("a", DENSE, units=1, name="head")
    b = replace(node("b", DENSE, units=1), shares="a")
    graph = Graph(
        FrozenMap({"a": a, "b": b}), (Edge("a", "b"),), (Group("g", "G", ("a", "b")),)
    )
    made = paste_into(graph, from_text(to_text(graph, ["a", "b"])))
    new_a, new_b = (made.graph.nodes[id] for id in made.ids)
    assert new_a.name == new_a.id
    assert new_b.shares == new_a.id
    assert made.graph.groups[1].nodes == made.ids
    alone = from_text(to_text(graph, ["b"]))
    assert alone.nodes["b"].shares is None


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "{", "[1]", '{"format": "other"}',
        '{"format": "dlstudio-layers", "version": 99, "graph": {}}',
        '{"format": "dlstudio-layers", "version": 1}',
        '{"format": "dlstudio-layers", "version": 1, "graph": {"nodes": 3}}',
        '{"format": "dlstudio-layers", "version": 1, "graph": {"links": '
        '[{"source": "a", "target": "b"}]}}',
        "{" * 5000,
    ],
)  # fmt: skip
def test_text_without_nodes_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        from_text(text)


@given(st.text() | st.binary().map(lambda b: b.decode("utf-8", "surrogateescape")))
def test_any_text_is_refused_with_a_user_error(text: str) -> None:
    assert not is_layers_text(text)
    with pytest.raises(UserError):
        from_text("{" + text)


def test_clipboard_text_has_a_type_tag() -> None:
    text = to_text(design_graph(), ["conv_1"])
    assert is_layers_text(text)
    assert json.loads(text)["format"] == "dlstudio-layers"


# -- layer suggestions


def test_layers_that_fit_an_image() -> None:
    image, vector = TensorInfo((28, 28, 1)), TensorInfo((10,))
    conv, lstm, dense = (CATALOG[LAYERS + n] for n in ("Conv2D", "LSTM", "Dense"))
    assert fits(conv, image)
    assert not fits(lstm, image)
    assert not fits(conv, vector)
    assert fits(dense, vector)
    assert not fits(CATALOG[INPUT], vector)
    assert all(fits(each, None) for each in (conv, lstm, dense))


def test_layers_that_usually_follow_are_offered_first() -> None:
    layers = placeable_layers(CATALOG)
    tensor = TensorInfo((28, 28, 1))

    def first(before: str, count: int = 3) -> list[str]:
        rank = rank_key(CATALOG[before], tensor)
        fitting = [each for each in layers if fits(each, tensor)]
        return [each.name for each in sorted(fitting, key=rank)[:count]]

    assert "Conv2D" in first(INPUT)
    assert first(CONV, 1) == ["MaxPooling2D"]
    rank = rank_key(CATALOG[CONV], tensor, (LAYERS + "GaussianNoise",))
    noise = CATALOG[LAYERS + "GaussianNoise"]
    assert rank(noise) < rank_key(CATALOG[CONV], tensor)(noise)


def test_these_modules_do_not_import_qt() -> None:
    modules = (
        "canvas.layout.alignment",
        "canvas.layout.directions",
        "canvas.connections.layer_suggestions",
        "graph_clipboard",
    )
    imports = ";".join(f"import dlstudio.ui.model.{m}" for m in modules)
    # The parent packages import Qt, so empty stand-ins replace them.
    code = (
        "import sys, types, pathlib, dlstudio\n"
        "root = pathlib.Path(dlstudio.__file__).parent\n"
        "for name in ('ui', 'ui.model', 'ui.model.canvas'):\n"
        "    made = types.ModuleType('dlstudio.' + name)\n"
        "    made.__path__ = [str(root / name.replace('.', '/'))]\n"
        "    sys.modules['dlstudio.' + name] = made\n"
        f"{imports}\n"
        "assert 'PySide6' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
