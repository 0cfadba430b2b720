"""Jobs end once, even if their receiver was deleted."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot
from rooms import settle, until

from dlstudio.workers.jobs import Cancelled, JobContext, WorkerThread


@pytest.fixture
def thread(qtbot: QtBot):
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


def test_success_failure_and_cancelling(thread: WorkerThread, qtbot: QtBot) -> None:
    reported: list[object] = []
    job = thread.job(lambda _context, a, b: a + b, 1, 2).on_success(reported.append)
    assert outcome(job, qtbot) == "succeeded"
    job = thread.job(lambda _context: 1 / 0).on_failure(
        lambda e: reported.append(type(e))
    )
    assert outcome(job, qtbot) == "failed"

    def stops(context: JobContext) -> None:
        while not context.should_stop():
            pass
        raise Cancelled

    job = thread.job(stops).on_cancelled(reported.append)
    job.start()
    job.cancel()
    until(lambda: job.outcome == "cancelled")
    assert reported == [3, ZeroDivisionError, None]


def test_library_that_exits_does_not_end_the_thread(
    thread: WorkerThread, qtbot: QtBot
) -> None:
    def leaves(_context: JobContext) -> None:
        raise SystemExit(1)

    assert outcome(thread.job(leaves), qtbot) == "failed"
    assert outcome(thread.job(lambda _context: None), qtbot) == "succeeded"


def test_method_of_a_deleted_object_is_not_called(
    thread: WorkerThread, qtbot: QtBot
) -> None:
    class Receiver(QObject):
        def take(self, _value: object) -> None:
            raise AssertionError("called after its end")

    receiver = Receiver()
    job = thread.job(lambda _context: 1).on_success(receiver.take)
    receiver.deleteLater()
    settle()
    assert outcome(job, qtbot) == "succeeded"


def test_closed_thread_does_nothing_any_more(qtbot: QtBot) -> None:
    thread = WorkerThread("closed")
    assert thread.close()
    assert outcome(thread.job(lambda _context: 1), qtbot) == "cancelled"
    assert not thread.busy


def test_jobs_that_end_while_the_thread_closes_call_only_on_end(qtbot: QtBot) -> None:
    thread, reported, ended = WorkerThread("closing"), list[object](), list[str]()
    begun, gate = threading.Event(), threading.Event()

    def works(context: JobContext) -> int:
        begun.set()
        gate.wait(200)
        context.report(1)
        return 2

    job = thread.job(works).on_success(reported.append).on_progress(reported.append)
    job.on_end(ended.append).start()
    assert begun.wait(200)
    gate.set()
    assert thread.close()  # it has ended by then, and no callback has been called yet
    until(lambda: bool(ended))
    assert (ended, reported) == (["succeeded"], [])


class Receiver(QObject):
    """Records the thread on which it is destroyed."""

    def __init__(self, destroyed_on: list[threading.Thread]) -> None:
        super().__init__()
        self.destroyed.connect(
            lambda: destroyed_on.append(threading.current_thread()),
            Qt.ConnectionType.DirectConnection,
        )

    def take(self, _result: object) -> None:
        """A callback that keeps the receiver alive."""


@pytest.mark.parametrize("kept_by", ["callback", "argument"])
def test_what_a_job_kept_alive_is_destroyed_on_its_own_thread(
    thread: WorkerThread, qtbot: QtBot, kept_by: str
) -> None:
    """If a worker did it, Qt could crash or close files that it still watches."""
    destroyed_on: list[threading.Thread] = []
    receiver = Receiver(destroyed_on)
    given = receiver if kept_by == "argument" else None
    job = thread.job(lambda _context, _given: None, given)
    if kept_by == "callback":
        job.on_success(receiver.take)
    del receiver, given
    assert outcome(job, qtbot) == "succeeded"
    del job
    for _unused in range(2):  # the worker releases a job when it takes the next
        assert outcome(thread.job(lambda _context: None), qtbot) == "succeeded"
    until(lambda: bool(destroyed_on))
    assert destroyed_on == [threading.main_thread()]
