"""Reports uncaught exceptions to the user instead of crashing."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

from dlstudio.i18n import _
from dlstudio.ui.notices import Notices

IGNORED = (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)


class UncaughtErrorReporter(QObject):
    """Reports uncaught exceptions of all threads, and Qt's warnings, as notices."""

    _happened = Signal(object)

    def __init__(self, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices = notices
        self._before: tuple[Any, Any] | None = None
        # Queued: the errors may come from any thread.
        self._happened.connect(self._report, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Install the hooks."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._exception
        threading.excepthook = self._in_thread
        qInstallMessageHandler(self._message)

    def remove(self) -> None:
        """Restore the previous hooks."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None
            qInstallMessageHandler(None)

    def _exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._write("".join(traceback.format_exception(kind, error, trace)))
        self._happened.emit(error)

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind in IGNORED:
            return
        self._write(f"{text}\n")
        if kind == QtMsgType.QtCriticalMsg:
            self._happened.emit(RuntimeError(text))

    def _report(self, error: BaseException) -> None:
        problem = f"{type(error).__name__}: {error}".splitlines()[0]
        sentence = _("An unexpected error occurred: {summary}. Your work is kept.")
        details = "".join(traceback.format_exception(error))
        text = sentence.format(summary=problem.rstrip("."))
        self._notices.system(text, "bad", details)

    def _write(self, text: str) -> None:
        if sys.stderr is not None:  # None under pythonw
            sys.stderr.write(text)
