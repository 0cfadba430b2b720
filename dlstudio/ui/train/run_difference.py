"""The difference of two runs: graph, plan and data."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from dlstudio.document.change_descriptions import ProjectChanges
from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.workers.run_operations import compare_runs


class RunDifference(QLabel):
    """The difference of the two selected runs as text."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self._studio = studio
        self._compared: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()

    def show_runs(self, runs: tuple[str, ...]) -> None:
        """Show the difference if exactly two runs are given."""
        pair = tuple(sorted(runs)) if len(runs) == 2 else ()
        self.setVisible(bool(pair))
        folder = self._studio.session.folder
        if pair == self._compared or folder is None:
            return
        self._compared = pair
        self.setText("")
        if pair:
            job = self._studio.engine.text_job(compare_runs, folder, *pair)
            job.on_success(self._show).on_failure(self._studio.notices.error).start()

    def _show(self, found: ProjectChanges) -> None:
        parts = []
        for title, changes in (
            (_("Model"), found.graph),
            (_("Plan"), found.plan),
            (_("Data"), found.data),
        ):
            if changes:
                parts.append(f"{title}: {', '.join(changes)}")
        self.setText("\n".join(parts) or _("No changes"))
