"""The palette's rows: headings with layers and own blocks under them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _, ngettext
from dlstudio.ui.model.layer_summary import kind_name
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
    """A heading with what stands under it.

    Attributes:
        key: The category, or "".
        hidden: How many more there are.
        expanded: Whether more than the usual ones are shown.
    """

    title: str
    layers: Sequence[Description] = ()
    blocks: Sequence[Block] = ()
    key: str = ""
    hidden: int = 0
    expanded: bool = False


def layers(catalog: Catalog) -> list[Description]:
    """What can be put on a canvas."""
    return list(catalog.placeable())


@dataclass(frozen=True, slots=True)
class UserLayers:
    """What is the user's own: kinds of layers, blocks, and the project's graphs."""

    favourites: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    models: tuple[Description, ...] = ()


def sections(
    every_layer: Sequence[Description],
    user_layers: UserLayers,
    expanded: Collection[str],
) -> list[Section]:
    """Headings with their rows, as they are shown without a search.

    Args:
        every_layer: All layers, in the order they are shown.
        user_layers: Favourites, recently used layers and blocks.
        expanded: Categories of which every layer is shown.
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
    if len(user_layers.models) > 1:  # more than the one that makes a new one
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
    """The results of a search under their headings; empty ones are dropped.

    Args:
        found: Layers and operations, the best first.
        blocks: The user's own.
        models: Nested graphs.
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
    """Rows of the palette; layers and blocks can be dragged to a canvas."""

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
        """The first row that can be chosen."""
        return self.index(0, 0, self.index(0, 0))

    def find(self, place: tuple[str, str]) -> QModelIndex:
        """The row of this heading and text; invalid if it is not there."""
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
        """The kind of the layer, or the name of the block, that is dragged."""
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
