"""Images in a table: names of files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QRectF
from PySide6.QtGui import (
    QAction,
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from dlstudio.catalog.image_files import IMAGE_SUFFIXES
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
        self.setAcceptDrops(True)
        self._dialogs = FileDialogs(self)
        opener = QAction(icon("mdi6.folder-outline", theme.colors.text_muted), "", self)
        opener.setToolTip(_("Choose image"))
        opener.triggered.connect(self._open)
        self.addAction(opener, QLineEdit.ActionPosition.TrailingPosition)

    def set_value(self, value: str) -> None:
        """Show a path with its end, which is the name of the file."""
        super().set_value(value)
        self.setCursorPosition(len(value))

    def event(self, event: QEvent) -> bool:
        """Leave pasting to the room if there is an image or a file to paste."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(
            event, QKeyEvent
        ):
            data = QGuiApplication.clipboard().mimeData()
            pastes = event.matches(QKeySequence.StandardKey.Paste)
            if pastes and (data.hasImage() or data.hasUrls()):
                event.ignore()
                return False
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file."""
        if _file_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take a file."""
        if _file_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Enter the path of the file."""
        path = _file_in(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.enter(str(path))

    def _open(self) -> None:
        self._dialogs.files(_("Choose image"), self._chosen)

    def _chosen(self, paths: list[Path]) -> None:
        self.enter(str(paths[0]))


def _file_in(mime: QMimeData) -> Path | None:
    """An image file that is dragged; other files are for the room."""
    urls = [url for url in mime.urls() if url.isLocalFile()]
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 else None
    return path if path is not None and IMAGE.takes_file(path) else None


class _ImageView:
    """The view part of images."""

    icon = "mdi6.image-outline"
    color = "#7e22ce"
    numeric = False
    reads_files = False

    def text(self, value: str) -> str:
        """The name of the file, without its folders."""
        return value.replace("\\", "/").rpartition("/")[2]

    def summary(self, statistics: ColumnStatistics) -> str:
        """How many there are, and their size."""
        count = statistics.count - statistics.missing
        text = ngettext("{count} file", "{count} files", count)
        text = text.format(count=f"{count:,}")
        sizes = [size for size, _count in statistics.frequent]
        if not sizes:
            return text
        most = sizes[0] if len(sizes) == 1 else _("mostly {size}").format(size=sizes[0])
        return f"{text} · {most}"

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

    def takes_file(self, path: Path) -> bool:
        """Image files, by their suffixes."""
        return path.suffix.lower() in IMAGE_SUFFIXES

    def answer_text(self, answer: OutputAnswer, column: TableColumn) -> str:
        """The name of the file."""
        return self.text(answer.value)

    def answer(
        self, theme: Theme, answer: OutputAnswer, column: TableColumn, parent: QWidget
    ) -> QWidget:
        """The same, large."""
        return text_answer(self.answer_text(answer, column), parent=parent)


IMAGE: FeatureView = _ImageView()
