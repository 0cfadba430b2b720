from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dlstudio.document.events import (
    CheckpointSaved,
    EpochBegan,
    EpochEnded,
    Event,
    Intervened,
    RunEnded,
    RunStarted,
    SamplesExcluded,
    StepsDone,
)
from dlstudio.document.sample_nouns import IMAGES, ROWS
from dlstudio.document.values import FrozenMap
from dlstudio.ui.services.training.curve import (
    MAX_DRAWN_POINTS,
    MAX_POINTS,
    Curve,
    SmoothedCurve,
    ThinnedCurve,
    smooth,
    visible_points,
)
from dlstudio.ui.services.training.run_history import RunHistory
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.train.metric_cards import MetricCards
from dlstudio.ui.train.progress import TrainingProgress


def run_of(epochs: int, steps: int = 4) -> list[Event]:
    """The events of a small training."""
    events: list[Event] = [RunStarted(0, "r-ab12", 5, steps, 8, 32, "CPU")]
    for epoch in range(1, epochs + 1):
        events.append(EpochBegan(0, epoch))
        for step in range(2, steps + 1, 2):
            so_far = FrozenMap({"loss": 1.0 / epoch, "accuracy": 0.5})
            losses = (1.0 / epoch, 0.9 / epoch)
            events.append(StepsDone(0, epoch, step, so_far, losses, 0.001, 100.0))
        metrics = {"loss": 1.0 / epoch, "val_loss": 1.2 / epoch, "accuracy": 0.5}
        ended = EpochEnded(0, epoch, FrozenMap(metrics), 0.001, 2.0, epoch == 2)
        events.append(ended)
        events.append(CheckpointSaved(0, epoch, 0, "checkpoints/1"))
    return events


def test_events_become_curves() -> None:
    history = RunHistory()
    history.add_events(run_of(3))
    assert history.losses.x[:4].tolist() == [0.25, 0.5, 0.75, 1.0]
    assert history.training["loss"].y.tolist() == pytest.approx([1.0, 0.5, 1 / 3])
    assert history.validation["loss"].x.tolist() == [1.0, 2.0, 3.0]
    assert history.metric_names() == ["loss", "accuracy"]
    assert history.share == pytest.approx(3 / 5)
    assert history.best_epoch == 2
    assert len(history.log) == 3


def test_remaining_time_is_estimated_from_completed_epochs() -> None:
    history = RunHistory()
    assert history.left() is None
    history.add_events(run_of(3))
    # Three epochs of two seconds; two remain, and the third counts as running.
    assert history.left() == pytest.approx(6.0 / 2 * 2)
    history.add_event(RunEnded(0, "r-ab12", "succeeded"))
    assert history.left() == 0.0


def test_the_run_defines_whether_a_metric_improved(qtbot: QtBot) -> None:
    metric_cards = MetricCards(LIGHT_THEME)
    qtbot.addWidget(metric_cards)
    history = RunHistory()
    smaller = ("loss", "mse")
    history.add_event(RunStarted(0, "r", 5, 4, 8, 32, "CPU", smaller_is_better=smaller))
    for epoch, value in enumerate((0.5, 0.25), 1):
        metrics = FrozenMap({"mse": value, "val_mse": value})
        history.add_event(EpochEnded(0, epoch, metrics, 0.001, 2.0))
    metric_cards.show_history(history, IMAGES)
    tones = {
        each.property("role") for each in metric_cards.quality.findChildren(QLabel)
    }
    assert "▼ 0.250" in metric_cards.quality.accessibleName()
    assert "good" in tones and "bad" not in tones


@pytest.mark.parametrize(("noun", "unit"), [(IMAGES, "images/s"), (ROWS, "rows/s")])
def test_the_speed_is_in_what_the_model_learns_from(
    qtbot: QtBot, noun: str, unit: str
) -> None:
    metric_cards = MetricCards(LIGHT_THEME)
    qtbot.addWidget(metric_cards)
    history = RunHistory(speed=1234.0)
    metric_cards.show_history(history, noun)
    assert unit in metric_cards.speed.accessibleName()
    metric_cards.show_history(RunHistory(), noun)
    assert "/s" not in metric_cards.speed.accessibleName()


