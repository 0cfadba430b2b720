"""Views a converted model, in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from dlstudio.catalog.keras_files import CONVERTED_SUFFIXES
from dlstudio.document.viewed_model import ViewedModel
from dlstudio.i18n import _
from dlstudio.ui.shell.core import Core
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.converted_model import view_converted
from dlstudio.workers.jobs import Job

if TYPE_CHECKING:
    from dlstudio.ui.shell.model_viewer_dialog import ModelViewerDialog


class ModelViewer(QObject):
    """Views one file at a time.

    Args:
        core: The window's services.
        theme: Returns the current theme.
        window: Parent of the dialog.
    """

    def __init__(self, core: Core, theme: Callable[[], Theme], window: QWidget) -> None:
        super().__init__(window)
        self._core, self._theme, self._window = core, theme, window
        self._job: Job[ViewedModel] | None = None
        self.dialog: ModelViewerDialog | None = None

    def choose(self) -> None:
        """Choose a file, and view it."""
        dialog = QFileDialog(
            self._window, _("View a converted model"), str(Path.home())
        )
        dialog.setObjectName("choose-converted")
        patterns = " ".join(f"*{each}" for each in CONVERTED_SUFFIXES)
        dialog.setNameFilter(_("Converted models") + f" ({patterns})")
        dialog.fileSelected.connect(lambda chosen: self.start(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, path: Path) -> None:
        """Read a file, and show its layers."""
        # It draws with NumPy, for which the window does not wait when it opens.
        from dlstudio.ui.shell.model_viewer_dialog import ModelViewerDialog

        if self.dialog is not None:
            self.dialog.reject()
        dialog = ModelViewerDialog(self._theme(), path.name, self._window)
        self.dialog = dialog
        dialog.finished.connect(self._end)
        job = self._core.engine.question(view_converted, path)
        job.on_success(dialog.show_model).on_failure(dialog.show_error)
        self._job = job
        dialog.open()
        job.start()

    def _end(self) -> None:
        job, self._job, self.dialog = self._job, None, None
        if job is not None:
            job.cancel()
