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
    SamplesLeftOut,
    StepsDone,
)
from dlstudio.document.values import FrozenMap
from dlstudio.ui.theme.tokens import LIGHT_THEME
from dlstudio.ui.train.cards import Figures
from dlstudio.ui.train.curve import (
    DRAWN,
    MOST,
    Curve,
    Smoothed,
    Thinned,
    smooth,
    visible,
)
from dlstudio.ui.train.progress import Progress
from dlstudio.ui.train.series import Series


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


def test_curves_are_gathered_from_events() -> None:
    series = Series()
    series.see_all(run_of(3))
    assert series.losses.x[:4].tolist() == [0.25, 0.5, 0.75, 1.0]
    assert series.training["loss"].y.tolist() == pytest.approx([1.0, 0.5, 1 / 3])
    assert series.validation["loss"].x.tolist() == [1.0, 2.0, 3.0]
    assert series.metric_names() == ["loss", "accuracy"]
    assert series.share == pytest.approx(3 / 5)
    assert series.best_epoch == 2
    assert len(series.log) == 3


def test_time_left_comes_from_the_epochs_done() -> None:
    series = Series()
    assert series.left() is None
    series.see_all(run_of(3))
    # Three epochs of two seconds; two are left, and the third counts as running.
    assert series.left() == pytest.approx(6.0 / 2 * 2)
    series.see(RunEnded(0, "r-ab12", "succeeded"))
    assert series.left() == 0.0


def test_whether_a_metric_got_better_is_told_by_the_run(qtbot: QtBot) -> None:
    figures = Figures(LIGHT_THEME)
    qtbot.addWidget(figures)
    series = Series()
    smaller = ("loss", "mse")
    series.see(RunStarted(0, "r", 5, 4, 8, 32, "CPU", smaller_is_better=smaller))
    for epoch, value in enumerate((0.5, 0.25), 1):
        metrics = FrozenMap({"mse": value, "val_mse": value})
        series.see(EpochEnded(0, epoch, metrics, 0.001, 2.0))
    figures.show_series(series)
    tones = {each.property("role") for each in figures.quality.findChildren(QLabel)}
    assert "▼ 0.250" in figures.quality.accessibleName()
    assert "good" in tones and "bad" not in tones


def test_what_was_left_out_is_told(qtbot: QtBot) -> None:
    progress = Progress(LIGHT_THEME)
    qtbot.addWidget(progress)
    series = Series()
    series.see(RunStarted(0, "r", 5, 4, 8, 32, "CPU"))
    progress.show_series(series)
    assert not progress.left_out.isVisibleTo(progress)
    names, reasons = ("a.png", "b.png"), ("The file is empty.", "It is cut off.")
    series.see(SamplesLeftOut(0, 12, names, reasons))
    progress.show_series(series)
    assert progress.left_out.isVisibleTo(progress)
    assert progress.left_out.text() == series.left_out == series.log[-1]
    assert series.left_out.startswith("12 samples were left out")
    assert "a.png (The file is empty), b.png" in series.left_out
    assert series.left_out.endswith("and 10 more.")
    progress.show_series(Series())
    assert not progress.left_out.isVisibleTo(progress)


def test_interventions_are_marked_at_their_place() -> None:
    series = Series()
    series.see_all(run_of(1))
    series.see(Intervened(0, 2, 2, "learning_rate", 0.1))
    assert series.marks == [(1.5, "lr → 0.1")]


def test_what_is_not_a_number_leaves_a_gap() -> None:
    series = Series()
    series.see_all(run_of(1))
    series.see(StepsDone(0, 2, 1, FrozenMap(), (math.inf,), 0.1, 1.0))
    assert math.isnan(series.losses.y[-1])


def test_a_failed_run_tells_why() -> None:
    series = Series()
    series.see(RunEnded(0, "r", "failed", message="It broke.", hint="Mend it."))
    assert series.message == "It broke. Mend it."


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


def test_smoothing_in_parts_is_smoothing_at_once() -> None:
    values = np.random.default_rng(0).normal(size=1000)
    values[17] = np.nan
    whole, parts = Curve(), Curve()
    whole.extend(np.arange(1000), values)
    grown = Smoothed(parts, 0.9)
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
    assert np.allclose(Smoothed(whole, 0.9).y, plain, equal_nan=True, atol=1e-5)


def test_no_peak_is_lost_when_many_points_are_drawn() -> None:
    y = np.zeros(100_001, np.float32)
    y[70_003], y[30_001] = 9.0, -9.0
    x = np.arange(len(y), dtype=float)
    places, shown = visible(x, y)
    assert len(places) == len(shown) <= DRAWN + 10
    assert shown.max() == 9.0 and shown.min() == -9.0
    assert np.all(np.diff(places) >= 0)
    places, shown = visible(x, y, 70_000, 70_010)
    assert shown.max() == 9.0 and 11 <= len(shown) <= 15


