"""The palette's rows: headings with the layers under them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from dlstudio.catalog.categories import CATEGORIES
from dlstudio.catalog.schema import Description
from dlstudio.catalog.store import Catalog
from dlstudio.i18n import _
from dlstudio.settings import Settings
from dlstudio.ui.model.palette.searching import find

LAYER_MIME = "application/x-dlstudio-layer"
KIND = Qt.ItemDataRole.UserRole + 1
COLOR = Qt.ItemDataRole.UserRole + 2
FAVOURITE = Qt.ItemDataRole.UserRole + 3

Section = tuple[str, Sequence[Description]]


def layers(catalog: Catalog) -> list[Description]:
    """What can be put on a canvas."""
    return [
        each for each in catalog.family("layers") if not each.extra.get("nested_only")
    ]


def sections(catalog: Catalog, settings: Settings, query: str) -> list[Section]:
    """Headings and layers as they are shown: one list of hits while searching."""
    there = layers(catalog)
    if query.strip():
        hits = find(query, there)
        return [(_("Found"), hits)] if hits else []
    by_kind = {each.kind: each for each in there}
    named: list[Section] = [
        (_("Favourites"), _known(settings.favourite_layers, by_kind)),
        (_("Recently used"), _known(settings.recent_layers[:5], by_kind)),
    ]
    for key, category in CATEGORIES.items():
        named.append((_(category.title), [d for d in there if d.category == key]))
    return [(title, rows) for title, rows in named if rows]


def _known(kinds: Sequence[str], by_kind: dict[str, Description]) -> list[Description]:
    return [by_kind[kind] for kind in kinds if kind in by_kind]


class PaletteModel(QStandardItemModel):
    """Rows of the palette; layers can be dragged to a canvas."""

    def show(self, rows: list[Section], favourites: Sequence[str]) -> None:
        """Replace all rows."""
        self.clear()
        for title, descriptions in rows:
            heading = QStandardItem(title)
            heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for each in descriptions:
                heading.appendRow(_row(each, each.kind in favourites))
            self.appendRow(heading)

    def mimeTypes(self) -> list[str]:
        """See `QAbstractItemModel.mimeTypes`."""
        return [LAYER_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The kind of the layer that is dragged."""
        data = QMimeData()
        kinds = [index.data(KIND) for index in indexes if index.data(KIND)]
        if kinds:
            data.setData(LAYER_MIME, QByteArray(kinds[0].encode()))
            data.setText(kinds[0])
        return data


def _row(description: Description, favourite: bool) -> QStandardItem:
    item = QStandardItem(description.name)
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled
        | Qt.ItemFlag.ItemIsSelectable
        | Qt.ItemFlag.ItemIsDragEnabled
    )
    item.setData(description.kind, KIND)
    item.setData(description.color, COLOR)
    item.setData(favourite, FAVOURITE)
    item.setToolTip(_(description.summary))
    item.setData(
        f"{description.name}. {_(description.summary)}",
        Qt.ItemDataRole.AccessibleTextRole,
    )
    return item
