"""Reproducing gives the same weights, including interventions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from tiny import TinySamples, random_graph, tiny_project, tiny_samples

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import EpochEnded, Event, Intervened
from dlstudio.document.project import Project
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.control import TrainingControl
from dlstudio.engine.training.reproduction import (
    Reproduction,
    largest_difference,
    reproduce,
)
from dlstudio.engine.training.stepper import Stepper
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies
from dlstudio.errors import UserError

CATALOG = Catalog.load()


def train(project: Project, folder: Path, samples: TinySamples) -> Run:
    """Train, and change the rate twice: within an epoch and between two."""
    control, method, calls = TrainingControl(), Stepper.train, iter(range(1000))

    def steer(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            control.set_learning_rate(0.001)

    def steered(self: Stepper, *given: Any) -> Any:
        if next(calls) == 1:
            control.set_learning_rate(0.05)
        return method(self, *given)

    dependencies = TrainerDependencies(lambda _project: samples, control=control)
    trainer = Trainer(project, folder, CATALOG, steer, StopSource().token, dependencies)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stepper, "train", steered)
        return trainer.train()


def again(folder: Path, samples: TinySamples, id: str = "") -> Reproduction:
    dependencies = TrainerDependencies(lambda _project: samples)
    token = StopSource().token
    return reproduce(folder, id, CATALOG, lambda event: None, token, dependencies)


def test_a_steered_training_is_reproduced_bit_for_bit(tmp_path: Path) -> None:
    samples = tiny_samples()
    project = tiny_project(random_graph(), epochs=2, steps_per_execution=2)
    run = train(project, tmp_path, samples)
    steered = [e for e in run.events() if isinstance(e, Intervened)]
    assert [(e.epoch, e.step) for e in steered] == [(1, 4), (2, 0)]
    found = again(tmp_path, samples, run.id)
    assert found.identical and found.weights_difference == 0.0
    assert (found.run, found.outcome) == (run.id, "succeeded")
    repeated = RunStore(tmp_path).find(found.again)
    assert repeated.record.reproduces == run.id
    redone = [e for e in repeated.events() if isinstance(e, Intervened)]
    assert [replace(e, time=0.0) for e in redone] == [
        replace(e, time=0.0) for e in steered
    ]


def test_differences_are_reported(tmp_path: Path) -> None:
    samples = tiny_samples()
    run = train(tiny_project(epochs=1, steps_per_execution=2), tmp_path, samples)
    model = keras.saving.load_model(run.model_path)
    weights = model.get_weights()
    weights[0][0, 0] += 0.5
    model.set_weights(weights)
    model.save(run.model_path)
    run.update(
        metrics={**run.record.metrics, "accuracy": 2.0},
        versions={**run.record.versions, "keras": "3.0.0"},
    )
    found = again(tmp_path, samples)
    assert not found.identical
    assert found.weights_difference == pytest.approx(0.5)
    assert found.metrics_difference["accuracy"] > 1
    assert found.metrics_difference["loss"] == 0.0
    assert found.versions["keras"] == ("3.0.0", keras.__version__)
    assert found.to_json()["identical"] is False


def test_other_data_is_refused(tmp_path: Path) -> None:
    samples = tiny_samples()
    train(tiny_project(epochs=1), tmp_path, samples)
    with pytest.raises(UserError, match="differs from the data that run"):
        again(tmp_path, replace(samples, fingerprint="other"))
    assert len(RunStore(tmp_path).all()) == 1


def test_a_run_without_an_end_is_refused(tmp_path: Path) -> None:
    run = RunStore(tmp_path).create({})
    with pytest.raises(UserError, match="did not succeed"):
        again(tmp_path, tiny_samples(), run.id)


def test_the_largest_difference() -> None:
    first = [np.array([1.0, 2.0]), np.array([[3.0]]), np.zeros(0)]
    second = [np.array([1.0, 2.5]), np.array([[2.0]]), np.zeros(0)]
    assert largest_difference(first, second) == 1.0
    assert largest_difference(first, first) == 0.0
    assert np.isnan(largest_difference(first, first[:1]))
    assert np.isnan(largest_difference([np.array([np.nan])], [np.array([1.0])]))
