"""The view part of the texts of `toy_remark`."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLabel, QWidget

from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.ui.features.value_edit import ValueEdit
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn


class _RemarkView:
    """See `FeatureView`."""

    icon = "mdi6.text"
    color = "#0f766e"
    numeric = False
    reads_files = False

    def text(self, value: str) -> str:
        return value

    def summary(self, statistics: ColumnStatistics) -> str:
        return f"{statistics.distinct} remarks"

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        pass

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> ValueEdit:
        del theme, column
        return ValueEdit(parent)

    def hint(self, column: TableColumn) -> str:
        return self.summary(column.statistics)

    def remark(self, value: str, column: TableColumn) -> str:
        del value, column
        return ""

    def takes_file(self, path: Path) -> bool:
        del path
        return False

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        del column
        return answer.value

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        del theme
        return QLabel(self.answer_text(answer, column), parent)


REMARK = _RemarkView()
