"""Shapes without weights, cached per layer."""

from __future__ import annotations

import threading
from dataclasses import replace

import keras
import numpy as np
import psutil
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
from installed_keras import needs

from dlstudio.catalog.backbones import BACKBONE
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, Edge, Graph, Node
from dlstudio.document.values import FrozenMap, freeze_map
from dlstudio.engine.model.build import build
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.engine.shapes.layer_inference import TensorSpec
from dlstudio.engine.shapes.nested_shapes import total
from dlstudio.i18n import translator

CATALOG = Catalog.load()


def alone(description: Description) -> bool:
    nested_only = description.extra.get("nested_only")
    return description.kind != INPUT and not nested_only


LAYERS = [each for each in CATALOG.family("layers") if alone(each)]


def one_layer(description: Description) -> Graph:
    shapes = description.example_inputs
    dtypes = description.example_dtypes or ("float32",) * len(shapes)
    nodes = [
        layer(f"in{i}", "InputLayer", shape=shape[1:], dtype=dtype)
        for i, (shape, dtype) in enumerate(zip(shapes, dtypes, strict=True))
    ]
    node = Node("x", description.kind, freeze_map(dict(description.example)))
    edges = tuple(Edge(each.id, "x", 0, port) for port, each in enumerate(nodes))
    return Graph(FrozenMap((n.id, n) for n in [*nodes, node]), edges)


@pytest.fixture(scope="module")
def shapes() -> ShapeInference:
    return ShapeInference()


@pytest.mark.parametrize("description", LAYERS, ids=lambda each: each.name)
def test_every_layer_is_inferred_as_it_is_built(
    description: Description, shapes: ShapeInference
) -> None:
    needs(description)
    graph = one_layer(description)
    found = shapes.infer(graph, CATALOG)["x"]
    assert found.cause == "", found.error
    assert found.cost.multiply_adds is not None
    model = build(graph, CATALOG)
    built = [TensorSpec(tuple(o.shape), o.dtype, bool(o.sparse)) for o in model.outputs]
    assert list(found.outputs) == built
    assert found.cost.params == model.count_params()
    trained = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    assert found.cost.trainable == trained


def test_no_weight_is_made(shapes: ShapeInference) -> None:
    before = psutil.Process().memory_info().rss
    huge = Graph.chain(
        [layer("i", "InputLayer", shape=(100_000,)), dense("d", units=1_000_000)]
    )
    found = shapes.infer(huge, CATALOG)["d"]
    assert found.cost.params == 100_001 * 1_000_000
    assert psutil.Process().memory_info().rss - before < 200e6
    keras.Variable(1.0)  # nothing is deferred on this thread either
    with keras.StatelessScope():
        pass
    assert psutil.Process().memory_info().rss - before < 200e6


def test_an_edit_infers_only_following_layers() -> None:
    shapes = ShapeInference()
    nodes = [image(64, 64, 3)]
    nodes += [conv(f"c{i}", filters=8 + i, padding="same") for i in range(30)]
    graph = Graph.chain([*nodes, FLATTEN, head()])
    shapes.infer(graph, CATALOG)
    assert shapes.inferred == 33
    shapes.infer(graph, CATALOG)
    assert shapes.inferred == 33
    narrower = graph.with_params(
        "c20", {"filters": 5, "kernel_size": 3, "padding": "same"}
    )
    shapes.infer(narrower, CATALOG)
    assert shapes.inferred == 35  # itself, and the one with another input width
    renamed = graph.with_params("c20", {**graph.nodes["c20"].params, "name": "another"})
    shapes.infer(renamed, CATALOG)
    assert shapes.inferred == 35


def test_the_memory_is_bounded() -> None:
    shapes = ShapeInference(limit=4)
    for width in range(1, 12):
        graph = Graph.chain([image(), FLATTEN, dense("d", width)])
        assert shapes.infer(graph, CATALOG)["d"].outputs[0].shape == (None, width)
    assert len(shapes._memo) == 4