def test_a_million_steps_take_little_memory() -> None:
    series = Series(steps_per_epoch=1000)
    for epoch in range(1, 101):
        for step in range(500, 1001, 500):
            losses = (0.5,) * 500
            series.see(
                StepsDone(0, epoch, step, FrozenMap({"loss": 0.5}), losses, 1, 1)
            )
    assert len(series.losses) == 100_000
    assert series.losses.nbytes / len(series.losses) <= 24


def test_a_run_that_goes_on_does_its_last_steps_again() -> None:
    series = Series()
    series.see_all(run_of(3))
    series.see(Intervened(0, 3, 2, "learning_rate", 0.1))
    name = "epoch-00002-step-00000000"
    series.see(RunStarted(0, "r-ab12", 5, 4, 8, 32, "CPU", 1, name))
    assert series.losses.x[-1] == 2.0
    assert series.training["loss"].x.tolist() == [1.0, 2.0]
    assert series.marks == [] and series.epoch == 2


def test_a_pause_is_known_and_more_epochs_too() -> None:
    series = Series()
    series.see_all(run_of(1))
    series.see(Intervened(0, 2, 2, "pause"))
    assert series.paused
    series.see(Intervened(0, 2, 2, "resume"))
    assert not series.paused
    series.see(Intervened(0, 2, 2, "epochs", 9))
    assert series.epochs == 9
    series.see(Intervened(0, 2, 2, "refused", "No."))
    assert series.refusal == "No." and len(series.marks) == 2


def test_memory_and_speed_are_curves_of_their_own() -> None:
    series = Series()
    series.see(RunStarted(0, "r-ab12", 5, 4, 8, 32, "GPU:0"))
    for step, memory in (
        (1, {"process": 2e9, "GPU:0": 5e8}),
        (2, {}),
        (4, {"GPU:0": 1e9}),
    ):
        told = FrozenMap(memory)
        event = StepsDone(0, 1, step, FrozenMap(), (1.0,), 0.1, 50.0, FrozenMap(), told)
        series.see(event)
    assert series.memory["process"].y.tolist() == [2.0]
    assert series.memory["GPU:0"].x.tolist() == [0.25, 1.0]
    assert series.speeds.y.tolist() == [50.0] * 3
    series.forget_after("00000-00000002")
    assert series.memory["GPU:0"].x.tolist() == [0.25]
    assert len(series.speeds) == 2


def test_the_best_epoch_has_a_place_on_each_curve() -> None:
    series = Series()
    assert series.best_of("loss") is None
    series.see_all(run_of(3))
    assert series.best_of("loss") == (2.0, pytest.approx(0.6))
    assert series.best_of("accuracy") == (2.0, pytest.approx(0.5))
    assert series.best_of("recall") is None
    series.forget_after("00001-00000000")
    assert series.best_of("loss") is None


def test_stopping_early_is_marked_where_it_was() -> None:
    series = Series()
    series.see_all(run_of(3))
    series.see(RunEnded(0, "r-ab12", "succeeded", reason="early_stopping"))
    assert series.marks == [(3.0, "stopped early")]
    assert series.log[-1] == "finished"


def test_a_phase_is_marked_and_gives_the_rate() -> None:
    series = Series()
    series.see_all(run_of(1))
    series.see(Intervened(0, 2, 0, "phase", (2, 0.0005)))
    assert series.marks == [(1.0, "all layers, lr → 0.0005")]
    assert series.base_rate == 0.0005


@settings(deadline=None, max_examples=12)
@given(st.integers(1, 5 * MOST))
def test_a_thinned_line_is_bounded_and_ends_with_the_newest(count: int) -> None:
    curve = Thinned()
    for number in range(count):
        curve.add(float(number), float(number))
    assert len(curve) <= MOST and curve.nbytes < 20 * MOST
    assert curve.x[-1] == count - 1 and np.array_equal(curve.x, curve.y)
    gaps = np.diff(curve.x)
    assert len(gaps) == 0 or gaps.min() > 0
    assert gaps.max(initial=1) <= max(2, 4 * count / MOST), "all of it is covered"
    curve.cut(count / 2)
    curve.add(float(count), 1.0)
    assert curve.x[-1] == count and np.all(np.diff(curve.x) > 0)


def test_memory_of_a_run_is_bounded_by_its_steps() -> None:
    series, steps = Series(), 10_000
    series.see(RunStarted(0, "r-ab12", 5, steps, 8, 32, "CPU"))
    so_far = FrozenMap({"loss": 1.0, "accuracy": 0.5, "recall": 0.1})
    for step in range(1, steps + 1):  # each is told by itself
        series.see(StepsDone(0, 1, step, so_far, (1.0,), 0.1, 1.0, so_far, so_far))
    growing = series.losses.nbytes + Smoothed(series.losses, 0.9).nbytes
    rest = sum(each.nbytes for each in series.curves()) - series.losses.nbytes
    assert growing / steps <= 64
    assert rest < 1_000_000, "and that is the most, however many steps come"
