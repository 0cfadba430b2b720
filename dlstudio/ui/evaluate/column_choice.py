"""A choice among the columns that reports can be about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dlstudio.document.column_report import ColumnReport, ReportKind
from dlstudio.i18n import _
from dlstudio.ui.services.feature_reports import FeatureReports
from dlstudio.ui.widgets.no_wheel_combo_box import NoWheelComboBox


class ColumnChoice(NoWheelComboBox):
    """Computes the report on a column once it is chosen.

    Until the user chooses, it shows the column of the newest report that is known.

    Args:
        reports: Computes them.
        kind: Of the reports.
        parent: Parent of the widget.

    Signals:
        shown_changed: Emitted when another column is shown, or its report is known.
    """

    shown_changed = Signal()

    def __init__(
        self, reports: FeatureReports, kind: ReportKind, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._reports, self._kind = reports, kind
        self.setAccessibleName(_("Column"))
        self.show_columns(())
        self.activated.connect(self._choose)
        reports.found_changed.connect(self._show_known)

    @property
    def column(self) -> str:
        """The column that is shown; "" for none."""
        return str(self.currentData() or "")

    @property
    def report(self) -> ColumnReport | None:
        """The report on the column; None while it is unknown."""
        return self._reports.known(self._kind, self.column) if self.column else None

    def show_columns(self, names: Sequence[str]) -> None:
        """Offer other columns.

        Args:
            names: In their order.
        """
        self.clear()
        self.addItem(_("Choose a column"), "")
        for name in names:
            self.addItem(name, name)
        self._show_known()

    def _choose(self) -> None:
        if self.column:
            self._reports.request(self._kind, self.column)
        self.shown_changed.emit()

    def _show_known(self) -> None:
        forgotten = self._reports.subject is None and self.report is None
        if not self.column or forgotten:
            known = self.findData(self._reports.latest_column(self._kind))
            self.setCurrentIndex(max(known, 0))
        self.shown_changed.emit()
