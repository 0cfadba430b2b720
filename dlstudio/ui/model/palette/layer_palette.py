"""The palette: search, favourites, recently used, user blocks and all layers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dlstudio.catalog.schema import Description
from dlstudio.document.canvas.layer_summary import kind_name
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.ui.model.palette.block_files import BlockFiles
from dlstudio.ui.model.palette.block_name_field import BlockNameField
from dlstudio.ui.model.palette.block_store import Block, BlockStore
from dlstudio.ui.model.palette.key_field import KeyField
from dlstudio.ui.model.palette.layer_search import LayerSearch
from dlstudio.ui.model.palette.palette_model import (
    BLOCK,
    KIND,
    MORE,
    PaletteModel,
    UserLayers,
    layers,
    search_sections,
    sections,
)
from dlstudio.ui.model.palette.palette_tree import Index, PaletteTree
from dlstudio.ui.model.palette.row_menu import row_menu
from dlstudio.ui.name_search import match_rank
from dlstudio.ui.studio import Studio

MAX_RECENT = 12
SETTLE_MS = 400


class LayerPalette(QWidget):
    """Layers to drag to the canvas, or to add with a double-click or Enter.

    Signals:
        chosen: Kind of the layer to add.
        block_chosen: The `Block` to insert.
        block_named: Name under which to save the selected layers as a block.
    """

    chosen = Signal(str)
    block_chosen = Signal(object)
    block_named = Signal(str)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setObjectName("palette")
        self.blocks = BlockStore(studio.settings.path.parent)
        settings = studio.settings.value
        self._user_layers = UserLayers(
            settings.favourite_layers, settings.recent_layers
        )
        self._save_timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._save_timer.timeout.connect(self._save_recent)
        self._layers = layers(studio.session.catalog)
        self._layer_search: LayerSearch | None = None
        self._expanded: set[str] = set()
        self.search = KeyField(self)
        count = sum(each.family == "layers" for each in self._layers)
        self.search.setPlaceholderText(_("Search {count} layers…").format(count=count))
        self.search.setAccessibleName(_("Search layers"))
        self.search.setClearButtonEnabled(True)
        self.name = BlockNameField(self)
        self.block_files = BlockFiles(studio, self.blocks, self)
        self.block_files.changed.connect(self._blocks_changed)
        self.model = PaletteModel(self)
        self.tree = PaletteTree(self.model, studio.theme, self)
        self._no_results = QLabel(_("No matching layers."), self)
        self._no_results.setProperty("role", "muted")
        self._no_results.setWordWrap(True)
        self._no_results.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 2, 0)
        column.setSpacing(8)
        above = QVBoxLayout()
        above.setContentsMargins(0, 0, 10, 0)
        above.setSpacing(8)
        for widget in (self.search, self.name, self._no_results):
            above.addWidget(widget)
        column.addLayout(above)
        column.addWidget(self.tree, 1)
        self._connect()
        self._read_blocks()
        self.refresh()

    def refresh(self) -> None:
        """Update the rows from the search text and the settings."""
        query = self.search.text()
        if query.strip():
            blocks = [
                each for each in self._user_layers.blocks if _matches(query, each)
            ]
            user_models = self._user_layers.models
            models = [
                d
                for d in user_models
                if match_rank(query, kind_name(d.kind)) is not None
            ]
            rows = search_sections(self._search(query), blocks, models)
        else:
            rows = sections(self._layers, self._user_layers, self._expanded)
        self.model.show(rows, self._user_layers.favourites)
        self.tree.expandAll()
        self._no_results.setVisible(not rows)
        if query.strip() and rows:
            self.tree.setCurrentIndex(self.model.first())

    def show_models(self, models: tuple[Description, ...]) -> None:
        """Show the project's graphs that can be nested in the current one."""
        if models != self._user_layers.models:
            self._user_layers = replace(self._user_layers, models=models)
            self._refresh_in_place()

    def record_use(self, kind: str) -> None:
        """Record a layer as recently used; shown and saved after a short delay."""
        others = tuple(each for each in self._user_layers.recent if each != kind)
        self._user_layers = replace(
            self._user_layers, recent=(kind, *others)[:MAX_RECENT]
        )
        self._save_timer.start()

    def choose_layer(self, kind: str) -> None:
        """Request that a layer be added to the canvas."""
        self.chosen.emit(kind)

    def choose_block(self, block: Block) -> None:
        """Request that a block be inserted into the canvas."""
        self.block_chosen.emit(block)

    def is_favourite(self, kind: str) -> bool:
        """Return whether a layer is a favourite."""
        return kind in self._user_layers.favourites

    def toggle_favourite(self, kind: str) -> None:
        """Add a layer to the favourites, or remove it."""
        old = self._user_layers.favourites
        without = tuple(each for each in old if each != kind)
        new = without if kind in old else (*old, kind)
        self._user_layers = replace(self._user_layers, favourites=new)
        self._change(favourite_layers=new)
        # Includes changes made by other windows meanwhile.
        kept = self._studio.settings.value.favourite_layers
        self._user_layers = replace(self._user_layers, favourites=kept)
        self._refresh_in_place()

    def hideEvent(self, event: QHideEvent) -> None:
        """Save pending changes now."""
        super().hideEvent(event)
        if self._save_timer.isActive():
            self._save_timer.stop()
            self._save_recent()

    def _save_recent(self) -> None:
        self._change(recent_layers=self._user_layers.recent)
        kept = self._studio.settings.value.recent_layers[:MAX_RECENT]
        self._user_layers = replace(self._user_layers, recent=kept)
        if not self.search.text():
            self._refresh_in_place()

    def edit_block_name(self, old: str = "") -> None:
        """Edit a block's name; for a new block, `block_named` is emitted on Enter.

        Args:
            old: The name of the block to rename; "" for a new one.
        """
        self.name.edit(old, {block.name for block in self._user_layers.blocks})

    def save_block(self, name: str, text: str) -> None:
        """Save copied layers as a block; the name field stays open on errors."""
        self.block_files.save(name, text)

    def remove_block(self, name: str) -> None:
        """Delete a block."""
        self.block_files.remove(name)

    def block(self, name: str) -> Block | None:
        """Return a user block by its name."""
        return next(
            (each for each in self._user_layers.blocks if each.name == name), None
        )

    def _connect(self) -> None:
        self.search.textChanged.connect(self.refresh)
        self.search.returnPressed.connect(self._choose_first)
        self.search.down.connect(self._enter_list)
        self.search.escaped.connect(self.search.clear)
        self.name.named.connect(self._named)
        self.tree.doubleClicked.connect(self._activated)
        self.tree.clicked.connect(self._clicked)
        self.tree.entered_key.connect(self._choose_current)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._menu)

    def _search(self, query: str) -> list[Description]:
        if self._layer_search is None:  # lazy: reads all summaries
            self._layer_search = LayerSearch(self._layers)
        return self._layer_search.find(query)

    def _read_blocks(self) -> None:
        found = self.blocks.all()
        self._user_layers = replace(self._user_layers, blocks=found.blocks)
        if found.damaged:
            count = len(found.damaged)
            text = ngettext(
                "{count} of your blocks is damaged and was not loaded: {names}.",
                "{count} of your blocks are damaged and were not loaded: {names}.",
                count,
            ).format(count=count, names=", ".join(found.damaged))
            self._studio.notices.reported.emit(text, "warning", "")

    def _change(self, **values: tuple[str, ...]) -> None:
        try:
            self._studio.settings.change(**values)
        except UserError as error:
            self._studio.notices.error(error)

    def _refresh_in_place(self) -> None:
        """Refresh, keeping the scroll position and the current row."""
        bar, index = self.tree.verticalScrollBar(), self.tree.currentIndex()
        place, current = bar.value(), (index.parent().data(), index.data())
        self.refresh()
        found = self.model.find(current)
        if found.isValid():
            self.tree.setCurrentIndex(found)
        bar.setValue(place)

    def _named(self, old: str, new: str) -> None:
        if old:
            self.block_files.rename(old, new)
        else:
            self.block_named.emit(new)

    def _blocks_changed(self) -> None:
        self.name.hide()
        self._read_blocks()
        self._refresh_in_place()

    def export_block(self, name: str) -> None:
        """Ask for a file and write a block to it."""
        self.block_files.export_block(name)

    def import_block(self) -> None:
        """Ask for a file and add its block."""
        self.block_files.import_block()

    def _choose_first(self) -> None:
        self._choose_current()
        self.search.selectAll()

    def _choose_current(self) -> None:
        index = self.tree.currentIndex()
        if index.data(MORE):
            self._toggle(str(index.data(MORE)))
        else:
            self._activated(index)

    def _clicked(self, index: Index) -> None:
        if index.data(MORE):
            self._toggle(str(index.data(MORE)))

    def _toggle(self, category: str) -> None:
        self._expanded ^= {category}
        self._refresh_in_place()

    def _activated(self, index: Index) -> None:
        kind, block = index.data(KIND), self.block(str(index.data(BLOCK)))
        if kind:
            self.choose_layer(kind)
        elif block is not None:
            self.choose_block(block)

    def _enter_list(self) -> None:
        self.tree.setFocus()
        if not self.tree.currentIndex().parent().isValid():
            self.tree.setCurrentIndex(self.model.first())

    def _menu(self, point: QPoint) -> None:
        menu = row_menu(self, self.tree.indexAt(point), self)
        menu.popup(self.tree.viewport().mapToGlobal(point))


def _matches(query: str, block: Block) -> bool:
    return match_rank(query, block.name) is not None
