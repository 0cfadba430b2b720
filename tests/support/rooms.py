"""A room of the real window on a trained project, worked with mouse, keys and drops."""

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

from dlstudio.ui.shell.rooms import ROOMS
from dlstudio.workers.jobs import WorkerThread

REST = 3_000
"""Milliseconds: a single-shot timer of at most this long is work that is due."""


def open_room(
    make_window: Callable[..., Any], world: World, key: str, runs: bool = True
) -> Any:
    """The window with the project open and a room shown.

    Args:
        runs: Wait until a run can be chosen there.
    """
    window = make_window(ROOMS, with_catalog=world.catalog)
    window.core.session.open(world.folder)
    window.shell.go(key)
    if runs:
        until(lambda: bool(window.shell.room().picker.run))
    return window


def until(ready: Callable[[], bool], seconds: float = 200) -> None:
    """Let the window live until something is so.

    Its loop sleeps between two looks, so that the threads have the interpreter. The
    time is for the busiest machine: a test that passes never waits for it.
    """
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it has not come to pass"
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def settle() -> None:
    """Let the window live until it has nothing left to do.

    That is: no job is queued or running, no short single-shot timer is active, and
    what they led to was done too. For tests that show that something does *not*
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
    """The ends of a window's trainings, each of which is waited for once.

    Being idle says nothing: so a window is before a training has begun, too.
    """

    def __init__(self, trainings: Any) -> None:
        self._seen = 0
        self._states: list[str] = []
        trainings.state_changed.connect(self._states.append)

    def wait(self) -> None:
        """Until the next training has ended, counted from the first one."""
        self._seen += 1
        until(lambda: self._states.count("idle") >= self._seen)


def cell_editor(table: QTableWidget) -> QLineEdit:
    """The field in which the current cell is typed; those of others may linger."""
    editor = table.indexWidget(table.currentIndex())
    assert isinstance(editor, QLineEdit)
    return editor


def files_of(paths: Sequence[Path]) -> QMimeData:
    """What a file manager drags."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(widget: QWidget, mime: QMimeData) -> bool:
    """Drag something over a widget and let it go; whether it was taken."""
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