def test_excluded_samples_are_reported(qtbot: QtBot) -> None:
    progress = TrainingProgress(LIGHT_THEME)
    qtbot.addWidget(progress)
    history = RunHistory()
    history.add_event(RunStarted(0, "r", 5, 4, 8, 32, "CPU"))
    progress.show_history(history, IMAGES)
    assert not progress.excluded_text.isVisibleTo(progress)
    names, reasons = ("a.png", "b.png"), ("The file is empty.", "It is cut off.")
    history.add_event(SamplesExcluded(0, 12, names, reasons))
    progress.show_history(history, IMAGES)
    assert progress.excluded_text.isVisibleTo(progress)
    assert progress.excluded_text.text() == history.excluded_text == history.log[-1]
    assert history.excluded_text.startswith("12 samples are excluded")
    assert "a.png (The file is empty), b.png" in history.excluded_text
    assert history.excluded_text.endswith("and 10 more.")
    progress.show_history(RunHistory(), IMAGES)
    assert not progress.excluded_text.isVisibleTo(progress)


def test_interventions_are_marked_at_their_position() -> None:
    history = RunHistory()
    history.add_events(run_of(1))
    history.add_event(Intervened(0, 2, 2, "learning_rate", 0.1))
    assert history.marks == [(1.5, "lr → 0.1")]


def test_non_finite_values_leave_a_gap() -> None:
    history = RunHistory()
    history.add_events(run_of(1))
    history.add_event(StepsDone(0, 2, 1, FrozenMap(), (math.inf,), 0.1, 1.0))
    assert math.isnan(history.losses.y[-1])


def test_a_failed_run_reports_the_reason() -> None:
    history = RunHistory()
    history.add_event(RunEnded(0, "r", "failed", message="It broke.", hint="Fix it."))
    assert history.message == "It broke. Fix it."


numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50)


@given(numbers, st.floats(0, 0.99))
def test_smoothing_stays_between_the_values(values: list[float], weight: float) -> None:
    smoothed = smooth(values, weight)
    assert len(smoothed) == len(values)
    slack = 1e-5 * max(map(abs, values)) + 1e-9
    assert min(values) - slack <= min(smoothed)
    assert max(smoothed) <= max(values) + slack


def test_no_smoothing_changes_nothing() -> None:
    assert smooth([1.0, 5.0, 2.0], 0) == [1.0, 5.0, 2.0]
    assert smooth([3.0, 3.0, 3.0], 0.9) == pytest.approx([3.0, 3.0, 3.0])


def test_incremental_smoothing_matches_smoothing_at_once() -> None:
    values = np.random.default_rng(0).normal(size=1000)
    values[17] = np.nan
    whole, parts = Curve(), Curve()
    whole.extend(np.arange(1000), values)
    grown = SmoothedCurve(parts, 0.9)
    for start in range(0, 1000, 37):
        parts.extend(
            np.arange(start, min(start + 37, 1000)), values[start : start + 37]
        )
        assert len(grown.y) == len(parts)
    plain, average, scale = [], 0.0, 0.0
    for value in values:
        if not math.isnan(value):
            average, scale = 0.9 * average + 0.1 * value, 0.9 * scale + 0.1
        plain.append(math.nan if math.isnan(value) else average / scale)
    assert np.allclose(grown.y, plain, equal_nan=True, atol=1e-5)
    assert np.allclose(SmoothedCurve(whole, 0.9).y, plain, equal_nan=True, atol=1e-5)


def test_no_peak_is_lost_when_many_points_are_drawn() -> None:
    y = np.zeros(100_001, np.float32)
    y[70_003], y[30_001] = 9.0, -9.0
    x = np.arange(len(y), dtype=float)
    places, shown = visible_points(x, y)
    assert len(places) == len(shown) <= MAX_DRAWN_POINTS + 10
    assert shown.max() == 9.0 and shown.min() == -9.0
    assert np.all(np.diff(places) >= 0)
    places, shown = visible_points(x, y, 70_000, 70_010)
    assert shown.max() == 9.0 and 11 <= len(shown) <= 15


def test_a_million_steps_take_little_memory() -> None:
    history = RunHistory(steps_per_epoch=1000)
    for epoch in range(1, 101):
        for step in range(500, 1001, 500):
            losses = (0.5,) * 500
            history.add_event(
                StepsDone(0, epoch, step, FrozenMap({"loss": 0.5}), losses, 1, 1)
            )
    assert len(history.losses) == 100_000
    assert history.losses.nbytes / len(history.losses) <= 24


def test_a_resumed_run_repeats_its_last_steps() -> None:
    history = RunHistory()
    history.add_events(run_of(3))
    history.add_event(Intervened(0, 3, 2, "learning_rate", 0.1))
    name = "epoch-00002-step-00000000"
    history.add_event(RunStarted(0, "r-ab12", 5, 4, 8, 32, "CPU", 1, name))
    assert history.losses.x[-1] == 2.0
    assert history.training["loss"].x.tolist() == [1.0, 2.0]
    assert history.marks == [] and history.epoch == 2


