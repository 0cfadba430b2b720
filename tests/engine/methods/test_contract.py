"""What holds for every training method that is described."""

from __future__ import annotations

import inspect
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import killed_autoencoder
import numpy as np
import pytest
import tensorflow as tf
from warm_processes import WarmProcesses

from dlstudio.catalog.methods import METHODS
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.plan_metrics import reported_metrics
from dlstudio.document.project import MODEL
from dlstudio.document.values import Spec, freeze_map
from dlstudio.engine.methods import variational
from dlstudio.engine.model import reparametrization
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.engine.runtime.devices import choose_placement
from dlstudio.engine.training.loss_terms import KullbackLeibler
from dlstudio.engine.training.method import find_training_method
from dlstudio.engine.training.setup import PreparedTraining, assemble
from dlstudio.engine.training.step_ends import OutputLoss
from dlstudio.errors import UserError

CATALOG = Catalog.load()
ROOT = Path(__file__).resolve().parents[3]
KINDS = [each.name for each in METHODS if each.extra.get("graph", True)]
every_method = pytest.mark.parametrize("kind", KINDS)


def made(kind: str, **plan: Any) -> PreparedTraining:
    project = killed_autoencoder.autoencoder(kind, **plan)
    samples = killed_autoencoder.images()
    return assemble(project, samples, CATALOG, choose_placement("cpu"))


@pytest.mark.parametrize("described", METHODS, ids=lambda each: each.name)
def test_descriptions_follow_one_pattern(described: Description) -> None:
    name = described.name
    expected = f"dlstudio.engine.methods.{name}:{name.upper()}"
    assert described.implementations.engine == expected
    method = find_training_method(described.kind, CATALOG)
    assert inspect.getdoc(type(method)) and inspect.getdoc(method.assemble)


@every_method
def test_assembled_twice_everything_has_the_same_name_and_place(kind: str) -> None:
    first, second = made(kind), made(kind)
    assert list(first.method.models) == list(second.method.models)
    assert next(iter(first.method.models)) == MODEL
    assert [each.name for each in first.model.layers] == [
        each.name for each in second.model.layers
    ]
    groups = first.method.stepper.variables
    assert list(groups) == ["optimizer", "metrics"]
    assert len(first.variables) == len(second.variables)
    assert len({id(each) for each in first.variables}) == len(first.variables)
    for one, other in zip(first.variables, second.variables, strict=True):
        assert one.shape == other.shape
        np.testing.assert_array_equal(one.numpy(), other.numpy())


@every_method
def test_everything_that_a_step_changes_is_a_known_variable(kind: str) -> None:
    """Set back to where it was, a step does the same again."""
    training = made(kind)
    feed, stepper = training.components.training, training.method.stepper
    before = [np.array(each.numpy()) for each in training.variables]
    order = np.arange(len(feed), dtype=np.int32)
    rates = np.full(2, 0.01, np.float32)
    block = next(iter(feed.blocks(order, 8, 0, lambda _step: 2)))
    losses = []
    for _time in range(2):
        for variable, value in zip(training.variables, before, strict=True):
            variable.assign(value)
        losses.append(stepper.train(block.pool, block.index, rates)[0])
    assert losses[0].tobytes() == losses[1].tobytes()
    assert losses[0][0] != losses[0][1]


@every_method
def test_metrics_are_those_that_the_plan_names(kind: str) -> None:
    training = made(kind)
    project = killed_autoencoder.autoencoder(kind)
    names = {each.name for each in reported_metrics(project, CATALOG)} - {"loss"}
    assert set(training.method.stepper.results()) == names


@every_method
def test_a_test_trains_and_draws_nothing(kind: str) -> None:
    training = made(kind)
    feed, stepper = training.components.validation, training.method.stepper
    weights = [np.array(each.numpy()) for each in training.weights]
    order = np.arange(len(feed), dtype=np.int32)
    block = next(iter(feed.blocks(order, 10, 0, lambda _step: 1)))
    first = stepper.test(block.pool, block.index)
    assert first.tobytes() == stepper.test(block.pool, block.index).tobytes()
    for variable, value in zip(training.weights, weights, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)


