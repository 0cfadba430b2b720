"""Garbage is collected on the main thread only."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from rooms import until

from dlstudio.ui.garbage_collector import GarbageCollector

Collections = list[tuple[threading.Thread, int]]


@pytest.fixture
def collections() -> Iterator[Collections]:
    """Each finished collection as thread and generation."""
    found: Collections = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "stop":
            found.append((threading.current_thread(), info["generation"]))

    gc.callbacks.append(note)
    yield found
    gc.callbacks.remove(note)


def leave_garbage() -> None:
    for _unused in range(20 * gc.get_threshold()[0]):
        item: list[object] = []
        item.append(item)


def in_a_thread() -> None:
    worker = threading.Thread(target=leave_garbage)
    worker.start()
    worker.join()


def test_the_installed_one_collects_alone(
    qapp: QApplication, collections: Collections
) -> None:
    collector = GarbageCollector()
    collector.install()
    try:
        timer = QTimer()
        timer.circle = timer  # type: ignore[attr-defined]
        kept = weakref.ref(timer)
        del timer
        collections.clear()
        in_a_thread()
        until(lambda: kept() is None)
        assert {thread for thread, _ in collections} == {threading.main_thread()}
    finally:
        collector.remove()
    assert gc.isenabled(), "Python collects again"


def test_it_can_be_paused(qapp: QApplication, collections: Collections) -> None:
    collector = GarbageCollector()
    timer = collector.findChild(QTimer)
    assert timer is not None
    collector.install()
    try:
        collector.pause(True)
        assert not timer.isActive() and not gc.isenabled()
        collector.pause(False)
        assert timer.isActive()
    finally:
        collector.remove()
    collector.pause(False)
    assert not timer.isActive(), "it was removed"


PROGRAM = """
import gc, os
import dlstudio.workers.qt
from PySide6.QtWidgets import QApplication
from dlstudio.app import open_window

window = open_window(QApplication([]))
open_ = gc.isenabled()
window.close_unsaved()
print(open_, gc.isenabled(), flush=True)
os._exit(0)  # TensorFlow may still be on its way in
"""


def test_the_program_installs_it() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == ["False", "True"]


def test_generations_are_collected_by_pythons_thresholds(
    qapp: QApplication, collections: Collections
) -> None:
    collector = GarbageCollector()
    first, second, _third = gc.get_threshold()
    gc.collect()
    collections.clear()
    kept: list[list[object]] = []
    for _unused in range(second + 2):
        kept.extend([] for _ in range(2 * first))
        collector.collect()
    generations = [each for _, each in collections]
    assert generations[:second] == [0] * second
    assert max(generations) == 1
    collections.clear()
    collector.collect()
    assert not collections, "nothing is due"
