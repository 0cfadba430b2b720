"""Interventions: pausing, freezing, dropout, class weights, epochs; and replay."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from tiny import (
    TinySamples,
    layer,
    mapped,
    random_graph,
    tiny_graph,
    tiny_project,
    tiny_samples,
)

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import (
    CheckpointSaved,
    EpochEnded,
    Event,
    Intervened,
    RunStarted,
    StepsDone,
)
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.control import TrainingControl
from dlstudio.engine.training.reproduction import reproduce
from dlstudio.engine.training.stepper import Stepper
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies

CATALOG = Catalog.load()
Intervene = Callable[[TrainingControl], None]


class Steered:
    """Trains a project, and acts before given calls of the step."""

    def __init__(self, folder: Path, samples: TinySamples | None = None) -> None:
        self.folder = folder
        self.samples = samples or tiny_samples()
        self.control = TrainingControl()
        self.source = StopSource()
        self.events: list[Event] = []
        self.then: Callable[[Event], None] = lambda event: None

    def __call__(
        self,
        project: Project,
        interventions: dict[int, Intervene],
        resume: str = "",
        epochs: int | None = None,
        resident: bool | None = None,
    ) -> Run:
        calls, method = iter(range(10_000)), Stepper.train

        def steered(stepper: Stepper, *given: Any) -> Any:
            interventions.get(next(calls), lambda _control: None)(self.control)
            return method(stepper, *given)

        def emit(event: Event) -> None:
            self.events.append(event)
            self.then(event)

        dependencies = TrainerDependencies(
            lambda _project: self.samples, control=self.control, resident=resident
        )
        trainer = Trainer(
            project, self.folder, CATALOG, emit, self.source.token, dependencies
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Stepper, "train", steered)
            return trainer.train(resume, epochs)

    def reported(self) -> list[tuple[int, int, str, Any]]:
        found = (e for e in self.events if isinstance(e, Intervened))
        return [(e.epoch, e.step, e.what, e.value) for e in found]

    def repeat(self, run: Run) -> Any:
        dependencies = TrainerDependencies(lambda _project: self.samples)
        token = StopSource().token
        return reproduce(
            self.folder, run.id, CATALOG, lambda event: None, token, dependencies
        )


def weights(run: Run, name: str) -> list[Any]:
    assert run.model_path is not None
    found = keras.saving.load_model(run.model_path).get_layer(name).get_weights()
    return list(found)


@pytest.mark.parametrize("resident", [True, False])
def test_all_of_it_is_kept_and_repeated_bit_for_bit(
    tmp_path: Path, resident: bool
) -> None:
    steered = Steered(tmp_path)
    project = tiny_project(random_graph(), epochs=3, steps_per_execution=2)
    run = steered(
        project,
        {
            0: lambda c: c.freeze(["conv"]),
            1: lambda c: c.set_dropout({"drop": 0.6}),
            4: lambda c: (c.set_class_weights({"a": 3.0}), c.thaw(["conv"])),
            5: lambda c: c.set_learning_rate(0.02),
            8: lambda c: c.set_class_weights({}),
        },
        resident=resident,
    )
    assert run.outcome == "succeeded"
    assert steered.reported() == [
        (1, 2, "freeze", ("conv",)),
        (1, 4, "dropout", FrozenMap({"drop": 0.6})),
        (2, 2, "class_weights", FrozenMap({"a": 3.0})),
        (2, 2, "thaw", ("conv",)),
        (2, 4, "learning_rate", 0.02),
        (3, 2, "class_weights", FrozenMap()),
    ]
    assert [e for e in run.events() if isinstance(e, Intervened)] == [
        e for e in steered.events if isinstance(e, Intervened)
    ]
    assert steered.repeat(run).identical


def test_each_of_them_changes_what_is_learned(tmp_path: Path) -> None:
    project = tiny_project(random_graph(), epochs=1, steps_per_execution=2)
    plain = Steered(tmp_path / "plain")(project, {})
    interventions: list[Intervene] = [
        lambda c: c.freeze(["conv"]),
        lambda c: c.set_dropout({"drop": 0.9}),
        lambda c: c.set_class_weights({"a": 9.0}),
    ]
    for number, intervene in enumerate(interventions):
        run = Steered(tmp_path / str(number))(project, {0: intervene})
        assert not np.array_equal(weights(run, "head")[0], weights(plain, "head")[0])


def test_frozen_layers_stay_and_thawed_ones_move(tmp_path: Path) -> None:
    graph = tiny_graph(layer("conv", "Conv2D", filters=2, kernel_size=3))
    frozen = graph.with_nodes([replace(graph.nodes["conv"], frozen=True)])
    project = tiny_project(frozen, epochs=2, steps_per_execution=1)
    still = Steered(tmp_path / "still")(project, {})
    steered = Steered(tmp_path / "thawed")
    thawed = steered(project, {7: lambda c: c.thaw(["conv"])})
    assert thawed.outcome == "succeeded", thawed.record.message
    assert not np.array_equal(weights(still, "conv")[0], weights(thawed, "conv")[0])
    assert steered.repeat(thawed).identical


def test_a_pause_keeps_a_checkpoint_and_changes_nothing(tmp_path: Path) -> None:
    project = tiny_project(random_graph(), epochs=2, steps_per_execution=2)
    plain = Steered(tmp_path / "plain")(project, {})
    steered = Steered(tmp_path / "paused")

    def then(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step == 4:
            threading.Timer(0.2, steered.control.resume).start()

    steered.then = then
    run = steered(project, {1: lambda c: c.pause()})
    assert [t[:3] for t in steered.reported()] == [(1, 4, "pause"), (1, 4, "resume")]
    pause, resume = (e for e in steered.events if isinstance(e, Intervened))
    assert resume.time - pause.time > 0.1
    ended = [e for e in steered.events if isinstance(e, EpochEnded)]
    assert weights(run, "head")[0].tolist() == weights(plain, "head")[0].tolist()
    assert ended[0].epoch == 1
    assert steered.repeat(run).identical


def test_interventions_and_stops_work_while_paused(tmp_path: Path) -> None:
    steered = Steered(tmp_path)

    def then(event: Event) -> None:
        if isinstance(event, Intervened) and event.what == "pause":
            steered.control.set_learning_rate(0.5)
        if isinstance(event, Intervened) and event.what == "learning_rate":
            steered.source.stop()

    steered.then = then
    run = steered(
        tiny_project(epochs=2, steps_per_execution=1), {1: lambda c: c.pause()}
    )
    assert run.outcome == "cancelled"
    assert [t[:3] for t in steered.reported()] == [
        (1, 2, "pause"),
        (1, 2, "learning_rate"),
    ]
    again = Steered(tmp_path)
    assert again(run.project(), {}, run.id).outcome == "succeeded"
    first = next(e for e in again.events if isinstance(e, StepsDone))
    assert first.learning_rate == pytest.approx(0.5)


def test_a_resumed_run_is_steered_as_before(tmp_path: Path) -> None:
    """Stopped after an intervention: the checkpoint has the change."""
    samples = tiny_samples()
    project = tiny_project(random_graph(), epochs=3, steps_per_execution=2)
    interventions: dict[int, Intervene] = {
        0: lambda c: (c.freeze(["conv"]), c.set_dropout({"drop": 0.6})),
        1: lambda c: c.set_class_weights({"b": 4.0}),
    }
    whole = Steered(tmp_path / "whole", samples)(project, interventions)
    parted = Steered(tmp_path / "parted", samples)
    run = parted(project, {**interventions, 4: lambda c: parted.source.stop()})
    assert run.outcome == "cancelled"
    run = Steered(tmp_path / "parted", samples)(project, {}, run.id)
    for one, other in zip(weights(run, "head"), weights(whole, "head"), strict=True):
        assert np.array_equal(one, other)
    assert Steered(tmp_path / "parted", samples).repeat(run).identical


def test_impossible_interventions_are_reported_and_training_continues(
    tmp_path: Path,
) -> None:
    steered = Steered(tmp_path)
    graph = tiny_graph(layer("drop", "Dropout", rate=0.0))
    run = steered(
        tiny_project(graph, epochs=2, steps_per_execution=1),
        {
            0: lambda c: c.freeze(["nothing"]),
            1: lambda c: c.freeze(["head"]),
            2: lambda c: c.set_dropout({"head": 0.5}),
            3: lambda c: c.set_dropout({"drop": 0.5}),
            4: lambda c: c.set_class_weights({"zebra": 2.0}),
            5: lambda c: c.set_learning_rate(-1.0),
            6: lambda c: c.set_class_weights({"a": 0.0, "b": 0.0, "c": 0.0}),
        },
    )
    assert run.outcome == "succeeded"
    reported = steered.reported()
    assert [each[2] for each in reported] == ["refused"] * 7
    parts = (
        "nothing",
        "No layers would remain",
        "head",
        "without",
        "zebra",
        "-1",
        "greater than 0",
    )
    for (_epoch, _step, _what, sentence), part in zip(reported, parts, strict=True):
        assert part in sentence


def test_more_epochs_while_it_runs(tmp_path: Path) -> None:
    steered = Steered(tmp_path)
    plan = {"schedule": Spec("dlstudio.schedules.Cosine")}
    project = tiny_project(epochs=2, steps_per_execution=2, **plan)
    run = steered(project, {4: lambda c: c.set_epochs(4)})
    assert run.record.epochs == 4
    assert steered.reported() == [(2, 2, "epochs", 4)]
    assert steered.repeat(run).identical


def test_fewer_epochs_end_it_after_this_one(tmp_path: Path) -> None:
    steered = Steered(tmp_path)
    project = tiny_project(epochs=9, steps_per_execution=2)
    run = steered(project, {4: lambda c: c.set_epochs(1)})
    assert (run.outcome, run.record.epochs) == ("succeeded", 2)


def test_a_run_that_stopped_early_can_be_extended(tmp_path: Path) -> None:
    """The extension is replayed, although the plan has fewer epochs."""
    early = EarlyStopping("val_loss", patience=1, min_delta=9.0)
    project = tiny_project(epochs=6, early_stopping=early, steps_per_execution=2)
    samples = tiny_samples()
    first = Steered(tmp_path, samples)(project, {})
    assert (first.record.reason, first.record.epochs) == ("early_stopping", 2)
    again = Steered(tmp_path, samples)
    run = again(project, {}, first.id, 6)
    assert run.record.epochs == 3, "patience counts anew, and is at its end again"
    (started,) = (e for e in again.events if isinstance(e, RunStarted))
    assert started.resumed_from
    assert again.reported() == [(3, 0, "epochs", 6)]
    assert again.repeat(run).identical


def test_a_finished_run_trained_longer_is_repeated(tmp_path: Path) -> None:
    samples = tiny_samples()
    plan = {"schedule": Spec("dlstudio.schedules.Cosine")}
    project = tiny_project(random_graph(), epochs=1, steps_per_execution=2, **plan)
    first = Steered(tmp_path, samples)(project, {})
    again = Steered(tmp_path, samples)
    run = again(project, {}, first.id, 3)
    assert run.record.epochs == 3 and run.project().plan.epochs == 3
    assert again.repeat(run).identical


def test_interventions_during_validation_count_for_the_next_epoch(
    tmp_path: Path,
) -> None:
    steered = Steered(tmp_path)
    usual, calls = Stepper.test, iter(range(100))

    def tested(stepper: Stepper, *given: Any) -> Any:
        found = usual(stepper, *given)
        if next(calls) == 0:
            steered.control.pause()
            steered.control.set_dropout({"drop": 0.7})
            threading.Timer(0.2, steered.control.resume).start()
        return found

    project = tiny_project(
        random_graph(), epochs=2, steps_per_execution=1, batch_size=4
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stepper, "test", tested)
        run = steered(project, {})
    assert [each[:3] for each in steered.reported()] == [
        (2, 0, "dropout"),
        (2, 0, "pause"),
        (2, 0, "resume"),
    ]
    assert steered.repeat(run).identical


def test_gradients_are_reported_only_on_request(tmp_path: Path) -> None:
    project = tiny_project(random_graph(), epochs=1, steps_per_execution=1)
    plain = Steered(tmp_path / "plain")
    unseen = plain(project, {})
    assert not any(e.gradients for e in plain.events if isinstance(e, StepsDone))
    steered = Steered(tmp_path / "seen")
    steered.control.watch_gradients(True)
    run = steered(project, {})
    last = [e for e in steered.events if isinstance(e, StepsDone)][-1]
    assert set(last.gradients) == {"conv", "norm", "head"}
    assert all(value > 0 for value in last.gradients.values())
    assert run.events()[-1].reason == "epochs"
    for one, other in zip(weights(run, "head"), weights(unseen, "head"), strict=True):
        assert np.array_equal(one, other)


def test_streamed_images_are_weighted_like_those_in_memory(tmp_path: Path) -> None:
    samples = tiny_samples()
    project = tiny_project(epochs=2, steps_per_execution=2)
    intervene: dict[int, Intervene] = {1: lambda c: c.set_class_weights({"c": 5.0})}
    kept = Steered(tmp_path / "kept", samples)(project, intervene, resident=True)
    streamed = Steered(tmp_path / "streamed", mapped(samples, tmp_path / "images.npy"))
    read = streamed(project, intervene, resident=False)
    assert np.array_equal(weights(kept, "head")[0], weights(read, "head")[0])
