"""The table of the layers of a converted model."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from dlstudio.byte_size import size_text
from dlstudio.document.viewed_model import ViewedLayer, shape_text
from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.theme.tokens import Theme

Index = QModelIndex | QPersistentModelIndex
TOP = QModelIndex()
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
NAME, OUTPUT, FIRST_NUMBER = 0, 2, 3
ROW_HEIGHT = 28
WIDTHS = {1: 156, 2: 104, 3: 100, 4: 80}


class ViewedLayersModel(QAbstractTableModel):
    """Layers with their kinds, shapes and sizes.

    Args:
        mono: Font of shapes.
        parent: Owner.
    """

    def __init__(self, mono: QFont, parent: QObject) -> None:
        super().__init__(parent)
        self._mono = mono
        self.layers: tuple[ViewedLayer, ...] = ()
        self._titles = (
            *(_("Layer"), _("Type"), _("Output")),
            *(_("Parameters"), _("Size")),
        )

    def show_layers(self, layers: tuple[ViewedLayer, ...]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self.layers = layers
        self.endResetModel()

    def rowCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self.layers)

    def columnCount(self, parent: Index = TOP) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = 0
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(RIGHT if section >= FIRST_NUMBER else LEFT)
        return None

    def data(self, index: Index, role: int = 0) -> object:
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return _cells(self.layers[index.row()])[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(RIGHT if column >= FIRST_NUMBER else LEFT)
        if role == Qt.ItemDataRole.FontRole and column == OUTPUT:
            return self._mono
        return None


def _cells(layer: ViewedLayer) -> tuple[str, ...]:
    return (
        layer.name,
        layer.kind,
        ", ".join(map(shape_text, layer.shapes)) or "?",
        f"{layer.parameters:,}" if layer.parameters else "",
        size_text(layer.size) if layer.size else "",
    )


class ViewedLayersTable(QTableView):
    """The layers of a converted model, one of which is chosen.

    Args:
        theme: Colours and fonts.
        parent: The dialog.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.layers = ViewedLayersModel(mono_font(theme), self)
        self.setModel(self.layers)
        self.setAccessibleName(_("Layers"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            header.resizeSection(column, width)
