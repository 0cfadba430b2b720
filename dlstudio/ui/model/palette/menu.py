"""What can be done with a row of the palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from dlstudio.i18n import _
from dlstudio.ui.model.nested_kinds import nested_name
from dlstudio.ui.model.palette.model import BLOCK, KIND
from dlstudio.ui.model.palette.tree import Index

if TYPE_CHECKING:
    from dlstudio.ui.model.palette.palette import Palette


def row_menu(palette: Palette, index: Index) -> QMenu:
    """The menu of a layer, an own block, or of neither."""
    kind, block = index.data(KIND), palette.block(str(index.data(BLOCK)))
    menu = QMenu(palette)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if kind:
        add = menu.addAction(_("Add to the canvas"))
        add.triggered.connect(lambda: palette.chosen.emit(kind))
        if nested_name(kind) is None:
            _offer_favourite(palette, menu, kind)
    elif block is not None:
        add = menu.addAction(_("Add to the canvas"))
        add.triggered.connect(lambda: palette.block_chosen.emit(block))
        remove = menu.addAction(_("Remove this block"))
        remove.triggered.connect(lambda: palette.remove_block(block.name))
    keep = menu.addAction(_("Keep selected layers as a block…"))
    keep.triggered.connect(palette.begin_naming)
    return menu


def _offer_favourite(palette: Palette, menu: QMenu, kind: str) -> None:
    favourite = palette.is_favourite(kind)
    text = _("Remove from favourites") if favourite else _("Add to favourites")
    menu.addAction(text).triggered.connect(lambda: palette.toggle_favourite(kind))