def test_errors_are_in_the_current_language() -> None:
    """They are cached, too, and the language may change meanwhile."""
    nodes = (layer("in", "InputLayer", shape=(4,)), Node("net", BACKBONE))
    graph = Graph(FrozenMap((each.id, each) for each in nodes), (Edge("in", "net"),))
    shapes = ShapeInference()
    english = shapes.infer(graph, CATALOG)["net"].error
    translator.use("zh_CN")
    chinese = shapes.infer(graph, CATALOG)["net"].error
    translator.use("en")
    assert "takes images with height" in english
    assert chinese and chinese != english
    assert shapes.infer(graph, CATALOG)["net"].error == english


def test_a_graph_larger_than_the_memory() -> None:
    graph = Graph.chain([image(), *(conv(f"c{i}", filters=i + 1) for i in range(5))])
    found = ShapeInference(limit=2).infer(graph, CATALOG)
    assert [str(found[f"c{i}"].outputs[0]) for i in (0, 4)] == ["10×10×1", "2×2×5"]


def test_behind_an_error_nothing_is_known(shapes: ShapeInference) -> None:
    graph = Graph.chain([image(), conv("bad", kernel_size=50), conv("next"), FLATTEN])
    found = shapes.infer(graph, CATALOG)
    causes = [found[id].cause for id in graph.nodes]
    assert causes == ["", "call", "upstream", "upstream"]
    assert found["bad"].inputs == (TensorSpec((None, 12, 12, 1)),)
    assert found["bad"].error and not found["next"].error


@pytest.mark.parametrize(
    ("node", "cause"),
    [
        (layer("x", "Nothing"), "kind"),
        (Node("x", "keras.losses.Hinge"), "kind"),
        (conv("x", filters=0), "make"),
        (layer("x", "Add"), "ports"),
        (replace(conv("x"), shares="ghost"), "shares"),
        (replace(conv("x"), shares="x"), "shares"),
        (Node("x", "dlstudio.Graph", FrozenMap({"graph": "ghost"})), "nested"),
        (Node("x", "dlstudio.Graph"), "nested"),
        (Node("x", "dlstudio.Graph", FrozenMap({"graph": "model"})), "nested"),
    ],
)
def test_causes(shapes: ShapeInference, node: Node, cause: str) -> None:
    made = project(Graph.chain([image(), node]))
    found = shapes.infer(made.model, CATALOG, made.graphs)["x"]
    assert found.cause == cause
    assert found.error


def test_cycles_and_dangling_edges(shapes: ShapeInference) -> None:
    graph = connected(
        [image(), conv("a"), conv("b"), dense("c")], "image a", "a b", "b a 1"
    )
    graph = replace(graph, edges=(*graph.edges, Edge("ghost", "c")))
    found = shapes.infer(graph, CATALOG)
    assert {id: shape.cause for id, shape in found.items()} == {
        "image": "",
        "a": "cycle",
        "b": "cycle",
        "c": "upstream",
    }


def test_shared_weights_count_once(shapes: ShapeInference) -> None:
    graph = connected(
        [
            image(),
            FLATTEN,
            dense("a", 5),
            replace(dense("b"), shares="a"),
            layer("sum", "Add"),
        ],
        "image flat",
        "flat a",
        "flat b",
        "a sum",
        "b sum 1",
    )
    found = shapes.infer(graph, CATALOG)
    assert found["b"].outputs == (TensorSpec((None, 5)),)
    assert found["b"].cost.params == 0
    assert total(found).params == 144 * 5 + 5 == build(graph, CATALOG).count_params()


def test_shared_weights_need_like_inputs(shapes: ShapeInference) -> None:
    graph = Graph.chain(
        [image(), FLATTEN, dense("a", 5), replace(dense("b"), shares="a")]
    )
    assert shapes.infer(graph, CATALOG)["b"].cause == "call"


def test_frozen_weights_are_not_trainable(shapes: ShapeInference) -> None:
    graph = Graph.chain([image(), replace(conv("c"), frozen=True)])
    cost = shapes.infer(graph, CATALOG)["c"].cost
    assert (cost.params, cost.trainable) == (80, 0)


