"""What the guide has about a widget, and the way there."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QWhatsThisClickedEvent
from PySide6.QtWidgets import QWidget

_PROPERTY = "guideTopic"


def set_topic(widget: QWidget, topic: str) -> None:
    """Say what the guide has about a widget and all that is in it.

    Args:
        topic: See `dlstudio.catalog.guide_topics`; "" for nothing.
    """
    widget.setProperty(_PROPERTY, topic)


def nearest_topic(widget: QObject | None) -> str:
    """The topic of a widget, or of what it is in; "" where there is none."""
    while widget is not None:
        topic = widget.property(_PROPERTY)
        if topic:
            return str(topic)
        widget = widget.parent()
    return ""


def show_topic(widget: QWidget) -> None:
    """Have the guide opened at what it has about a widget."""
    topic = nearest_topic(widget)
    if topic:
        ask_about(widget, topic)


def ask_about(widget: QWidget, topic: str) -> None:
    """Have the guide opened at a topic.

    The widget's window does it: Qt hands such an event up to it.
    """
    QCoreApplication.sendEvent(widget, QWhatsThisClickedEvent(topic))
