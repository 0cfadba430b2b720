"""A sentence with coloured entities; its words can be selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dlstudio.document.entity_spans import entity_spans
from dlstudio.i18n import _
from dlstudio.ui.features.span_layout import SpanBox, SpanLayout
from dlstudio.ui.theme.tokens import Theme

MARGIN = 4.0
NARROWEST = 160


class SpanText(QWidget):
    """Words in lines, as high as these need.

    With the mouse words are selected by dragging, with the keyboard by the arrow keys
    and Shift.

    Args:
        theme: Colours and sizes.
        types: All types in the order of their colours.
        selectable: Whether words can be selected.

    Signals:
        selection_changed: Emitted when other words are selected.
    """

    selection_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        types: Sequence[str] = (),
        parent: QWidget | None = None,
        selectable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._layout = SpanLayout(theme, types)
        self.tokens: tuple[str, ...] = ()
        self.tags: tuple[str, ...] = ()
        self._anchor = self._end = -1
        self._selectable = selectable
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if selectable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.IBeamCursor)

    def show_sentence(self, tokens: Sequence[str], tags: Sequence[str]) -> None:
        """Show other words, or the same with other entities."""
        if tuple(tokens) != self.tokens:
            self._anchor = self._end = -1
        self.tokens, self.tags = tuple(tokens), tuple(tags)
        self.setAccessibleName(" ".join(self.tokens))
        self.setAccessibleDescription(spans_text(self.tokens, self.tags))
        self.updateGeometry()
        self.update()

    @property
    def selected(self) -> range:
        """Numbers of the selected words."""
        if self._anchor < 0:
            return range(0)
        return range(min(self._anchor, self._end), max(self._anchor, self._end) + 1)

    def select(self, start: int, end: int) -> None:
        """Select the words from `start` on, before `end`."""
        self._anchor, self._end = start, end - 1
        self.update()
        self.selection_changed.emit()

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        boxes = self._boxes(width)
        bottom = max((box.area.bottom() for box in boxes), default=0.0)
        return int(max(bottom, self._layout.line_height) + 2 * MARGIN)

    def sizeHint(self) -> QSize:
        return QSize(480, self.heightForWidth(max(self.width(), NARROWEST)))

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, int(self._layout.line_height + 2 * MARGIN))

    def place_of(self, token: int) -> QPointF:
        """The middle of a word."""
        for box in self._boxes(self.width()):
            if box.token == token:
                return box.area.center() + QPointF(MARGIN, MARGIN)
        return QPointF()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words."""
        del event
        painter = QPainter(self)
        painter.translate(MARGIN, MARGIN)
        ink = QColor(self._theme.colors.text)
        boxes = self._boxes(self.width())
        self._layout.paint(painter, boxes, ink, self.selected)
        if self.hasFocus():
            painter.resetTransform()
            painter.setPen(QPen(QColor(self._theme.colors.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection."""
        if self._selectable and event.button() == Qt.MouseButton.LeftButton:
            token = self._token_at(event.position())
            self._extend(token, token)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection."""
        if self._selectable and event.buttons() & Qt.MouseButton.LeftButton:
            token = self._token_at(event.position())
            if token >= 0 and self._anchor >= 0:
                self._extend(self._anchor, token)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select the word before or behind; with Shift more of them."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if not self._selectable or not step or not self.tokens:
            super().keyPressEvent(event)
            return
        end = min(max(self._end + step, 0), len(self.tokens) - 1)
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._extend(self._anchor if shift and self._anchor >= 0 else end, end)

    def _extend(self, anchor: int, end: int) -> None:
        if (anchor, end) != (self._anchor, self._end):
            self._anchor, self._end = anchor, end
            self.update()
            self.selection_changed.emit()

    def _token_at(self, point: QPointF) -> int:
        """The word at a place; -1 for none."""
        inner = point - QPointF(MARGIN, MARGIN)
        for box in self._boxes(self.width()):
            if box.area.contains(inner):
                return box.token
        return -1

    def _boxes(self, width: int) -> list[SpanBox]:
        return self._layout.boxes(self.tokens, self.tags, width - 2 * MARGIN)


def spans_text(tokens: Sequence[str], tags: Sequence[str]) -> str:
    """The entities of a sentence in words."""
    found = [
        _("{text} ({type})").format(
            text=" ".join(tokens[span.start : span.end]), type=span.type
        )
        for span in entity_spans(tags)
    ]
    return ", ".join(found) or _("no entities")
