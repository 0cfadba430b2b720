"""All text that a window displays."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QWidget,
)

TOP = QModelIndex()


def visible_texts(window: QWidget) -> list[str]:
    """The texts of all visible widgets, with their tooltips and accessible texts."""
    found = [window.windowTitle()]
    for each in window.findChildren(QWidget):
        if each.isVisible():
            found += _texts(each)
    return [text for text in found if text.strip()]


def _texts(widget: QWidget) -> list[str]:
    found = [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    if isinstance(widget, (QLabel, QAbstractButton, QLineEdit, QProgressBar)):
        found.append(widget.text())
    elif isinstance(widget, QPlainTextEdit):
        found.append(widget.toPlainText())
    elif isinstance(widget, QComboBox):
        found += [widget.itemText(row) for row in range(widget.count())]
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        found += [
            str(model.index(row, column).data() or "")
            for row in range(min(model.rowCount(TOP), 50))
            for column in range(_columns(model))
        ]
    return found


def _columns(model: QAbstractItemModel) -> int:
    """A list has a single column, and must not be queried for it."""
    return model.columnCount(TOP) if isinstance(model, QAbstractTableModel) else 1
