"""Descriptions of changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.document.change_descriptions import (
    describe_change,
    describe_changes,
    intervention_text,
)
from dlstudio.document.edits.nodes import AddNode, MoveNodes, RemoveNodes
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetData, SetName, SetPlan
from dlstudio.document.events import Intervened
from dlstudio.document.graph import Graph, node
from dlstudio.document.plan import EarlyStopping, TrainingPlan
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import translator

LAYERS = [
    node("input", "keras.layers.InputLayer", shape=(8, 8, 1)),
    node("dropout_1", "keras.layers.Dropout", rate=0.3),
    node("head", "keras.layers.Dense", units=10),
]
PROJECT = Project("p", graphs=FrozenMap({"model": Graph.chain(LAYERS)}))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (SetName("q"), ""),
        (MoveNodes(FrozenMap({"head": (5.0, 5.0)})), ""),
        (SetParam("dropout_1", "rate", 0.5), "dropout_1 rate 0.3 → 0.5"),
        (SetParam("head", "use_bias", False), "head use_bias default → off"),
        (AddNode(node("n", "keras.layers.Flatten")), "+ Flatten"),
        (RemoveNodes(("dropout_1",)), "– Dropout"),
        (SetPlan("batch_size", 64), "batch size 32 → 64"),
        (SetPlan("optimizer.learning_rate", 0.01), "lr default → 0.01"),
        (SetPlan("optimizer", {"kind": "x.SGD"}), "optimizer Adam → SGD"),
        (
            SetPlan("early_stopping", EarlyStopping(patience=3)),
            "early stopping, patience 3",
        ),
        (SetData("split.test", 0.2), "split: test 0.15 → 0.2"),
        (SetData("leave_out", ("a.png", "b.png")), "excluded 0 → 2"),
        (SetData("source", {"kind": "a.digits"}), "different source: digits"),
    ],
)
def test_each_change_has_its_words(edit: object, words: str) -> None:
    assert describe_change(PROJECT, edit.apply(PROJECT)) == words


def test_equal_projects_have_no_changes() -> None:
    assert describe_change(PROJECT, PROJECT) == ""
    assert describe_changes(PROJECT, PROJECT).all == ()


def test_many_changes_are_counted() -> None:
    after = PROJECT
    for name, value in (
        ("epochs", 3),
        ("batch_size", 8),
        ("seed", 4),
        ("device", "cpu"),
        ("precision", "mixed_float16"),
    ):
        after = SetPlan(name, value).apply(after)
    assert describe_change(PROJECT, after).endswith(", 2 more")
    assert len(describe_changes(PROJECT, after).plan) == 5


def test_frozen_and_other_kinds() -> None:
    graph = PROJECT.model
    frozen = graph.with_nodes([replace(graph.nodes["head"], frozen=True)])
    assert describe_change(PROJECT, PROJECT.with_graph("model", frozen)) == (
        "head frozen"
    )
    other = graph.with_nodes([node("head", "keras.layers.Conv2D")])
    assert describe_change(PROJECT, PROJECT.with_graph("model", other)) == (
        "Dense → Conv2D"
    )


@pytest.mark.parametrize(
    ("what", "value", "text"),
    [
        ("learning_rate", 3e-4, "lr → 0.0003"),
        ("freeze", ("a", "b"), "freeze a, b"),
        ("dropout", FrozenMap({"d": 0.5}), "dropout d 0.5"),
        ("class_weights", FrozenMap(), "class weights off"),
        ("pause", None, "paused"),
        ("epochs", 9, "epochs → 9"),
        ("something", 1, "something → 1"),
    ],
)
def test_interventions_have_words(what: str, value: object, text: str) -> None:
    assert intervention_text(Intervened(0.0, 1, 2, what, value)) == text


def test_choices_and_the_numeric_precision_are_translated() -> None:
    before = replace(Project(), plan=TrainingPlan())
    plan = TrainingPlan(
        class_weights="balanced", process="child", precision="mixed_float16"
    )
    language = translator.language
    translator.use("zh_CN")
    try:
        text = describe_change(before, replace(before, plan=plan))
    finally:
        translator.use(language)
    assert "均衡" in text and "线程" in text and "子进程" in text
    assert "数值精度 float32" in text and "精确率" not in text
