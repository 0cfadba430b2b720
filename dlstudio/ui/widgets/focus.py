"""Moves the focus when the focused widget is hidden or disabled."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QMenuBar, QWidget


def transfer_focus(source: QWidget, target: QWidget) -> None:
    """Pass the focus from a widget that disappears to its replacement.

    Call this while `target` is shown and enabled and `source` is not hidden yet.
    """
    if source.hasFocus():
        target.setFocus(Qt.FocusReason.OtherFocusReason)


def nearest_focusable(lost: QWidget, top: QWidget) -> QWidget | None:
    """The widget that takes the focus from a hidden or disabled one, or None.

    This is the nearest one in the smallest enclosing container.

    Args:
        top: The window; widgets outside of it are ignored.
    """
    around = lost.parentWidget()
    while around is not None:
        if around.isVisible():
            there = [
                each for each in around.findChildren(QWidget) if _accepts_focus(each)
            ]
            there = [each for each in there if each is not lost]
            if there:
                return min(there, key=lambda each: _distance(each, lost, top))
        if around is top:
            return None
        around = around.parentWidget()
    return None


def _accepts_focus(widget: QWidget) -> bool:
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    there = widget.isVisible() and widget.isEnabled() and not widget.isWindow()
    return by_tab and there and not isinstance(widget, QMenuBar)


def _distance(one: QWidget, other: QWidget, top: QWidget) -> int:
    """Manhattan distance between two rectangles in the window, in pixels."""
    a, b = _rect_in(one, top), _rect_in(other, top)
    across = max(a.left() - b.right(), b.left() - a.right(), 0)
    along = max(a.top() - b.bottom(), b.top() - a.bottom(), 0)
    return across + along


def _rect_in(widget: QWidget, top: QWidget) -> QRect:
    return QRect(widget.mapTo(top, QPoint(0, 0)), widget.size())
