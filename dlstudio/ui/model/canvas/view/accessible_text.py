"""What a screen reader says of the canvas."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from dlstudio.document.canvas.node_card import NodeCardModel


def describe_selection(view: QWidget, card: NodeCardModel | None) -> None:
    """Let a view be described by the card of its current node, if there is one."""
    view.setAccessibleDescription(f"{card.name}, {card.title}" if card else "")
    if QAccessible.isActive():
        event = QAccessibleEvent(view, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)
