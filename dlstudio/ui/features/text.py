"""Texts: a histogram of their lengths, and a field for a text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.features.text import TEXT as DESCRIPTION
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _
from dlstudio.ui.features.answer_widgets import prose_answer
from dlstudio.ui.features.base import FeatureView, setting
from dlstudio.ui.features.distribution import paint_histogram
from dlstudio.ui.features.number_format import short_value
from dlstudio.ui.features.value_edit import ParagraphEdit
from dlstudio.ui.theme.category_colors import category_color
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn


class _TextView:
    """The view part of texts."""

    icon = "mdi6.text"
    color = "#9a3412"
    numeric = False
    reads_files = True

    def text(self, value: str) -> str:
        """The text on one line."""
        return " ".join(value.split())

    def summary(self, statistics: ColumnStatistics) -> str:
        """How long the texts are."""
        median, most = statistics.median, statistics.most
        if median is None or most is None:
            return ""
        return _("{median} characters (median), at most {most}").format(
            median=short_value(median), most=short_value(most)
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

    def editor(
        self, theme: Theme, column: TableColumn, parent: QWidget
    ) -> ParagraphEdit:
        """A field of several lines."""
        del theme, column
        return ParagraphEdit(parent)

    def hint(self, column: TableColumn) -> str:
        """How long the texts of the data are."""
        return self.summary(column.statistics)

    def remark(self, value: str, column: TableColumn) -> str:
        """Whether there is no text."""
        if value:
            return ""
        if setting(column, DESCRIPTION, "missing") == "drop":
            return _("Enter a text: rows without one are excluded.")
        return _("Missing: an empty text is used.")

    def takes_file(self, path: Path) -> bool:
        """Whether it is a file of text, whose content is the value."""
        return path.suffix.lower() == ".txt"

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The text."""
        del column
        return self.text(answer.value)

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The text."""
        del theme
        return prose_answer(self.answer_text(answer, column), parent)


TEXT: FeatureView = _TextView()
