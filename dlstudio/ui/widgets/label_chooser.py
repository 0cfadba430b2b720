"""A popup to choose a label by typing or clicking; typing a new name creates one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button

WIDTH, HEIGHT = 240, 300
Checked = Qt.CheckState.Checked


class LabelChooser(QFrame):
    """A popup that closes when a label is chosen or Escape is pressed.

    Args:
        theme: Colours and sizes.
        classes: The existing labels.
        current: The labels shared by all selected images.
        multiple: Whether an image may have several labels.

    Signals:
        chosen: Emitted with the label; several are separated by "|".
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        classes: Iterable[str],
        current: frozenset[str],
        multiple: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "raised")
        self._multiple = multiple
        self._classes = tuple(classes)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(_("Choose or create a class"))
        self.field.setAccessibleName(self.field.placeholderText())
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Classes"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._checked = set(current) if multiple else set()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        if multiple:
            done = button(theme, _("Apply labels"), "primary")
            done.clicked.connect(self._choose_checked)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(done)
            column.addLayout(row)
        self.resize(WIDTH, HEIGHT)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._enter)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._clicked)
        self._fill("")
        at = next((n for n, name in enumerate(self._classes) if name in current), 0)
        self.list.setCurrentRow(at)

    def open_at(self, place: QPoint) -> None:
        """Open near a screen position, where there is room."""
        box = QRect(place, self.size())
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        box.moveRight(min(box.right(), room.right() - 8))
        box.moveBottom(min(box.bottom(), room.bottom() - 8))
        self.move(max(box.left(), room.left()), max(box.top(), room.top()))
        self.show()
        self.field.setFocus()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Up and Down move in the list while typing."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            return False
        row = self.list.currentRow() + step
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        return True

    def _fill(self, text: str) -> None:
        self.list.clear()
        wanted = text.strip().lower()
        for name in self._classes:
            if wanted in name.lower():
                self._add(name)
        if wanted and text.strip() not in self._classes:
            self._add(text.strip(), _("New: {name}").format(name=text.strip()))
        self.list.setCurrentRow(0)

    def _add(self, name: str, text: str = "") -> None:
        item = QListWidgetItem(text or name, self.list)
        item.setData(Qt.ItemDataRole.UserRole, name)
        if self._multiple:
            checked = Checked if name in self._checked else Qt.CheckState.Unchecked
            item.setCheckState(checked)

    def _enter(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        if self._multiple:
            self._toggle_item(item)
            self._choose_checked()
        else:
            self._choose(str(item.data(Qt.ItemDataRole.UserRole)))

    def _clicked(self, item: QListWidgetItem) -> None:
        if self._multiple:
            self._toggle_item(item)
        else:
            self._choose(str(item.data(Qt.ItemDataRole.UserRole)))

    def _toggle_item(self, item: QListWidgetItem) -> None:
        name = str(item.data(Qt.ItemDataRole.UserRole))
        self._checked ^= {name}
        on = name in self._checked
        item.setCheckState(Checked if on else Qt.CheckState.Unchecked)

    def _choose_checked(self) -> None:
        known = [name for name in self._classes if name in self._checked]
        new = sorted(self._checked - set(known))
        if known or new:
            self._choose("|".join([*known, *new]))

    def _choose(self, label: str) -> None:
        self.chosen.emit(label)
        self.close()
