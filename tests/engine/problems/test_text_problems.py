"""Checks of models that read texts, each on a graph that is built as well."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import polars as pl
import pytest
import tensorflow as tf
from tiny import layer, tiny_project
from tiny_features import connected

from dlstudio.catalog.store import Catalog
from dlstudio.data.tokens import TrainingTexts
from dlstudio.document.bindings import InputBinding, OutputBinding
from dlstudio.document.feature import Feature
from dlstudio.document.graph import INPUT, Node, node
from dlstudio.document.plan import DataRecipe
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.model.build import build
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.problems.mask_flow import MERGING, PASSING, USING, mask_flow
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.engine.shapes.graph import ShapeInference

CATALOG = Catalog.load()
SHAPES = ShapeInference()
LENGTH = 6
TEXT = node("text", INPUT, shape=(1,), dtype="string")
END = layer("kind", "Dense", units=3, activation="softmax")
FLAT = layer("flat", "Flatten")
AVERAGE = layer("average", "GlobalAveragePooling1D")
RANDOM = node("mix", "dlstudio.layers.RandomTokens")
ATTENTION = layer("look", "MultiHeadAttention", num_heads=2, key_dim=2)


def words(**params: Any) -> Node:
    given = {"vocabulary": ["a", "b", "c"], "output_sequence_length": LENGTH}
    return layer("words", "TextVectorization", **{**given, **params})


def table(masked: bool = True) -> Node:
    return layer("table", "Embedding", input_dim=5, output_dim=4, mask_zero=masked)


def lstm(**params: Any) -> Node:
    return layer("lstm", "LSTM", units=4, **params)


def drawn(nodes: Sequence[Node], edges: Sequence[tuple[str, str]]) -> Project:
    made = tiny_project(connected([TEXT, *nodes, END], edges))
    features = {
        "text": Feature("dlstudio.features.text"),
        "kind": Feature("dlstudio.features.category"),
    }
    return replace(
        made,
        data=DataRecipe(features=FrozenMap(features)),
        inputs=(InputBinding("text", input="text"),),
        outputs=(OutputBinding("kind", output="kind", metrics=()),),
    )


def chain(*nodes: Node) -> Project:
    ids = ["text", *(each.id for each in nodes), "kind"]
    return drawn(nodes, list(itertools.pairwise(ids)))


def residual(*between: Node) -> Project:
    """Two attention layers, the first with a connection beside it."""
    again = layer("again", "MultiHeadAttention", num_heads=1, key_dim=2)
    nodes = [words(), table(), ATTENTION, layer("add", "Add"), *between, again, AVERAGE]
    last = between[-1].id if between else "add"
    edges = [("text", "words"), ("words", "table"), ("table", "look")]
    edges += [("table", "look"), ("table", "add"), ("look", "add")]
    edges += itertools.pairwise(["add", *(each.id for each in between)])
    edges += [(last, "again"), (last, "again"), ("again", "average")]
    return drawn(nodes, [*edges, ("average", "kind")])


def found(project: Project, dataset: DatasetStatistics | None = None) -> list[Problem]:
    ours = ("mask", "padding", "short", "unknown-un")
    return [
        each
        for each in check(project, CATALOG, SHAPES, dataset)
        if each.code.startswith(ours) or each.severity == "error"
    ]


def fixed(project: Project, problem: Problem, number: int = 0) -> Project:
    for edit in problem.fixes[number].edits:
        project = edit.apply(project)
    return project


GOOD = {
    "masked": chain(words(), table(), lstm()),
    "nothing is skipped": chain(
        words(), table(False), layer("conv", "Conv1D", filters=2, kernel_size=3), FLAT
    ),
    "copies of the last step": chain(
        words(),
        table(),
        lstm(return_sequences=True),
        layer("most", "GlobalMaxPooling1D"),
    ),
    "averaged": chain(words(), table(), layer("drop", "Dropout", rate=0.2), AVERAGE),
}


@pytest.mark.parametrize("name", GOOD)
def test_masks_that_are_right_are_no_problem(name: str) -> None:
    assert found(GOOD[name]) == []


CASES: dict[str, tuple[Project, str, str]] = {
    "mask_zero": (chain(words(), table(False), lstm()), "padding-not-masked", "table"),
    "behind random changes": (
        chain(words(), RANDOM, table(False), lstm()),
        "padding-not-masked",
        "table",
    ),
    "flat": (
        chain(words(), table(), lstm(return_sequences=True), FLAT),
        "mask-ignored",
        "flat",
    ),
    "both directions": (
        chain(
            words(),
            table(),
            layer(
                "both",
                "Bidirectional",
                layer=Spec(
                    "keras.layers.LSTM",
                    FrozenMap({"units": 3, "return_sequences": True}),
                ),
            ),
            layer("most", "GlobalMaxPooling1D"),
        ),
        "mask-ignored",
        "most",
    ),
    "useless": (
        chain(
            words(), table(), layer("conv", "Conv1D", filters=2, kernel_size=3), FLAT
        ),
        "mask-useless",
        "conv",
    ),
    "residual": (residual(), "mask-taken", "look"),
    "normalized residual": (
        residual(layer("norm", "LayerNormalization")),
        "mask-taken",
        "look",
    ),
    "short": (
        chain(
            words(output_sequence_length=None),
            table(False),
            layer("conv", "Conv1D", filters=2, kernel_size=3, dilation_rate=2),
            layer("most", "GlobalMaxPooling1D"),
        ),
        "short-sequence",
        "conv",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said_and_every_fix_makes_it_right(name: str) -> None:
    project, code, at = CASES[name]
    (problem,) = found(project)
    assert (problem.code, problem.node) == (code, at)
    assert problem.fixes and "{" not in problem.message
    for number in range(len(problem.fixes)):
        assert found(fixed(project, problem, number)) == []


def masked_inputs(project: Project, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The layers that get a mask when Keras calls the model."""
    seen: set[str] = set()
    call = keras.layers.Layer.__call__

    def recorded(self: Any, *args: Any, **named: Any) -> Any:
        given = keras.tree.flatten(args)
        masks = [getattr(each, "_keras_mask", None) for each in given]
        if named.get("mask") is not None or all(e is not None for e in masks):
            seen.add(self.name)
        return call(self, *args, **named)

    model = build(project, CATALOG)
    with monkeypatch.context() as patch:
        patch.setattr(keras.layers.Layer, "__call__", recorded)
        model(tf.constant([["a b c a b c"], ["c"]]))
    return seen


