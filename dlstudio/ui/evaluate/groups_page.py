"""The results of an output for each value of a column, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.document.feature_sections import GroupMetrics
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject
from dlstudio.ui.evaluate.column_choice import ColumnChoice
from dlstudio.ui.evaluate.report_progress import ReportProgress
from dlstudio.ui.evaluate.section_holder import SectionHolder
from dlstudio.ui.heads.metric_format import metric_title
from dlstudio.ui.services.feature_reports import FeatureReports
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox


class GroupsPage(QWidget):
    """Any metric by any column of the data, an input or not.

    Args:
        theme: Colours and sizes.
        reports: Computes them on demand.
    """

    def __init__(
        self, theme: Theme, reports: FeatureReports, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._reports = reports
        self._output = ""
        self.column = ColumnChoice(reports, "groups", self)
        self.metric_choice = NoWheelComboBox(self)
        self.metric_choice.setAccessibleName(_("Metric"))
        self.groups = SectionHolder(theme, "", self)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(label(_("Results by")))
        top.addWidget(self.column, 1)
        top.addSpacing(8)
        self._metric_label = label(_("Metric"))
        top.addWidget(self._metric_label)
        top.addWidget(self.metric_choice, 1)
        top.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        lines.addLayout(top)
        lines.addWidget(ReportProgress(theme, reports, "groups", self))
        lines.addWidget(self.groups, 1)
        self.column.shown_changed.connect(self._show)
        self.metric_choice.activated.connect(self._show_metric)
        reports.columns_changed.connect(self._fill)
        self._fill()

    def show_output(self, name: str) -> None:
        """Show what is known of an output, by the name of what it predicts."""
        self._output = name
        self._show()

    def _fill(self) -> None:
        columns = self._reports.columns
        if columns is not None and not columns.groups:
            self.groups.set_hint(_("The data has no column that forms groups."))
        else:
            hint = _(
                "Is the model equally good for every group? Choose a column of the "
                "data."
            )
            self.groups.set_hint(hint)
        self.column.setEnabled(columns is None or bool(columns.groups))
        self.column.show_columns(columns.groups if columns is not None else ())

    def _metrics(self) -> Mapping[str, JsonObject]:
        report = self.column.report
        return {} if report is None else report.groups.get(self._output, {})

    def _show(self) -> None:
        metrics, before = self._metrics(), self.metric_choice.currentData()
        self.metric_choice.clear()
        for name in metrics:
            self.metric_choice.addItem(metric_title(name), name)
        self.metric_choice.setCurrentIndex(max(self.metric_choice.findData(before), 0))
        for each in (self._metric_label, self.metric_choice):
            each.setVisible(bool(metrics))
        self._show_metric()

    def _show_metric(self) -> None:
        chosen = self._metrics().get(self.metric_choice.currentData() or "")
        self.groups.show_data(GroupMetrics.NAME, chosen)
