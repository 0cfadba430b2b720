"""Layers called with masks, states and plain values: built, kept and written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from drawn import FLATTEN, connected, head, image, layer, project

from dlstudio.catalog.store import Catalog
from dlstudio.document.edits.params import ResetCall, SetCall
from dlstudio.document.graph import NESTED, Edge, Graph, Node, node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.codegen.script import script
from dlstudio.engine.model.build import build
from dlstudio.engine.problems.check import check
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.errors import UserError

CATALOG = Catalog.load()
ABOUT_PORTS = {
    "bad-parameter",
    "doubled-port",
    "layer-refuses",
    "no-such-output",
    "too-few-inputs",
    "too-many-inputs",
}


def source(id: str, *shape: int, dtype: str = "float32") -> Node:
    return layer(id, "InputLayer", shape=shape, dtype=dtype)


def calling(node: Node, **call: Any) -> Node:
    return replace(node, call=FrozenMap(call))


STEPS = source("x", 5, 4)
MASK = source("mask", 5, dtype="bool")
ATTENTION = layer("mha", "MultiHeadAttention", num_heads=2, key_dim=3)
LSTM = layer("lstm", "LSTM", units=3)
CALLS: dict[str, tuple[Graph, str]] = {
    "a mask for an LSTM, and its states": (
        connected(
            [STEPS, source("h", 3), source("c", 3), MASK, LSTM],
            "x lstm", "h lstm 1", "c lstm 2", "mask lstm 3",
        ),
        "LSTM(units=3, name=\"lstm\")(x, initial_state=[h, c], mask=mask)",
    ),
    "a mask alone": (
        connected([STEPS, MASK, LSTM], "x lstm", "mask lstm 3"), "(x, mask=mask)"
    ),
    "a mask of an attention": (
        connected(
            [STEPS, source("seen", 5, 5, dtype="bool"), ATTENTION],
            "x mha", "x mha 1", "seen mha 6",
        ),
        "(x, value=x, attention_mask=seen)",
    ),
    "scores as a second output": (
        connected(
            [STEPS, calling(ATTENTION, return_attention_scores=True,
                            use_causal_mask=True),
            ],
            "x mha", "x mha 1",
        ),
        "(x, value=x, return_attention_scores=True, use_causal_mask=True)",
    ),
    "masks for each of several": (
        connected([STEPS, MASK, layer("att", "Attention")],
              "x att", "x att 1", "mask att 4"),
        "([x, x], mask=[None, mask])",
    ),
    "a mask of a softmax": (
        connected([source("x", 5), MASK, layer("soft", "Softmax")],
              "x soft", "mask soft 1"),
        "layers.Softmax(name=\"soft\")(x, mask=mask)",
    ),
    "always as when asked": (
        connected([STEPS, calling(layer("bn", "BatchNormalization"), training=False)],
              "x bn"),
        "(x, training=False)",
    ),
}  # fmt: skip


def answers(model: Any) -> list[Any]:
    random = np.random.default_rng(0)
    samples = [
        random.uniform(size=(2, *tensor.shape[1:])) > 0.3
        if tensor.dtype == "bool"
        else random.normal(size=(2, *tensor.shape[1:])).astype("float32")
        for tensor in model.inputs
    ]
    outputs = model(samples if len(samples) > 1 else samples[0])
    return [np.asarray(each) for each in keras.tree.flatten(outputs)]


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_built_kept_and_written(name: str, tmp_path: Path) -> None:
    graph, call = CALLS[name]
    model = build(graph, CATALOG)
    last = list(graph.nodes)[-1]
    shape = ShapeInference().infer(graph, CATALOG)[last]
    assert shape.error == ""
    assert [f.shape for f in shape.outputs] == [tuple(t.shape) for t in model.outputs]
    made = Project().with_graph(MODEL, graph)
    found = {p.code for p in check(made, CATALOG, ShapeInference()) if p.node == last}
    assert not found & ABOUT_PORTS

    expected = answers(model)
    model.save(tmp_path / "model.keras")
    kept = answers(keras.saving.load_model(tmp_path / "model.keras"))
    text = script(made, CATALOG).text
    assert call in text
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "written.py", "exec"), space)
    theirs = space["build_model"]()
    theirs.set_weights(model.get_weights())
    for other in (kept, answers(theirs)):
        assert len(other) == len(expected)
        for ours, found in zip(expected, other, strict=True):
            np.testing.assert_allclose(ours, found, rtol=1e-5, atol=1e-6)


def test_the_second_output_feeds_another_layer() -> None:
    scores = calling(ATTENTION, return_attention_scores=True)
    graph = connected([STEPS, scores, layer("flat", "Flatten")], "x mha", "x mha 1")
    graph = replace(graph, edges=(*graph.edges, Edge("mha", "flat", 1, 0)))
    graph = replace(graph, outputs=("flat",))
    assert build(graph, CATALOG).output_shape == (None, 2 * 5 * 5)
    text = script(Project().with_graph(MODEL, graph), CATALOG).text
    assert 'flat = layers.Flatten(name="flat")(mha[1])' in text


def test_each_call_of_shared_weights_has_values_of_its_own() -> None:
    twin = calling(replace(layer("twin", "Dropout", rate=0.5), shares="drop"))
    first = calling(layer("drop", "Dropout", rate=0.5))
    norm = calling(layer("a", "BatchNormalization"), training=False)
    other = replace(layer("b", "BatchNormalization"), shares="a")
    graph = connected(
        [source("x", 4), norm, other, first, twin],
        "x a", "x b", "a drop", "b twin",
    )  # fmt: skip
    text = script(Project().with_graph(MODEL, graph), CATALOG).text
    assert "a = a_layer(x, training=False)" in text
    assert "b = a_layer(x)" in text
    model = build(graph, CATALOG)
    assert len([each for each in model.layers if each.weights]) == 1


def test_a_nested_graph_is_called_with_training_only_on_request() -> None:
    block = connected([source("in", 4), layer("d", "Dropout", rate=0.9)], "in d")
    outer = connected(
        [source("x", 4), calling(node("one", NESTED, graph="block"), training=False)],
        "x one",
    )
    made = project(outer, graphs={"block": block})
    assert 'build_block(name="one")(x, training=False)' in script(made, CATALOG).text
    ones = np.ones((1, 4), "float32")
    assert build(made, CATALOG)(ones).numpy().tolist() == ones.tolist()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ({"odd": 1}, "takes no “odd”"),
        ({"training": "yes"}, "true or false"),
    ],
)
def test_a_wrong_call_is_a_problem_with_a_fix(
    call: dict[str, Any], sentence: str
) -> None:
    drop = calling(layer("drop", "BatchNormalization"), **call)
    made = project(connected([image(), drop, FLATTEN, head()],
                         "image drop", "drop flat", "flat head"))  # fmt: skip
    found = [p for p in check(made, CATALOG, ShapeInference()) if p.node == "drop"]
    assert [p.code for p in found] == ["bad-parameter"]
    assert sentence in found[0].message
    fix = found[0].fixes[0]
    assert fix.edits == (ResetCall("drop", next(iter(call))),)
    with pytest.raises(UserError, match=sentence):
        build(made, CATALOG)
    with pytest.raises(UserError, match=sentence):
        script(made, CATALOG)


def test_values_of_a_call_are_set_and_reset() -> None:
    made = project([image(), FLATTEN, head()])
    edit = SetCall("head", "training", True)
    assert edit.apply(made).model.nodes["head"].call == FrozenMap({"training": True})
    assert ResetCall("head", "training").apply(edit.apply(made)) == made
