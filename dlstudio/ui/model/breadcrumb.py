"""The path to the current nested graph."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dlstudio.i18n import _
from dlstudio.ui.model.canvas.overlays.name_editor import NameEditor
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import IconButton, escape_mnemonic
from dlstudio.ui.widgets.labels import label

FIELD_WIDTH = 220


class Breadcrumb(QWidget):
    """The path "model › encoder": parents are buttons, the last name can be edited.

    Hidden at the top level.

    Signals:
        chosen: Index of the clicked parent in the path.
        renamed: New name of the last graph.
    """

    chosen = Signal(int)
    renamed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(_("Open models"))
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: list[QPushButton] = []
        self.here = label("", "strong")
        self.pencil = IconButton(theme, "mdi6.pencil-outline", _("Rename nested model"))
        self.pencil.clicked.connect(self.rename)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(16, 4, 12, 4)
        self._line.setSpacing(4)
        self._path = QHBoxLayout()
        self._path.setSpacing(4)
        self._line.addLayout(self._path)
        self._line.addWidget(self.here)
        self._line.addWidget(self.pencil)
        self._line.addStretch(1)
        self.hide()

    def show_path(self, names: Sequence[str]) -> None:
        """Show the names of the graphs, outermost first."""
        while (item := self._path.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        for index, name in enumerate(names[:-1]):
            button = QPushButton(escape_mnemonic(name), self)
            button.setProperty("role", "link")
            button.setProperty("index", index)
            button.clicked.connect(self._clicked)
            self.buttons.append(button)
            self._path.addWidget(button)
            between = label("›", "muted")
            between.setContentsMargins(0, 0, 4, 0)
            self._path.addWidget(between)
        self.here.setText(names[-1])
        self.setVisible(len(names) > 1)

    def rename(self) -> None:
        """Edit the last name in place."""
        height = self.pencil.height()
        field = QRect(0, 0, max(self.here.width() + 40, FIELD_WIDTH), height)
        field.moveCenter(self.here.geometry().center())
        field.moveLeft(self.here.x() - 8)
        editor = NameEditor(self._theme, self.here.text(), field, self)
        editor.renamed.connect(self.renamed)
        editor.done.connect(self.pencil.setFocus)

    def _clicked(self) -> None:
        self.chosen.emit(self.sender().property("index"))
