"""Training jobs, and the table of runs, without a window."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6")

from digits_world import World
from PySide6.QtCore import QCoreApplication
from rooms import TrainingEnds

from dlstudio.document.events import EpochEnded, RunEnded, event_to_json
from dlstudio.document.plan import TrainingPlan
from dlstudio.document.storage import load_project
from dlstudio.document.values import FrozenMap, Spec
from dlstudio.engine.cost.training_memory import needed_bytes
from dlstudio.engine.runs.journal import read_on
from dlstudio.errors import UserError
from dlstudio.workers.jobs import Cancelled
from dlstudio.workers.plan_preview import preview_plan, rates_of
from dlstudio.workers.run_operations import (
    compare_runs,
    delete_runs,
    interrupted_run,
    write_about,
)
from dlstudio.workers.run_table import RunCache, RunList, read_runs
from dlstudio.workers.training import TrainingController, TrainingRequest


class FakeContext:
    """A stand-in for `ReportingContext`."""

    def __init__(self, stop: bool = False) -> None:
        self.reported: list[Any] = []
        self._stop = stop
        self.cancel_event = threading.Event()

    def should_stop(self) -> bool:
        return self._stop

    def report(self, event: Any) -> None:
        self.reported.append(event)


@pytest.fixture
def trainings(qapp: QCoreApplication, world: World) -> Iterator[TrainingController]:
    made = TrainingController(world.catalog)
    yield made
    assert made.close()


def test_a_training_ends_once_with_its_events(
    trainings: TrainingController, world: World
) -> None:
    ends, states, ended = TrainingEnds(trainings), list[str](), list[Any]()
    trainings.state_changed.connect(states.append)
    trainings.ended.connect(ended.append)
    assert trainings.control is None
    trainings.start(TrainingRequest(load_project(world.folder), world.folder))
    trainings.start(
        TrainingRequest(load_project(world.folder), world.folder)
    )  # no second one
    ends.wait()
    assert [type(each) for each in ended] == [RunEnded]
    events = trainings.take()
    assert isinstance(events[-1], RunEnded) and trainings.take() == []
    assert states[0] == "preparing" and states[-1] == "idle"
    assert trainings.control is None and not trainings.busy
    assert len(list((world.folder / "runs").iterdir())) == 2


def test_a_project_that_trains_elsewhere_is_reported(
    trainings: TrainingController, world: World
) -> None:
    from dlstudio.document.project_lock import ProjectLock

    ends, failed = TrainingEnds(trainings), list[Any]()
    trainings.failed.connect(failed.append)
    with ProjectLock(world.folder, "a test"):
        trainings.start(TrainingRequest(load_project(world.folder), world.folder))
        ends.wait()
    assert isinstance(failed[0], UserError)


def test_the_list_of_runs_is_read_once(world: World) -> None:
    memory: RunCache = {}
    found = read_runs(FakeContext(), world.folder, memory)
    (entry,) = found.entries
    assert entry.id == world.run and entry.number == 1
    assert found.metric == "val_accuracy" and 0 < entry.best[found.metric].value <= 1
    assert set(found.metrics) >= {"loss", "val_loss"} and entry.falling == {"loss"}
    assert entry.elapsed >= entry.seconds > 0
    assert entry.parameters == 650 and entry.classes[:2] == ("0", "1")
    assert entry.has_model and entry.can_resume and entry.speed > 0
    known = dict(memory)
    assert read_runs(FakeContext(), world.folder, memory) == found
    assert memory == known
    record = world.folder / "runs" / world.run / "run.json"
    record.write_text("{", "utf-8")
    (damaged,) = read_runs(FakeContext(), world.folder, {}).damaged
    assert damaged.id == world.run and damaged.movable
    with pytest.raises(Cancelled):
        read_runs(FakeContext(stop=True), world.folder, {})
    assert read_runs(FakeContext(), world.folder / "nowhere", memory) == RunList()


def test_annotations_of_a_run_are_saved(world: World) -> None:
    changes = {"name": "first", "tags": ("a",), "archived": True}
    write_about(FakeContext(), world.folder, world.run, changes)
    (entry,) = read_runs(FakeContext(), world.folder, {}).entries
    assert (entry.name, entry.tags, entry.archived) == ("first", ("a",), True)
    assert compare_runs(FakeContext(), world.folder, world.run, world.run).all == ()
    delete_runs(FakeContext(), world.folder, [world.run])
    assert read_runs(FakeContext(), world.folder, {}) == RunList()
    with pytest.raises(UserError):
        write_about(FakeContext(), world.folder, world.run, changes)


def test_a_run_that_trains_is_not_deleted(world: World) -> None:
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(world.folder).find(world.run)
    with run.held(), pytest.raises(UserError, match="being trained"):
        delete_runs(FakeContext(), world.folder, [world.run])
    assert run.folder.is_dir()


def test_an_interrupted_run_is_found(world: World) -> None:
    from dlstudio.engine.runs.store import RunStore

    assert interrupted_run(FakeContext(), world.folder) is None
    run = RunStore(world.folder).find(world.run)
    run.update(outcome="running")
    found = interrupted_run(FakeContext(), world.folder)
    assert found is not None and (found.run, found.number) == (world.run, 1)
    with run.held():
        assert interrupted_run(FakeContext(), world.folder) is None, "it is alive"
    assert interrupted_run(FakeContext(), world.folder / "nowhere") is None


def test_a_journal_is_followed_by_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    event = EpochEnded(0.0, 1, FrozenMap({"loss": 0.5}), 0.1, 1.0)
    line = json.dumps(event_to_json(event)) + "\n"
    assert read_on(path, 0) == ([], 0)
    path.write_text(line + line[:10], "utf-8")
    events, offset = read_on(path, 0)
    assert events == [event] and offset == len(line)
    path.write_text(line + line + "not an event\n", "utf-8")
    events, offset = read_on(path, offset)
    assert events == [event] and offset == 2 * len(line) + 13


def test_estimates_before_a_training(world: World) -> None:
    project = load_project(world.folder)
    found = preview_plan(FakeContext(), project, world.folder, 650, 1000)
    assert found.last == 1 and found.changed == "" and found.epoch_seconds > 0
    assert found.needed == 4 * 650 * 4 + 2 * 1000 * 64
    assert 0 < found.free <= found.total
    plain = TrainingPlan(optimizer=Spec("keras.optimizers.SGD"), batch_size=1)
    assert needed_bytes(plain, 100, 0) == 1200
    assert preview_plan(FakeContext(), project, None, 0, 0).last == 0


def test_a_keras_schedule_has_no_curve(world: World) -> None:
    decay = Spec("keras.optimizers.schedules.ExponentialDecay")
    optimizer = Spec("keras.optimizers.Adam", FrozenMap({"learning_rate": decay}))
    assert (
        rates_of(FakeContext(), TrainingPlan(optimizer=optimizer), world.catalog)
        is None
    )
    found = rates_of(FakeContext(), TrainingPlan(epochs=3), world.catalog)
    assert found is not None and found.x[-1] == 3.0
    assert found.y.tolist() == pytest.approx([0.001] * len(found.y))
