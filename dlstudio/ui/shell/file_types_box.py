"""A check box in the preferences: whether the file manager offers the studio."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox

from dlstudio.workers.file_types import is_registered, set_registered
from dlstudio.workers.jobs import WorkerThread


class FileTypesBox(QCheckBox):
    """Disabled until the state is known, and while it is changed.

    Args:
        files: The thread for file operations.
        failed: Called with the error if the system refuses.
    """

    def __init__(
        self, files: WorkerThread, failed: Callable[[Exception], object]
    ) -> None:
        super().__init__()
        self._files = files
        self._failed = failed
        self.setEnabled(False)
        self.toggled.connect(self._register)
        job = files.job(is_registered)
        job.on_success(self._show).on_failure(partial(self._fail, False)).start()

    def _register(self, on: bool) -> None:
        self.setEnabled(False)
        job = self._files.job(set_registered, on)
        job.on_success(self._show).on_failure(partial(self._fail, not on)).start()

    def _fail(self, registered: bool, error: Exception) -> None:
        self._failed(error)
        self._show(registered)

    def _show(self, registered: bool) -> None:
        with QSignalBlocker(self):
            self.setChecked(registered)
        self.setEnabled(True)
