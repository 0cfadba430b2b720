"""All checks together: any project can be checked, and the messages are good."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from typing import Any

import keras
import pytest
import tensorflow as tf
from drawn import (
    FACTS,
    FLATTEN,
    SCALE,
    TAGGING,
    TWO,
    connected,
    conv,
    dense,
    good,
    head,
    image,
    layer,
    project,
    spec,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import projects

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import INPUT, NESTED, Edge, Graph, Node
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec, freeze_map
from dlstudio.engine.model.build import build
from dlstudio.engine.problems import devices
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.dataset import NO_HALF
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.shapes.graph import ShapeInference
from dlstudio.errors import UserError

CATALOG = Catalog.load()
SHAPES = ShapeInference()


def look(
    made: Project, dataset: DatasetStatistics | None = FACTS
) -> tuple[Problem, ...]:
    return check(made, CATALOG, SHAPES, dataset)


def codes(made: Project, dataset: DatasetStatistics | None = FACTS) -> list[str]:
    return [problem.code for problem in look(made, dataset)]


def chained(*middle: Node, **plan: Any) -> Project:
    return project([image(), SCALE, *middle, FLATTEN, head()], **plan)


# Messages


def test_the_merge_of_the_design() -> None:
    graph = connected(
        [
            image(28, 28, 1),
            SCALE,
            conv("conv_1", filters=32),
            layer("pool_1", "MaxPooling2D"),
            conv("conv_2", filters=64),
            conv("shortcut", filters=64, kernel_size=1),
            layer("merge", "Add"),
            FLATTEN,
            head(),
        ],
        "image scale",
        "scale conv_1",
        "conv_1 pool_1",
        "pool_1 conv_2",
        "pool_1 shortcut",
        "conv_2 merge",
        "shortcut merge 1",
        "merge flat",
        "flat head",
    )
    (found,) = look(project(graph), replace(FACTS, height=28, width=28))
    assert (found.severity, found.code, found.node) == (
        "error",
        "shape-mismatch",
        "merge",
    )
    assert found.message == (
        "The shapes do not match: 11×11×64 from conv_2 and 13×13×64 from shortcut."
        " Add needs equal shapes. conv_2 uses “valid” padding."
    )
    assert found.fixes[0].label == "Set padding of conv_2 to “same”"


def test_a_merge_offers_to_connect_what_leads_nowhere_or_has_its_shape() -> None:
    edges = ["image scale", "scale a", "a b", "b c", "c sum", "sum flat", "flat head"]
    nodes = [conv(id, padding="same") for id in "abc"]
    made = [image(), SCALE, *nodes, layer("sum", "Add"), FLATTEN, head()]
    found = look(project(connected(made, *edges)), FACTS)
    missing = next(each for each in found if each.code == "too-few-inputs")
    labels = [fix.label for fix in missing.fixes]
    assert labels[:2] == ["Connect b", "Connect a"]
    loose = connected([*made, conv("other", padding="same")], *edges, "a other")
    missing = next(e for e in look(project(loose), FACTS) if e.code == "too-few-inputs")
    assert missing.fixes[0].label == "Connect other"
    for edit in missing.fixes[0].edits:
        fixed = edit.apply(project(loose))
    assert "too-few-inputs" not in codes(fixed)


def test_a_shortcut_is_projected_with_its_strides() -> None:
    graph = connected(
        [
            image(),
            SCALE,
            conv("stem", padding="same"),
            conv("left", filters=16, strides=2, padding="same"),
            layer("sum", "Add"),
            FLATTEN,
            head(),
        ],
        "image scale",
        "scale stem",
        "stem left",
        "left sum",
        "stem sum 1",
        "sum flat",
        "flat head",
    )
    (found,) = look(project(graph))
    assert "6×6×16 from left and 12×12×8 from stem" in found.message
    fix = next(fix for fix in found.fixes if fix.label == "Project stem to 6×6×16")
    added = fix.edits[0].node
    assert added.params == freeze_map(
        {"filters": 16, "kernel_size": 1, "padding": "same", "strides": [2, 2]}
    )


def test_mismatched_sizes_are_reported() -> None:
    (found,) = look(chained(layer("p", "MaxPooling2D", pool_size=20)))
    assert "its window is 20×20, but it gets only 12×12×1 from scale" in found.message


def test_a_convolution_behind_flatten() -> None:
    nodes = [image(), SCALE, FLATTEN, conv("c"), head()]
    (found,) = look(project(nodes))
    assert found.message.startswith(
        "c (Conv2D) expects images (height×width×channels), but gets 144 from flat."
    )
    assert [fix.label for fix in found.fixes] == ["Move flat after c", "Remove c"]


def test_an_image_without_channels() -> None:
    nodes = [image(12, 12), SCALE, conv("c"), FLATTEN, head()]
    found = {problem.code: problem for problem in look(project(nodes))}
    assert found["rank-mismatch"].fixes[0].label == "Add a channel to image"


def test_cycles_name_their_nodes() -> None:
    graph = connected(
        [
            image(),
            SCALE,
            conv("a", padding="same"),
            conv("b", padding="same"),
            FLATTEN,
            head(),
        ],
        "image scale",
        "scale a",
        "a b",
        "b a",
        "b flat",
        "flat head",
    )
    found = next(p for p in look(project(graph)) if p.code == "cycle")
    assert "a → b → a" in found.message or "b → a → b" in found.message
    assert found.fixes[0].label == "Remove the connection from b to a"


def test_several_cycles_are_broken_at_once() -> None:
    names = ["a", "b", "c"]
    graph = connected(
        [image(), *(layer(n, "Identity") for n in names), SCALE, FLATTEN, head()],
        "image a",
        "a b",
        "b c",
        "c scale",
        "scale flat",
        "flat head",
        "b a",
        "c b",
        "c a",
    )
    (fix,) = next(p for p in look(project(graph)) if p.code == "cycle").fixes
    assert len(fix.edits) == 3


def test_a_long_cycle_is_found_without_recursion() -> None:
    nodes = [layer(f"n{i}", "Identity") for i in range(2000)]
    graph = Graph.chain(nodes)
    graph = replace(graph, edges=(*graph.edges, Edge("n1999", "n0")))
    (found,) = [p for p in look(project(graph), None) if p.code == "cycle"]
    assert found.node == "n0"


def test_only_the_end_of_several_recurrent_layers_is_a_row() -> None:
    nodes = [
        image(),
        SCALE,
        layer("rows", "Reshape", target_shape=(12, 12)),
        layer("one", "LSTM", units=4),
        layer(
            "two",
            "Bidirectional",
            layer={"kind": "keras.layers.GRU", "params": {"units": 4}},
        ),
        layer("three", "SimpleRNN", units=4),
        head(),
    ]
    (found,) = look(project(nodes))
    assert found.fixes[0].label == "Return the whole sequence from one, two"


def test_one_score_for_many_classes_is_reported_once() -> None:
    found = look(project([image(), SCALE, FLATTEN, head(1)]))
    assert [p.code for p in found] == ["head-units"]
    after = project([image(), SCALE, FLATTEN, head(1)])
    for edit in found[0].fixes[0].edits:
        after = edit.apply(after)
    assert look(after) == ()


def test_two_classes_with_one_sigmoid_are_fine() -> None:
    made = project(
        [image(), SCALE, FLATTEN, head(1, "sigmoid")],
        loss=spec("keras.losses.BinaryCrossentropy"),
    )
    assert look(made, TWO) == ()
    both = project([image(), SCALE, FLATTEN, head(2)])
    assert look(both, TWO) == ()


def test_softmax_apart_from_its_dense() -> None:
    split = [head(10, None), layer("softmax", "Softmax")]
    assert look(project([image(), SCALE, FLATTEN, *split])) == ()
    logits = spec("keras.losses.SparseCategoricalCrossentropy", from_logits=True)
    assert look(project([image(), SCALE, FLATTEN, split[0]], loss=logits)) == ()
    activation = layer("act", "Activation", activation="softmax")
    assert look(project([image(), SCALE, FLATTEN, split[0], activation])) == ()


def test_convolutional_head_pooled() -> None:
    nodes = [
        image(),
        SCALE,
        conv("c"),
        layer("last", "Conv2D", filters=7, kernel_size=1),
        layer("mean", "GlobalAveragePooling2D"),
        layer("softmax", "Softmax"),
    ]
    (found,) = look(project(nodes))
    assert found.code == "head-units"
    assert found.fixes[0].label == "Set filters of last to 10"


def test_tagging_with_sigmoid_is_fine() -> None:
    made = project(
        [image(), SCALE, FLATTEN, head(10, "sigmoid")],
        head=TAGGING,
        loss=spec("keras.losses.BinaryCrossentropy"),
    )
    assert look(made, replace(FACTS, has_several_labels=True)) == ()


@pytest.mark.parametrize("name", NO_HALF)
def test_layers_that_keras_cannot_compute_in_float16(name: str) -> None:
    images = tf.ones((2, 8, 8, 3))
    make = getattr(keras.layers, name)
    whole, half = make(dtype="float32"), make(dtype="mixed_float16")
    assert tf.function(whole)(images, training=True).shape == images.shape
    with pytest.raises((ValueError, TypeError)):
        tf.function(half)(images, training=True)


def test_standardised_images_need_no_rescaling() -> None:
    nodes = [image(), layer("norm", "BatchNormalization"), conv("c"), FLATTEN, head()]
    assert look(project(nodes)) == ()
    raw = [image(), conv("c"), FLATTEN, head()]
    assert codes(project(raw)) == ["not-rescaled"]
    assert codes(project(raw), replace(FACTS, high=1.0)) == []


@pytest.mark.parametrize(("scale", "expected"), [(-1, 1 / 255), (1e307, None)])
def test_pixels_turned_round_or_blown_up(scale: float, expected: float | None) -> None:
    nodes = [
        image(),
        layer("scale", "Rescaling", scale=scale),
        conv("c"),
        FLATTEN,
        head(),
    ]
    (problem,) = [p for p in look(project(nodes)) if p.code == "not-rescaled"]
    inserted = [fix.edits[0] for fix in problem.fixes]
    assert [edit.node.params["scale"] for edit in inserted] == [expected][
        : bool(expected)
    ]


def test_a_single_class_is_the_only_reported_problem() -> None:
    dataset = replace(FACTS, classes=1, counts=(), class_names=("a",))
    found = look(project([image(), SCALE, conv("c"), FLATTEN, head(2)]), dataset)
    assert [problem.code for problem in found] == ["one-class"]


def test_a_fix_shows_a_number_in_full() -> None:
    nodes = [image(), layer("scale", "Rescaling", scale="x"), conv("c"), FLATTEN]
    (problem, *_rest) = look(project([*nodes, head()]))
    (fix,) = problem.fixes
    assert fix.label == f"Set scale to {1 / 255}"


def test_rescaling_goes_before_every_branch() -> None:
    graph = connected(
        [image(), conv("a"), conv("b"), layer("sum", "Add"), FLATTEN, head()],
        "image a",
        "image b",
        "a sum",
        "b sum 1",
        "sum flat",
        "flat head",
    )
    (found,) = look(project(graph))
    after = project(graph)
    for edit in found.fixes[0].edits:
        after = edit.apply(after)
    assert look(after) == ()
    assert len(after.model.nodes) == len(graph.nodes) + 1


def test_augmentation_before_scaling_keeps_its_range() -> None:
    bright = layer("b", "RandomBrightness", factor=0.2)
    assert look(project([image(), bright, SCALE, FLATTEN, head()])) == ()
    unit = layer("b", "RandomBrightness", factor=0.2, value_range=(0, 1))
    assert look(project([image(), SCALE, unit, FLATTEN, head()])) == ()


def test_linear_layers_on_purpose() -> None:
    normed = [
        conv("c", activation=None),
        layer("n", "BatchNormalization"),
        layer("r", "ReLU"),
    ]
    assert look(chained(*normed, conv("d"))) == ()
    assert codes(chained(conv("c", activation=None), conv("d"))) == ["no-activation"]


def test_monitored_metrics() -> None:
    top = spec("dlstudio.metrics.top_k", k=2)
    keras_metric = spec("keras.metrics.SparseTopKCategoricalAccuracy", k=2)
    for metric, name in (
        (top, "val_top_2_accuracy"),
        (top, "loss"),
        (keras_metric, "sparse_top_k_categorical_accuracy"),
    ):
        stopping = EarlyStopping(name, 3)
        assert look(good(metrics=(metric,), early_stopping=stopping)) == ()
    stopping = EarlyStopping("val_top_2", 3)
    (found,) = look(good(metrics=(top,), early_stopping=stopping))
    assert found.code == "unknown-monitor" and "top_2_accuracy" in found.message
    assert found.fixes[0].label == "Monitor val_top_2_accuracy"
    plateau = spec("dlstudio.schedules.OnPlateau", monitor="val_f1")
    assert codes(good(schedule=plateau)) == ["unknown-monitor"]
    f1 = (spec("dlstudio.metrics.f1"),)
    assert codes(good(schedule=plateau, metrics=f1)) == []


def test_a_metric_for_fewer_classes_than_there_are_would_fail_while_training() -> None:
    overlap = spec("keras.metrics.OneHotMeanIoU", num_classes=2)
    (found,) = look(good(metrics=(overlap,)))
    assert (found.code, found.severity) == ("metric-misfit", "error")
    project = good(metrics=(overlap,))
    for edit in found.fixes[0].edits:
        project = edit.apply(project)
    assert look(project) == ()


def test_errors_come_first_and_unused_graphs_do_not_count() -> None:
    made = good(batch_size=0, early_stopping=EarlyStopping(patience=50))
    assert [p.severity for p in look(made)] == ["error", "hint"]
    other = Graph.chain([image(), conv("bad", filters=0)])
    spare = good().with_graph("spare", other)
    (found,) = [p for p in look(spare) if p.code == "bad-parameter"]
    assert (found.severity, found.graph) == ("warning", "spare")
    nested = Node("n", NESTED, FrozenMap({"graph": "spare"}))
    used = chained(nested).with_graph("spare", other)
    errors = [p for p in look(used) if p.severity == "error"]
    assert {(p.graph, p.code) for p in errors} >= {("spare", "bad-parameter")}


def test_a_project_without_the_model() -> None:
    bare = replace(good(), graphs=FrozenMap({"other": good().model}))
    assert codes(bare)[0] == "no-model"


def test_nothing_is_offered_that_does_not_help() -> None:
    hopeless = layer("c", "Conv3D", filters=2, kernel_size=40)
    for problem in look(chained(hopeless)):
        for fix in problem.fixes:
            after = chained(hopeless)
            for edit in fix.edits:
                after = edit.apply(after)
            assert problem not in look(after)


# Any project


KINDS = [each.kind for each in CATALOG.family("layers")]
VALUES = st.sampled_from(
    [None, True, 0, 1, -3, 2, 0.5, 1e9, "relu", "same", "x", (1, 2), (12, 12, 1), ()]
)
IDS = st.sampled_from(["a", "b", "c", "d", "e"])


@st.composite
def drawn_nodes(draw: st.DrawFn, id: str) -> Node:
    kind = draw(st.sampled_from([INPUT, NESTED, "odd", *KINDS]))
    described = CATALOG.get(kind)
    names = [param.name for param in described.params] if described else ["x"]
    params = dict(described.example) if described else {}
    params |= draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=2))
    shares = draw(st.none() | st.none() | st.none() | IDS)
    return Node(id, kind, freeze_map(params), shares=shares, frozen=draw(st.booleans()))


@st.composite
def drawn_graphs(draw: st.DrawFn) -> Graph:
    made = {id: draw(drawn_nodes(id)) for id in draw(st.sets(IDS))}
    made["image"] = image()
    ids = st.sampled_from([*made, *made, "ghost"])
    port = st.sampled_from([0, 0, 0, 1, 2])
    edges = draw(st.lists(st.builds(Edge, ids, ids, port, port), max_size=7))
    outputs = draw(st.just(()) | st.lists(ids, max_size=2).map(tuple))
    return Graph(FrozenMap(made), tuple(edges), (), outputs)


@settings(max_examples=50)
@given(drawn_graphs(), drawn_graphs(), st.sampled_from([None, FACTS, TWO]))
def test_any_graph_gets_an_answer(
    one: Graph, other: Graph, dataset: DatasetStatistics | None
) -> None:
    made = project(one, graphs={"g": other})
    found = look(made, dataset)
    json.dumps([problem.to_json() for problem in found], allow_nan=False)
    shapes = SHAPES.infer(made.model, CATALOG, made.graphs)
    assert list(shapes) == list(made.model.nodes)
    wrong = [shape for shape in shapes.values() if shape.cause]
    errors = [problem for problem in found if problem.severity == "error"]
    assert not wrong or errors
    if not errors:
        build(made, CATALOG)


@settings(max_examples=20)
@given(projects, st.sampled_from([None, FACTS]))
def test_any_project_gets_an_answer(
    made: Project, dataset: DatasetStatistics | None
) -> None:
    for problem in look(made, dataset):
        for fix in problem.fixes:
            after = made
            for edit in fix.edits:
                after = edit.apply(after)


@settings(max_examples=60)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "epochs": st.sampled_from([-1, 0, 1, 10]),
            "batch_size": st.sampled_from([-1, 0, 1, 10**9]),
            "precision": st.sampled_from(["float32", "mixed_float16", "odd"]),
            "device": st.sampled_from(["auto", "gpu:1", "odd"]),
            "class_weights": st.sampled_from(["none", "balanced", "custom", "odd"]),
            "class_weight": st.dictionaries(
                st.sampled_from(["0", "1", "odd"]), st.floats(-1, 1)
            ).map(FrozenMap),
            "loss": st.sampled_from(
                [Spec(each.kind) for each in CATALOG.family("losses")]
            ),
            "metrics": st.lists(
                st.sampled_from(
                    [
                        Spec(each.kind)
                        for family in ("metrics", "plain_metrics")
                        for each in CATALOG.family(family)
                    ]
                ),
                max_size=2,
            ).map(tuple),
            "early_stopping": st.none()
            | st.builds(
                EarlyStopping, st.sampled_from(["val_loss", "odd"]), st.integers(-1, 20)
            ),
        },
    ),
    st.sampled_from([1, 2, 10]),
    st.sampled_from([None, "relu", "sigmoid", "softmax"]),
    st.sampled_from(["dlstudio.heads.classification", TAGGING]),
    st.sampled_from([None, FACTS, TWO, replace(FACTS, counts=(3, 0), training=0)]),
)
def test_any_plan_gets_an_answer(
    plan: dict[str, Any],
    units: int,
    activation: str | None,
    head_type: str,
    dataset: DatasetStatistics | None,
) -> None:
    nodes = [image(), SCALE, FLATTEN, dense("d"), head(units, activation)]
    made = project(nodes, head=head_type, **plan)
    found = look(made, dataset)
    for problem in found:
        assert "{" not in problem.message
        for fix in problem.fixes:
            after = made
            for edit in fix.edits:
                after = edit.apply(after)
            assert problem not in look(after, dataset), fix.label


def test_statistics_are_plain_values() -> None:
    assert dataclasses.replace(FACTS, classes=3).classes == 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        FACTS.classes = 4
    with pytest.raises(UserError):
        build(chained(conv("c", filters=0)), CATALOG)


def test_an_attention_may_look_at_itself() -> None:
    attention = layer("mha", "MultiHeadAttention", num_heads=1, key_dim=2)
    (found,) = look(chained(attention))
    assert found.fixes[0].label == "Also connect scale to value"
    after = chained(attention)
    for edit in found.fixes[0].edits:
        after = edit.apply(after)
    assert look(after) == ()


def test_padding_is_blamed_only_where_it_is_the_reason() -> None:
    graph = connected(
        [
            image(25, 25, 1),
            SCALE,
            conv("down", padding="same"),
            layer("pool", "MaxPooling2D"),
            layer("up", "UpSampling2D"),
            layer("join", "Concatenate"),
            FLATTEN,
            head(),
        ],
        "image scale",
        "scale down",
        "down pool",
        "pool up",
        "up join",
        "down join 1",
        "join flat",
        "flat head",
    )
    (found,) = look(project(graph), None)
    assert "24×24×8 from up and 25×25×8 from down" in found.message
    assert "padding" not in found.message
    assert [fix.label for fix in found.fixes] == [
        "Resize down to 24×24",
        "Resize up to 25×25",
    ]


def test_slips_of_keras_are_not_shown() -> None:
    (found,) = look(chained(layer("norm", "BatchNormalization", axis=7)))
    assert "index out of range" not in found.message
    assert found.fixes[0].label == "Reset axis of norm to -1"
    (found,) = look(chained(layer("r", "Reshape", target_shape=(7, 7))))
    assert "Received" not in found.message


def test_a_batch_that_devices_cannot_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "devices_for", lambda _choice: ("GPU:0", "GPU:1"))
    (found,) = look(good(device="all", batch_size=31))
    assert (found.code, found.severity) == ("batch-not-shared", "error")
    assert found.fixes[0].label == "Set the batch size to 32"
    assert look(good(device="all", batch_size=32)) == ()


def test_before_there_is_data_an_input_may_take_anything() -> None:
    made = project([image(600), dense("hidden"), head()])
    without = replace(made, data=replace(made.data, source=Spec("")))
    assert "picture-input" in codes(made) and "picture-input" not in codes(without)
