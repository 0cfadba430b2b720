"""Prediction and evaluation jobs, without a window."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6")

from digits_world import World, digits_project
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.data.parallel import Stopped
from dlstudio.document.events import CheckpointSaved
from dlstudio.engine.evaluation.evaluate_image_classes import evaluate
from dlstudio.engine.prediction.image_classifier import load_trained
from dlstudio.engine.prediction.image_files import predict
from dlstudio.engine.project.data import prepare_project
from dlstudio.engine.project.run_data import prepare_run
from dlstudio.engine.runs.store import RunStore
from dlstudio.engine.runtime.stop_token import StopSource
from dlstudio.engine.training.trainer import Trainer, TrainerDependencies
from dlstudio.errors import UserError
from dlstudio.workers.engine import Engine
from dlstudio.workers.evaluation import evaluate_run
from dlstudio.workers.image_prediction import ImagePrediction, predict_files
from dlstudio.workers.image_samples import sample_images
from dlstudio.workers.jobs import Cancelled
from dlstudio.workers.model_cache import ModelCache, RunReference
from dlstudio.workers.run_list import list_runs


class FakeContext:
    """A stand-in for `ReportingContext`."""

    def __init__(self, stop: bool = False) -> None:
        self.reported: list[Any] = []
        self.cancel_event = threading.Event()
        if stop:
            self.cancel_event.set()
        self.report = self.reported.append

    def should_stop(self) -> bool:
        return self.cancel_event.is_set()


def question(world: World) -> RunReference:
    return RunReference(world.catalog, world.folder, world.run)


def test_predictions_are_those_of_the_engine(world: World, digit_files) -> None:
    files = digit_files(20)
    context = FakeContext()
    assert predict_files(context, ModelCache(), question(world), files, images=2) == 20
    run = RunStore(world.folder).find(world.run)
    expected = predict(load_trained(run, world.catalog), files)
    for reported, each in zip(context.reported, expected, strict=True):
        assert (reported.answer.input, reported.answer.label) == (
            each.input,
            each.label,
        )
        assert reported.answer.scores == pytest.approx(each.scores, abs=1e-5)
        scores = [score for _name, score in reported.answer.ranked]
        assert scores == sorted(scores, reverse=True)
    assert [each.image is not None for each in context.reported] == [True] * 2 + [
        False
    ] * 18
    with pytest.raises(Cancelled):
        predict_files(FakeContext(stop=True), ModelCache(), question(world), files, 0)


def test_warming_up_is_not_counted(
    world: World, digit_files, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = ModelCache()
    trained = models.trained(RunStore(world.folder).find(world.run), world.catalog)
    times: list[int] = []
    ticks = iter(range(100))

    def clock() -> float:
        times.append(trained._compiled.experimental_get_tracing_count())
        return next(ticks)

    monkeypatch.setattr(time, "perf_counter", clock)
    context = FakeContext()
    predict_files(context, models, question(world), digit_files(2), 1)
    assert times[-2:] == [1, 1], "the model was traced before the clock was started"
    assert [each.milliseconds for each in context.reported] == [500, 500]
    run = RunStore(world.folder).find(world.run)
    assert models.trained(run, world.catalog) is trained, "kept for the next question"


def test_cells_have_every_sample_the_informative_ones_first(world: World) -> None:
    found = evaluate_run(FakeContext(), ModelCache(), question(world), "validation")
    run = RunStore(world.folder).find(world.run)
    prepared = prepare_run(run, world.folder, world.catalog)
    report = evaluate(load_trained(run, world.catalog), prepared, "validation")
    assert found.report.metrics == pytest.approx(report.metrics, abs=1e-5)
    counts = np.array(report.confusion_matrix)
    for (truth, answer), samples in found.cells.items():
        assert len(samples) == min(counts[truth, answer], 60)
        scores = [each.score for each in samples]
        assert scores == sorted(scores, reverse=truth != answer)
    assert len(found.cells) == np.count_nonzero(counts)
    assert [each.id for each in found.worst[:25]] == [
        each["input"] for each in report.mistakes
    ]
    names = [each.id for each in found.worst[:3]]
    images = sample_images(FakeContext(), ModelCache(), question(world), names)
    assert set(images) == set(names)
    assert all(each.shape == (8, 8, 1) for each in images.values())


def test_run_without_weights_is_refused(world: World, digit_files) -> None:
    run = world.folder / "runs" / world.run
    (run / "model.keras").unlink()
    shutil.rmtree(run / "checkpoints")
    with pytest.raises(UserError, match="no trained model yet"):
        predict_files(FakeContext(), ModelCache(), question(world), digit_files(1), 1)


def test_a_run_predicts_while_it_trains(world: World, digit_files) -> None:
    """From its newest checkpoint; the cached model only loads new weights."""
    files, models = digit_files(3), ModelCache()
    answers: list[list[ImagePrediction]] = []
    source = StopSource()

    def emit(event: object) -> None:
        if isinstance(event, CheckpointSaved) and len(answers) < 2:
            (row, _older) = list_runs(FakeContext(), world.folder, {})
            assert (row.outcome, row.has_model) == ("running", False)
            assert row.checkpoint_epoch == len(answers) + 1
            context = FakeContext()
            predict_files(
                context, models, replace(question(world), run=row.id), files, 3
            )
            answers.append(context.reported)

    project = digits_project()
    project = replace(project, plan=replace(project.plan, epochs=3))
    dependencies = TrainerDependencies(
        lambda given: prepare_project(
            given, world.folder, world.catalog, None, source.token
        )
    )
    Trainer(
        project, world.folder, world.catalog, emit, source.token, dependencies
    ).train()
    first, second = answers
    assert all(
        each.from_checkpoint and not each.answer.error for each in first + second
    )
    assert first[0].answer.scores != second[0].answer.scores
    (row, _older) = list_runs(FakeContext(), world.folder, {})
    context = FakeContext()
    predict_files(context, models, replace(question(world), run=row.id), files, 3)
    assert [each.from_checkpoint for each in context.reported] == [False] * 3
    assert [each.answer.label for each in context.reported[:2]] == ["0", "1"]


def test_runs_are_read_again_only_when_they_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: dict[Any, Any] = {}
    (row,) = list_runs(FakeContext(), world.folder, known)
    assert (row.id, row.outcome, row.metric) == (world.run, "succeeded", "val_accuracy")
    assert 0.5 < row.value <= 1 and row.number == 1
    record = world.folder / "runs" / world.run / "run.json"
    whole = record.read_text("utf-8")
    record.write_text("{", "utf-8")
    os.utime(record, ns=(known[record.parent].stamp[0],) * 2)
    assert list_runs(FakeContext(), world.folder, known) == (row,), "not read again"
    os.utime(record)
    assert list_runs(FakeContext(), world.folder, known) == (), (
        "a damaged one is excluded"
    )
    record.write_text(whole.replace("succeeded", "failed"), "utf-8")
    assert list_runs(FakeContext(), world.folder, known)[0].outcome == "failed"
    assert list_runs(FakeContext(), world.folder / "nowhere", known) == ()


def test_listing_runs_needs_no_tensorflow(world: World) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from dlstudio.workers.run_list import list_runs;"
        f"rows = list_runs(None, Path({str(world.folder)!r}), {{}});"
        "print(len(rows), *(n for n in ('tensorflow', 'keras') if n in sys.modules))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == ("1", "")


def test_predictions_wait_for_tensorflow_and_do_not_block_shapes(qtbot: QtBot) -> None:
    engine = Engine(SimpleNamespace())  # type: ignore[arg-type]
    order: list[str] = []
    held, shapes = threading.Event(), threading.Event()

    def load() -> None:
        engine.state = "loading"

    engine.load = load  # type: ignore[method-assign]

    def work(_context: object) -> str:
        order.append("question")
        held.wait(60)
        return "answer"

    job = engine.question(work).on_success(order.append).start()
    waiting = engine.question(lambda _context: order.append("never")).start()
    looks: list[object] = []
    wait = engine._settled.wait

    def looked(seconds: float) -> bool:
        looks.append(seconds)
        return wait(seconds)

    engine._settled.wait = looked  # type: ignore[method-assign]
    until(lambda: len(looks) > 2)  # its thread is running, and TensorFlow is not loaded
    assert order == []
    waiting.cancel()
    engine._loaded((None, {}))
    until(lambda: order == ["question"])
    engine.engine_job(lambda _context, _memo: shapes.set()).start()
    assert shapes.wait(60), "shapes are answered while a question is"
    held.set()
    until(lambda: bool(job.outcome) and bool(waiting.outcome))
    assert order == ["question", "answer"]
    assert waiting.outcome == "cancelled"

    def stops(_context: object) -> None:
        raise Stopped

    stopped = engine.question(stops).start()
    until(lambda: bool(stopped.outcome))
    assert stopped.outcome == "cancelled"
    assert engine.close()


def test_prediction_reports_why_tensorflow_could_not_be_loaded(qtbot: QtBot) -> None:
    engine = Engine(SimpleNamespace())  # type: ignore[arg-type]
    engine.state = "loading"
    reported: list[BaseException] = []
    job = engine.question(lambda _context: None).on_failure(reported.append).start()
    reason = UserError("TensorFlow is broken.")
    engine._failed(reason)
    until(lambda: bool(job.outcome))
    assert reported == [reason]
    assert engine.close()
