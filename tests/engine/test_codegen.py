"""The script a project becomes: it runs by itself and gives the same model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import pytest

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, Graph, Link, node
from dlstudio.document.project import MODEL, Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.build import build
from dlstudio.engine.codegen import Script, script
from dlstudio.errors import UserError


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def _run(text: str) -> Any:
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "written.py", "exec"), space)
    model = space["build_model"]()
    space["compile_model"](model)
    return model


def _same(project: Project, catalog: Catalog) -> Script:
    """The script's model has the layers, the weights and the shapes of ours."""
    written = script(project, catalog)
    keras.utils.clear_session()  # nested layers are numbered from 1 again
    theirs = _run(written.text)
    keras.utils.clear_session()
    ours = build(project, catalog)
    assert [w.path for w in theirs.weights] == [w.path for w in ours.weights]
    assert theirs.count_params() == ours.count_params()
    shapes = [tuple(tensor.shape) for tensor in theirs.outputs]
    assert shapes == [tuple(tensor.shape) for tensor in ours.outputs]
    configs = [layer.get_config() for layer in theirs.layers]
    assert configs == [layer.get_config() for layer in ours.layers]
    return written


def _chain(*nodes: Any) -> Project:
    return Project("Ours").with_graph(MODEL, Graph.chain(nodes))


def test_a_convolutional_network_reads_as_one_would_write_it(catalog: Catalog) -> None:
    project = _chain(
        node("image", INPUT, shape=[28, 28, 1]),
        node(
            "conv_1",
            "keras.layers.Conv2D",
            filters=8,
            kernel_size=3,
            activation="relu",
            kernel_regularizer={
                "kind": "keras.regularizers.L1L2",
                "params": {"l1": 0.1},
            },
        ),
        node("pool", "keras.layers.GlobalAveragePooling2D"),
        node("head", "keras.layers.Dense", units=10, activation="softmax"),
    )
    written = _same(project, catalog)
    assert 'image = keras.Input(shape=(28, 28, 1), name="image")' in written.text
    assert "keras.regularizers.L1L2(l1=0.1)" in written.text
    assert max(map(len, written.text.splitlines())) <= 88
    lines = written.text.splitlines()
    first, last = written.lines[MODEL]["conv_1"]
    assert lines[first - 1].strip().startswith("conv_1 = layers.Conv2D(")
    assert lines[last - 1].strip() == ")(image)"


def test_branches_shared_weights_and_named_inputs(catalog: Catalog) -> None:
    nodes = [
        node("a", INPUT, shape=[6, 4]),
        node("b", INPUT, shape=[6, 4]),
        node("encode", "keras.layers.Dense", units=4),
        node("attend", "keras.layers.MultiHeadAttention", num_heads=2, key_dim=4),
        node("both", "keras.layers.Concatenate"),
    ]
    shared = node("encode_b", "keras.layers.Dense", units=4)
    from dataclasses import replace

    graph = Graph(
        FrozenMap({n.id: n for n in [*nodes, replace(shared, shares="encode")]}),
        (
            Link("a", "encode"),
            Link("b", "encode_b"),
            Link("encode", "attend"),
            Link("encode_b", "attend", 0, 1),
            Link("attend", "both"),
            Link("encode_b", "both", 0, 1),
        ),
    )
    written = _same(Project().with_graph(MODEL, graph), catalog)
    assert "encode_b = encode_layer(b)" in written.text
    assert "(encode, value=encode_b)" in written.text


def test_wrapped_layers_cells_several_outputs_and_frozen_ones(catalog: Catalog) -> None:
    from dataclasses import replace

    cells = [{"kind": "keras.layers.GRUCell", "params": {"units": 3}}] * 2
    nodes = [
        node("words", INPUT, shape=[5], dtype="int32"),
        replace(
            node("embed", "keras.layers.Embedding", input_dim=9, output_dim=4),
            frozen=True,
        ),
        node(
            "read",
            "keras.layers.Bidirectional",
            layer={
                "kind": "keras.layers.LSTM",
                "params": {"units": 3, "return_sequences": True},
            },
        ),
        node(
            "stack",
            "keras.layers.RNN",
            cell={"kind": "keras.layers.StackedRNNCells", "params": {"cells": cells}},
            return_state=True,
        ),
        node("first", "keras.layers.Dense", units=2),
        node("state", "keras.layers.Dense", units=2),
    ]
    graph = Graph.chain(nodes[:5])
    links = (*graph.links, Link("stack", "state", 1))
    graph = Graph(FrozenMap({n.id: n for n in nodes}), links)
    written = _same(Project().with_graph(MODEL, graph), catalog)
    assert "stack[1]" in written.text
    assert "trainable=False" in written.text


def test_nested_graphs_become_functions(catalog: Catalog) -> None:
    inner = Graph.chain(
        [node("in", INPUT, shape=[4]), node("mid", "keras.layers.Dense", units=3)]
    )
    outer = Graph.chain(
        [
            node("x", INPUT, shape=[4]),
            node("part", NESTED, graph="encoder"),
            node("head", "keras.layers.Dense", units=1),
        ]
    )
    project = Project().with_graph(MODEL, outer).with_graph("encoder", inner)
    written = script(project, catalog)
    model = _run(written.text)
    assert model.count_params() == build(project, catalog).count_params()
    assert "def build_encoder() -> keras.Model:" in written.text


def test_odd_names_become_variables_and_stay_layer_names(catalog: Catalog) -> None:
    project = _chain(
        node("1 image", INPUT, shape=[4]),
        node("class", "keras.layers.Dense", units=2),
        node("输出", "keras.layers.Dense", units=2),
        node("model", "keras.layers.Dense", units=2),
    )
    _same(project, catalog)


def test_hostile_names_stay_text(catalog: Catalog) -> None:
    evil = '"); raise SystemExit("""\\'
    project = Project(evil).with_graph(
        MODEL,
        Graph.chain(
            [node(evil, INPUT, shape=[4]), node("d", "keras.layers.Dense", units=2)]
        ),
    )
    assert _run(script(project, catalog).text).count_params() == 10


@pytest.mark.parametrize(
    "graph",
    [
        Graph(),
        Graph.chain([node("a", "keras.layers.Dense"), node("b", "keras.layers.Add")]),
    ],
)
def test_what_is_no_model_is_told_in_a_sentence(graph: Graph, catalog: Catalog) -> None:
    project = Project().with_graph(MODEL, graph)
    with pytest.raises(UserError) as told:
        script(project, catalog)
    assert told.value.message


def test_the_script_runs_by_itself(catalog: Catalog, tmp_path: Path) -> None:
    project = _chain(
        node("x", INPUT, shape=[4]), node("d", "keras.layers.Dense", units=2)
    )
    path = tmp_path / "model.py"
    path.write_text(script(project, catalog).text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(path)], capture_output=True, text=True, check=True
    )
    assert "Total params: 10" in done.stdout
