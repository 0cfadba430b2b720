"""Saving, renaming and removing user blocks, and exporting and importing them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.model.palette.block_store import BlockStore
from dlstudio.ui.studio import Studio

SUFFIX = "json"


class BlockFiles(QObject):
    """Changes the user's blocks and reports what was done.

    Args:
        studio: The window's collaborators.
        blocks: The user's blocks.
        parent: The palette, which owns the dialogs.

    Signals:
        changed: Emitted when a block was added, renamed or removed.
    """

    changed = Signal()

    def __init__(self, studio: Studio, blocks: BlockStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._notices = studio.notices
        self._blocks = blocks
        self._parent = parent

    def save(self, name: str, text: str) -> None:
        """Save copied layers as a block."""
        try:
            block = self._blocks.save(name, text)
        except UserError as error:
            self._notices.error(error)
            return
        self.changed.emit()
        text = _("Saved as “{name}” in My blocks.").format(name=block.name)
        self._notices.good(text)

    def remove(self, name: str) -> None:
        """Delete the file of a block."""
        try:
            self._blocks.remove(name)
        except UserError as error:
            self._notices.error(error)
        self.changed.emit()

    def rename(self, old: str, new: str) -> None:
        """Give a block another name."""
        try:
            if new.strip() != old:
                self._blocks.rename(old, new)
        except UserError as error:
            self._notices.error(error)
        else:
            self.changed.emit()

    def export_block(self, name: str) -> None:
        """Ask for a file and write a block to it."""
        open_export_dialog(self._parent, name, lambda path: self._export(name, path))

    def _export(self, name: str, path: Path) -> None:
        try:
            self._blocks.export(name, path)
        except UserError as error:
            self._notices.error(error)
        else:
            self._notices.good(_("Saved to {path}.").format(path=path))

    def import_block(self) -> None:
        """Ask for a file and add its block."""
        open_import_dialog(self._parent, self._import)

    def _import(self, path: Path) -> None:
        try:
            block = self._blocks.import_file(path)
        except UserError as error:
            self._notices.error(error)
            return
        self.changed.emit()
        text = _("Added “{name}” to My blocks.").format(name=block.name)
        self._notices.good(text)


def open_export_dialog(
    parent: QWidget, name: str, save: Callable[[Path], object]
) -> None:
    """Ask for the file of a block, without blocking.

    Args:
        parent: The widget that owns the dialog.
        name: The block's name, proposed for the file.
        save: Called with the file.
    """
    plain = "".join(c if c.isalnum() or c in " -_" else "-" for c in name).strip()
    start = Path.home() / f"{plain or 'block'}.{SUFFIX}"
    dialog = QFileDialog(parent, _("Export block"), str(start), _filter())
    dialog.setObjectName("export-block")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(SUFFIX)
    _open(dialog, save)


def open_import_dialog(parent: QWidget, read: Callable[[Path], object]) -> None:
    """Ask for files of blocks, without blocking.

    Args:
        parent: The widget that owns the dialog.
        read: Called with each file.
    """
    dialog = QFileDialog(parent, _("Import block"), str(Path.home()), _filter())
    dialog.setObjectName("import-block")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _open(dialog, read)


def _filter() -> str:
    return _("Blocks") + f" (*.{SUFFIX})"


def _open(dialog: QFileDialog, chosen: Callable[[Path], object]) -> None:
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
