"""A room of the real window on a trained project, driven by mouse, keys and drops."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from digits_world import World
from PySide6.QtCore import QEventLoop, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QTableWidget, QWidget
from shiboken6 import Shiboken

from dlstudio.ui.evaluate.evaluation_view import EvaluationView
from dlstudio.ui.heads.class_page import ClassPage
from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.workers.jobs import WorkerThread

REST = 3_000
"""Milliseconds: single-shot timers up to this interval count as pending work."""


def open_room(
    make_window: Callable[..., Any], world: World, key: str, runs: bool = True
) -> Any:
    """Open the window with the project and show a room.

    Args:
        runs: Whether to wait until a run can be selected there.
    """
    window = make_window(ROOMS, with_catalog=world.catalog)
    window.core.session.open(world.folder)
    window.shell.go(key)
    if runs:
        until(lambda: bool(window.shell.room().picker.run))
    return window


def until(ready: Callable[[], bool], seconds: float = 200) -> None:
    """Run the event loop until a condition holds.

    The loop sleeps between two checks, so that the threads get the interpreter. The
    timeout is for the busiest machine: a passing test never waits for it.
    """
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it has not come to pass"
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def settle() -> None:
    """Run the event loop until the window has nothing left to do.

    That is: no job is queued or running, no short single-shot timer is active, and
    their results are processed too. For tests that show that something does *not*
    happen: it would have happened by then, on any machine.
    """
    quiet = 0

    def still() -> bool:
        nonlocal quiet
        QApplication.processEvents()
        quiet = 0 if _is_due() else quiet + 1
        return quiet > 2

    until(still)


def _is_due() -> bool:
    every = Shiboken.getAllValidWrappers()
    timers = (each for each in every if isinstance(each, QTimer) and each.isActive())
    return any(each.isSingleShot() and each.interval() <= REST for each in timers) or (
        any(each.busy for each in every if isinstance(each, WorkerThread))
    )


class TrainingEnds:
    """Waits for the end of each of a window's trainings once.

    The idle state is not enough: the window is also idle before a training begins.
    """

    def __init__(self, trainings: Any) -> None:
        self._seen = 0
        self._states: list[str] = []
        trainings.state_changed.connect(self._states.append)

    def wait(self) -> None:
        """Wait until the next training has ended, counted from the first one."""
        self._seen += 1
        until(lambda: self._states.count("idle") >= self._seen)


def cell_editor(table: QTableWidget) -> QLineEdit:
    """The editor of the current cell; those of other cells may linger."""
    editor = table.indexWidget(table.currentIndex())
    assert isinstance(editor, QLineEdit)
    return editor


def files_of(paths: Sequence[Path]) -> QMimeData:
    """The data of a drag from a file manager."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(widget: QWidget, mime: QMimeData) -> bool:
    """Drag and drop something on a widget; returns whether it was accepted."""
    place = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    with warnings.catch_warnings():
        # Newer versions want a QPointF, older ones know only this.
        warnings.simplefilter("ignore", DeprecationWarning)
        entered = QDragEnterEvent(
            QPoint(200, 200), Qt.DropAction.CopyAction, mime, *place
        )
    QApplication.sendEvent(widget, entered)
    if not entered.isAccepted():
        return False
    dropped = QDropEvent(QPointF(200, 200), Qt.DropAction.CopyAction, mime, *place)
    QApplication.sendEvent(widget, dropped)
    return True


def class_page(view: EvaluationView) -> ClassPage:
    """The page of the Evaluate room for outputs that predict classes."""
    page = view.own["confusion_matrix"]
    assert isinstance(page, ClassPage)
    return page
