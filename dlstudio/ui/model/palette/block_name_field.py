"""The field for the name of a block that is saved or renamed."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dlstudio.i18n import _
from dlstudio.ui.model.palette.block_store import MAX_NAME_LENGTH
from dlstudio.ui.model.palette.key_field import KeyField


class BlockNameField(KeyField):
    """Hidden until a name is edited; Enter reports it, Escape hides the field.

    Signals:
        named: The name before, "" for a new block, and the entered one.
    """

    named = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._before = ""
        self.setMaxLength(MAX_NAME_LENGTH)
        self.setPlaceholderText(_("Block name (press Enter to save)"))
        self.setAccessibleName(_("Block name"))
        self.hide()
        self.returnPressed.connect(self._report)
        self.escaped.connect(self.hide)

    def edit(self, before: str, taken: Collection[str]) -> None:
        """Edit a name.

        Args:
            before: The block's name; "" for a new block, for which one is proposed.
            taken: The names of all blocks.
        """
        self._before = before
        name, number = before, 1
        while not name or (not before and name in taken):
            name = _("Block {number}").format(number=number)
            number += 1
        self.setText(name)
        self.show()
        self.selectAll()
        self.setFocus()

    def _report(self) -> None:
        self.named.emit(self._before, self.text())
