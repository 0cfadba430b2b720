"""Jobs end once, also when who asked is gone."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.workers.jobs import Cancelled, JobContext, WorkerThread


@pytest.fixture
def lane(qtbot: QtBot):
    made = WorkerThread("test")
    yield made
    assert made.close()


def outcome(job, qtbot: QtBot) -> str:
    ended: list[str] = []
    job.on_end(ended.append).start()
    until(lambda: bool(ended))
    settle()
    (only,) = ended
    return only


def test_success_failure_and_cancelling(lane: WorkerThread, qtbot: QtBot) -> None:
    told: list[object] = []
    job = lane.job(lambda _ask, a, b: a + b, 1, 2).on_success(told.append)
    assert outcome(job, qtbot) == "succeeded"
    job = lane.job(lambda _ask: 1 / 0).on_failure(lambda e: told.append(type(e)))
    assert outcome(job, qtbot) == "failed"

    def stops(ask: JobContext) -> None:
        while not ask.should_stop():
            pass
        raise Cancelled

    job = lane.job(stops).on_cancelled(told.append)
    job.start()
    job.cancel()
    until(lambda: job.outcome == "cancelled")
    assert told == [3, ZeroDivisionError, None]


def test_library_that_exits_does_not_end_the_thread(
    lane: WorkerThread, qtbot: QtBot
) -> None:
    def leaves(_ask: JobContext) -> None:
        raise SystemExit(1)

    assert outcome(lane.job(leaves), qtbot) == "failed"
    assert outcome(lane.job(lambda _ask: None), qtbot) == "succeeded"


def test_method_of_a_deleted_object_is_not_called(
    lane: WorkerThread, qtbot: QtBot
) -> None:
    class Receiver(QObject):
        def take(self, _value: object) -> None:
            raise AssertionError("called after its end")

    receiver = Receiver()
    job = lane.job(lambda _ask: 1).on_success(receiver.take)
    receiver.deleteLater()
    settle()
    assert outcome(job, qtbot) == "succeeded"


def test_closed_lane_does_nothing_any_more(qtbot: QtBot) -> None:
    lane = WorkerThread("closed")
    assert lane.close()
    assert outcome(lane.job(lambda _ask: 1), qtbot) == "cancelled"
    assert not lane.busy


def test_what_ends_while_its_lane_closes_leads_to_nothing_more(qtbot: QtBot) -> None:
    lane, told, ended = WorkerThread("closing"), list[object](), list[str]()
    begun, gate = threading.Event(), threading.Event()

    def works(ask: JobContext) -> int:
        begun.set()
        gate.wait(200)
        ask.tell(1)
        return 2

    job = lane.job(works).on_success(told.append).on_progress(told.append)
    job.on_end(ended.append).start()
    assert begun.wait(200)
    gate.set()
    assert lane.close()  # it has ended by then, and nobody has been told yet
    until(lambda: bool(ended))
    assert (ended, told) == (["succeeded"], [])
