"""Images in a table: names of files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAction, QColor, QPainter
from PySide6.QtWidgets import QLineEdit, QWidget

from dlstudio.document.column_statistics import ColumnStatistics
from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _, ngettext
from dlstudio.ui.features.answer_widgets import text_answer
from dlstudio.ui.features.base import FeatureView
from dlstudio.ui.features.value_edit import ValueEdit
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.file_dialogs import FileDialogs
from dlstudio.workers.table import TableColumn


class ImagePathEdit(ValueEdit):
    """A field for the path of an image, with a file dialog."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dialogs = FileDialogs(self)
        opener = QAction(icon("mdi6.folder-outline", theme.colors.text_muted), "", self)
        opener.setToolTip(_("Choose image"))
        opener.triggered.connect(self._open)
        self.addAction(opener, QLineEdit.ActionPosition.TrailingPosition)

    def _open(self) -> None:
        self._dialogs.files(_("Choose image"), self._chosen)

    def _chosen(self, paths: list[Path]) -> None:
        self.enter(str(paths[0]))


class _ImageView:
    """The view part of images."""

    icon = "mdi6.image-outline"
    color = "#7e22ce"
    numeric = False

    def text(self, value: str) -> str:
        """The name of the file, without its folders."""
        return value.replace("\\", "/").rpartition("/")[2]

    def summary(self, statistics: ColumnStatistics) -> str:
        """How many there are."""
        count = statistics.count - statistics.missing
        text = ngettext("{count} file", "{count} files", count)
        return text.format(count=f"{count:,}")

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        statistics: ColumnStatistics,
        theme: Theme,
    ) -> None:
        """How many there are, as text."""
        painter.setPen(QColor(theme.colors.text_muted))
        painter.drawText(area, self.summary(statistics))

    def editor(
        self, theme: Theme, column: TableColumn, parent: QWidget
    ) -> ImagePathEdit:
        """A field with a file dialog."""
        return ImagePathEdit(theme, parent)

    def hint(self, column: TableColumn) -> str:
        """What is expected."""
        return _("Path of an image")

    def remark(self, value: str, column: TableColumn) -> str:
        """Whether there is none."""
        return "" if value else _("Choose an image.")

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The name of the file."""
        return self.text(answer.value)

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The same, large."""
        return text_answer(self.answer_text(answer, column), parent=parent)


IMAGE: FeatureView = _ImageView()
