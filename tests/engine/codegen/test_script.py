"""The script of a project runs on its own and builds the same model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from warm_processes import WarmProcesses

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, Node, node
from dlstudio.document.plan import EarlyStopping, TrainingPlan
from dlstudio.document.project import MODEL, Project
from dlstudio.document.storage import load_project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.codegen.script import Script, script
from dlstudio.engine.model.build import build
from dlstudio.engine.model.dtype_policies import dtype_policy
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
    """Check that the script's model has the same layers, weights and shapes."""
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
    graph = Graph(
        FrozenMap({n.id: n for n in [*nodes, replace(shared, shares="encode")]}),
        (
            Edge("a", "encode"),
            Edge("b", "encode_b"),
            Edge("encode", "attend"),
            Edge("encode_b", "attend", 0, 1),
            Edge("attend", "both"),
            Edge("encode_b", "both", 0, 1),
        ),
    )
    written = _same(Project().with_graph(MODEL, graph), catalog)
    assert "encode_b = encode_layer(b)" in written.text
    assert "(encode, value=encode_b)" in written.text


def test_wrapped_layers_cells_several_outputs_and_frozen_ones(catalog: Catalog) -> None:
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
    edges = (*graph.edges, Edge("stack", "state", 1))
    graph = Graph(FrozenMap({n.id: n for n in nodes}), edges)
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
    written = _same(project, catalog)
    assert 'def build_encoder(name: str = "encoder") -> keras.Model:' in written.text


def test_one_graph_nested_twice_and_frozen(catalog: Catalog) -> None:
    inner = Graph.chain(
        [node("in", INPUT, shape=[4]), node("mid", "keras.layers.Dense", units=4)]
    )
    outer = Graph.chain(
        [
            node("x", INPUT, shape=[4]),
            replace(node("one", NESTED, graph="encoder"), frozen=True),
            node("two", NESTED, graph="encoder"),
        ]
    )
    project = Project().with_graph(MODEL, outer).with_graph("encoder", inner)
    written = _same(project, catalog)
    model = _run(written.text)
    assert model.count_params() == 40
    assert sum(w.numpy().size for w in model.trainable_weights) == 20


def test_a_repeated_graph_becomes_a_loop(catalog: Catalog) -> None:
    inner = Graph.chain(
        [node("entry", INPUT, shape=[4]), node("mid", "keras.layers.Dense", units=4)]
    )
    outer = Graph.chain(
        [
            node("x", INPUT, shape=[4]),
            node("one", NESTED, graph="encoder", repeat=3),
            node("two", NESTED, graph="encoder", repeat=2, shared_weights=True),
            node("three", NESTED, graph="encoder"),
        ]
    )
    project = Project().with_graph(MODEL, outer).with_graph("encoder", inner)
    text = _same(project, catalog).text
    assert 'def build_encoder_x3(name: str = "encoder_x3") -> keras.Model:' in text
    loop = (
        "    x = entry",
        "    for i in range(3):",
        '        x = build_encoder(name=f"encoder_{i + 1}")(x)',
        "    return keras.Model(entry, x, name=name)",
    )
    assert "\n".join(loop) in text
    again = (
        '    copy = build_encoder(name="encoder_1")',
        "    for _ in range(2):",
        "        x = copy(x)",
    )
    assert "\n".join(again) in text
    model = _run(text)
    assert model.count_params() == (3 + 1 + 1) * 20


def test_what_a_repeated_graph_does_not_change_goes_to_every_copy(
    catalog: Catalog,
) -> None:
    inner = Graph(
        FrozenMap(
            (each.id, each)
            for each in (
                node("x", INPUT, shape=[4]),
                node("memory", INPUT, shape=[4]),
                node("sum", "keras.layers.Add"),
                node("mid", "keras.layers.Dense", units=4),
            )
        ),
        (Edge("x", "sum"), Edge("memory", "sum", 0, 1), Edge("sum", "mid")),
    )
    outer = Graph(
        FrozenMap(
            (each.id, each)
            for each in (
                node("a", INPUT, shape=[4]),
                node("b", INPUT, shape=[4]),
                node("decode", NESTED, graph="decoder", repeat=2),
            )
        ),
        (Edge("a", "decode"), Edge("b", "decode", 0, 1)),
    )
    project = Project().with_graph(MODEL, outer).with_graph("decoder", inner)
    text = _same(project, catalog).text
    assert 'x_ = build_decoder(name=f"decoder_{i + 1}")([x_, memory])' in text


