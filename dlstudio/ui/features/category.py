"""Categories: shares of names, and fields that offer the known ones."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.features.category import CATEGORY as DESCRIPTION
from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _
from dlstudio.ui.features.answer_widgets import names_answer
from dlstudio.ui.features.base import FeatureView, setting
from dlstudio.ui.features.distribution import paint_shares
from dlstudio.ui.features.names_text import known_names, names_summary
from dlstudio.ui.features.value_edit import NameEdit
from dlstudio.ui.theme.tokens import Theme
from dlstudio.workers.table import TableColumn


class _CategoryView:
    """The view part of categories."""

    icon = "mdi6.tag-outline"
    color = "#166534"
    numeric = False
    reads_files = False

    def text(self, value: str) -> str:
        """The name itself."""
        return value

    def summary(self, statistics: ColumnStatistics) -> str:
        """How many names there are, and the most frequent one."""
        return names_summary(statistics)

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        """Shares of the most frequent names."""
        paint_shares(painter, area, statistics, theme)

    def editor(self, theme: Theme, column: TableColumn, parent: QWidget) -> NameEdit:
        """A field that offers the known names."""
        return NameEdit(theme, known_names(column), parent)

    def hint(self, column: TableColumn) -> str:
        """How many names are known."""
        return names_summary(column.statistics)

    def remark(self, value: str, column: TableColumn) -> str:
        """Whether a name is missing, or was never seen."""
        if not value:
            return _missing_remark(column)
        if not column.names or value in column.names:
            return ""
        return _("“{name}” is unknown to the model.").format(name=value)

    def takes_file(self, path: Path) -> bool:
        """No file is a value."""
        del path
        return False

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The class."""
        return answer.value or _("no label")

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The class with the probabilities."""
        return names_answer(theme, self.answer_text(answer, column), answer, parent)


def _missing_remark(column: TableColumn) -> str:
    how = setting(column, DESCRIPTION, "missing")
    if how == "drop":
        return _("Enter a category: rows without one are excluded.")
    if how == "most_frequent" and (column.fill or column.statistics.frequent):
        name = column.fill or column.statistics.frequent[0][0]
        return _("Missing: “{value}” is used.").format(value=name)
    return _("Missing, which is a category of its own.")


CATEGORY: FeatureView = _CategoryView()
