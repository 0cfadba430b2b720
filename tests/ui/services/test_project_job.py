"""Project jobs: how they end, and that those of a closed project report nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot
from rooms import until

from dlstudio.errors import UserError
from dlstudio.ui.services.project_job import ProjectJob
from dlstudio.workers.jobs import ReportingContext, WorkerThread


class Counting(ProjectJob[int, str]):
    """Reports once, waits until it may continue, and returns a number."""

    def __init__(self, thread: WorkerThread) -> None:
        errors: list[str] = []
        notices = SimpleNamespace(
            error=lambda error, topic: errors.append(f"{topic}: {error}"),
            resolve=lambda topic: errors.clear(),
        )
        session = SimpleNamespace(folder=Path("one"), catalog=None)
        super().__init__(
            session, SimpleNamespace(question=thread.job), notices, "count"
        )
        self.errors = errors
        self.events: list[str] = []
        self.proceed = threading.Event()

    def start(self, number: int) -> None:
        self._reference("run")
        self._begin(self._engine.question(self._work, number))

    def _work(self, context: ReportingContext[str], number: int) -> int:
        context.report("began")
        self.proceed.wait(20)
        if number < 0:
            raise UserError("below zero")
        return number

    def _reported(self, event: str) -> None:
        self.events.append(event)


@pytest.fixture
def counting(qtbot: QtBot) -> Iterator[Counting]:
    thread = WorkerThread("test")
    made = Counting(thread)
    yield made
    made.proceed.set()
    assert thread.close()


def test_a_result_is_kept_and_replaced(counting: Counting) -> None:
    changes: list[bool] = []
    counting.changed.connect(lambda: changes.append(counting.running))
    counting.proceed.set()
    counting.start(3)
    assert counting.running
    until(lambda: not counting.running)
    assert (counting.found, counting.events) == (3, ["began"])
    assert changes[-2:] == [True, False]
    counting.start(4)
    until(lambda: counting.found == 4)


def test_a_failure_is_reported_and_the_result_stays(counting: Counting) -> None:
    counting.proceed.set()
    counting.start(3)
    until(lambda: not counting.running)
    counting.start(-1)
    until(lambda: not counting.running)
    assert counting.errors == ["count: below zero"]
    assert counting.found == 3
    counting.start(5)
    assert counting.errors == [], "a new job resolves the last one's notices"
    until(lambda: counting.found == 5)


@pytest.mark.parametrize("number", [3, -1])
def test_jobs_of_a_closed_project_report_nothing(
    counting: Counting, number: int
) -> None:
    counting.start(number)
    until(lambda: counting.events == ["began"])
    (job,) = counting._jobs
    counting.set_project(Path("another"))
    assert not counting.running
    assert job.stopping
    counting.proceed.set()
    until(lambda: job.outcome != "")
    assert (counting.found, counting.errors) == (None, [])
