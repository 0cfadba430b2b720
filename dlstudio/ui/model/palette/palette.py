"""The palette: search, favourites, recently used, and every layer by its category."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _
from dlstudio.ui.model.palette.model import (
    COLOR,
    FAVOURITE,
    KIND,
    PaletteModel,
    layers,
    sections,
)
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.tokens import Theme

RECENT = 12
Index = QModelIndex | QPersistentModelIndex


class Palette(QWidget):
    """Layers to drag to the canvas, or to add with a double-click or Enter.

    Signals:
        chosen: The kind of a layer to add.
    """

    chosen = Signal(str)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.setObjectName("palette")
        self.search = _Search(self)
        count = len(layers(studio.session.catalog))
        self.search.setPlaceholderText(_("Search {count} layers…").format(count=count))
        self.search.setAccessibleName(_("Search layers"))
        self.search.setClearButtonEnabled(True)
        self.model = PaletteModel(self)
        self.tree = _Tree(self.model, studio.theme, self)
        self._nothing = QLabel(_("No layer is called so, or does that."), self)
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self._nothing)
        column.addWidget(self.tree, 1)
        self.search.textChanged.connect(self.refresh)
        self.search.returnPressed.connect(self._choose_first)
        self.search.down.connect(self._enter_list)
        self.tree.doubleClicked.connect(self._activated)
        self.tree.entered_key.connect(self._choose_current)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._menu)
        self.refresh()

    def refresh(self) -> None:
        """Show what the search and the settings say now."""
        settings = self._studio.settings.value
        rows = sections(self._studio.session.catalog, settings, self.search.text())
        self.model.show(rows, settings.favourite_layers)
        self.tree.expandAll()
        self._nothing.setVisible(not rows)
        if self.search.text() and rows:
            self.tree.setCurrentIndex(self.model.index(0, 0, self.model.index(0, 0)))

    def used(self, kind: str) -> None:
        """Remember that a layer was added."""
        recent = self._studio.settings.value.recent_layers
        others = tuple(each for each in recent if each != kind)
        self._studio.settings.change(recent_layers=(kind, *others)[:RECENT])
        if not self.search.text():
            self.refresh()

    def toggle_favourite(self, kind: str) -> None:
        """Add a layer to the favourites, or take it from them."""
        old = self._studio.settings.value.favourite_layers
        without = tuple(each for each in old if each != kind)
        new = without if kind in old else (*old, kind)
        self._studio.settings.change(favourite_layers=new)
        self.refresh()

    def _choose_first(self) -> None:
        self._choose_current()
        self.search.selectAll()

    def _choose_current(self) -> None:
        self._activated(self.tree.currentIndex())

    def _activated(self, index: Index) -> None:
        kind = index.data(KIND)
        if kind:
            self.chosen.emit(kind)

    def _enter_list(self) -> None:
        self.tree.setFocus()
        if not self.tree.currentIndex().data(KIND):
            first = self.model.index(0, 0, self.model.index(0, 0))
            self.tree.setCurrentIndex(first)

    def _menu(self, point: QPoint) -> None:
        kind = self.tree.indexAt(point).data(KIND)
        if not kind:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add = menu.addAction(_("Add to the canvas"))
        add.triggered.connect(lambda: self.chosen.emit(kind))
        favourite = kind in self._studio.settings.value.favourite_layers
        text = _("Remove from favourites") if favourite else _("Add to favourites")
        menu.addAction(text).triggered.connect(lambda: self.toggle_favourite(kind))
        menu.popup(self.tree.viewport().mapToGlobal(point))


class _Search(QLineEdit):
    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class _Tree(QTreeView):
    entered_key = Signal()

    def __init__(self, model: PaletteModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layers")
        self.setAccessibleName(_("Layers"))
        self.setModel(model)
        self.setItemDelegate(_Delegate(theme, self))
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(False)
        self.setItemsExpandable(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_key.emit()
        else:
            super().keyPressEvent(event)


class _Delegate(QStyledItemDelegate):
    """Headings as small capitals, layers with the square of their category."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        heading = not index.data(KIND)
        return QSize(0, 30 if heading else 28)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(KIND):
            self._layer(painter, option, index)
        else:
            self._heading(painter, option, index)
        painter.restore()

    def _heading(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        font = option.font
        font.setPixelSize(self._theme.tiny_size)
        font.setWeight(font.Weight.DemiBold)
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 0.6)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.colors.text_muted))
        area = option.rect.adjusted(0, 6, 0, 0)
        text = str(index.data()).upper()
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    def _layer(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        colors = self._theme.colors
        area = option.rect.adjusted(0, 1, -8, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if selected or over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.accent_soft if selected else colors.hover))
            painter.drawRoundedRect(area, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(index.data(COLOR) or colors.text_faint))
        painter.drawRoundedRect(area.left() + 8, area.center().y() - 5, 10, 10, 3, 3)
        painter.setPen(QColor(colors.text))
        painter.setFont(option.font)
        text = area.adjusted(28, 0, -20, 0)
        name = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, text.width()
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)
        if index.data(FAVOURITE):
            painter.setPen(QColor(colors.accent))
            star = area.adjusted(0, 0, -6, 0)
            painter.drawText(
                star, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "★"
            )
