"""Features of a frozen backbone: computed once, and the same training as without."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import TinySamples, layer, tiny_project

from dlstudio.catalog.store import Catalog
from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.events import Event, FeaturesComputed
from dlstudio.document.graph import INPUT, NESTED, Graph, node
from dlstudio.document.plan import HeadFirst
from dlstudio.document.project import Project
from dlstudio.document.values import Spec, freeze_map
from dlstudio.engine.model.backbone import make_network
from dlstudio.engine.model_import.opened_backbone import open_backbone
from dlstudio.engine.preprocessing.feature_rows import FrontFeatures, Report
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.devices import choose_placement
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.feature_stepper import FeatureStepper
from dlstudio.engine.training.setup import PreparedTraining, assemble
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

CATALOG = Catalog.load()
SHAPE = (32, 32, 3)
SMALL: dict[str, Any] = {"architecture": "MobileNet", "alpha": 0.25}
FIRST = "conv_dw_13"


def stripes(count: int = 40) -> TinySamples:
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, count).astype(np.int32)
    images = random.integers(0, 90, (count, *SHAPE)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[:, 16 * label : 16 * label + 16] += 120
    rows = np.arange(count)
    splits = {"train": rows[:30], "validation": rows[30:], "test": rows[:0]}
    return TinySamples(images, labels, ("left", "right"), splits)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("weights") / "own.weights.h5"
    network = make_network(BackboneConfig(**SMALL, weights="none"), SHAPE)
    random = np.random.default_rng(3)
    network.set_weights(
        [random.uniform(-0.3, 0.5, w.shape) ** 2 for w in network.get_weights()]
    )
    network.save_weights(path)
    return path


def project_with(weights: Path, *before: Any, **plan: Any) -> Project:
    graph = Graph.chain(
        [
            node("input", INPUT, shape=SHAPE),
            *before,
            node(
                "backbone",
                "dlstudio.layers.Backbone",
                **SMALL,
                weights=str(weights),
                trainable_from=FIRST,
            ),
            layer("mean", "GlobalAveragePooling2D"),
            layer("drop", "Dropout", rate=0.3),
            layer("head", "Dense", units=2, activation="softmax"),
        ]
    )
    settings = {
        "epochs": 4,
        "head_first": HeadFirst(2, 0.1),
        "steps_per_execution": 1,
        "optimizer": Spec("keras.optimizers.Adam", freeze_map({"learning_rate": 0.01})),
        **plan,
    }
    made: Project = tiny_project(graph, **settings)
    return made


def assembled(project: Project, folder: Path) -> PreparedTraining:
    placement = choose_placement("cpu")
    return assemble(project, stripes(), CATALOG, placement, folder=folder)


def train(
    project: Project,
    folder: Path,
    resume: str = "",
    steps: int = 0,
    seen: Callable[[Event, StopSource], None] = lambda _event, _source: None,
) -> Run:
    """Train; stopped behind a number of steps if that is not 0."""
    source, done = StopSource(), itertools.count(1)
    usual = FeatureStepper.train

    def counted(self: FeatureStepper, pool: Any, index: Any, rates: Any) -> Any:
        found = usual(self, pool, index, rates)
        if next(done) == steps:
            source.stop()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FeatureStepper, "train", counted)
        dependencies = TrainerDependencies(lambda _project: stripes())
        trainer = Trainer(
            project,
            folder,
            CATALOG,
            lambda event: seen(event, source),
            source.token,
            dependencies,
        )
        return trainer.train(resume)


def final(run: Run) -> list[bytes]:
    newest, damaged = Checkpoints(run.checkpoints).newest()
    assert newest is not None and not damaged
    return [each.tobytes() for each in newest.arrays]


def test_a_step_behind_the_features_is_that_of_the_whole_model(
    weights: Path, tmp_path: Path
) -> None:
    made = assembled(project_with(weights), tmp_path)
    stepper = made.method.stepper
    assert isinstance(stepper, FeatureStepper)
    steering, feed = made.components.steering, made.components.validation
    order = np.arange(len(feed), dtype=np.int32)

    def loss() -> Any:
        (block,) = feed.blocks(order, len(feed), 0, lambda _step: 1)
        return stepper.test(block.pool, block.index)

    assert stepper.row_names == {"image", "label"}
    whole = loss()
    steering.apply(made.state, "phase", (1,))
    assert stepper.row_names == {"mean_features", "label"}
    np.testing.assert_allclose(loss(), whole, rtol=1e-5)
    (kept,) = (tmp_path / ".cache" / "features").iterdir()

    # Thawed and trained, a backbone has other features when it is frozen again.
    steering.apply(made.state, "phase", (2,))
    backbone = made.method.stepper.model.get_layer("backbone")
    last = backbone.get_layer("conv_pw_13").kernel
    last.assign(last * 0.5)
    steering.apply(made.state, "phase", (1,))
    frozen = loss()
    assert not np.allclose(frozen, whole, rtol=1e-3)
    steering.apply(made.state, "phase", (2,))
    np.testing.assert_allclose(frozen, loss(), rtol=1e-5)

    # A file that is damaged is computed again.
    last.assign(last * 2)
    kept.write_bytes(kept.read_bytes()[:100])
    steering.apply(made.state, "phase", (1,))
    np.testing.assert_allclose(loss(), whole, rtol=1e-5)

    # Another training of the same process takes what is kept.
    again = assembled(project_with(weights), tmp_path)
    again.components.steering.apply(again.state, "phase", (1,))
    assert isinstance(again.method.stepper, FeatureStepper)
    assert again.method.stepper._features._key() == kept.stem


def test_stopped_and_resumed_in_both_phases_it_ends_with_the_same_bits(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []
    usual = FrontFeatures._computed

    def counted(self: FrontFeatures, report: Report) -> Any:
        computed.append(len(self.chosen))
        return usual(self, report)

    monkeypatch.setattr(FrontFeatures, "_computed", counted)
    own = tmp_path / weights.name
    shutil.copy(weights, own)
    project = project_with(own)
    told: list[Event] = []
    whole = train(project, tmp_path / "whole", seen=lambda e, _source: told.append(e))
    (*_others, last) = [each for each in told if isinstance(each, FeaturesComputed)]
    assert (last.done, last.total) == (40, 40)
    assert not any(isinstance(each, FeaturesComputed) for each in whole.events())
    assert whole.record.outcome == "succeeded" and computed == [40]
    folder = tmp_path / "stopped"
    run = train(project, folder, steps=6)  # within the second epoch
    assert run.record.outcome == "cancelled"
    own.unlink()  # the weights are in the checkpoint now
    shutil.rmtree(folder / ".cache")
    run = train(project, folder, run.id, steps=4)  # within the third
    assert run.record.outcome == "cancelled" and computed == [40, 40, 40]
    run = train(project, folder, run.id)
    assert run.record.outcome == "succeeded" and computed == [40, 40, 40]
    assert final(run) == final(whole)


def test_random_layers_before_the_backbone_are_drawn_in_each_step(
    weights: Path, tmp_path: Path
) -> None:
    flip = layer("flip", "RandomFlip", mode="horizontal")
    made = assembled(project_with(weights, flip), tmp_path)
    assert not isinstance(made.method.stepper, FeatureStepper)
    kept = assembled(project_with(weights, flip, augmented_passes=2), tmp_path)
    stepper = kept.method.stepper
    assert isinstance(stepper, FeatureStepper)
    assert stepper._features.passes.count == 2
    assert stepper._features.passes.places.tolist() == list(range(30))


def test_it_can_be_stopped_while_features_are_computed(
    weights: Path, tmp_path: Path
) -> None:
    def stop(event: Event, source: StopSource) -> None:
        if isinstance(event, FeaturesComputed):
            assert event.done < event.total, "it went on"
            source.stop()

    run = train(project_with(weights), tmp_path, seen=stop)
    assert run.record.outcome == "cancelled" and not run.record.epochs
    assert not (tmp_path / ".cache" / "features").exists()


def test_features_of_an_opened_backbone_are_computed_once(
    weights: Path, tmp_path: Path
) -> None:
    closed = project_with(weights, head_first=None)
    graph = closed.model
    frozen = replace(graph.nodes["backbone"], frozen=True)
    closed = closed.with_graph("model", graph.with_nodes([frozen]))
    opened = open_backbone(closed, "backbone", tmp_path, CATALOG).apply(closed)
    assert opened.model.nodes["backbone"].kind == NESTED
    losses = []
    for project in (closed, opened):
        made = assembled(project, tmp_path)
        stepper, feed = made.method.stepper, made.components.validation
        assert isinstance(stepper, FeatureStepper)
        assert stepper.row_names == {"mean_features", "label"}
        order = np.arange(len(feed), dtype=np.int32)
        (block,) = feed.blocks(order, len(feed), 0, lambda _step: 1)
        head = stepper.model.get_layer("head")
        head.kernel.assign(np.full(head.kernel.shape, 0.01) * [1, -1])
        losses.append(stepper.test(block.pool, block.index))
    np.testing.assert_allclose(losses[1], losses[0], rtol=1e-5)
