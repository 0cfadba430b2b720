"""Associates guide topics with widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QWhatsThisClickedEvent
from PySide6.QtWidgets import QWidget

_PROPERTY = "guideTopic"


def set_topic(widget: QWidget, topic: str) -> None:
    """Set the guide topic of a widget and its children.

    Args:
        topic: See `dlstudio.catalog.guide_topics`; "" for nothing.
    """
    widget.setProperty(_PROPERTY, topic)


def nearest_topic(widget: QObject | None) -> str:
    """The topic of a widget or its nearest ancestor; "" if there is none."""
    while widget is not None:
        topic = widget.property(_PROPERTY)
        if topic:
            return str(topic)
        widget = widget.parent()
    return ""


def show_topic(widget: QWidget) -> None:
    """Open the guide at the topic of a widget."""
    topic = nearest_topic(widget)
    if topic:
        ask_about(widget, topic)


def ask_about(widget: QWidget, topic: str) -> None:
    """Open the guide at a topic.

    The widget's window handles it: Qt propagates the event to it.
    """
    QCoreApplication.sendEvent(widget, QWhatsThisClickedEvent(topic))
