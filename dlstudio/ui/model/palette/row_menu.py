"""The context menu of a palette row."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from dlstudio.i18n import _
from dlstudio.ui.model.nested_models.kinds import graph_name_of
from dlstudio.ui.model.palette.block_store import Block
from dlstudio.ui.model.palette.palette_model import BLOCK, KIND
from dlstudio.ui.model.palette.palette_tree import Index


class RowActions(Protocol):
    """The actions that the menu entries trigger."""

    def choose_layer(self, kind: str) -> None:
        """Add a layer to the canvas."""

    def choose_block(self, block: Block) -> None:
        """Insert a block into the canvas."""

    def block(self, name: str) -> Block | None:
        """Return a user block by its name."""

    def remove_block(self, name: str) -> None:
        """Delete a block."""

    def edit_block_name(self, old: str = "") -> None:
        """Edit the name of a new block, or of the block with this name."""

    def export_block(self, name: str) -> None:
        """Ask for a file and write a block to it."""

    def import_block(self) -> None:
        """Ask for a file and add its block."""

    def is_favourite(self, kind: str) -> bool:
        """Return whether a layer is a favourite."""

    def toggle_favourite(self, kind: str) -> None:
        """Add a layer to the favourites, or remove it."""


def row_menu(palette: RowActions, index: Index, parent: QWidget) -> QMenu:
    """Return the context menu of a layer, a block or another row.

    Args:
        palette: Performs the actions.
        index: The clicked row.
        parent: Parent of the menu.
    """
    kind, block = index.data(KIND), palette.block(str(index.data(BLOCK)))
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if kind:
        add = menu.addAction(_("Add to canvas"))
        add.triggered.connect(lambda: palette.choose_layer(kind))
        if graph_name_of(kind) is None:
            _add_favourite_action(palette, menu, kind)
    elif block is not None:
        add = menu.addAction(_("Add to canvas"))
        add.triggered.connect(lambda: palette.choose_block(block))
        rename = menu.addAction(_("Rename block…"))
        rename.triggered.connect(lambda: palette.edit_block_name(block.name))
        export = menu.addAction(_("Export block…"))
        export.triggered.connect(lambda: palette.export_block(block.name))
        remove = menu.addAction(_("Remove block"))
        remove.triggered.connect(lambda: palette.remove_block(block.name))
    menu.addSeparator()
    keep = menu.addAction(_("Save selected layers as block…"))
    keep.triggered.connect(lambda: palette.edit_block_name())
    take = menu.addAction(_("Import block…"))
    take.triggered.connect(palette.import_block)
    return menu


def _add_favourite_action(palette: RowActions, menu: QMenu, kind: str) -> None:
    favourite = palette.is_favourite(kind)
    text = _("Remove from favorites") if favourite else _("Add to favorites")
    menu.addAction(text).triggered.connect(lambda: palette.toggle_favourite(kind))
