"""The progress of a report that is computed on demand, and a button to stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from dlstudio.document.column_report import ReportKind
from dlstudio.i18n import _
from dlstudio.ui.services.feature_reports import FeatureReports
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.workers.progress import Progress


class ReportProgress(QWidget):
    """Hidden while no report of its kind is computed.

    Args:
        theme: Colours and sizes.
        reports: Computes them.
        kind: Of the report.
    """

    def __init__(
        self,
        theme: Theme,
        reports: FeatureReports,
        kind: ReportKind,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._reports, self._kind = reports, kind
        self.bar = QProgressBar(self)
        self.stop = button(theme, _("Stop"), "danger", "mdi6.stop")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        self.stop.clicked.connect(reports.stop)
        reports.changed.connect(self._show_running)
        reports.progressed.connect(self._progress)
        self._show_running()

    def _show_running(self) -> None:
        subject = self._reports.subject
        own = subject is not None and subject.kind == self._kind
        running = self._reports.running and own
        if running and self.isHidden():
            self.bar.setRange(0, 0)
        self.setVisible(running)

    def _progress(self, reported: Progress) -> None:
        self.bar.setRange(0, reported.total)
        self.bar.setValue(reported.done)
