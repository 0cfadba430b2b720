"""Every problem: a project that has it, one that does not, and working fixes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import (
    DIGITS,
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

import dlstudio.engine.problems
from dlstudio.catalog.store import Catalog
from dlstudio.data.findings import Finding, SourceFix
from dlstudio.document.graph import OPAQUE, Edge, Graph, Node, node
from dlstudio.document.plan import DataRecipe, EarlyStopping, HeadFirst, Split
from dlstudio.document.problems import Problem
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.engine.problems.check import check
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.shapes.graph import ShapeInference
from tests.support.heads import with_head
from tests.support.small_autoencoders import (
    last_layer,
    reconstructing,
    with_sampling,
)

BEGIN = (image(), SCALE)
END = (FLATTEN, head())
BINARY = spec("keras.losses.BinaryCrossentropy")
SPARSE_LOGITS = spec("keras.losses.SparseCategoricalCrossentropy", from_logits=True)
LSTM = layer("lstm", "LSTM", units=4)
ROWS = layer("rows", "Reshape", target_shape=(12, 12))
TINY = (layer("p1", "MaxPooling2D", pool_size=12), layer("p2", "MaxPooling2D"))
BLOCK = Graph.chain([layer("in", "InputLayer", shape=(10, 10, 8)), conv("inner")])
RGB = replace(FACTS, channels=3)


def chained(*middle: Node, last: tuple[Node, ...] = END, **more: object) -> Project:
    """A project with a chain of layers."""
    return project([*BEGIN, *middle, *last], **more)


def branched(left: Node, right: Node, merge: Node, *after: Node) -> Project:
    """Two branches after one convolution, merged again."""
    stem = conv("stem", padding="same")
    nodes = [*BEGIN, stem, left, right, merge, *after, *END]
    line = [merge, *after, *END]
    edges = [f"{a.id} {b.id}" for a, b in itertools.pairwise(line)]
    edges += ["image scale", "scale stem", f"stem {left.id}", f"stem {right.id}"]
    edges += [f"{left.id} {merge.id}", f"{right.id} {merge.id} 1"]
    return project(connected(nodes, *edges))


def edited(**changes: object) -> Project:
    """The good project with another graph value."""
    base = good()
    return base.with_graph("model", replace(base.model, **changes))


def with_edges(*edges: Edge, without: int = 0) -> Project:
    """The good project with more edges, and without the last few."""
    base = good()
    kept = base.model.edges[: len(base.model.edges) - without]
    return edited(edges=(*kept, *edges))


def with_node(added: Node, *edges: Edge) -> Project:
    """The good project with one more node and its edges."""
    base = good()
    nodes = base.model.nodes.set(added.id, added)
    return edited(nodes=nodes, edges=(*base.model.edges, *edges))


def shared(node: Node) -> Project:
    """conv → `node` that shares its weights → head."""
    return chained(conv("conv"), replace(node, shares="conv"))


FOLDERS = DataRecipe(spec("dlstudio.sources.folder", path="pictures"))
IN_FOLDERS = replace(good(), data=FOLDERS)


def asking(kind: str, fixed: bool = True) -> DatasetStatistics:
    """Statistics of a folder with a finding, and an answer to it."""
    fix = SourceFix("Classes", FrozenMap({"layout": "classes"}), False)
    found = Finding(kind, ".", "What is it?", fixes=(fix,) if fixed else ())
    return replace(FACTS, source=FOLDERS.source, notes=(found,))


CASES: dict[str, tuple[Project, DatasetStatistics | None]] = {
    # structure
    "empty-graph": (project([]), FACTS),
    "no-input": (project([SCALE, *END]), FACTS),
    "broken-link": (with_edges(Edge("ghost", "head")), FACTS),
    "cycle": (with_edges(Edge("flat", "conv")), FACTS),
    "input-has-input": (with_edges(Edge("scale", "image")), FACTS),
    "not-connected": (with_edges(without=1), FACTS),
    "too-few-inputs": (chained(layer("sum", "Add")), FACTS),
    "too-many-inputs": (with_edges(Edge("scale", "flat")), FACTS),
    "closed-block": (
        chained(
            node(
                "theirs",
                OPAQUE,
                class_name="Squeezer",
                registered_name="theirs>Squeezer",
                config={"json": {"ratio": 4}},
            )
        ),
        FACTS,
    ),
    "mixes-samples": (
        chained(node("mean", "keras.ops.mean", axis=0, keepdims=True)),
        FACTS,
    ),
    "doubled-port": (
        project(
            connected(
                [
                    *BEGIN,
                    ROWS,
                    layer("mha", "MultiHeadAttention", num_heads=1, key_dim=2),
                    *END,
                ],
                "image scale",
                "scale rows",
                "rows mha",
                "rows mha 5",
                "mha flat",
                "flat head",
            )
        ),
        FACTS,
    ),
    "no-such-output": (
        edited(edges=(*good().model.edges[:-1], Edge("flat", "head", 1))),
        FACTS,
    ),
    "unknown-output": (edited(outputs=("head", "ghost")), FACTS),
    "unused-input": (
        with_node(layer("other", "InputLayer", shape=(12, 12, 1))),
        FACTS,
    ),
    "dangling": (
        replace(
            with_node(dense("loose"), Edge("flat", "loose")),
            graphs=FrozenMap(
                {
                    "model": replace(
                        with_node(dense("loose"), Edge("flat", "loose")).model,
                        outputs=("head",),
                    )
                }
            ),
        ),
        FACTS,
    ),
    "several-outputs": (with_node(dense("loose"), Edge("flat", "loose")), FACTS),
    "several-inputs": (
        project(
            connected(
                [
                    *BEGIN,
                    layer("again", "InputLayer", shape=(12, 12, 1)),
                    layer("sum", "Add"),
                    *END,
                ],
                "image sum",
                "again sum 1",
                "sum scale",
                "scale flat",
                "flat head",
            )
        ),
        FACTS,
    ),
    # parameters
    "unknown-kind": (chained(layer("c", "Conv2d", filters=4, kernel_size=3)), FACTS),
    "bad-parameter": (chained(conv("c", filters=0)), FACTS),
    "refused-parameters": (
        chained(conv("c", strides=2, dilation_rate=2)),
        FACTS,
    ),
    "doubled-name": (chained(conv("a", name="c"), conv("b", name="c")), FACTS),
    "illegal-name": (chained(conv("c", name="卷积 1")), FACTS),
    "shares-nothing": (chained(replace(conv("c"), shares="ghost")), FACTS),
    "shares-other-kind": (shared(layer("other", "Dropout", rate=0.2)), FACTS),
    "shares-unlike": (shared(conv("other")), FACTS),
    "nested-graph": (
        chained(
            conv("c"),
            Node("block", "dlstudio.Graph", FrozenMap({"graph": "ghost"})),
            graphs={"block": BLOCK},
        ),
        FACTS,
    ),
    "repetition": (
        chained(
            conv("c"),
            Node("r", "dlstudio.Graph", FrozenMap({"graph": "block", "repeat": 3})),
            graphs={"block": BLOCK},
        ),
        FACTS,
    ),
    # shapes
    "shape-mismatch": (
        branched(conv("left"), conv("right", padding="same"), layer("sum", "Add")),
        FACTS,
    ),
    "rank-mismatch": (chained(layer("f", "Flatten"), conv("c")), FACTS),
    "last-step-only": (
        chained(ROWS, LSTM, layer("gru", "GRU", units=3), last=(head(),)),
        FACTS,
    ),
    "size-too-small": (chained(*TINY), FACTS),
    "open-size": (
        project([image(None, None, 1), SCALE, conv("c"), *END]),
        None,
    ),
    "layer-refuses": (chained(layer("r", "Reshape", target_shape=(7, 7))), FACTS),
    # reconstruction
    "reconstruction-shape": (
        reconstructing(layer("p", "MaxPooling2D"), last_layer(filters=2)),
        FACTS,
    ),
    "reconstruction-activation": (
        reconstructing(last_layer("softmax"), loss="BinaryCrossentropy"),
        FACTS,
    ),
    "no-sampling": (
        reconstructing(
            *(FLATTEN, dense("narrow", 4), dense("wide", 144)),
            layer("grid", "Reshape", target_shape=(12, 12, 1)),
            method=spec("dlstudio.methods.variational"),
        ),
        FACTS,
    ),
    "no-texts": (good(method=spec("dlstudio.methods.word2vec")), FACTS),
    "unused-layers": (good(method=spec("dlstudio.methods.word2vec")), FACTS),
    "unknown-method": (good(method=spec("dlstudio.methods.none")), FACTS),
    "sampling-alone": (with_sampling(), FACTS),
    "reconstruction-augmentation": (
        reconstructing(layer("f", "RandomFlip"), last_layer()),
        FACTS,
    ),
    # head
    "head-rank": (chained(conv("c"), last=(head(),)), FACTS),
    "head-units": (chained(last=(FLATTEN, head(7))), FACTS),
    "softmax-one-unit": (chained(last=(FLATTEN, head(1)), loss=BINARY), TWO),
    "logits-twice": (good(loss=SPARSE_LOGITS), FACTS),
    "softmax-multi-label": (
        chained(head=TAGGING, loss=BINARY),
        replace(FACTS, has_several_labels=True),
    ),
    "sigmoid-single-label": (chained(last=(FLATTEN, head(10, "sigmoid"))), FACTS),
    "head-activation": (
        chained(last=(FLATTEN, head(10, "relu")), loss=SPARSE_LOGITS),
        FACTS,
    ),
    "scores-not-probabilities": (chained(last=(FLATTEN, head(10, None))), FACTS),
    # losses and metrics
    "loss-labels": (
        chained(last=(FLATTEN, head(10, "sigmoid")), head=TAGGING),
        replace(FACTS, has_several_labels=True),
    ),
    "loss-one-unit": (chained(last=(FLATTEN, head(1, "sigmoid"))), TWO),
    "loss-each-by-itself": (good(loss=BINARY), FACTS),
    "loss-unusual": (good(loss=spec("keras.losses.MeanSquaredError")), FACTS),
    "unknown-metric": (good(metrics=(spec("dlstudio.metrics.ghost"),)), FACTS),
    "doubled-metric": (
        good(metrics=(spec("dlstudio.metrics.f1"), spec("dlstudio.metrics.f1"))),
        FACTS,
    ),
    "metric-misfit": (
        chained(
            last=(FLATTEN, head(10, "sigmoid")),
            head=TAGGING,
            loss=BINARY,
            metrics=(spec("dlstudio.metrics.top_k"),),
        ),
        replace(FACTS, has_several_labels=True),
    ),
    "metric-always-one": (good(metrics=(spec("dlstudio.metrics.top_k", k=10),)), FACTS),
    "metric-unusual": (
        good(metrics=(spec("keras.metrics.MeanSquaredError"),)),
        FACTS,
    ),
    # images
    "picture-input": (project([image(144), SCALE, *END]), FACTS),
    "channels": (good(), RGB),
    "enlarged": (good(), replace(FACTS, height=6, width=6)),
    "not-rescaled": (project([image(), conv("c"), *END]), FACTS),
    "rescaled-twice": (chained(layer("s", "Rescaling", scale=1 / 255)), FACTS),
    "augmentation-late": (
        chained(conv("c"), layer("b", "RandomBrightness", factor=0.2)),
        FACTS,
    ),
    "mixing-without-labels": (chained(layer("mix", "MixUp")), FACTS),
    "value-range": (chained(layer("b", "RandomBrightness", factor=0.2)), FACTS),
    "mirrored-signs": (
        chained(layer("flip", "RandomFlip", mode="horizontal")),
        FACTS,
    ),
    "mirrored-classes": (chained(layer("flip", "RandomFlip")), FACTS),
    # habits
    "dropout-last": (
        chained(last=(*END, layer("drop", "Dropout", rate=0.5))),
        FACTS,
    ),
    "dropout-rate": (chained(layer("drop", "Dropout", rate=0.9)), FACTS),
    "dropout-before-norm": (
        chained(
            conv("c"),
            layer("drop", "Dropout", rate=0.2),
            layer("norm", "BatchNormalization"),
        ),
        FACTS,
    ),
    "no-activation": (
        chained(conv("c", activation=None), FLATTEN, last=(head(),)),
        FACTS,
    ),
    "hidden-softmax": (
        chained(FLATTEN, dense("d", activation="softmax"), last=(head(),)),
        FACTS,
    ),
    "huge-dense": (
        project(
            [
                image(64, 64, 1),
                SCALE,
                conv("c", filters=64),
                FLATTEN,
                dense("d"),
                head(),
            ]
        ),
        replace(FACTS, height=64, width=64),
    ),
    "embedding-rows": (
        chained(
            layer("hash", "Hashing", num_bins=50),
            layer("table", "Embedding", input_dim=20, output_dim=2),
        ),
        FACTS,
    ),
    "frozen-untrained": (chained(replace(conv("c"), frozen=True)), FACTS),
    "nothing-to-train": (
        chained(
            replace(conv("c"), frozen=True),
            FLATTEN,
            last=(replace(head(), frozen=True),),
        ),
        FACTS,
    ),
    # plan
    "unknown-task": (with_head(good(), "ghost"), FACTS),
    "plan-value": (good(batch_size=0), FACTS),
    "unknown-optimizer": (good(optimizer=spec("ghost")), FACTS),
    "unknown-schedule": (good(schedule=spec("ghost")), FACTS),
    "unknown-loss": (good(loss=spec("ghost")), FACTS),
    "plan-parameter": (
        good(optimizer=spec("keras.optimizers.Adam", beta_1=7.0)),
        FACTS,
    ),
    "learning-rate": (
        good(optimizer=spec("keras.optimizers.Adam", learning_rate=3.0)),
        FACTS,
    ),
    "warm-up-too-long": (
        good(schedule=spec("dlstudio.schedules.Cosine", warmup_epochs=20.0)),
        FACTS,
    ),
    "step-never": (
        good(schedule=spec("dlstudio.schedules.Step", every_epochs=50)),
        FACTS,
    ),
    "unknown-monitor": (good(early_stopping=EarlyStopping("val_ghost", 2)), FACTS),
    "no-validation": (
        project(
            good().model,
            data=replace(DIGITS, split=Split(validation=0.0)),
            early_stopping=EarlyStopping(patience=2),
        ),
        None,
    ),
    "patience-too-long": (good(early_stopping=EarlyStopping(patience=30)), FACTS),
    "head-alone": (good(head_first=HeadFirst(30)), FACTS),
    # samples
    "no-data": (project(good().model, data=DataRecipe()), None),
    "unknown-source": (project(good().model, data=DataRecipe(spec("ghost"))), None),
    "split": (
        project(good().model, data=replace(DIGITS, split=Split(validation=0.9))),
        None,
    ),
    "batch-too-large": (good(batch_size=5000), FACTS),
    "batch-of-one": (
        chained(conv("c"), layer("n", "BatchNormalization"), batch_size=1),
        FACTS,
    ),
    "no-classes": (
        good(),
        replace(FACTS, classes=0, counts=(), class_names=(), typical=(12, 12)),
    ),
    "one-class": (good(), replace(FACTS, classes=1, counts=(), class_names=("a",))),
    "task-labels": (good(), replace(FACTS, has_several_labels=True)),
    "no-training-samples": (good(), replace(FACTS, training=0)),
    "few-samples": (good(), replace(FACTS, counts=(100,) * 9 + (2,))),
    "uneven-classes": (good(), replace(FACTS, counts=(100,) * 9 + (9,))),
    "class-weights": (
        good(class_weights="custom", class_weight=FrozenMap({"ghost": 2.0})),
        FACTS,
    ),
    "folder-layout": (IN_FOLDERS, asking("folder-layout")),
    "other-task": (IN_FOLDERS, asking("other-task", fixed=False)),
    "left-out-folder": (IN_FOLDERS, asking("left-out-folder", fixed=False)),
    "test-from-training": (
        replace(IN_FOLDERS, data=replace(FOLDERS, split=Split("folders"))),
        replace(FACTS, given=frozenset({"train", "validation"}), test=1),
    ),
    "half-precision-head": (good(precision="mixed_float16"), FACTS),
    "no-device": (good(device="gpu:77"), FACTS),
    "unusable-samples": (
        good(),
        replace(FACTS, unusable=(("cat/a.png", "The file is empty."),)),
    ),
    "flat-image": (good(), replace(FACTS, flat=("cat/a.png", "cat/b.png"))),
    "empty-class": (good(), replace(FACTS, counts=(0, *FACTS.counts[1:]))),
    "half-precision-augmentation": (
        replace(
            chained(layer("erase", "RandomErasing", value_range=[0.0, 1.0])),
            plan=replace(good().plan, precision="mixed_float16"),
        ),
        FACTS,
    ),
}
INCURABLE = {
    *("one-class", "no-training-samples", "few-samples"),
    *("other-task", "left-out-folder", "empty-class"),
}
TESTED_ELSEWHERE = {
    "memory-exceeded",
    "memory-tight",
    "block-weights",
    "batch-not-shared",
    "no-model",
    "no-gensim",
    # Those of `test_backbones`: which file of weights is there.
    "backbone-images",
    "backbone-partial",
    "backbone-scaling",
    "backbone-weights",
    # Those of `test_bindings`: other features than one image.
    "lost-input",
    "empty-input",
    "feature-input",
    "unbound-output",
    "lost-output",
    "unusable-rows",
    "target-type",
    "target-output",
    # Those of `test_vector_problems`.
    "word-vectors-file",
    "word-vectors-size",
    # Those of `test_text_problems`.
    "empty-average",
    "mask-ignored",
    "mask-taken",
    "mask-useless",
    "padding-not-masked",
    "short-sequence",
    "unknown-untrained",
    # Those of `test_seven_graphs`.
    "shared-input",
    "text-layer",
    "unused-graph",
}
"""Codes that need files of a project, several devices, little memory, or no model."""
REVEALING = {"unknown-kind", "too-few-inputs"}
"""Codes whose wrong layers hide later problems, which a fix may reveal."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture(scope="module")
def look(
    catalog: Catalog,
) -> Callable[[Project, DatasetStatistics | None], list[Problem]]:
    shapes = ShapeInference()
    return lambda project, dataset: list(check(project, catalog, shapes, dataset))


