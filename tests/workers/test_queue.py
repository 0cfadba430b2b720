"""The queue of trainings, in memory and on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6")

from digits_world import World, digits_project
from PySide6.QtCore import QCoreApplication
from rooms import until

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.storage import save_project
from dlstudio.engine.runs.store import RunStore
from dlstudio.errors import UserError
from dlstudio.workers.queue import TrainingQueue
from dlstudio.workers.queue_file import QueueFile
from dlstudio.workers.training import IDLE, TrainingController, TrainingRequest


class Waiting:
    """A queue, its training controller, and signals of both."""

    def __init__(self, catalog: Catalog) -> None:
        self.trainings = TrainingController(catalog)
        self.queue = TrainingQueue(self.trainings)
        self.began: list[tuple[int, bool]] = []
        self.ended: list[str] = []
        self.failed: list[Exception] = []
        self.queue.begun.connect(
            lambda request, failed: self.began.append(
                (request.project.plan.seed, failed)
            )
        )
        self.trainings.ended.connect(lambda ended: self.ended.append(ended.outcome))
        self.queue.failed.connect(self.failed.append)

    def seeds(self) -> list[int]:
        return [each.request.project.plan.seed for each in self.queue.entries]

    def settled(self) -> bool:
        """Whether nothing trains, and nothing is about to start."""
        going_on = any(not each.held for each in self.queue.entries)
        return self.trainings.state == IDLE and not going_on

    def close(self) -> None:
        assert self.trainings.close() and self.queue.close()


@pytest.fixture
def make(qapp: QCoreApplication) -> Iterator[Callable[[], Waiting]]:
    made: list[Waiting] = []
    catalog = Catalog.load()

    def waiting() -> Waiting:
        made.append(Waiting(catalog))
        return made[-1]

    yield waiting
    for each in made:
        each.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_project(digits_project(), tmp_path / "digits")
    return tmp_path / "digits"


def project(seed: int, **plan: Any) -> Project:
    made = digits_project()
    return replace(made, plan=replace(made.plan, seed=seed, **plan))


def request(folder: Path, seed: int, **plan: Any) -> TrainingRequest:
    return TrainingRequest(project(seed, **plan), folder)


def kept(folder: Path) -> list[int]:
    """Seeds of the saved requests."""
    path = folder / ".cache" / "queue.json"
    if not path.exists():
        return []
    found = json.loads(path.read_text("utf-8"))["orders"]
    return [each["project"]["plan"]["seed"] for each in found]


def test_one_after_another_and_a_failure_stops_no_other(
    make: Callable[[], Waiting], folder: Path
) -> None:
    made = make()
    for seed in (1, 2, 3):
        made.queue.add(request(folder, seed))
    made.queue.add(request(folder, 4, batch_size=0))  # cannot start
    made.queue.add(request(folder, 5, process="child"))
    assert made.trainings.state == IDLE and made.queue.ready
    assert made.queue.quit_warning.startswith("5 runs")
    made.queue.move(made.queue.entries[0].id, 1)
    made.queue.remove(made.queue.entries[2].id)
    assert made.seeds() == [2, 1, 4, 5]
    until(lambda: kept(folder) == [2, 1, 4, 5])
    made.queue.begin()
    made.queue.begin()
    until(made.settled)
    assert made.began == [(2, False), (1, False), (4, False), (5, True)]
    assert made.ended == ["succeeded"] * 3
    records = [run.record for run in RunStore(folder).all()]
    seeds = [each.seed for each in sorted(records, key=lambda each: each.created)]
    assert seeds == [2, 1, 5]
    (left,) = made.queue.entries
    assert left.request.project.plan.seed == 4 and "batch_size is 0" in left.held
    until(lambda: kept(folder) == [4])
    made.queue.clear()
    until(lambda: kept(folder) == [])
    assert not made.queue.quit_warning


def test_the_queue_continues_after_a_training_but_not_after_a_stop(
    make: Callable[[], Waiting], folder: Path
) -> None:
    made = make()
    made.trainings.start(request(folder, 1))
    made.queue.add(request(folder, 2))
    until(made.settled)
    assert made.began == [(2, False)] and made.ended == ["succeeded"] * 2
    made.trainings.start(request(folder, 3, epochs=100_000))
    made.queue.add(request(folder, 4))
    until(lambda: bool(made.trainings.take()))
    made.trainings.stop()
    until(lambda: made.trainings.state == IDLE)
    QCoreApplication.processEvents()
    assert made.ended[-1] == "cancelled" and made.seeds() == [4]
    assert made.trainings.state == IDLE
    made.queue.begin()
    until(made.settled)
    assert made.ended[-1] == "succeeded" and made.seeds() == []


def test_a_refused_start_by_hand_starts_nothing_else(
    make: Callable[[], Waiting], folder: Path
) -> None:
    made = make()
    made.queue.add(request(folder, 1))
    made.trainings.start(request(folder, 2, batch_size=0))
    until(lambda: made.trainings.state == IDLE)
    QCoreApplication.processEvents()
    assert made.trainings.state == IDLE and made.seeds() == [1] and not made.began


def test_the_queue_outlives_its_window(
    make: Callable[[], Waiting], folder: Path
) -> None:
    first = make()
    first.queue.add(request(folder, 7))
    first.queue.add(TrainingRequest(project(8), folder, "a-run", 12))
    first.close()
    assert kept(folder) == [7, 8]
    second = make()
    second.queue.add(request(folder, 9))
    until(lambda: second.seeds() == [7, 8, 9])
    assert [bool(each.held) for each in second.queue.entries] == [True, True, False]
    resumed = second.queue.entries[1].request
    assert resumed == TrainingRequest(project(8), folder, "a-run", 12)
    second.queue.load(folder)  # loading again changes nothing
    second.queue.load(None)
    until(lambda: kept(folder) == [7, 8, 9])
    second.trainings.start(request(folder, 6))
    until(second.settled)
    assert second.began == [(9, False)], "those from the last time do not begin"
    assert second.seeds() == [7, 8]


def test_two_windows_do_not_share_a_queue(
    make: Callable[[], Waiting], folder: Path
) -> None:
    first, second = make(), make()
    first.queue.add(request(folder, 1))
    until(lambda: kept(folder) == [1])
    second.queue.add(request(folder, 2))
    until(lambda: bool(second.failed))
    assert "Another window" in str(second.failed[0])
    assert kept(folder) == [1] and second.seeds() == [2]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"format": "dlstudio-queue", "version": 2, "orders": []}',
        '{"format": "dlstudio-queue", "version": 1}',
        '{"format": "dlstudio-queue", "version": 1, "orders": [{"resume": 1}]}',
    ],
)
def test_a_damaged_queue_is_put_aside(folder: Path, text: str) -> None:
    (folder / ".cache").mkdir()
    path = folder / ".cache" / "queue.json"
    path.write_text(text, "utf-8")
    assert QueueFile(folder).count() == 0 and path.exists()
    with pytest.raises(UserError, match="could not be read"):
        QueueFile(folder).read()
    assert not path.exists()
    assert path.with_suffix(".damaged").read_text("utf-8") == text
    assert QueueFile(folder).read() == []


def test_a_starting_request_is_kept_until_it_is_a_run(
    make: Callable[[], Waiting], world: World
) -> None:
    made = make()
    made.queue.add(request(world.folder, 3, epochs=100_000))
    made.queue.begin()
    until(lambda: kept(world.folder) == [3])
    assert made.trainings.state == "preparing"
    until(lambda: bool(made.trainings.take()))
    until(lambda: kept(world.folder) == [])
    made.trainings.stop()
    until(lambda: made.trainings.state == IDLE)


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
@pytest.mark.parametrize("name", [".cache", ".cache/queue.json", ".cache/queue.lock"])
def test_a_planted_symlink_redirects_no_write_of_the_queue(
    tmp_path: Path, name: str
) -> None:
    victim, link = tmp_path / "victim", tmp_path / "project" / name
    link.parent.mkdir(parents=True)
    if name == ".cache":
        victim.mkdir()
        (victim / "queue.json").write_text("precious")
    else:
        victim.write_text("precious")
    link.symlink_to(victim)
    file = QueueFile(tmp_path / "project")
    with suppress(UserError):
        file.hold()
    with suppress(UserError):
        file.write([TrainingRequest(digits_project(), tmp_path / "project")])
    file.release()
    kept = victim / "queue.json" if victim.is_dir() else victim
    assert kept.read_text() == "precious"