def test_nested_graphs(shapes: ShapeInference) -> None:
    block = Graph.chain(
        [layer("in", "InputLayer", shape=(None, None, 8)), conv("inner")]
    )
    nested = Node("block", "dlstudio.Graph", FrozenMap({"graph": "block"}))
    made = project(
        [image(), conv("c"), nested, FLATTEN, head()], graphs={"block": block}
    )
    found = shapes.infer(made.model, CATALOG, made.graphs)
    model = build(made, CATALOG)
    assert found["block"].outputs == (TensorSpec((None, 8, 8, 8)),)
    assert found["block"].cost.multiply_adds == 8 * 8 * 8 * 9 * 8
    assert total(found).params == model.count_params()


@pytest.mark.parametrize("shared", [False, True])
def test_repeated_graphs(shapes: ShapeInference, shared: bool) -> None:
    block = Graph.chain(
        [layer("in", "InputLayer", shape=(10, 10, 8)), conv("inner", padding="same")]
    )
    once = Node("block", "dlstudio.Graph", FrozenMap({"graph": "block"}))
    settings = {"graph": "block", "repeat": 3, "shared_weights": shared}
    thrice = Node("blocks", "dlstudio.Graph", FrozenMap(settings))
    made = project([image(), conv("c"), once, thrice], graphs={"block": block})
    found = shapes.infer(made.model, CATALOG, made.graphs)
    one, three = found["block"], found["blocks"]
    assert three.outputs == one.outputs
    assert three.cost.params == one.cost.params * (1 if shared else 3)
    assert three.cost.multiply_adds == 3 * (one.cost.multiply_adds or 0)
    model = build(made, CATALOG)
    assert model.get_layer("blocks").count_params() == three.cost.params
    block = block.with_params("inner", {**conv("x").params})
    made = project([image(), conv("c"), thrice], graphs={"block": block})
    refused = shapes.infer(made.model, CATALOG, made.graphs)["blocks"]
    assert refused.cause == "repeat" and "8×8×8" in refused.error


def test_a_nested_graph_fed_with_what_it_does_not_expect(
    shapes: ShapeInference,
) -> None:
    block = Graph.chain([layer("in", "InputLayer", shape=(5, 5, 8)), conv("inner")])
    nested = Node("block", "dlstudio.Graph", FrozenMap({"graph": "block"}))
    made = project([image(), conv("c"), nested], graphs={"block": block})
    found = shapes.infer(made.model, CATALOG, made.graphs)["block"]
    assert found.cause == "nested"
    assert "5×5×8" in found.error and "10×10×8" in found.error


def test_precision_is_seen_in_the_dtypes(shapes: ShapeInference) -> None:
    made = good(precision="mixed_bfloat16")
    found = shapes.infer(made.model, CATALOG, made.graphs, made.plan.precision)
    assert found["conv"].outputs[0].dtype == "bfloat16"
    assert found["conv"].cost.memory == 10 * 10 * 8 * 2
    plain = shapes.infer(made.model, CATALOG)
    assert plain["conv"].outputs[0].dtype == "float32"
    odd = shapes.infer(made.model, CATALOG, precision="float7")
    assert odd["conv"].outputs[0].dtype == "float32"


def test_kerass_state_is_left_alone(shapes: ShapeInference) -> None:
    policy = keras.config.dtype_policy()
    before = keras.layers.Dense(1).name
    shapes.infer(
        Graph.chain([image(), *(dense(f"d{i}", i + 1) for i in range(5))]), CATALOG
    )
    after = keras.layers.Dense(1).name
    number = int(before.rpartition("_")[2]) if "_" in before else 0
    assert after == f"dense_{number + 1}"
    assert keras.config.dtype_policy() == policy


def test_several_threads_at_once() -> None:
    shapes = ShapeInference()
    answers: list[int] = []

    def work(width: int) -> None:
        graph = Graph.chain([image(), SCALE, FLATTEN, dense("d", width), head()])
        answers.append(total(shapes.infer(graph, CATALOG)).params)

    threads = [threading.Thread(target=work, args=(n,)) for n in (3, 4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [145 * n + (n + 1) * 10 for n in (3, 4, 5)]
