"""A single image at full size over the gallery, with its metadata."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.byte_size import size_text
from dlstudio.i18n import _
from dlstudio.ui.data.dataset_actions import DatasetActions
from dlstudio.ui.data.gallery.menu import SampleActions
from dlstudio.ui.services.dataset.dataset_controller import DatasetController
from dlstudio.ui.services.dataset.dataset_text import split_name
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import IconButton, button
from dlstudio.ui.widgets.images import to_image
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.image_files import FullImage, load_full_image

MAX_SIDE = 2048
FACTS_WIDTH = 260


class ScaledImage(QWidget):
    """An image scaled to the available space; small ones keep sharp pixels."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self.text = ""

    def show_image(self, image: QImage, text: str = "") -> None:
        """Show an image, or a text if there is none."""
        self._image, self.text = image, text
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image.isNull():
            painter.setPen(QColor(self._theme.colors.text_muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self.text)
            return
        image = self._image.size()
        size = image.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() > 4 * image.width():
            times = size.width() // image.width()
            size = QSize(image.width() * times, image.height() * times)
        smooth = size.width() < 3 * image.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        box = QRect(QPoint(), size)
        box.moveCenter(self.rect().center())
        painter.drawImage(box, self._image)


class ImageViewer(QFrame):
    """Covers the gallery while open; the arrow keys go to the next image.

    Args:
        studio: The window's services, theme and navigation.
        controller: State of the open dataset.
        dataset_actions: Edits of samples.

    Signals:
        navigated: Emitted with the displayed sample.
        closed: Emitted when the viewer closes.
    """

    navigated = Signal(int)
    closed = Signal()

    def __init__(
        self,
        studio: Studio,
        controller: DatasetController,
        dataset_actions: DatasetActions,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Image viewer"))
        self._controller = controller
        self._rows: Sequence[int] = ()
        self._position = 0
        self._facts: dict[str, str] = {}
        theme = studio.theme
        self.image_view = ScaledImage(theme, self)
        self.title = label("", "title", wrap=True)
        self.grid = QGridLayout()
        self.notes = label("", "warning", wrap=True)
        self.sample_actions = SampleActions(
            self, theme, controller, dataset_actions, self.chosen, self._menu_position
        )
        self._lay_out(theme)
        controller.changed.connect(self._refresh)
        self.hide()

    def open(self, rows: Sequence[int], row: int) -> None:
        """Show a sample; the arrow keys step through `rows`."""
        self._rows = rows
        self._position = list(rows).index(row) if row in rows else 0
        self.show()
        self.raise_()
        self.setFocus()
        self._show()

    def chosen(self) -> list[str]:
        """The id of the displayed sample."""
        dataset = self._controller.dataset
        if dataset is None or self.isHidden() or not len(self._rows):
            return []
        return [dataset.ids[self._rows[self._position]]]

    def close_view(self) -> None:
        """Return to the gallery."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys step; Escape and Enter close."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1,
                 Qt.Key.Key_Down: 1}  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.step(step)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_view()
        else:
            super().keyPressEvent(event)

    def step(self, by: int) -> None:
        """Show the sample `by` places further."""
        at = min(max(self._position + by, 0), len(self._rows) - 1)
        if at != self._position:
            self._position = at
            self.navigated.emit(self._rows[at])
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.image_view.update()

    def _lay_out(self, theme: Theme) -> None:
        before = IconButton(theme, "mdi6.chevron-left", _("Previous image"))
        before.clicked.connect(lambda: self.step(-1))
        after = IconButton(theme, "mdi6.chevron-right", _("Next image"))
        after.clicked.connect(lambda: self.step(1))
        close = IconButton(theme, "mdi6.close", _("Close"))
        close.clicked.connect(self.close_view)
        bar = QHBoxLayout()
        bar.addWidget(before)
        bar.addWidget(after)
        bar.addStretch(1)
        bar.addWidget(close)
        more = button(theme, _("Change"), "", "mdi6.pencil-outline")
        more.setMenu(self.sample_actions.menu)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(4)
        self.grid.setColumnStretch(1, 1)
        facts = QVBoxLayout()
        facts.setSpacing(10)
        facts.addLayout(bar)
        facts.addWidget(self.title)
        facts.addLayout(self.grid)
        facts.addWidget(self.notes)
        facts.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        facts.addStretch(1)
        side = QWidget()
        side.setFixedWidth(FACTS_WIDTH)
        side.setLayout(facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 16)
        row.setSpacing(16)
        row.addWidget(self.image_view, 1)
        row.addWidget(side)

    def _show(self) -> None:
        dataset = self._controller.dataset
        if dataset is None:
            return
        row = self._rows[self._position]
        self._facts = {}
        job = self._controller.files.job(load_full_image, dataset, row, MAX_SIDE)
        job.on_success(self._loaded).start()
        self._refresh()

    def _loaded(self, loaded: FullImage) -> None:
        if self.isHidden() or loaded.row != self._rows[self._position]:
            return
        image = to_image(loaded.pixels) if loaded.pixels is not None else QImage()
        self.image_view.show_image(image, loaded.problem)
        facts = {}
        if loaded.width:
            facts[_("Size")] = f"{loaded.width} × {loaded.height}"
        if loaded.mode:
            facts[_("Color mode")] = loaded.mode
        if loaded.format:
            facts[_("Format")] = loaded.format
        if loaded.bytes:
            facts[_("File")] = size_text(loaded.bytes)
        if loaded.path:
            facts[_("Path")] = loaded.path
        self._facts = facts
        self._refresh()

    def _refresh(self) -> None:
        view = self._controller.view
        if self.isHidden():
            return
        if view is None or not len(self._rows) or self._rows[-1] >= len(view):
            self.close_view()
            return
        row = self._rows[self._position]
        id = view.dataset.ids[row]
        self.title.setText(id.rpartition("/")[2])
        facts = {}
        if view.classes:
            facts[_("Class")] = ", ".join(view.names(row)) or _("no label")
        split = view.split(row)
        if split >= 0:
            facts[_("Split")] = split_name(split)
        self._show_facts({**facts, **self._facts})
        about = [
            f"{each.message}"
            for some in view.findings.values()
            for each in some
            if each.path == id and each.message != self.image_view.text
        ]
        self.notes.setText("\n".join(about))
        self.notes.setVisible(bool(about))

    def _show_facts(self, facts: dict[str, str]) -> None:
        while (item := self.grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line, (name, value) in enumerate(facts.items()):
            top = Qt.AlignmentFlag.AlignTop
            self.grid.addWidget(label(name, "muted"), line, 0, top)
            words = label(_breakable(value), wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.grid.addWidget(words, line, 1)

    def _menu_position(self) -> QPoint:
        return self.mapToGlobal(self.rect().center())


def _breakable(text: str) -> str:
    """The path with a line break opportunity after each slash."""
    return text.replace("/", "/\u200b").replace("\\", "\\\u200b")
