"""The palette's item model: headings with layers and user blocks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.layer_summary import kind_name
from dlstudio.i18n import _, ngettext
from dlstudio.ui.model.palette.block_store import Block
from dlstudio.ui.model.palette.common_layers import common_first

LAYER_MIME = "application/x-dlstudio-layer"
BLOCK_MIME = "application/x-dlstudio-block"
KIND = Qt.ItemDataRole.UserRole + 1
COLOR = Qt.ItemDataRole.UserRole + 2
FAVOURITE = Qt.ItemDataRole.UserRole + 3
BLOCK = Qt.ItemDataRole.UserRole + 4
MORE = Qt.ItemDataRole.UserRole + 5
RECENT_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its rows.

    Attributes:
        key: The category, or "".
        hidden: Number of layers not shown.
        expanded: Whether all layers are shown, not only the common ones.
    """

    title: str
    layers: Sequence[Description] = ()
    blocks: Sequence[Block] = ()
    key: str = ""
    hidden: int = 0
    expanded: bool = False


def layers(catalog: Catalog) -> list[Description]:
    """Return the layers that can be placed on a canvas."""
    return list(catalog.placeable())


@dataclass(frozen=True, slots=True)
class UserLayers:
    """The user's own entries: layer kinds, blocks and the project's graphs."""

    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    models: tuple[Description, ...] = ()


def sections(
    every_layer: Sequence[Description],
    user_layers: UserLayers,
    expanded: Collection[str],
) -> list[Section]:
    """Return the sections shown without a search.

    Args:
        every_layer: All layers, in display order.
        user_layers: Favourites, recently used layers and blocks.
        expanded: Categories with all layers shown.
    """
    by_kind = {each.kind: each for each in every_layer}
    found = [
        Section(_("Favorites"), _in_catalog(user_layers.favourites, by_kind)),
        Section(
            _("Recently used"), _in_catalog(user_layers.recent[:RECENT_SHOWN], by_kind)
        ),
        Section(_("My blocks"), blocks=user_layers.blocks),
    ]
    nested = Section(_("Nested models"), user_layers.models)
    if len(user_layers.models) > 1:  # more than the entry that creates a new one
        found.append(nested)
    for key, category in CATEGORIES.items():
        usual, others = common_first(d for d in every_layer if d.category == key)
        is_open = key in expanded
        rows = [*usual, *others] if is_open else usual
        found.append(Section(_(category.title), rows, (), key, len(others), is_open))
    if nested not in found:
        found.append(nested)
    return [each for each in found if each.layers or each.blocks]


def search_sections(
    found: Sequence[Description],
    blocks: Sequence[Block],
    models: Sequence[Description] = (),
) -> list[Section]:
    """Return the sections of search results; empty ones are omitted.

    Args:
        found: Layers and operations, best first.
        blocks: Matching user blocks.
        models: Matching nested graphs.
    """
    named = [
        Section(_("My blocks"), blocks=blocks),
        Section(_("Nested models"), models),
        Section(_("Results"), found),
    ]
    return [each for each in named if each.layers or each.blocks]


def _in_catalog(
    kinds: Sequence[str], by_kind: dict[str, Description]
) -> list[Description]:
    return [by_kind[kind] for kind in kinds if kind in by_kind]


class PaletteModel(QStandardItemModel):
    """The palette's rows; layers and blocks can be dragged to a canvas."""

    def show(self, rows: Sequence[Section], favourites: Sequence[str]) -> None:
        """Replace all rows."""
        self.clear()
        for section in rows:
            heading = QStandardItem(section.title)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for block in section.blocks:
                heading.appendRow(_block_row(block))
            for each in section.layers:
                heading.appendRow(_layer_row(each, each.kind in favourites))
            if section.hidden:
                heading.appendRow(_more_row(section))
            self.appendRow(heading)

    def first(self) -> QModelIndex:
        """Return the first selectable row."""
        return self.index(0, 0, self.index(0, 0))

    def find(self, place: tuple[str, str]) -> QModelIndex:
        """Return the row with this heading and text; invalid if there is none."""
        for row in range(self.rowCount()):
            heading = self.index(row, 0)
            for inner in range(self.rowCount(heading)):
                index = self.index(inner, 0, heading)
                if (heading.data(), index.data()) == place:
                    return index
        return QModelIndex()

    def mimeTypes(self) -> list[str]:
        return [LAYER_MIME, BLOCK_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Encode the kind of the dragged layer or the name of the dragged block."""
        data = QMimeData()
        for index in indexes:
            kind, block = index.data(KIND), index.data(BLOCK)
            if kind:
                data.setData(LAYER_MIME, QByteArray(kind.encode()))
                data.setText(kind)
            elif block:
                data.setData(BLOCK_MIME, QByteArray(block.encode()))
                data.setText(block)
        return data


def _row(text: str, tip: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    item.setToolTip(tip)
    item.setData(f"{text}. {tip}", Qt.ItemDataRole.AccessibleTextRole)
    return item


def _layer_row(description: Description, favourite: bool) -> QStandardItem:
    item = _row(kind_name(description.kind), _(description.summary))
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsDragEnabled)
    item.setData(description.kind, KIND)
    item.setData(description.color, COLOR)
    item.setData(favourite, FAVOURITE)
    return item


def _block_row(block: Block) -> QStandardItem:
    names = ", ".join(kind_name(node.kind) for node in block.graph.nodes.values())
    item = _row(block.name, names)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsDragEnabled)
    item.setData(block.name, BLOCK)
    return item


def _more_row(section: Section) -> QStandardItem:
    if section.expanded:
        text = _("Show fewer")
    else:
        text = ngettext("{count} more", "{count} more", section.hidden)
        text = text.format(count=section.hidden)
    item = _row(text, section.title)
    item.setData(section.key, MORE)
    return item
