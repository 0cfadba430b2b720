"""Dates: histograms, and fields with a calendar that may be empty."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QPoint, QRectF, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QWidget

from dlstudio.catalog.features.date import DATE as DESCRIPTION
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _, translator
from dlstudio.ui.features.answer_widgets import text_answer
from dlstudio.ui.features.base import FeatureView, setting
from dlstudio.ui.features.distribution import paint_histogram
from dlstudio.ui.features.number_format import range_text
from dlstudio.ui.features.value_edit import ValueEdit
from dlstudio.ui.theme.category_colors import category_color
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn


class DateEdit(ValueEdit):
    """A field for a date in ISO 8601, with or without a time."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("YYYY-MM-DD"))
        self.calendar: QCalendarWidget | None = None
        opener = QAction(
            icon("mdi6.calendar-month-outline", theme.colors.text_muted), "", self
        )
        opener.setToolTip(_("Choose date"))
        opener.triggered.connect(self.open_calendar)
        self.addAction(opener, QLineEdit.ActionPosition.TrailingPosition)

    def problem(self) -> str:
        """Why the text is no date."""
        text = self.text().strip()
        if not text or parse_date(text) is not None:
            return ""
        return _("“{text}” is not a date. Enter it as 2024-01-31.").format(text=text)

    def open_calendar(self) -> None:
        """Open a calendar below the field."""
        calendar = QCalendarWidget(self)
        calendar.setWindowFlag(Qt.WindowType.Popup)
        calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar.setLocale(QLocale(translator.language))
        calendar.setVerticalHeaderFormat(
            QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
        )
        now = parse_date(self.text().strip())
        if now is not None:
            calendar.setSelectedDate(QDate(now.year, now.month, now.day))
        calendar.activated.connect(self._choose)
        calendar.clicked.connect(self._choose)
        calendar.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        calendar.destroyed.connect(self._forget)
        self.calendar = calendar
        calendar.show()
        calendar.setFocus()

    def _choose(self, day: QDate) -> None:
        if self.calendar is not None:
            self.calendar.close()
            self.enter(day.toString(Qt.DateFormat.ISODate))

    def _forget(self) -> None:
        self.calendar = None


class _DateView:
    """The view part of dates."""

    icon = "mdi6.calendar-outline"
    color = "#4f46e5"
    numeric = False
    reads_files = False

    def text(self, value: str) -> str:
        """The date as it is written."""
        return value

    def summary(self, statistics: ColumnStatistics) -> str:
        """The first and the last date."""
        first, last = statistics.earliest, statistics.latest
        return range_text(first, last) if first and last else ""

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        """A histogram."""
        color = category_color(theme, self.color)
        paint_histogram(painter, area, statistics.histogram, color)

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> DateEdit:
        """A field with a calendar."""
        return DateEdit(theme, parent)

    def hint(self, column: TableColumn) -> str:
        """The first and the last date."""
        return self.summary(column.statistics)

    def remark(self, value: str, column: TableColumn) -> str:
        """Whether a date is missing, or outside what the model has seen."""
        if not value:
            if setting(column, DESCRIPTION, "missing") == "drop":
                return _("Enter a date: rows without one are excluded.")
            if column.fill:
                return _("Missing: {value} is used.").format(value=column.fill)
            return _("Missing: the median date is used.")
        day = parse_date(value)
        first = parse_date(column.statistics.earliest)
        last = parse_date(column.statistics.latest)
        if day is None or first is None or last is None:
            return ""
        if day < first:
            text = _("Earlier than in the data (from {date}).")
            return text.format(date=column.statistics.earliest)
        if day > last:
            text = _("Later than in the data (until {date}).")
            return text.format(date=column.statistics.latest)
        return ""

    def takes_file(self, path: Path) -> bool:
        """No file is a value."""
        del path
        return False

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The date."""
        return answer.value

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The same, large."""
        return text_answer(self.answer_text(answer, column), parent=parent)


def parse_date(text: str) -> date | None:
    """The day of a date in ISO 8601; None if it is none."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


DATE: FeatureView = _DateView()