def test_initial_states_go_in_as_one_list(catalog: Catalog) -> None:
    nodes = [
        node("words", INPUT, shape=[5, 3]),
        node("encode", "keras.layers.LSTM", units=4, return_state=True),
        node("decode", "keras.layers.LSTM", units=4),
        node("head", "keras.layers.Dense", units=2),
    ]
    edges = (
        Edge("words", "encode"),
        Edge("words", "decode"),
        Edge("encode", "decode", 1, 1),
        Edge("encode", "decode", 2, 2),
        Edge("decode", "head"),
    )
    graph = Graph(FrozenMap({n.id: n for n in nodes}), edges)
    written = _same(Project().with_graph(MODEL, graph), catalog)
    assert "(words, initial_state=[encode[1], encode[2]])" in written.text


def test_the_first_of_several_outputs_is_indexed_too(catalog: Catalog) -> None:
    project = _chain(
        node("words", INPUT, shape=[5, 3]),
        node("read", "keras.layers.GRU", units=4, return_state=True),
        node("head", "keras.layers.Dense", units=2),
    )
    assert "(read[0])" in _same(project, catalog).text


def test_a_layer_with_several_outputs_at_the_end(catalog: Catalog) -> None:
    nodes = [
        node("words", INPUT, shape=[5, 3]),
        node("read", "keras.layers.GRU", units=4, return_state=True),
        node("head", "keras.layers.Dense", units=2),
    ]
    edges = (Edge("words", "read"), Edge("read", "head"))
    nodes_by_id = FrozenMap({n.id: n for n in nodes})
    graph = Graph(nodes_by_id, edges, (), ("read", "head"))
    written = _same(Project().with_graph(MODEL, graph), catalog)
    assert "[*read, head]" in written.text


def test_who_shares_may_come_first(catalog: Catalog) -> None:
    nodes = [
        node("a", INPUT, shape=[4]),
        replace(node("first", "keras.layers.Dense", units=4), shares="second"),
        node("second", "keras.layers.Dense", units=4),
    ]
    written = _same(Project().with_graph(MODEL, Graph.chain(nodes)), catalog)
    assert "second_layer = layers.Dense(" in written.text
    assert written.lines[MODEL]["first"][0] < written.lines[MODEL]["second"][0]


def test_mixed_precision_is_set_for_the_script_too(catalog: Catalog) -> None:
    project = _chain(
        node("x", INPUT, shape=[4]), node("d", "keras.layers.Dense", units=2)
    )
    project = replace(project, plan=TrainingPlan(precision="mixed_float16"))
    text = script(project, catalog).text
    assert 'keras.config.set_dtype_policy("mixed_float16")' in text
    with dtype_policy("float32"):
        model = _run(text)
    assert model.get_layer("d").compute_dtype == "float16"


def test_fractions_are_written_as_people_think_of_them(catalog: Catalog) -> None:
    project = _chain(
        node("x", INPUT, shape=[4]),
        node("a", "keras.layers.Rescaling", scale=1 / 255),
        node("b", "keras.layers.Rescaling", scale=0.1, offset=0.123456789012345),
    )
    text = _same(project, catalog).text
    assert "scale=1 / 255" in text
    assert "scale=0.1" in text
    assert "offset=0.123456789012345" in text


COMPILED = [
    ("SparseCategoricalCrossentropy", {}, 3, "accuracy", '"accuracy"'),
    (
        "SparseCategoricalCrossentropy",
        {},
        3,
        "top_k",
        'keras.metrics.SparseTopKCategoricalAccuracy(k=3, name="top_3_accuracy")',
    ),
    (
        "CategoricalCrossentropy",
        {},
        3,
        "top_k",
        'keras.metrics.TopKCategoricalAccuracy(k=3, name="top_3_accuracy")',
    ),
    (
        "CategoricalCrossentropy",
        {},
        3,
        "f1",
        'keras.metrics.F1Score(average="macro", name="f1")',
    ),
    ("BinaryCrossentropy", {}, 1, "auc", "keras.metrics.AUC()"),
    (
        "BinaryCrossentropy",
        {"from_logits": True},
        1,
        "auc",
        "keras.metrics.AUC(from_logits=True)",
    ),
    ("BinaryCrossentropy", {}, 1, "precision", "keras.metrics.Precision()"),
    (
        "BinaryCrossentropy",
        {"from_logits": True},
        1,
        "recall",
        "keras.metrics.Recall(thresholds=0.0)",
    ),
    (
        "BinaryCrossentropy",
        {},
        1,
        "accuracy",
        'keras.metrics.BinaryAccuracy(name="accuracy")',
    ),
]


