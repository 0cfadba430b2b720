from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlstudio.document.events import (
    CheckpointSaved,
    EpochBegan,
    EpochEnded,
    Event,
    Intervened,
    RunEnded,
    RunStarted,
    StepsDone,
)
from dlstudio.document.values import FrozenMap
from dlstudio.ui.train.series import Series, smooth


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
    assert series.losses.x[:4] == [0.25, 0.5, 0.75, 1.0]
    assert series.training["loss"].y == [1.0, 0.5, pytest.approx(1 / 3)]
    assert series.validation["loss"].x == [1.0, 2.0, 3.0]
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


def test_interventions_are_marked_at_their_place() -> None:
    series = Series()
    series.see_all(run_of(1))
    series.see(Intervened(0, 2, 2, "learning_rate", 0.1))
    assert series.marks == [(1.5, "learning_rate → 0.1")]


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
    slack = 1e-6 * max(map(abs, values)) + 1e-9
    assert min(values) - slack <= min(smoothed)
    assert max(smoothed) <= max(values) + slack


def test_no_smoothing_changes_nothing() -> None:
    assert smooth([1.0, 5.0, 2.0], 0) == [1.0, 5.0, 2.0]
    assert smooth([3.0, 3.0, 3.0], 0.9) == pytest.approx([3.0, 3.0, 3.0])
