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
from PySide6.QtWidgets import QApplication, QWidget

from dlstudio.ui.shell.rooms import ROOMS


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


def until(ready: Callable[[], bool], seconds: float = 90) -> None:
    """Let the window live until something is so.

    Its loop sleeps between two looks, so that the threads have the interpreter.
    """
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it has not come to pass"
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


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
