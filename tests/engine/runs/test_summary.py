"""Best values and times of runs, from their events."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dlstudio.document.events import (
    EpochEnded,
    Event,
    RunEnded,
    RunStarted,
    StepsDone,
    event_to_json,
)
from dlstudio.document.project import Project
from dlstudio.document.run_metrics import BestValue, metric_to_compare
from dlstudio.document.storage import project_to_json
from dlstudio.document.values import FrozenMap
from dlstudio.engine.runs.metrics import (
    RunMetricsReader,
    best_run_value,
    check_metric,
    metric_of,
    read_metric,
    save_metric,
)
from dlstudio.engine.runs.store import Run, RunStore
from dlstudio.engine.runs.summary import RunSummary, summarize
from dlstudio.errors import UserError


def started(time: float, resumed: str = "") -> RunStarted:
    return RunStarted(time, "id", 5, 10, 8, 80, "CPU", resumed_from=resumed)


def epoch(time: float, number: int, accuracy: float, loss: float) -> EpochEnded:
    metrics = FrozenMap({"val_accuracy": accuracy, "val_loss": loss})
    return EpochEnded(time, number, metrics, 0.1, 1.0, number == 1)


def steps(time: float) -> StepsDone:
    return StepsDone(time, 1, 1, FrozenMap({"loss": 1.0}), (1.0,), 0.1, 1.0)


EVENTS: list[Event] = [
    started(100.0),
    epoch(110.0, 1, 0.20, 0.5),
    epoch(120.0, 2, 0.32, 0.9),
    steps(125.0),  # killed, and resumed after an hour
    started(3725.0, "epoch-00002-step-00000000"),
    epoch(3730.0, 3, 0.30, 0.7),
    RunEnded(3735.0, "id", "succeeded"),
]


def write(run: Run, events: list[Event]) -> None:
    lines = [json.dumps(event_to_json(event)) + "\n" for event in events]
    (run.folder / "events.jsonl").write_text("".join(lines))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = RunStore(tmp_path).create(project_to_json(Project("p")))
    write(made, EVENTS)
    return made


def test_idle_hours_do_not_count(run: Run) -> None:
    summary = RunSummary()
    for event in EVENTS:
        summary.add(event)
    assert summary.elapsed == pytest.approx(25.0 + 10.0)
    assert summarize(run.folder / "events.jsonl").elapsed == summary.elapsed


def test_a_clock_that_was_set_back_takes_no_time_away() -> None:
    summary = RunSummary()
    for event in (started(100.0), epoch(50.0, 1, 0.2, 0.5), epoch(104.0, 2, 0.2, 0.5)):
        summary.add(event)
    assert summary.elapsed == pytest.approx(4.0)


def test_each_metric_has_its_own_best_epoch(run: Run) -> None:
    best = summarize(run.folder / "events.jsonl").best_values(("loss",))
    assert best == {"val_accuracy": BestValue(0.32, 2), "val_loss": BestValue(0.5, 1)}


def test_epochs_that_are_done_again_do_not_count(run: Run) -> None:
    again = started(4000.0, "epoch-00001-step-00000000")
    write(run, [*EVENTS, again, epoch(4010.0, 2, 0.25, 0.6)])
    best = summarize(run.folder / "events.jsonl").best_values(("loss",))
    assert best["val_accuracy"] == BestValue(0.25, 2)


def test_an_older_run_is_read_from_its_events(run: Run) -> None:
    figures = RunMetricsReader().read(run)
    assert figures.best["val_accuracy"] == BestValue(0.32, 2)
    assert figures.elapsed == pytest.approx(35.0)
    assert figures.falling == {"loss"}


def test_without_events_the_record_is_used(run: Run) -> None:
    (run.folder / "events.jsonl").unlink()
    run.set_outcome("succeeded", best={"epoch": 4, "metrics": {"val_loss": 0.25}})
    figures = RunMetricsReader().read(run)
    assert dict(figures.best) == {"val_loss": BestValue(0.25, 4)}


def test_a_record_with_best_values_needs_no_events(run: Run) -> None:
    (run.folder / "events.jsonl").unlink()
    values = {"mae": {"value": 0.5, "epoch": 3}}
    run.update(best_values=values, smaller_is_better=("loss", "mae"), elapsed=7.0)
    figures = RunMetricsReader().read(Run.read(run.folder))
    assert dict(figures.best) == {"mae": BestValue(0.5, 3)}
    assert figures.falling == {"loss", "mae"} and figures.elapsed == 7.0


def test_the_chosen_metric_is_kept_with_the_project(run: Run, tmp_path: Path) -> None:
    figures = [RunMetricsReader().read(run)]
    assert metric_of(tmp_path, figures) == "val_accuracy"
    save_metric(tmp_path, "val_loss")
    assert read_metric(tmp_path) == "val_loss"
    assert metric_of(tmp_path, figures) == "val_loss"
    assert best_run_value(figures, "val_loss") == BestValue(0.5, 1)
    (tmp_path / "runs" / "view.json").write_text('{"metric": 1}')
    assert read_metric(tmp_path) == ""
    with pytest.raises(UserError, match="has a metric called") as caught:
        check_metric("f1", figures)
    assert "val_loss" in caught.value.hint


def test_a_choice_that_no_run_has_falls_back_to_the_usual() -> None:
    assert metric_to_compare("f1", ("val_loss", "loss")) == "val_loss"
    assert metric_to_compare("", ("mae", "val_mae")) == "mae"
    assert metric_to_compare("", ()) == ""
