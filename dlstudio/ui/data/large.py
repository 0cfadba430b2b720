"""One picture in full over the gallery, with its facts; arrows lead to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dlstudio.byte_size import size_text
from dlstudio.i18n import _
from dlstudio.ui.data.deeds import Deeds
from dlstudio.ui.data.desk import DataDesk
from dlstudio.ui.data.gallery.menu import Actions
from dlstudio.ui.data.words import part_word
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import IconButton, button
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.pictures import to_image
from dlstudio.workers.dataset_files import FullImage, load_full_image

SIDE = 2048
FACTS = 260


class Picture(QWidget):
    """A picture as large as there is room; small ones in clear blocks."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image = QImage()
        self.text = ""

    def show_image(self, image: QImage, text: str = "") -> None:
        """Show a picture, or why there is none."""
        self._image, self.text = image, text
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it in the middle."""
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


class LargeView(QFrame):
    """Lies over the gallery while it is open.

    Signals:
        walked: Another sample is seen.
        closed: It is seen no more.
    """

    walked = Signal(int)
    closed = Signal()

    def __init__(
        self, studio: Studio, desk: DataDesk, deeds: Deeds, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("One picture"))
        self._desk = desk
        self._rows: Sequence[int] = ()
        self._at = 0
        self._facts: dict[str, str] = {}
        theme = studio.theme
        self.picture = Picture(theme, self)
        self.title = label("", "title", wrap=True)
        self.grid = QGridLayout()
        self.notes = label("", "warning", wrap=True)
        self.actions_ = Actions(self, theme, desk, deeds, self.chosen, self._place)
        self._lay_out(theme)
        desk.changed.connect(self._refresh)
        self.hide()

    def open(self, rows: Sequence[int], row: int) -> None:
        """Show a sample; the arrows lead through `rows`."""
        self._rows = rows
        self._at = list(rows).index(row) if row in rows else 0
        self.show()
        self.raise_()
        self.setFocus()
        self._show()

    def chosen(self) -> list[str]:
        """The id of the sample that is seen."""
        dataset = self._desk.dataset
        if dataset is None or self.isHidden() or not len(self._rows):
            return []
        return [dataset.ids[self._rows[self._at]]]

    def close_view(self) -> None:
        """Go back to the gallery."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk; Escape and Enter close."""
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
        """The next one, or the one before."""
        at = min(max(self._at + by, 0), len(self._rows) - 1)
        if at != self._at:
            self._at = at
            self.walked.emit(self._rows[at])
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture follows."""
        super().resizeEvent(event)
        self.picture.update()

    def _lay_out(self, theme: Theme) -> None:
        before = IconButton(theme, "mdi6.chevron-left", _("The one before"))
        before.clicked.connect(lambda: self.step(-1))
        after = IconButton(theme, "mdi6.chevron-right", _("The next one"))
        after.clicked.connect(lambda: self.step(1))
        close = IconButton(theme, "mdi6.close", _("Close"))
        close.clicked.connect(self.close_view)
        bar = QHBoxLayout()
        bar.addWidget(before)
        bar.addWidget(after)
        bar.addStretch(1)
        bar.addWidget(close)
        more = button(theme, _("Change"), "", "mdi6.pencil-outline")
        more.setMenu(self.actions_.menu)
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
        side.setFixedWidth(FACTS)
        side.setLayout(facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 16)
        row.setSpacing(16)
        row.addWidget(self.picture, 1)
        row.addWidget(side)

    def _show(self) -> None:
        dataset = self._desk.dataset
        if dataset is None:
            return
        row = self._rows[self._at]
        self._facts = {}
        job = self._desk.files.job(load_full_image, dataset, row, SIDE)
        job.on_success(self._seen).start()
        self._refresh()

    def _seen(self, seen: FullImage) -> None:
        if self.isHidden() or seen.row != self._rows[self._at]:
            return
        image = to_image(seen.pixels) if seen.pixels is not None else QImage()
        self.picture.show_image(image, seen.problem)
        facts = {}
        if seen.width:
            facts[_("Size")] = f"{seen.width} × {seen.height}"
        if seen.mode:
            facts[_("Pixels")] = seen.mode
        if seen.format:
            facts[_("Format")] = seen.format
        if seen.bytes:
            facts[_("File")] = size_text(seen.bytes)
        if seen.path:
            facts[_("Path")] = seen.path
        self._facts = facts
        self._refresh()

    def _refresh(self) -> None:
        shown = self._desk.shown
        if self.isHidden():
            return
        if shown is None or not len(self._rows) or self._rows[-1] >= len(shown):
            self.close_view()
            return
        row = self._rows[self._at]
        id = shown.dataset.ids[row]
        self.title.setText(id.rpartition("/")[2])
        facts = {_("Class"): ", ".join(shown.names(row)) or _("no label")}
        part = shown.part(row)
        if part >= 0:
            facts[_("Part")] = part_word(part)
        self._show_facts({**facts, **self._facts})
        about = [
            f"{each.message}"
            for some in shown.findings.values()
            for each in some
            if each.path == id and each.message != self.picture.text
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

    def _place(self) -> QPoint:
        return self.mapToGlobal(self.rect().center())


def _breakable(text: str) -> str:
    """Long paths may break behind each slash."""
    return text.replace("/", "/\u200b").replace("\\", "\\\u200b")
