"""From a graph to a `keras.Model`."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from drawn import (
    FLATTEN,
    SCALE,
    connected,
    conv,
    dense,
    good,
    head,
    image,
    layer,
    project,
)

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Edge, Graph, Node
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.model.build import build
from dlstudio.engine.model.build_error import BuildError
from dlstudio.engine.model.dtype_policies import dtype_policy
from dlstudio.errors import UserError


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def nested(id: str, graph: str) -> Node:
    return Node(id, "dlstudio.Graph", FrozenMap({"graph": graph}))


def test_layers_have_the_names_of_the_nodes(catalog: Catalog) -> None:
    model = build(good(), catalog)
    assert [each.name for each in model.layers] == [
        "image",
        "scale",
        "conv",
        "flat",
        "head",
    ]
    assert model.output_shape == (None, 10)


def test_the_same_graph_gives_the_same_model(catalog: Catalog) -> None:
    graph = connected(
        [
            image(),
            conv("a", padding="same"),
            conv("b", padding="same"),
            layer("sum", "Add"),
            FLATTEN,
            head(),
        ],
        "image a",
        "image b",
        "b sum 1",
        "a sum 0",
        "sum flat",
        "flat head",
    )
    configs = []
    for _time in range(2):
        model = build(graph, catalog)
        configs.append(model.to_json())
    assert configs[0] == configs[1]


def test_ports_decide_the_order_of_merged_inputs(catalog: Catalog) -> None:
    nodes = [
        layer("one", "InputLayer", shape=(1,)),
        layer("two", "InputLayer", shape=(2,)),
        layer("all", "Concatenate"),
    ]
    straight = build(connected(nodes, "one all 0", "two all 1"), catalog)
    crossed = build(connected(nodes, "one all 1", "two all 0"), catalog)
    values = [np.array([[1.0]]), np.array([[2.0, 3.0]])]
    assert straight(values).numpy().tolist() == [[1, 2, 3]]
    assert crossed(values).numpy().tolist() == [[2, 3, 1]]


def test_named_ports_become_named_arguments(catalog: Catalog) -> None:
    nodes = [
        layer("query", "InputLayer", shape=(3, 4)),
        layer("value", "InputLayer", shape=(5, 4)),
        layer("key", "InputLayer", shape=(5, 6)),
        layer("mha", "MultiHeadAttention", num_heads=2, key_dim=3),
    ]
    model = build(connected(nodes, "key mha 2", "query mha", "value mha 1"), catalog)
    assert model.output_shape == (None, 3, 4)
    attention = model.get_layer("mha")
    assert [w.shape[0] for w in attention.weights if w.path.endswith("key/kernel")] == [
        6
    ]


def test_shared_weights_are_one_layer(catalog: Catalog) -> None:
    twin = replace(dense("twin"), shares="tower")
    nodes = [
        layer("a", "InputLayer", shape=(4,)),
        layer("b", "InputLayer", shape=(4,)),
        dense("tower"),
        twin,
        layer("gap", "Subtract"),
    ]
    model = build(
        connected(nodes, "a tower", "b twin", "tower gap", "twin gap 1"), catalog
    )
    assert model.count_params() == 4 * 16 + 16
    same = np.ones((1, 4), "float32")
    assert model([same, same]).numpy().tolist() == [[0.0] * 16]


def test_sharing_may_come_before_its_owner(catalog: Catalog) -> None:
    first = replace(dense("first", units=4), shares="second")
    model = build(
        Graph.chain([layer("a", "InputLayer", shape=(4,)), first, dense("second", 4)]),
        catalog,
    )
    assert model.count_params() == 4 * 4 + 4


def test_frozen_weights_are_not_trained(catalog: Catalog) -> None:
    model = build(
        project([image(), replace(conv("c"), frozen=True), FLATTEN, head()]), catalog
    )
    assert [w.path for w in model.trainable_weights] == ["head/kernel", "head/bias"]


def test_nested_graphs_are_layers(catalog: Catalog) -> None:
    block = Graph.chain(
        [layer("in", "InputLayer", shape=(None, None, 8)), conv("inner")]
    )
    made = project(
        [
            image(),
            conv("c"),
            nested("one", "block"),
            nested("two", "block"),
            FLATTEN,
            head(),
        ],
        graphs={"block": block},
    )
    model = build(made, catalog)
    one, two = model.get_layer("one"), model.get_layer("two")
    assert one.get_layer("inner") is not two.get_layer("inner")
    assert one.count_params() == 8 * 9 * 8 + 8


def test_nested_graph_with_several_inputs(catalog: Catalog) -> None:
    inner = connected(
        [
            layer("x", "InputLayer", shape=(3,)),
            layer("y", "InputLayer", shape=(3,)),
            layer("minus", "Subtract"),
        ],
        "x minus",
        "y minus 1",
    )
    outer = connected(
        [
            layer("p", "InputLayer", shape=(3,)),
            layer("q", "InputLayer", shape=(3,)),
            nested("block", "inner"),
        ],
        "p block 1",
        "q block 0",
    )
    model = build(project(outer, graphs={"inner": inner}), catalog)
    found = model([np.full((1, 3), 1.0), np.full((1, 3), 5.0)]).numpy()
    assert found.tolist() == [[4.0, 4.0, 4.0]]


@pytest.mark.parametrize("inside", ["model", "block"])
def test_a_graph_inside_itself_is_refused(catalog: Catalog, inside: str) -> None:
    block = Graph.chain([image(), nested("again", inside)])
    made = project([image(), nested("b", "block")], graphs={"block": block})
    with pytest.raises(UserError, match="contains itself"):
        build(made, catalog)


NAMES = ["a/b", "a b", "卷积", "_x", "-x", "x:y", "a" * 300, ">x", "..", "é", "a_b"]


def test_any_name_becomes_one_that_keras_trains_and_saves(
    catalog: Catalog, tmp_path: Path
) -> None:
    named = [
        layer(f"d{i}", "Dense", units=2, name=name) for i, name in enumerate(NAMES * 2)
    ]
    first = layer("i", "InputLayer", shape=(4,), name="ein Bild.1")
    model = build(Graph.chain([first, *named]), catalog)
    names = [each.name for each in model.layers]
    assert names[0] == "ein_Bild_1"
    assert "a_b" in names
    assert len(set(names)) == 1 + len(named)
    model.compile(loss="mse")
    model.train_on_batch(np.zeros((2, 4)), np.zeros((2, 2)))
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    assert [each.name for each in again.layers] == names


def test_ids_that_keras_refuses_and_that_become_alike(catalog: Catalog) -> None:
    nodes = [
        layer("in/put", "InputLayer", shape=(4,)),
        layer("a/b", "Dense", units=1),
        layer("a b", "Dense", units=1),
    ]
    model = build(Graph.chain(nodes), catalog)
    assert [each.name for each in model.layers] == ["in_put", "a_b", "a_b_2"]


def test_marked_outputs_in_their_order(catalog: Catalog) -> None:
    graph = connected(
        [image(), FLATTEN, dense("a", 3), dense("b", 4)],
        "image flat",
        "flat a",
        "flat b",
    )
    assert build(graph, catalog).output_shape == [(None, 3), (None, 4)]
    marked = replace(graph, outputs=("b", "a"))
    assert build(marked, catalog).output_shape == [(None, 4), (None, 3)]


def test_precision_stays_inside(catalog: Catalog) -> None:
    before = keras.config.dtype_policy()
    model = build(good(precision="mixed_float16"), catalog)
    assert model.get_layer("conv").compute_dtype == "float16"
    assert model.get_layer("conv").variable_dtype == "float32"
    assert keras.config.dtype_policy() == before
    with pytest.raises(BuildError):
        build(
            project([image(), conv("c", filters=0)], precision="mixed_float16"), catalog
        )
    assert keras.config.dtype_policy() == before
    with pytest.raises(UserError, match="no numeric precision"), dtype_policy("float7"):
        pass


@pytest.mark.parametrize(
    ("graph", "node", "words"),
    [
        (Graph.chain([image(), conv("big", kernel_size=99)]), "big", "big"),
        (Graph.chain([image(), conv("none", filters=-1)]), "none", "filters"),
        (Graph.chain([image(), layer("odd", "Nothing")]), "odd", "nothing called"),
        (Graph.chain([image(), layer("sum", "Add")]), "sum", "2 inputs, but has 1"),
        (Graph.chain([image(), replace(conv("c"), shares="ghost")]), "c", "ghost"),
        (Graph.chain([image(), nested("n", "ghost")]), "n", "no model called"),
    ],
)
def test_refusals_name_the_node(
    catalog: Catalog, graph: Graph, node: str, words: str
) -> None:
    with pytest.raises(BuildError, match=words) as caught:
        build(graph, catalog)
    assert caught.value.node == node
    assert caught.value.graph == "model"
    assert "\x1b" not in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.node, str(again)) == (node, str(caught.value))


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        (Graph(), "empty"),
        (Graph.chain([FLATTEN]), "no input"),
        (
            connected([image(), conv("a"), conv("b")], "image a", "a b", "b a 1"),
            "cycle",
        ),
        (replace(good().model, outputs=("ghost",)), "no output"),
    ],
)
def test_graphs_that_are_no_models(catalog: Catalog, graph: Graph, words: str) -> None:
    with pytest.raises(UserError, match=words):
        build(graph, catalog)


def test_an_output_that_is_not_there(catalog: Catalog) -> None:
    graph = good().model
    crooked = replace(graph, edges=(*graph.edges[:-1], Edge("flat", "head", 3)))
    with pytest.raises(BuildError, match="no output 4"):
        build(crooked, catalog)


def test_states_of_a_recurrent_layer_are_outputs(catalog: Catalog) -> None:
    nodes = [
        layer("steps", "InputLayer", shape=(5, 2)),
        layer("lstm", "LSTM", units=3, return_state=True),
        dense("d", 1),
    ]
    graph = Graph(
        FrozenMap((n.id, n) for n in nodes),
        (Edge("steps", "lstm"), Edge("lstm", "d", 2)),
    )
    assert build(graph, catalog).output_shape == (None, 1)


def test_wrapped_layers(catalog: Catalog) -> None:
    wrapped = layer(
        "both", "Bidirectional", layer=Spec("keras.layers.GRU", FrozenMap({"units": 3}))
    )
    model = build(
        Graph.chain([layer("steps", "InputLayer", shape=(5, 2)), wrapped]), catalog
    )
    assert model.output_shape == (None, 6)


def test_scaling_is_part_of_the_model(catalog: Catalog) -> None:
    model = build(Graph.chain([image(), SCALE]), catalog)
    white = np.full((1, 12, 12, 1), 255.0, "float32")
    assert float(model(white).numpy().max()) == pytest.approx(1.0)