def final(run: Run) -> tuple[list[bytes], Any]:
    newest, damaged = Checkpoints(run.checkpoints).newest()
    assert newest is not None and not damaged
    state = {k: v for k, v in newest.state.items() if k != "seconds"}
    return [each.tobytes() for each in newest.arrays], state


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@every_method
def test_killed_and_resumed_it_ends_with_the_same_bits(
    warm: WarmProcesses, kind: str, tmp_path: Path
) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    support = ROOT / "tests" / "support"
    command = [str(support / "killed_autoencoder.py"), str(killed), kind]
    paths = os.pathsep.join([str(support), str(ROOT)])
    # After the first step of epoch 2.
    child = warm.run([*command, "5"], {**os.environ, "PYTHONPATH": paths})
    assert child.returncode == -signal.SIGKILL, child.stderr
    (run,) = RunStore(killed).all()
    resumed = killed_autoencoder.train(killed, kind, run.id)
    uninterrupted = killed_autoencoder.train(whole, kind)
    assert uninterrupted.record.outcome == resumed.record.outcome == "succeeded"
    assert final(resumed) == final(uninterrupted)


class UnseededSampling(reparametrization.Sampling):
    """Draws from TensorFlow's own generator, which no checkpoint knows."""

    def call(self, mean: Any, log_variance: Any, training: bool | None = None) -> Any:
        if not training:
            return mean
        return mean + tf.exp(log_variance / 2) * tf.random.normal(tf.shape(mean))


def test_unseeded_draws_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reparametrization, "Sampling", UnseededSampling)
    monkeypatch.setattr(variational, "Sampling", UnseededSampling)
    with pytest.raises(AssertionError):
        test_everything_that_a_step_changes_is_a_known_variable("variational")


def check_divergence(term: KullbackLeibler) -> None:
    """The closed form is what many draws give, and 0 for the standard distribution."""
    random = np.random.default_rng(0)
    mean, log_variance = random.normal(size=(2, 6, 3))
    found = float(
        term.of([tf.constant(0.0), tf.constant(mean), tf.constant(log_variance)])
    )
    noise = random.normal(size=(200_000, 6, 3))
    drawn = mean + np.exp(log_variance / 2) * noise
    ratio = (drawn**2 - noise**2 - log_variance) / 2
    assert found == pytest.approx(ratio.sum(axis=2).mean(), rel=0.02)
    none = [tf.constant(0.0), tf.zeros((6, 3)), tf.zeros((6, 3))]
    assert float(term.of(none)) == 0


@dataclass(frozen=True, slots=True)
class WrongSign(KullbackLeibler):
    def of(self, answers: Any) -> Any:
        return -KullbackLeibler.of(self, answers)


def test_the_divergence_is_that_of_the_drawn_vectors() -> None:
    given = ((1, 2),), 1.0, 1.0, OutputLoss("kl_loss")
    check_divergence(KullbackLeibler(*given))
    with pytest.raises(AssertionError):
        check_divergence(WrongSign(*given))


def test_the_total_loss_is_the_sum_of_its_terms() -> None:
    for beta in (0.0, 1.0, 4.0):
        method = Spec("dlstudio.methods.variational", freeze_map({"beta": beta}))
        training = made("variational", method=method)
        feed, stepper = training.components.validation, training.method.stepper
        order = np.arange(len(feed), dtype=np.int32)
        block = next(iter(feed.blocks(order, 10, 0, lambda _step: 1)))
        (loss,) = stepper.test(block.pool, block.index)
        found = stepper.results()
        terms = found["reconstruction_loss"] + beta * found["kl_loss"]
        assert float(loss) == pytest.approx(terms, rel=1e-5)
        assert found["kl_loss"] > 0


def test_a_larger_beta_brings_latent_vectors_nearer_to_the_normal_distribution(
    tmp_path: Path,
) -> None:
    found = []
    for beta in (0.0, 50.0):
        method = Spec("dlstudio.methods.variational", freeze_map({"beta": beta}))
        folder = tmp_path / str(beta)
        run = killed_autoencoder.train(
            folder, "variational", method=method, epochs=6, checkpoint_minutes=0.0
        )
        found.append(run.record.metrics["val_kl_loss"])
    assert found[1] < found[0] / 4


def test_a_model_without_sampling_is_refused_with_a_hint() -> None:
    with pytest.raises(UserError, match="Sampling"):
        made("supervised", method=Spec("dlstudio.methods.variational"))


def test_a_saved_model_draws_in_training_only_and_reads_back(tmp_path: Path) -> None:
    model = made("variational").model
    images = np.asarray(killed_autoencoder.images().images[:4], np.float32)
    path = tmp_path / "model.keras"
    model.save(path)
    again = keras.saving.load_model(path, safe_mode=True)
    np.testing.assert_array_equal(model.predict(images), again.predict(images))
    one, other = model(images, training=True), model(images, training=True)
    assert not np.array_equal(one, other)
