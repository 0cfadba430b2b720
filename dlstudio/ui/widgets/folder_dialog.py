"""Lets the user choose one of several folders."""

from __future__ import annotations

from collections.abc import Callable
from os.path import commonpath
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.errors import AmbiguousPath
from dlstudio.i18n import _
from dlstudio.ui.notices import Notices
from dlstudio.ui.widgets.labels import label

WIDTH = 440


class FolderDialog(QDialog):
    """A modeless dialog with an explanation, the folders, and two buttons.

    Args:
        error: Offers the folders to choose from.
        then: Called with the chosen folder.
        over: Parent of the dialog.
    """

    def __init__(
        self, error: AmbiguousPath, then: Callable[[Path], None], over: QWidget
    ) -> None:
        super().__init__(over)
        self._then = then
        self.setObjectName("folder-choice")
        self.setWindowTitle(_("Choose a dataset"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Datasets"))
        for name, path in _short_names(error.choices):
            item = QListWidgetItem(name, self.list)
            item.setData(Qt.ItemDataRole.UserRole, path)
            item.setToolTip(path)
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(self.accept)
        self.buttons = QDialogButtonBox(self)
        self.use = self.buttons.addButton(
            _("Use folder"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.use.setDefault(True)
        self.buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(label(error.message, "", wrap=True))
        column.addWidget(self.list, 1)
        column.addWidget(self.buttons)
        self.resize(WIDTH, self.sizeHint().height())
        self.accepted.connect(self._choose)

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._then(Path(str(item.data(Qt.ItemDataRole.UserRole))))


def choose_or_report(
    error: BaseException, then: Callable[[Path], None], notices: Notices, over: QWidget
) -> None:
    """Let the user choose if the error offers folders; otherwise report it.

    Args:
        error: The error from opening.
        then: Called with the chosen folder.
        notices: Reports the error.
        over: Parent of the dialog.
    """
    if isinstance(error, AmbiguousPath):
        FolderDialog(error, then, over).open()
    else:
        notices.error(error)


def _short_names(paths: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each path with a short name, without the common prefix."""
    if len(paths) == 1:
        return [(Path(paths[0]).name, paths[0])]
    above = commonpath(paths)
    return [(Path(path).relative_to(above).as_posix(), path) for path in paths]
