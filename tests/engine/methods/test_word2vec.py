"""Word vectors are trained like any model: with checkpoints, resumed to the bit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from tiny_words import ANIMALS, EPOCHS, VEHICLES, WORD2VEC, words_project, write_texts

from dlstudio.catalog.store import Catalog
from dlstudio.document.events import CheckpointSaved, EpochEnded, Event, StepsDone
from dlstudio.document.feature import Feature
from dlstudio.document.plan import EarlyStopping
from dlstudio.document.plan_metrics import monitors, reported_metrics
from dlstudio.document.project import Project
from dlstudio.document.values import Spec
from dlstudio.engine.methods.word_trainer import WordSettings, WordTrainer
from dlstudio.engine.problems import word_checks
from dlstudio.engine.project.check import check_project, prepare_training
from dlstudio.engine.runs.checkpoints import Checkpoints
from dlstudio.engine.runs.store import Run
from dlstudio.engine.runtime.devices import choose_placement
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.setup import PreparedTraining, assemble
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies
from dlstudio.engine.words.corpus import Corpus, WordCounts
from dlstudio.engine.words.run_vectors import read_run_vectors
from dlstudio.errors import UserError

CATALOG = Catalog.load()
See = Callable[[Event], None]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_texts(tmp_path_factory.mktemp("texts") / "texts.csv")


def train(
    folder: Path, project: Project, resume: str = "", see: See | None = None
) -> Run:
    folder.mkdir(parents=True, exist_ok=True)
    source = StopSource()

    def prepare(wanted: Project) -> Any:
        place = (wanted, folder, CATALOG, None, source.token)
        return prepare_training(*place, resumed=bool(resume))

    def emit(event: Event) -> None:
        if see is not None:
            see(event)

    dependencies = TrainerDependencies(prepare)
    trainer = Trainer(project, folder, CATALOG, emit, source.token, dependencies)
    return trainer.train(resume)


def made(table: Path, folder: Path, **method: Any) -> PreparedTraining:
    project = words_project(table, **method)
    samples = prepare_training(
        project, folder, CATALOG, None, StopSource().token, resumed=False
    )
    return assemble(project, samples, CATALOG, choose_placement("cpu"))


def final(run: Run) -> tuple[list[bytes], dict[str, Any]]:
    newest, damaged = Checkpoints(run.checkpoints).newest()
    assert newest is not None and not damaged
    state = {name: value for name, value in newest.state.items() if name != "seconds"}
    return [each.tobytes() for each in newest.arrays], state


@pytest.fixture(scope="module")
def trained(
    table: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Run, Run, list[Event]]:
    """A run of a whole training, and a copy of it as a kill in epoch 3 leaves it."""
    folder = tmp_path_factory.mktemp("words")
    whole, killed = folder / "whole", folder / "killed"
    events: list[Event] = []

    def see(event: Event) -> None:
        events.append(event)
        if isinstance(event, CheckpointSaved) and event.epoch == 2:
            shutil.copytree(whole, killed)

    project = words_project(table)
    run = train(whole, project, see=see)
    (left,) = (killed / "runs").glob("2*")
    return run, train(killed, project, left.name), events


def test_killed_and_resumed_it_ends_with_the_same_bits(
    trained: tuple[Run, Run, list[Event]],
) -> None:
    whole, resumed, _events = trained
    assert whole.record.outcome == resumed.record.outcome == "succeeded"
    assert final(whole) == final(resumed)
    assert whole.record.metrics == resumed.record.metrics
    one, other = read_run_vectors(whole), read_run_vectors(resumed)
    assert one.vectors.words == other.vectors.words
    assert one.vectors.vectors.tobytes() == other.vectors.vectors.tobytes()


def test_it_reports_the_events_of_any_training(
    trained: tuple[Run, Run, list[Event]],
) -> None:
    _run, _resumed, events = trained
    losses = [loss for e in events if isinstance(e, StepsDone) for loss in e.losses]
    assert len(losses) == EPOCHS * 9
    ended = [each for each in events if isinstance(each, EpochEnded)]
    assert [set(each.metrics) for each in ended] == [{"loss", "val_loss"}] * EPOCHS
    assert ended[-1].metrics["loss"] < 0.96 * ended[0].metrics["loss"]


def test_words_of_a_topic_are_alike(trained: tuple[Run, Run, list[Event]]) -> None:
    vectors = read_run_vectors(trained[0]).vectors
    for topic in (ANIMALS, VEHICLES):
        for word in topic:
            near = {each.word for each in vectors.neighbours(word, 2)}
            assert near <= {*topic, "the", "and"}
            assert near & set(topic)


def test_the_model_looks_words_up_without_dlstudio(
    trained: tuple[Run, Run, list[Event]],
) -> None:
    run = trained[0]
    assert run.model_path is not None
    model = keras.saving.load_model(run.model_path, safe_mode=True)
    found = model(tf.constant([["dog", "unheard"]])).numpy()
    learned = read_run_vectors(run).vectors
    np.testing.assert_array_equal(found[0, 0], learned.vectors[learned.find("dog")])
    assert not found[0, 1].any()
    assert run.record.parameters == (len(learned) + 1) * 8


def test_a_step_set_back_is_repeated_and_a_test_changes_nothing(
    table: Path, tmp_path: Path
) -> None:
    for algorithm in ("skip_gram", "cbow"):
        training = made(table, tmp_path, algorithm=algorithm)
        feed, stepper = training.components.training, training.method.stepper
        (state,) = training.method.states.values()
        kept = state.to_json()
        before = [np.array(each.numpy()) for each in training.variables]
        order = np.arange(len(feed), dtype=np.int32)
        rates = np.full(2, 0.1, np.float32)
        block = next(iter(feed.blocks(order, 8, 0, lambda _step: 2)))
        tested = [stepper.test(block.pool, block.index) for _time in range(2)]
        losses = []
        for _time in range(2):
            for variable, value in zip(training.variables, before, strict=True):
                variable.assign(value)
            state.restore(kept)
            losses.append(stepper.train(block.pool, block.index, rates)[0])
        assert tested[0].tobytes() == tested[1].tobytes()
        assert losses[0].tobytes() == losses[1].tobytes()
        assert losses[0][0] != losses[0][1]
        after = stepper.test(block.pool, block.index)
        assert after.sum() < tested[0].sum()


def test_how_many_steps_a_call_has_makes_no_difference(
    table: Path, tmp_path: Path
) -> None:
    found = []
    for steps in (1, 4):
        training = made(table, tmp_path)
        feed, stepper = training.components.training, training.method.stepper
        order = np.arange(32, dtype=np.int32)
        for block in feed.blocks(order, 8, 0, lambda _step, most=steps: most):
            rates = np.full(len(block.index), 0.1, np.float32)
            stepper.train(block.pool, block.index, rates)
        stepper.finalize()
        found.append([each.numpy().tobytes() for each in training.variables])
    assert found[0] == found[1]


def test_a_text_longer_than_gensim_takes_at_once_is_learned_whole() -> None:
    known = WordCounts(("a", "b", "c"), (9, 9, 9))
    numbers = np.zeros(25_000, np.int32)
    numbers[20_000:] = np.arange(5000) % 2 + 1
    corpus = Corpus(numbers, np.array([0, 25_000], np.int64))
    settings = WordSettings(vector_size=4, sample=0.0)
    trainer = WordTrainer(corpus, known, settings, seed=1)
    before = trainer.context.copy()
    trainer.train(np.array([0]), 0.05, 0)
    assert (trainer.context != before).any(axis=1).all()


def test_only_the_loss_is_reported_and_can_be_monitored(table: Path) -> None:
    project = words_project(table)
    assert [each.name for each in reported_metrics(project, CATALOG)] == ["loss"]
    assert monitors(project, CATALOG) == ("val_loss", "loss")
    plan = replace(project.plan, early_stopping=EarlyStopping("val_accuracy"))
    found = check_project(replace(project, plan=plan), table.parent, CATALOG)
    assert [each.code for each in found.problems] == ["unknown-monitor"]


def test_checks_ask_for_texts_and_for_no_layers(table: Path) -> None:
    project = words_project(table)
    assert not check_project(project, table.parent, CATALOG).problems
    category = Feature("dlstudio.features.category")
    features = project.data.features.set("text", category)
    other = replace(project, data=replace(project.data, features=features))
    (problem,) = check_project(other, table.parent, CATALOG).problems
    assert problem.code == "no-texts" and problem.fixes
    fixed = problem.fixes[-1].edits[0].apply(other)
    assert fixed.plan.method != Spec(WORD2VEC)


def test_without_gensim_a_check_names_the_extra(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_checks, "find_spec", lambda _name: None)
    found = check_project(words_project(table), table.parent, CATALOG)
    (problem,) = found.problems
    assert problem.code == "no-gensim" and "dlstudio[text]" in problem.message


def test_rare_words_alone_are_refused(table: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Hardly any word occurs 10000 times"):
        made(table, tmp_path, min_count=10_000)
