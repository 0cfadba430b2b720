"""What can be done with a row of the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from dlstudio.i18n import _
from dlstudio.ui.model.nested_models.kinds import graph_name_of
from dlstudio.ui.model.palette.palette_model import BLOCK, KIND
from dlstudio.ui.model.palette.palette_tree import Index

if TYPE_CHECKING:
    from dlstudio.ui.model.palette.layer_palette import LayerPalette


def row_menu(palette: LayerPalette, index: Index) -> QMenu:
    """The menu of a layer, an own block, or of neither."""
    kind, block = index.data(KIND), palette.block(str(index.data(BLOCK)))
    menu = QMenu(palette)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if kind:
        add = menu.addAction(_("Add to canvas"))
        add.triggered.connect(lambda: palette.chosen.emit(kind))
        if graph_name_of(kind) is None:
            _add_favourite_action(palette, menu, kind)
    elif block is not None:
        add = menu.addAction(_("Add to canvas"))
        add.triggered.connect(lambda: palette.block_chosen.emit(block))
        remove = menu.addAction(_("Remove block"))
        remove.triggered.connect(lambda: palette.remove_block(block.name))
    keep = menu.addAction(_("Save selected layers as block…"))
    keep.triggered.connect(palette.edit_block_name)
    return menu


def _add_favourite_action(palette: LayerPalette, menu: QMenu, kind: str) -> None:
    favourite = palette.is_favourite(kind)
    text = _("Remove from favorites") if favourite else _("Add to favorites")
    menu.addAction(text).triggered.connect(lambda: palette.toggle_favourite(kind))