def test_a_pause_and_additional_epochs_are_recorded() -> None:
    history = RunHistory()
    history.add_events(run_of(1))
    history.add_event(Intervened(0, 2, 2, "pause"))
    assert history.paused
    history.add_event(Intervened(0, 2, 2, "resume"))
    assert not history.paused
    history.add_event(Intervened(0, 2, 2, "epochs", 9))
    assert history.epochs == 9
    history.add_event(Intervened(0, 2, 2, "refused", "No."))
    assert history.refusal == "No." and len(history.marks) == 2


def test_memory_and_speed_have_separate_curves() -> None:
    history = RunHistory()
    history.add_event(RunStarted(0, "r-ab12", 5, 4, 8, 32, "GPU:0"))
    for step, memory in (
        (1, {"process": 2e9, "GPU:0": 5e8}),
        (2, {}),
        (4, {"GPU:0": 1e9}),
    ):
        reported = FrozenMap(memory)
        event = StepsDone(
            0, 1, step, FrozenMap(), (1.0,), 0.1, 50.0, FrozenMap(), reported
        )
        history.add_event(event)
    assert history.memory["process"].y.tolist() == [2.0]
    assert history.memory["GPU:0"].x.tolist() == [0.25, 1.0]
    assert history.speeds.y.tolist() == [50.0] * 3
    history.truncate_after("00000-00000002")
    assert history.memory["GPU:0"].x.tolist() == [0.25]
    assert len(history.speeds) == 2


def test_the_best_epoch_has_a_position_on_each_curve() -> None:
    history = RunHistory()
    assert history.best_of("loss") is None
    history.add_events(run_of(3))
    assert history.best_of("loss") == (2.0, pytest.approx(0.6))
    assert history.best_of("accuracy") == (2.0, pytest.approx(0.5))
    assert history.best_of("recall") is None
    history.truncate_after("00001-00000000")
    assert history.best_of("loss") is None


def test_early_stopping_is_marked_at_its_position() -> None:
    history = RunHistory()
    history.add_events(run_of(3))
    history.add_event(RunEnded(0, "r-ab12", "succeeded", reason="early_stopping"))
    assert history.marks == [(3.0, "stopped early")]
    assert history.log[-1] == "finished"


def test_a_phase_is_marked_and_sets_the_rate() -> None:
    history = RunHistory()
    history.add_events(run_of(1))
    history.add_event(Intervened(0, 2, 0, "phase", (2, 0.0005)))
    assert history.marks == [(1.0, "all layers, lr → 0.0005")]
    assert history.base_rate == 0.0005


@settings(deadline=None, max_examples=12)
@given(st.integers(1, 5 * MAX_POINTS))
def test_a_thinned_line_is_bounded_and_ends_with_the_newest(count: int) -> None:
    curve = ThinnedCurve()
    for number in range(count):
        curve.add(float(number), float(number))
    assert len(curve) <= MAX_POINTS and curve.nbytes < 20 * MAX_POINTS
    assert curve.x[-1] == count - 1 and np.array_equal(curve.x, curve.y)
    gaps = np.diff(curve.x)
    assert len(gaps) == 0 or gaps.min() > 0
    assert gaps.max(initial=1) <= max(2, 4 * count / MAX_POINTS), "all of it is covered"
    curve.truncate(count / 2)
    curve.add(float(count), 1.0)
    assert curve.x[-1] == count and np.all(np.diff(curve.x) > 0)


def test_memory_of_a_run_is_bounded_by_its_steps() -> None:
    history, steps = RunHistory(), 10_000
    history.add_event(RunStarted(0, "r-ab12", 5, steps, 8, 32, "CPU"))
    so_far = FrozenMap({"loss": 1.0, "accuracy": 0.5, "recall": 0.1})
    for step in range(1, steps + 1):  # each is reported separately
        history.add_event(
            StepsDone(0, 1, step, so_far, (1.0,), 0.1, 1.0, so_far, so_far)
        )
    growing = history.losses.nbytes + SmoothedCurve(history.losses, 0.9).nbytes
    rest = sum(each.nbytes for each in history.curves()) - history.losses.nbytes
    assert growing / steps <= 64
    assert rest < 1_000_000, "the upper bound for any number of steps"
