"""The trainer: real trainings of a tiny project, and every way they can end."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny import TinySamples, layer, tiny_graph, tiny_project, tiny_samples

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import (
    CheckpointSaved,
    EpochEnded,
    Event,
    Intervened,
    RunEnded,
    RunStarted,
    StepsDone,
)
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.engine.runtime.stop_token import Stopped, StopSource
from dlstudio.engine.training.control import TrainingControl
from dlstudio.engine.training.stepper import Stepper
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies
from dlstudio.errors import UserError
from tests.support.heads import with_head

CATALOG = Catalog.load()
SGD = "keras.optimizers.SGD"


def rate(value: float, kind: str = SGD, **more: Any) -> Spec:
    return Spec(kind, FrozenMap({"learning_rate": value, **more}))


class Training:
    """Trains in a folder and records the events."""

    def __init__(self, folder: Path, samples: TinySamples | None = None) -> None:
        self.folder = folder
        self.samples = samples or tiny_samples()
        self.events: list[Event] = []
        self.source = StopSource()
        self.then: Callable[[Event], None] = lambda event: None

    def __call__(
        self,
        project: Project,
        resume: str = "",
        epochs: int | None = None,
        **dependencies: Any,
    ) -> Run:
        return Trainer(
            project,
            self.folder,
            CATALOG,
            self._emit,
            self.source.token,
            TrainerDependencies(lambda _project: self.samples, **dependencies),
        ).train(resume, epochs)

    def _emit(self, event: Event) -> None:
        self.events.append(event)
        self.then(event)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def training(tmp_path: Path) -> Training:
    return Training(tmp_path)


def test_a_training_leaves_a_whole_record(training: Training) -> None:
    project = tiny_project(epochs=3, optimizer=rate(0.01, "keras.optimizers.Adam"))
    run = training(project)
    assert run.outcome == "succeeded"
    started, ended = training.events[0], training.events[-1]
    assert isinstance(started, RunStarted) and started.samples == 44
    assert started.steps_per_epoch == 6 and started.device == "CPU"
    assert isinstance(ended, RunEnded) and ended.outcome == "succeeded"
    assert len(training.of(RunEnded)) == 1
    assert [e.epoch for e in training.of(EpochEnded)] == [1, 2, 3]
    assert set(ended.metrics) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert ended.metrics["loss"] < training.of(EpochEnded)[0].metrics["loss"]
    losses = [loss for e in training.of(StepsDone) for loss in e.losses]
    assert len(losses) == 3 * 6
    assert run.events() == training.events
    kept = RunStore(training.folder).find(run.id[:-1])
    assert kept.project() == project
    assert kept.record.metrics == dict(ended.metrics)
    assert kept.record.data["splits"] == {"train": 44, "validation": 16, "test": 0}
    assert kept.record.parameters == 36 * 3 + 3
    names = sorted(path.name for path in kept.checkpoints.iterdir())
    assert names == ["epoch-00002-step-00000000", "epoch-00003-step-00000000"]
    paths = [training.folder / "runs" / run.id / e.path for e in of_saved(training)]
    assert paths[-1].is_dir()


def of_saved(training: Training) -> list[CheckpointSaved]:
    return training.of(CheckpointSaved)


def test_losses_and_metrics_are_those_of_keras_fit(training: Training) -> None:
    """One epoch with clipping, L2, class weights and momentum, against `fit`."""
    l2 = Spec("keras.regularizers.L2", FrozenMap({"l2": 0.01}))
    graph = tiny_graph(
        layer("conv", "Conv2D", filters=3, kernel_size=3, kernel_regularizer=l2),
        layer("norm", "BatchNormalization"),
    )
    optimizer = rate(0.05, momentum=0.9, clipnorm=0.1)
    project = tiny_project(
        graph, epochs=1, optimizer=optimizer, class_weights="balanced"
    )
    run = training(project, resident=True)
    assert run.model_path is not None
    ours = keras.saving.load_model(run.model_path)

    from dlstudio.data.pipeline import epoch_order
    from dlstudio.engine.model.build import build

    keras.utils.set_random_seed(0)
    model = build(project, CATALOG)
    model.compile(
        keras.optimizers.SGD(0.05, momentum=0.9, clipnorm=0.1),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    samples, chosen = training.samples, training.samples.splits["train"]
    order = chosen[epoch_order(len(chosen), 0, 0)]
    y = samples.labels[order]
    weights = len(y) / (3 * np.bincount(y, minlength=3))
    held = samples.splits["validation"]
    fitted = model.fit(
        samples.images[order].astype("float32"),
        y,
        batch_size=8,
        shuffle=False,
        class_weight=dict(enumerate(weights)),
        validation_data=(
            samples.images[held].astype("float32"),
            samples.labels[held],
        ),
        validation_batch_size=16,
        verbose=0,
    )
    for mine, other in zip(ours.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-5, atol=1e-6)
    for name, (value,) in fitted.history.items():
        assert run.record.metrics[name] == pytest.approx(value, rel=1e-5), name


def test_how_steps_are_grouped_and_fed_changes_nothing(tmp_path: Path) -> None:
    graph = tiny_graph(layer("drop", "Dropout", rate=0.5))
    runs = []
    for number, (steps, resident) in enumerate(((1, True), (4, False), (0, True))):
        folder = tmp_path / str(number)
        project = tiny_project(graph, epochs=2, steps_per_execution=steps)
        runs.append(Training(folder)(project, resident=resident))
    first, *others = (weights(run) for run in runs)
    assert others == [first, first]


def weights(run: Run) -> list[bytes]:
    assert run.model_path is not None
    model = keras.saving.load_model(run.model_path)
    return [np.asarray(w).tobytes() for w in model.get_weights()]


def test_stopping_keeps_all_and_resuming_ends_alike(tmp_path: Path) -> None:
    """Stopped within an epoch, and again while validating."""
    project = tiny_project(epochs=3, batch_size=2, steps_per_execution=2)
    whole = Training(tmp_path / "whole")(project)
    training = Training(tmp_path / "stopped")

    with pytest.MonkeyPatch.context() as patch:
        calls = calling(patch, "train", at=13, then=training.source.stop)
        run = stopped(training, project)
    assert len(calls) == 13
    assert Checkpoints(run.checkpoints).names()[-1] == "epoch-00001-step-00000004"
    assert (run.record.reason, run.record.epochs) == ("stopped", 1)
    assert run.model_path is not None
    resumed = Training(tmp_path / "stopped")
    resumed.samples = training.samples
    with pytest.MonkeyPatch.context() as patch:
        calling(patch, "test", at=1, then=resumed.source.stop)
        stopped(resumed, project, run.id)
    last = Training(tmp_path / "stopped")
    assert last(project, run.id).outcome == "succeeded"
    assert last.events[0].resumed_from == "epoch-00001-step-00000022"
    assert weights(RunStore(tmp_path / "stopped").find()) == weights(whole)
    outcomes = [e.outcome for e in run.events() if isinstance(e, RunEnded)]
    assert outcomes == ["cancelled", "cancelled", "succeeded"]


def calling(
    patch: pytest.MonkeyPatch, name: str, at: int, then: Callable[[], None]
) -> list[int]:
    """Act at a call of the stepper; the list has the calls so far."""
    method, calls = getattr(Stepper, name), []

    def wrapped(self: Stepper, *given: Any) -> Any:
        calls.append(len(calls) + 1)
        if calls[-1] == at:
            then()
        return method(self, *given)

    patch.setattr(Stepper, name, wrapped)
    return calls


def stopped(training: Training, project: Project, resume: str = "") -> Run:
    run = training(project, resume)
    assert run.outcome == "cancelled"
    assert training.events[-1].outcome == "cancelled"
    return run


def test_a_stop_before_the_start_leaves_no_run(training: Training) -> None:
    training.source.stop()
    with pytest.raises(Stopped):
        training(tiny_project())
    assert RunStore(training.folder).all() == []


def test_a_finished_run_can_be_trained_longer(training: Training) -> None:
    run = training(tiny_project(epochs=1))
    longer = training(tiny_project(epochs=1), run.id, 2)
    assert longer.id == run.id
    assert (longer.record.epochs, longer.project().plan.epochs) == (2, 2)


def test_early_stopping_restores_the_best(training: Training) -> None:
    """With a rate that soon diverges, the best epoch is not the last."""
    project = tiny_project(
        epochs=9,
        optimizer=rate(0.02),
        schedule=Spec("dlstudio.schedules.Exponential", FrozenMap({"factor": 1.0})),
        early_stopping=EarlyStopping("val_loss", 2),
    )

    def spoil(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 2:
            control.set_learning_rate(30.0)

    training.then, control = spoil, TrainingControl()
    run = training(project, control=control)
    assert run.outcome == "succeeded" and run.record.reason == "early_stopping"
    ended = {event.epoch: event for event in training.of(EpochEnded)}
    best = min(ended, key=lambda epoch: ended[epoch].metrics["val_loss"])
    assert run.record.best["epoch"] == best < max(ended)
    assert [e.epoch for e in ended.values() if e.best][-1] == best
    assert run.record.metrics == dict(ended[best].metrics)
    model = keras.saving.load_model(run.model_path)
    model.compile(loss="sparse_categorical_crossentropy")
    held = training.samples.splits["validation"]
    loss = model.evaluate(
        training.samples.images[held], training.samples.labels[held], verbose=0
    )
    assert loss == pytest.approx(ended[best].metrics["val_loss"], rel=1e-5)
    (changed,) = training.of(Intervened)
    assert (changed.what, changed.value, changed.epoch) == ("learning_rate", 30.0, 3)


def test_a_plateau_lowers_the_rate(training: Training) -> None:
    rule = Spec(
        "dlstudio.schedules.OnPlateau",
        FrozenMap({"monitor": "loss", "patience": 1, "factor": 0.1}),
    )
    project = tiny_project(epochs=4, optimizer=rate(0.0), schedule=rule, metrics=())
    frozen = tiny_graph()
    run = training(replace(project, graphs=FrozenMap({"model": frozen})))
    assert run.outcome == "succeeded"
    reported = training.of(Intervened)
    assert [event.what for event in reported] == ["reduce_on_plateau"] * len(reported)
    assert reported


def squared(name: str) -> Spec:
    return Spec("keras.metrics.MeanSquaredError", FrozenMap({"name": name}))


def cosine(name: str) -> Spec:
    return Spec("keras.metrics.CosineSimilarity", FrozenMap({"name": name}))


@pytest.mark.parametrize(
    ("metric", "better"),
    [(squared("mse"), min), (squared("accuracy"), min), (cosine("cos_error"), max)],
)
def test_the_best_epoch_is_that_of_the_metrics_own_direction(
    training: Training, metric: Spec, better: Callable[..., float]
) -> None:
    monitor = f"val_{metric.params['name']}"
    project = tiny_project(
        epochs=4,
        metrics=(metric,),
        optimizer=rate(0.5),
        early_stopping=EarlyStopping(monitor=monitor, patience=9),
    )
    run = training(project)
    values = [event.metrics[monitor] for event in training.of(EpochEnded)]
    assert len(set(values)) > 1
    assert run.record.best["metrics"][monitor] == better(values)
    assert run.record.metrics[monitor] == better(values)


def test_a_plateau_goes_by_the_metrics_own_direction(training: Training) -> None:
    rule = Spec(
        "dlstudio.schedules.OnPlateau",
        FrozenMap({"monitor": "mse", "patience": 1, "factor": 0.1}),
    )
    adam = rate(0.01, "keras.optimizers.Adam")
    run = training(
        tiny_project(epochs=4, optimizer=adam, schedule=rule, metrics=(squared("mse"),))
    )
    values = [event.metrics["mse"] for event in training.of(EpochEnded)]
    assert values == sorted(values, reverse=True)  # improves with each epoch
    assert run.outcome == "succeeded"
    assert training.of(Intervened) == []


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"optimizer": rate(1e30)}, "NaN|diverged"),
        ({"optimizer": rate(1e4), "loss": Spec("keras.losses.MeanSquaredError")}, ""),
    ],
)
def test_a_diverging_loss_is_reported_with_advice(
    training: Training, values: dict[str, Any], says: str
) -> None:
    graph = tiny_graph(layer("wide", "Dense", units=4), head="linear")
    if not says:
        says = "diverged|NaN"
        values = {**values, "metrics": ()}
    else:
        logits = Spec(
            "keras.losses.SparseCategoricalCrossentropy",
            FrozenMap({"from_logits": True}),
        )
        values = {**values, "loss": logits}
    run = training(tiny_project(graph, epochs=20, **values))
    assert run.outcome == "failed" and run.record.reason == "diverged"
    ended = training.events[-1]
    assert isinstance(ended, RunEnded)
    assert re.search(says, ended.message)
    assert "epoch 1, step" in ended.message or "epoch 2, step" in ended.message
    assert "learning rate" in ended.hint
    assert run.model_path is None


def test_too_little_memory_reports_which_batch_fits(
    training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = Stepper.train

    def short_of_memory(self: Any, pool: Any, index: Any, rates: Any) -> Any:
        if index.shape[1] > 3:
            raise tf.errors.ResourceExhaustedError(None, None, "OOM")
        return train(self, pool, index, rates)

    monkeypatch.setattr(Stepper, "train", short_of_memory)
    run = training(tiny_project(batch_size=16))
    ended = training.events[-1]
    assert isinstance(ended, RunEnded) and run.outcome == "failed"
    assert ended.reason == "memory" and "batch size of 2 fits" in ended.hint


def test_an_unexpected_error_is_reported_and_its_details_kept(
    training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any) -> Any:
        raise RuntimeError("the wire is cut\nand more")

    monkeypatch.setattr(Stepper, "train", broken)
    run = training(tiny_project())
    ended = training.events[-1]
    assert isinstance(ended, RunEnded)
    assert (run.outcome, ended.reason) == ("failed", "unexpected")
    assert "the wire is cut" in ended.message and "and more" not in ended.message
    assert "Traceback" in (run.folder / "error.txt").read_text("utf-8")


def test_ctrl_c_ends_as_cancelled_and_is_reraised(
    training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_given: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(Stepper, "train", interrupted)
    with pytest.raises(KeyboardInterrupt):
        training(tiny_project())
    (run,) = RunStore(training.folder).all()
    assert run.outcome == "cancelled"
    assert isinstance(run.events()[-1], RunEnded)


def test_a_full_disk_ends_as_failed(
    training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    from dlstudio.engine.runs import checkpoints

    def full(*_given: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoints, "_write", full)
    run = training(tiny_project())
    assert run.outcome == "failed"
    assert "disk is full" in run.record.message
    assert not list(run.checkpoints.iterdir())


def test_a_damaged_checkpoint_is_skipped_and_reported(training: Training) -> None:
    run = training(tiny_project(epochs=2))
    before = weights(run)
    newest = run.checkpoints / "epoch-00002-step-00000000" / "variables.npz"
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1
    newest.write_bytes(data)
    training.events.clear()
    again = training(tiny_project(), run.id)
    started, reported = training.events[:2]
    assert isinstance(started, RunStarted) and isinstance(reported, Intervened)
    assert started.resumed_from == "epoch-00001-step-00000000"
    assert reported.what == "damaged_checkpoint"
    assert reported.value == "epoch-00002-step-00000000"
    assert again.outcome == "succeeded" and weights(again) == before


def test_a_resumed_run_refuses_other_data(training: Training) -> None:
    run = training(tiny_project(epochs=1))
    training.samples = replace(
        tiny_samples(), fingerprint="other", classes=tuple("xyz")
    )
    with pytest.raises(UserError, match="classes were a, b, c; now they are x, y, z"):
        training(tiny_project(), run.id)
    assert RunStore(training.folder).find(run.id).outcome == "succeeded"


def test_a_run_is_not_trained_twice_at_once(training: Training) -> None:
    run = training(tiny_project(epochs=1))
    with run.held(), pytest.raises(UserError, match="being trained by process"):
        training(tiny_project(), run.id)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ({"epochs": 0}, "epochs in the plan is 0"),
        ({"batch_size": 0}, "batch size in the plan is 0"),
        ({"device": "gpu:7"}, "requires gpu:7"),
        ({"device": "tpu"}, "no device called"),
        ({"early_stopping": EarlyStopping("val_f2")}, "monitors “val_f2”"),
        ({"class_weights": "some"}, "no class weighting called"),
        (
            {"class_weights": "custom", "class_weight": FrozenMap({"cat": 1.0})},
            "which is not a class",
        ),
        ({"precision": "float7"}, "no numeric precision"),
    ],
)
def test_invalid_projects_are_refused_without_a_run(
    training: Training, plan: dict[str, Any], says: str
) -> None:
    with pytest.raises(UserError, match=says):
        training(tiny_project(**plan))
    assert RunStore(training.folder).all() == []


def test_a_head_that_does_not_fit_is_refused(training: Training) -> None:
    with pytest.raises(UserError, match="outputs 2 scores, but there are 3 classes"):
        training(tiny_project(tiny_graph(units=2)))


def test_no_training_images_are_refused(training: Training) -> None:
    training.samples.splits["train"] = np.zeros(0, np.int64)
    with pytest.raises(UserError, match="no samples for training"):
        training(tiny_project())


def test_mixed_precision_trains_and_leaves_the_policy_alone(
    training: Training,
) -> None:
    before = keras.config.dtype_policy().name
    run = training(tiny_project(epochs=2, precision="mixed_float16"))
    assert run.outcome == "succeeded"
    assert math.isfinite(run.record.metrics["loss"])
    assert keras.config.dtype_policy().name == before
    model = keras.saving.load_model(run.model_path)
    assert model.get_layer("head").dtype_policy.name == "mixed_float16"
    assert model.get_layer("head").kernel.dtype == "float32"
    item = json.loads(
        (run.checkpoints / "epoch-00002-step-00000000" / "state.json").read_text()
    )
    # The loss scale and its counter are saved with the optimizer's variables.
    assert len(item["head"]["dtypes"]) > len(model.variables) + 6


def test_a_normalization_learns_its_statistics_first(training: Training) -> None:
    run = training(tiny_project(tiny_graph(layer("norm", "Normalization")), epochs=1))
    model = keras.saving.load_model(run.model_path)
    chosen = training.samples.splits["train"]
    scaled = training.samples.images[chosen] / 255
    norm = model.get_layer("norm")
    assert float(norm.mean[0, 0, 0, 0]) == pytest.approx(scaled.mean(), rel=1e-5)
    assert float(norm.variance[0, 0, 0, 0]) == pytest.approx(scaled.var(), rel=1e-4)


def test_several_labels_per_image(training: Training) -> None:
    labels = np.eye(3, dtype=np.uint8)[training.samples.labels]
    labels[::4] |= 1
    training.samples = replace(training.samples, labels=labels, has_several_labels=True)
    names = ("accuracy", "precision", "recall", "f1", "auc")
    project = tiny_project(
        tiny_graph(head="sigmoid"),
        epochs=1,
        loss=Spec("keras.losses.BinaryCrossentropy"),
        metrics=tuple(Spec(f"dlstudio.metrics.{name}") for name in names),
        class_weights="balanced",
    )
    run = training(with_head(project, "dlstudio.heads.multi_label"))
    assert run.outcome == "succeeded"
    assert set(names) < set(run.record.metrics)