@pytest.mark.parametrize(("loss", "params", "units", "metric", "text"), COMPILED)
def test_metrics_that_keras_has_are_compiled_and_run(
    loss: str,
    params: dict[str, Any],
    units: int,
    metric: str,
    text: str,
    catalog: Catalog,
) -> None:
    project = _chain(
        node("x", INPUT, shape=[4]), node("d", "keras.layers.Dense", units=units)
    )
    plan = TrainingPlan(
        loss=Spec(f"keras.losses.{loss}", FrozenMap(params)),
        metrics=(Spec(f"dlstudio.metrics.{metric}"),),
    )
    written = script(replace(project, plan=plan), catalog)
    assert text in written.text
    labels = np.array([0, 1], np.int64)
    if units > 1 and not loss.startswith("Sparse"):
        labels = np.eye(units, dtype=np.float32)[labels]
    elif units == 1:
        labels = labels.astype(np.float32).reshape(-1, 1)
    figures = _run(written.text).evaluate(np.zeros((2, 4)), labels, verbose=0)
    assert len(figures) == 2


def test_dlstudio_only_features_become_comments(catalog: Catalog) -> None:
    project = _chain(
        node("x", INPUT, shape=[4]), node("d", "keras.layers.Dense", units=3)
    )
    plan = TrainingPlan(
        metrics=(
            Spec("dlstudio.metrics.accuracy"),
            Spec("dlstudio.metrics.f1"),
            Spec("keras.metrics.KLDivergence"),
        ),
        schedule=Spec("dlstudio.schedules.Cosine"),
        early_stopping=EarlyStopping(patience=7),
        class_weights="balanced",
    )
    text = script(replace(project, plan=plan), catalog).text
    comments = [line.strip() for line in text.splitlines() if "# " in line]
    remarks = " ".join(comments)
    for word in ("f1", "KLDivergence", "Cosine", "Class weights", "patience=7"):
        assert word in remarks, word
    assert 'metrics=["accuracy"]' in text
    assert max(map(len, text.splitlines())) <= 88
    _run(text)


@pytest.mark.parametrize(
    "graph",
    [
        Graph.chain([node("x", INPUT, shape=[4]), node("d", "os.system('echo')")]),
        Graph.chain(
            [
                node("x", INPUT, shape=[4]),
                Node("d", "keras.layers.Dense", FrozenMap({"units=print(1), x": 3})),
            ]
        ),
        Graph.chain(
            [
                node("x", INPUT, shape=[4]),
                Node(
                    "d",
                    "keras.layers.Dense",
                    FrozenMap({"units": 3, "activation": Spec("print(1)#")}),
                ),
            ]
        ),
    ],
)
def test_nothing_but_the_catalog_is_written(graph: Graph, catalog: Catalog) -> None:
    with pytest.raises(UserError):
        script(Project().with_graph(MODEL, graph), catalog)


def test_a_template_script_trains_as_it_stands(
    digits_project: Path, catalog: Catalog
) -> None:
    model = _run(script(load_project(digits_project), catalog).text)
    images = np.zeros((4, *model.input_shape[1:]), np.float32)
    history = model.fit(images, np.arange(4), verbose=0)
    assert np.isfinite(history.history["loss"][0])


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
def test_an_invalid_model_is_reported(graph: Graph, catalog: Catalog) -> None:
    project = Project().with_graph(MODEL, graph)
    with pytest.raises(UserError) as caught:
        script(project, catalog)
    assert caught.value.message


def test_the_script_runs_by_itself(
    catalog: Catalog, warm: WarmProcesses, tmp_path: Path
) -> None:
    project = _chain(
        node("x", INPUT, shape=[4]), node("d", "keras.layers.Dense", units=2)
    )
    path = tmp_path / "model.py"
    unknown = "import sys\nsys.modules['dlstudio'] = None\n"
    path.write_text(unknown + script(project, catalog).text, "utf-8")
    done = warm.run([str(path)])
    assert done.returncode == 0, done.stderr
    assert "Total params: 10" in done.stdout
