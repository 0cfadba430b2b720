"""Running text: how long its windows are, and a field for a beginning."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _
from dlstudio.ui.features.answer_widgets import text_answer
from dlstudio.ui.features.base import FeatureView
from dlstudio.ui.features.distribution import paint_histogram
from dlstudio.ui.features.number_format import short_value
from dlstudio.ui.features.value_edit import ValueEdit
from dlstudio.ui.theme.category_colors import category_color
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn

LINE_BREAK = " ⏎ "


class _ContinuousTextView:
    """The view part of running text."""

    icon = "mdi6.book-open-page-variant-outline"
    color = "#7c2d12"
    numeric = False
    reads_files = False

    def text(self, value: str) -> str:
        """The text on one line, whose line breaks are seen."""
        return " ".join(value.replace("\n", LINE_BREAK).split())

    def summary(self, statistics: ColumnStatistics) -> str:
        """How many windows there are, and how long they are."""
        most = statistics.most
        if most is None:
            return ""
        return _("{count} windows of at most {most} characters").format(
            count=f"{statistics.count:,}", most=short_value(most)
        )

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        """A histogram of the lengths."""
        color = category_color(theme, theme.colors.accent)
        paint_histogram(painter, area, statistics.histogram, color)

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> ValueEdit:
        """A field for any text."""
        del theme, column
        return ValueEdit(parent)

    def hint(self, column: TableColumn) -> str:
        """What to enter."""
        del column
        return _("Beginning of a text")

    def remark(self, value: str, column: TableColumn) -> str:
        """Nothing: any text will do."""
        del value, column
        return ""

    def takes_file(self, path: Path) -> bool:
        """No file is a value."""
        del path
        return False

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The text."""
        del column
        return self.text(answer.value)

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The text."""
        del theme
        return text_answer(self.answer_text(answer, column), answer.value, "", parent)


CONTINUOUS_TEXT: FeatureView = _ContinuousTextView()
