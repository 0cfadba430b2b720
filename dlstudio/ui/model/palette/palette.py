"""The palette: search, favourites, recently used, own blocks, and every layer."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from dlstudio.catalog.schema import Description
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.ui.model.palette.blocks import LONGEST_NAME, Block, BlockStore
from dlstudio.ui.model.palette.field import KeyField
from dlstudio.ui.model.palette.menu import row_menu
from dlstudio.ui.model.palette.model import (
    BLOCK,
    KIND,
    MORE,
    Own,
    PaletteModel,
    hits,
    layers,
    sections,
)
from dlstudio.ui.model.palette.searching import Finder
from dlstudio.ui.model.palette.tree import Index, Tree
from dlstudio.ui.model.summary_text import kind_name
from dlstudio.ui.name_search import fit
from dlstudio.ui.studio import Studio

RECENT = 12
SETTLE_MS = 400


class Palette(QWidget):
    """Layers to drag to the canvas, or to add with a double-click or Enter.

    Signals:
        chosen: The kind of a layer to add.
        block_chosen: A `Block` to put in.
        naming: The name under which the selected layers are to be kept as a block.
    """

    chosen = Signal(str)
    block_chosen = Signal(object)
    naming = Signal(str)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setObjectName("palette")
        self.blocks = BlockStore(studio.settings.path.parent)
        settings = studio.settings.value
        self._own = Own(settings.favourite_layers, settings.recent_layers)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._settled)
        self._layers = layers(studio.session.catalog)
        self._finder: Finder | None = None
        self._opened: set[str] = set()
        self.search = KeyField(self)
        count = sum(each.family == "layers" for each in self._layers)
        self.search.setPlaceholderText(_("Search {count} layers…").format(count=count))
        self.search.setAccessibleName(_("Search layers"))
        self.search.setClearButtonEnabled(True)
        self.name = KeyField(self)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(_("Name of the block, then Enter"))
        self.name.setAccessibleName(_("Name of the block"))
        self.name.hide()
        self.model = PaletteModel(self)
        self.tree = Tree(self.model, studio.theme, self)
        self._nothing = QLabel(_("No layer is called so, or does that."), self)
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 2, 0)
        column.setSpacing(8)
        above = QVBoxLayout()
        above.setContentsMargins(0, 0, 10, 0)
        above.setSpacing(8)
        for widget in (self.search, self.name, self._nothing):
            above.addWidget(widget)
        column.addLayout(above)
        column.addWidget(self.tree, 1)
        self._connect()
        self._read_blocks()
        self.refresh()

    def refresh(self) -> None:
        """Show what the search and the settings say now."""
        query = self.search.text()
        if query.strip():
            blocks = [each for each in self._own.blocks if _matches(query, each)]
            own = self._own.models
            models = [d for d in own if fit(query, kind_name(d.kind)) is not None]
            rows = hits(self._found(query), blocks, models)
        else:
            rows = sections(self._layers, self._own, self._opened)
        self.model.show(rows, self._own.favourites)
        self.tree.expandAll()
        self._nothing.setVisible(not rows)
        if query.strip() and rows:
            self.tree.setCurrentIndex(self.model.first())

    def show_models(self, models: tuple[Description, ...]) -> None:
        """Show the project's graphs that can be put where one is."""
        if models != self._own.models:
            self._own = replace(self._own, models=models)
            self._refresh_in_place()

    def used(self, kind: str) -> None:
        """Remember that a layer was added; shown and kept after a moment."""
        others = tuple(each for each in self._own.recent if each != kind)
        self._own = replace(self._own, recent=(kind, *others)[:RECENT])
        self._settle.start()

    def is_favourite(self, kind: str) -> bool:
        """Whether a layer is among the favourites."""
        return kind in self._own.favourites

    def toggle_favourite(self, kind: str) -> None:
        """Add a layer to the favourites, or take it from them."""
        old = self._own.favourites
        without = tuple(each for each in old if each != kind)
        new = without if kind in old else (*old, kind)
        self._own = replace(self._own, favourites=new)
        self._change(favourite_layers=new)
        # With what another window added meanwhile.
        kept = self._studio.settings.value.favourite_layers
        self._own = replace(self._own, favourites=kept)
        self._refresh_in_place()

    def hideEvent(self, event: QHideEvent) -> None:
        """What waits to be kept is kept now."""
        super().hideEvent(event)
        if self._settle.isActive():
            self._settle.stop()
            self._settled()

    def _settled(self) -> None:
        self._change(recent_layers=self._own.recent)
        kept = self._studio.settings.value.recent_layers[:RECENT]
        self._own = replace(self._own, recent=kept)
        if not self.search.text():
            self._refresh_in_place()

    def begin_naming(self) -> None:
        """Ask for the name of a new block; `naming` tells it."""
        number = 1
        taken = {block.name for block in self._own.blocks}
        while (name := _("Block {number}").format(number=number)) in taken:
            number += 1
        self.name.setText(name)
        self.name.show()
        self.name.selectAll()
        self.name.setFocus()

    def keep_block(self, name: str, text: str) -> None:
        """Keep copied layers as a block of this name; the field stays if it cannot."""
        try:
            block = self.blocks.keep(name, text)
        except UserError as error:
            self._studio.notices.error(error)
            return
        self.name.hide()
        self._read_blocks()
        self.refresh()
        kept = _("Kept as “{name}” among your own blocks.").format(name=block.name)
        self._studio.notices.good(kept)

    def remove_block(self, name: str) -> None:
        """Forget a block."""
        try:
            self.blocks.remove(name)
        except UserError as error:
            self._studio.notices.error(error)
        self._read_blocks()
        self._refresh_in_place()

    def block(self, name: str) -> Block | None:
        """An own block by its name."""
        return next((each for each in self._own.blocks if each.name == name), None)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.refresh)
        self.search.returnPressed.connect(self._choose_first)
        self.search.down.connect(self._enter_list)
        self.search.escaped.connect(self.search.clear)
        self.name.returnPressed.connect(self._named)
        self.name.escaped.connect(self.name.hide)
        self.tree.doubleClicked.connect(self._activated)
        self.tree.clicked.connect(self._clicked)
        self.tree.entered_key.connect(self._choose_current)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._menu)

    def _found(self, query: str) -> list[Description]:
        if self._finder is None:  # reads every summary in every language, once
            self._finder = Finder(self._layers)
        return self._finder.find(query)

    def _read_blocks(self) -> None:
        found = self.blocks.all()
        self._own = replace(self._own, blocks=found.blocks)
        if found.damaged:
            count = len(found.damaged)
            text = ngettext(
                "{count} of your blocks is damaged and left out: {names}.",
                "{count} of your blocks are damaged and left out: {names}.",
                count,
            ).format(count=count, names=", ".join(found.damaged))
            self._studio.notices.told.emit(text, "warning", "")

    def _change(self, **values: tuple[str, ...]) -> None:
        try:
            self._studio.settings.change(**values)
        except UserError as error:
            self._studio.notices.error(error)

    def _refresh_in_place(self) -> None:
        """Rows above may come and go; the list stays where one is."""
        bar, index = self.tree.verticalScrollBar(), self.tree.currentIndex()
        place, current = bar.value(), (index.parent().data(), index.data())
        self.refresh()
        found = self.model.find(current)
        if found.isValid():
            self.tree.setCurrentIndex(found)
        bar.setValue(place)

    def _named(self) -> None:
        self.naming.emit(self.name.text())

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
        self._opened ^= {category}
        self._refresh_in_place()

    def _activated(self, index: Index) -> None:
        kind, block = index.data(KIND), self.block(str(index.data(BLOCK)))
        if kind:
            self.chosen.emit(kind)
        elif block is not None:
            self.block_chosen.emit(block)

    def _enter_list(self) -> None:
        self.tree.setFocus()
        if not self.tree.currentIndex().parent().isValid():
            self.tree.setCurrentIndex(self.model.first())

    def _menu(self, point: QPoint) -> None:
        menu = row_menu(self, self.tree.indexAt(point))
        menu.popup(self.tree.viewport().mapToGlobal(point))


def _matches(query: str, block: Block) -> bool:
    return fit(query, block.name) is not None
