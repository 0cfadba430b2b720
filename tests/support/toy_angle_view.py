"""The view part of the angles of `toy_angle`."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.ui.features.distribution import paint_histogram
from dlstudio.ui.features.value_edit import ValueEdit
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn


class AngleEdit(ValueEdit):
    """A field for an angle."""

    def problem(self) -> str:
        """Why the text is no angle."""
        text = self.text().strip()
        number = text.removesuffix("°").lstrip("+-").replace(".", "", 1)
        wrong = bool(text) and not (text.endswith("°") and number.isdigit())
        return "Enter an angle, such as 30°." if wrong else ""


class _AngleView:
    """See `FeatureView`."""

    icon = "mdi6.angle-acute"
    color = "#9333ea"
    numeric = True

    def text(self, value: str) -> str:
        return value

    def summary(self, statistics: ColumnStatistics) -> str:
        if statistics.least is None or statistics.most is None:
            return ""
        return f"{statistics.least:.0f}° to {statistics.most:.0f}°, all around"

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        paint_histogram(
            painter, area, statistics.histogram, QColor(theme.colors.accent)
        )

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> AngleEdit:
        del theme, column
        return AngleEdit(parent)

    def hint(self, column: TableColumn) -> str:
        return self.summary(column.statistics)

    def remark(self, value: str, column: TableColumn) -> str:
        del column
        return "" if value else "Missing: 0° is used."

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        del column
        return "" if answer.number is None else f"{answer.number:.0f}°"

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        del theme
        return QLabel(self.answer_text(answer, column), parent)


ANGLE = _AngleView()