@pytest.mark.parametrize("name", [*GOOD, *CASES])
@pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask")
def test_masks_get_where_keras_hands_them(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = GOOD[name] if name in GOOD else CASES[name][0]
    for made in (project, *(fixed(project, each) for each in found(project))):
        shapes = SHAPES.infer(made.model, CATALOG)
        context = CheckContext(made, CATALOG, SHAPES, shapes=shapes)
        flow = mask_flow(context)
        takers = {
            each.id
            for each in made.model.nodes.values()
            if is_kind(each, *USING, "Flatten", "GlobalMaxPooling1D", "Conv1D")
        }
        mine = {id for id in takers if all(map(flow.entering, context.into(id)))}
        assert masked_inputs(made, monkeypatch) & takers == mine


def test_the_layers_that_hand_masks_on_are_those_of_keras() -> None:
    for name in PASSING | MERGING | USING:
        options = CATALOG[f"keras.layers.{name}"].example
        layer_type = getattr(keras.layers, name)
        if name in ("TimeDistributed", "Bidirectional", "RNN"):
            continue
        assert layer_type(**options).supports_masking, name


def test_a_fixed_residual_block_does_not_read_padding() -> None:
    """The same text with more padding gives the same answer, and before it did not."""
    project = residual()
    (problem,) = found(project)

    def answers(given: Project, length: int) -> Any:
        given = given.with_graph(
            "model",
            given.model.with_params(
                "words",
                given.model.nodes["words"].params.set("output_sequence_length", length),
            ),
        )
        keras.utils.set_random_seed(3)
        model = build(given, CATALOG)
        for weight in model.trainable_weights:
            weight.assign(3 * weight)
        return np.asarray(model(tf.constant([["a b"]])))

    right = fixed(project, problem)
    np.testing.assert_allclose(answers(right, 2), answers(right, 9), atol=1e-5)
    assert not np.allclose(answers(project, 2), answers(project, 9), atol=1e-3)


def test_a_kernel_longer_than_the_texts_is_an_error_with_a_fix() -> None:
    wide = layer("conv", "Conv1D", filters=2, kernel_size=9)
    project = chain(words(), table(False), wide, layer("most", "GlobalMaxPooling1D"))
    (problem,) = found(project)
    assert problem.node == "conv" and problem.severity == "error"
    for number in range(len(problem.fixes)):
        assert found(fixed(project, problem, number)) == []
    assert problem.fixes


TEXTS = [f"w{n % 60} w{n} often" for n in range(90)]
"""60 words occur more than once, 30 once."""


def with_vocabulary(most: int | None) -> Project:
    made = words(vocabulary=None, max_tokens=most)
    rows = most or 100
    table = layer("table", "Embedding", input_dim=rows, output_dim=2, mask_zero=True)
    return chain(made, table, lstm())


@pytest.mark.parametrize("most", [None, 93, 500])
def test_a_vocabulary_with_every_word_is_made_smaller(most: int | None) -> None:
    texts = TrainingTexts(lambda: pl.Series(TEXTS))
    dataset = DatasetStatistics(texts=FrozenMap({"text": texts}))
    project = with_vocabulary(most)
    (problem,) = [e for e in found(project, dataset) if e.code == "unknown-untrained"]
    right = fixed(project, problem)
    params = right.model.nodes["words"].params
    assert params["max_tokens"] == 63, "padding, [UNK], often, and 60 words"
    if most:
        assert right.model.nodes["table"].params["input_dim"] == 63
    assert all(e.code != "unknown-untrained" for e in found(right, dataset))


def test_a_vocabulary_without_every_word_is_right() -> None:
    texts = TrainingTexts(lambda: pl.Series(TEXTS))
    dataset = DatasetStatistics(texts=FrozenMap({"text": texts}))
    assert all(
        each.code != "unknown-untrained" for each in found(with_vocabulary(92), dataset)
    )


@pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask")
@pytest.mark.parametrize(
    "between", [(), (lstm(return_sequences=True),)], ids=["words", "recurrent"]
)
def test_an_average_of_no_words_is_not_a_number(between: tuple[Node, ...]) -> None:
    def answers(given: Project) -> Any:
        model = build(given, CATALOG)
        return np.asarray(model(tf.constant([["a b"], [""]])))

    project = chain(words(), table(), *between, AVERAGE)
    (problem,) = [
        each for each in check(project, CATALOG, SHAPES) if each.code == "empty-average"
    ]
    assert np.isnan(answers(project)).any()
    assert np.isfinite(answers(fixed(project, problem))).all()
