"""Coloured tokens in a field of text: what speaks for a prediction, and against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QHelpEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip

from dlstudio.document.text_explanation import ExplainedText, ExplainedToken
from dlstudio.i18n import _
from dlstudio.percent_text import percent
from dlstudio.ui.theme.tokens import Theme

FAINTEST, STRONGEST = 0.12, 0.55
"""Opacity of the weakest and of the strongest token."""
SEEN, UNDERLINED = 0.05, 0.15
"""Smallest parts of the strongest token's share that are coloured, and underlined."""
Underline = QTextCharFormat.UnderlineStyle


@dataclass(frozen=True, slots=True)
class TokenMark:
    """A coloured token.

    Attributes:
        start, end: Its place in the text, in characters.
        color: Of its background.
        underline: Says without colour what it means.
        tip: Its number, for the tooltip.
    """

    start: int
    end: int
    color: QColor
    underline: Underline
    tip: str


def attribution_marks(
    theme: Theme, text: ExplainedText, label: str
) -> tuple[TokenMark, ...]:
    """Red where a token speaks for a prediction, green where it does against it.

    Tokens outside the vocabulary have a wavy line.

    Args:
        theme: Colours.
        text: The tokens with their shares.
        label: The class that is explained; "" where a number is.
    """
    found = []
    for token in text.tokens:
        if token.has_place:
            against = token.share < 0
            tip = _attribution_tip(token, label)
            color = theme.colors.good if against else theme.colors.bad
            strength = abs(token.share) / (text.largest or 1.0)
            line = Underline.DotLine if against else Underline.SingleUnderline
            mark = _mark(token, color, strength, line, tip)
            if not token.known:
                mark = replace(mark, underline=Underline.WaveUnderline)
            found.append(mark)
    return tuple(found)


def attention_marks(
    theme: Theme, text: ExplainedText, weights: Sequence[float]
) -> tuple[TokenMark, ...]:
    """Tokens that attention looks at more than at the others.

    Args:
        theme: Colours.
        text: The tokens.
        weights: Of each token.
    """
    least, largest = min(weights, default=0.0), max(weights, default=0.0)
    spread = (largest - least) or 1.0
    line, color = Underline.SingleUnderline, theme.colors.accent
    return tuple(
        _mark(token, color, (weight - least) / spread, line, _weight_tip(token, weight))
        for token, weight in zip(text.tokens, weights, strict=True)
        if token.has_place
    )


class TokenMarker(QObject):
    """Marks tokens in a field, and says their numbers in tooltips.

    Args:
        field: The field; it owns the marker.
    """

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__(field)
        self._field = field
        self.marks: tuple[TokenMark, ...] = ()
        self._cursors: list[QTextCursor] = []
        field.viewport().installEventFilter(self)

    def show_marks(self, marks: Sequence[TokenMark], offset: int = 0) -> None:
        """Replace the marks.

        Args:
            marks: Of the text in the field; none to remove them.
            offset: Characters in the field before the text that is marked.
        """
        self.marks = tuple(marks)
        content = self._field.toPlainText()
        selections = []
        self._cursors = []
        for mark in self.marks:
            selection = QTextEdit.ExtraSelection()
            start = qt_position(content, mark.start + offset)
            end = qt_position(content, mark.end + offset)
            cursor = QTextCursor(self._field.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            self._cursors.append(cursor)
            if not mark.color.alpha() and mark.underline == Underline.NoUnderline:
                continue
            shape = QTextCharFormat()
            if mark.color.alpha():
                shape.setBackground(mark.color)
            shape.setUnderlineStyle(mark.underline)
            selection.cursor, selection.format = cursor, shape
            selections.append(selection)
        self._field.setExtraSelections(selections)

    def tip_at(self, position: int) -> str:
        """What is said of the token at a position of the document; "" of none."""
        for mark, cursor in zip(self.marks, self._cursors, strict=True):
            if cursor.selectionStart() <= position < cursor.selectionEnd():
                return mark.tip
        return ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the tooltip of the token under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cursor = self._field.cursorForPosition(event.pos())
            place = cursor.position()
            # Left of the middle of its first letter, the cursor is before the token.
            if self._field.cursorRect(cursor).left() > event.pos().x():
                place = max(0, place - 1)
            tip = self.tip_at(place)
            if tip:
                QToolTip.showText(event.globalPos(), tip, self._field)
                return True
            QToolTip.hideText()
        return super().eventFilter(watched, event)


def qt_position(text: str, place: int) -> int:
    """A place in a text, as Qt counts: characters such as emoji are two."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def _mark(
    token: ExplainedToken,
    name: str,
    strength: float,
    underline: Underline,
    tip: str,
) -> TokenMark:
    """A mark as opaque as a token is strong.

    Args:
        token: The token.
        name: Of the colour, "#rrggbb".
        strength: From 0 to 1.
        underline: Of the token, if it is strong enough to be seen.
        tip: Its tooltip.
    """
    color = QColor(name)
    seen = strength >= SEEN
    if strength < UNDERLINED:
        underline = Underline.NoUnderline
    color.setAlphaF(FAINTEST + (STRONGEST - FAINTEST) * strength if seen else 0.0)
    return TokenMark(token.start, token.end, color, underline, tip)


def _attribution_tip(token: ExplainedToken, label: str) -> str:
    share = percent(abs(token.share))
    if label:
        said = (
            _("“{token}”: {share} against “{label}”")
            if token.share < 0
            else _("“{token}”: {share} for “{label}”")
        )
    elif token.share < 0:
        said = _("“{token}”: {share}, lowers the number")
    else:
        said = _("“{token}”: {share}, raises the number")
    said = said.format(token=token.text, share=share, label=label)
    return said if token.known else said + "\n" + _("Outside the vocabulary")


def _weight_tip(token: ExplainedToken, weight: float) -> str:
    said = _("“{token}”: weight {share}")
    return said.format(token=token.text, share=percent(weight))