Look = Callable[[Project, DatasetStatistics | None], list[Problem]]


def test_good_project_has_no_problem(look: Look) -> None:
    assert look(good(), FACTS) == []
    assert look(good(), None) == []


@pytest.mark.parametrize("code", CASES)
def test_problem_is_found_and_every_fix_works(look: Look, code: str) -> None:
    made, dataset = CASES[code]
    found = look(made, dataset)
    mine = [problem for problem in found if problem.code == code]
    assert mine, [problem.code for problem in found]
    assert all(problem.message.endswith((".", "?", ")")) for problem in mine)
    assert all("{" not in problem.message for problem in found)
    if code in INCURABLE:
        return
    assert mine[0].fixes, mine[0].message
    errors = {p.code for p in found if p.severity == "error"}
    for fix in mine[0].fixes:
        after = made
        for edit in fix.edits:
            after = edit.apply(after)
        left = look(after, dataset)
        assert (code, mine[0].node) not in {(p.code, p.node) for p in left}, fix.label
        new = {p.code for p in left if p.severity == "error"} - errors
        if code not in REVEALING:
            assert not new, (fix.label, [p.message for p in left if p.code in new])


def test_every_problem_becomes_json(look: Look) -> None:
    for made, dataset in CASES.values():
        for problem in look(made, dataset):
            as_json = problem.to_json()
            assert as_json["code"] == problem.code
            assert len(as_json["fixes"]) == len(problem.fixes)


def test_every_code_of_a_check_has_a_case() -> None:
    folder = Path(dlstudio.engine.problems.__file__).parent
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    severities = r'"(?:error|warning|hint)"(?: if \w+(?: == \d)? else "\w+")?,\s*'
    codes = set(re.findall(severities + r'"([a-z-]+)",', text))
    assert codes - set(CASES) == TESTED_ELSEWHERE
    assert len(codes) > 40
