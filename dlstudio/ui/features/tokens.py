"""Tokens: a histogram of how many sentences have, and a field for a sentence."""

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


class _TokensView:
    """The view part of tokens."""

    icon = "mdi6.format-letter-spacing"
    color = "#9a3412"
    numeric = False
    reads_files = False

    def text(self, value: str) -> str:
        """The tokens on one line."""
        return " ".join(value.split())

    def summary(self, statistics: ColumnStatistics) -> str:
        """How many tokens sentences have."""
        median, most = statistics.median, statistics.most
        if median is None or most is None:
            return ""
        return _("{median} tokens (median), at most {most}").format(
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

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> ValueEdit:
        """A field for a sentence."""
        del theme, column
        return ValueEdit(parent)

    def hint(self, column: TableColumn) -> str:
        """That tokens are separated by spaces."""
        del column
        return _("Separate tokens by spaces, also punctuation.")

    def remark(self, value: str, column: TableColumn) -> str:
        """Whether there is no token."""
        del column
        return "" if value.strip() else _("Enter a sentence.")

    def takes_file(self, path: Path) -> bool:
        """No file is a value."""
        del path
        return False

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The tokens."""
        del column
        return self.text(answer.value)

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The tokens."""
        del theme
        return text_answer(self.answer_text(answer, column), answer.value, "", parent)


TOKENS: FeatureView = _TokensView()
