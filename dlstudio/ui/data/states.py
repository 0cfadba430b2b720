"""The room's states without images: drop target, loading and error."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from dlstudio.catalog.source_queries import drop_hints, samples_of
from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _
from dlstudio.ui.forms.param_labels import label_text
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.empty_state import EmptyState
from dlstudio.ui.widgets.labels import label

Center = Qt.AlignmentFlag.AlignHCenter
EXAMPLE = (
    "pets/",
    "    cat/    tom.jpg   minka.png   …",
    "    dog/    rex.jpg   bella.jpg   …",
)


class DropTarget(QFrame):
    """A large drop area with buttons as an alternative.

    Signals:
        folder_requested, file_requested: Emitted by the buttons.
        sample_requested: Emitted with the kind of source of a sample's button.
    """

    folder_requested = Signal()
    file_requested = Signal()
    sample_requested = Signal(str)

    def __init__(
        self, theme: Theme, catalog: Catalog, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sources = catalog.family("sources")
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(8)
        column.addStretch(2)
        icon_label = label("")
        drawn = icon("mdi6.image-multiple-outline", theme.colors.accent)
        icon_label.setPixmap(drawn.pixmap(QSize(64, 64), self.devicePixelRatioF()))
        column.addWidget(icon_label, 0, Center)
        column.addWidget(label(_("Drop your data here"), "large"), 0, Center)
        text = _("You can use {sources}, also in a zip archive.")
        text = text.format(sources=drop_hints(self._sources))
        words = label(text, "muted", wrap=True)
        words.setAlignment(Center)
        words.setFixedWidth(460)
        words.setMinimumHeight(words.heightForWidth(460))
        column.addWidget(words, 0, Center)
        column.addSpacing(8)
        column.addLayout(self._buttons())
        column.addSpacing(16)
        column.addWidget(self._example(), 0, Center)
        column.addStretch(3)

    def _buttons(self) -> QVBoxLayout:
        theme = self._theme
        self.folder = button(
            theme, _("Choose folder…"), "primary", "mdi6.folder-outline"
        )
        self.file = button(theme, _("Choose file…"), "", "mdi6.file-outline")
        self.samples = {
            each.kind: button(theme, _(each.source.sample), "", each.icon)
            for each in samples_of(self._sources)
        }
        self.folder.clicked.connect(self.folder_requested)
        self.file.clicked.connect(self.file_requested)
        for kind, sample in self.samples.items():
            sample.clicked.connect(partial(self._request_sample, kind))
        rows = QVBoxLayout()
        rows.setSpacing(8)
        for buttons in ((self.folder, self.file), tuple(self.samples.values())):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addStretch(1)
            for each in buttons:
                row.addWidget(each)
            row.addStretch(1)
            rows.addLayout(row)
        return rows

    def _request_sample(self, kind: str) -> None:
        self.sample_requested.emit(kind)

    def _example(self) -> QWidget:
        """An example of the expected folder structure."""
        card = QFrame()
        card.setProperty("role", "well")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 10, 16, 10)
        text = label("\n".join(EXAMPLE))
        text.setFont(mono_font(self._theme))
        column.addWidget(text)
        return card

    def paintEvent(self, event: QPaintEvent) -> None:
        c = self._theme.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(c.surface))
        painter.setPen(QPen(QColor(c.line_strong), 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 12, 12)


class LoadingState(QWidget):
    """Shown while data is opened, with a cancel button.

    Signals:
        cancelled: Emitted by the button.
    """

    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addWidget(label(_("Reading files…"), "title"), 0, Center)
        bar = QProgressBar(self)
        bar.setRange(0, 0)
        bar.setFixedWidth(280)
        bar.setAccessibleName(_("Reading files…"))
        column.addSpacing(8)
        column.addWidget(bar, 0, Center)
        column.addSpacing(8)
        self.cancel = button(theme, _("Cancel"))
        self.cancel.clicked.connect(self.cancelled)
        column.addWidget(self.cancel, 0, Center)
        column.addStretch(3)


def with_labels(text: str) -> str:
    """The message with parameter names replaced by their form labels."""

    def called(found: re.Match[str]) -> str:
        return _("“{name}”").format(name=label_text(found[1]))

    return re.sub(r"data\.source\.(\w+)", called, text)


class ErrorState(QWidget):
    """Shown when the data could not be opened, with the possible actions.

    Signals:
        locate_requested, reload_requested, other_requested: Emitted by the buttons.
    """

    locate_requested = Signal()
    reload_requested = Signal()
    other_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._state: QWidget | None = None
        self._side_panel: QWidget | None = None
        self.text = ""

    def set_side_panel(self, widget: QWidget) -> None:
        """Set a form to correct the source; hidden while its files are missing."""
        self._side_panel = widget
        self._row.addWidget(widget)

    def show_error(self, error: BaseException | None, missing: bool = False) -> None:
        """Show an error; None if opening was cancelled.

        Args:
            missing: Whether the files are missing and can be located.
        """
        self.text = with_labels(str(error)) if error is not None else _("Stopped.")
        find = button(self._theme, _("Find folder…"), "primary")
        find.clicked.connect(self.locate_requested)
        again = button(self._theme, _("Try again"), "" if missing else "primary")
        again.clicked.connect(self.reload_requested)
        other = button(self._theme, _("Change source…"))
        other.clicked.connect(self.other_requested)
        state = EmptyState(
            self._theme,
            "mdi6.database-off-outline",
            _("The data is not loaded"),
            self.text,
            (find, again, other) if missing else (again, other),
        )
        if self._state is not None:
            self._state.deleteLater()
        self._state = state
        self._row.insertWidget(0, state, 1)
        if self._side_panel is not None:
            self._side_panel.setVisible(not missing)
