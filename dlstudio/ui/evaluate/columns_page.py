"""What each input column means to an output: its importance and its effect."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.document.column_report import ReportKind
from dlstudio.document.feature_sections import Importance, PartialDependence
from dlstudio.i18n import _
from dlstudio.ui.evaluate.column_choice import ColumnChoice
from dlstudio.ui.evaluate.report_progress import ReportProgress
from dlstudio.ui.evaluate.section_holder import SectionHolder
from dlstudio.ui.services.feature_reports import FeatureReports
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label


class ColumnsPage(QWidget):
    """Importance to the left, the effect of a chosen column to the right.

    Args:
        theme: Colours and sizes.
        reports: Computes them on demand.
    """

    def __init__(
        self, theme: Theme, reports: FeatureReports, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._reports = theme, reports
        self._output = ""
        self.compute = button(theme, _("Compute importance"), "primary")
        self.column = ColumnChoice(reports, "dependence", self)
        self.column.setMinimumHeight(self.compute.sizeHint().height())
        self.importance = SectionHolder(
            theme,
            _("How much worse is the result if the values of a column are permuted?"),
            self,
        )
        self.dependence = SectionHolder(
            theme,
            _("How does the prediction change with the values of a column?"),
            self,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        top = QHBoxLayout()
        top.addWidget(self.compute)
        top.addStretch(1)
        row.addLayout(self._half("importance", top, self.importance), 1)
        top = QHBoxLayout()
        top.addWidget(label(_("Effect of")))
        top.addWidget(self.column, 1)
        row.addLayout(self._half("dependence", top, self.dependence), 1)
        self.compute.clicked.connect(lambda: reports.request("importance"))
        self.column.shown_changed.connect(self._show)
        reports.columns_changed.connect(self._fill)
        reports.changed.connect(self._show_running)
        self._fill()
        QWidget.setTabOrder(self.compute, self.column)

    def show_output(self, name: str) -> None:
        """Show what is known of an output, by the name of what it predicts."""
        self._output = name
        self._show()

    def _half(
        self, kind: ReportKind, top: QHBoxLayout, holder: SectionHolder
    ) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        top.setSpacing(8)
        column.addLayout(top)
        column.addWidget(ReportProgress(self._theme, self._reports, kind, self))
        column.addWidget(holder, 1)
        return column

    def _fill(self) -> None:
        columns = self._reports.columns
        self.column.show_columns(columns.inputs if columns is not None else ())

    def _show_running(self) -> None:
        subject = self._reports.subject
        own = subject is not None and subject.kind == "importance"
        running = self._reports.running and own
        known = self._reports.known("importance") is not None
        self.compute.setEnabled(not running and not known)

    def _show(self) -> None:
        self._show_running()
        reports = self._reports
        self.importance.show_section(
            Importance.NAME, reports.known("importance"), self._output
        )
        report = self.column.report
        self.dependence.show_section(PartialDependence.NAME, report, self._output)
