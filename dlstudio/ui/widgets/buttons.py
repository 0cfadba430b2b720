"""Buttons, pills and segmented controls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from dlstudio.ui.theme.icons import icon
from dlstudio.ui.theme.tokens import Theme


def escape_mnemonic(text: str) -> str:
    """Escape `&`, which is a mnemonic in buttons, menus and tabs."""
    return text.replace("&", "&&")


def button(theme: Theme, text: str, role: str = "", icon_name: str = "") -> QPushButton:
    """A button with literal text; `role` selects its style.

    Args:
        theme: Colours and sizes.
        text: Translated; "&" is shown literally.
        role: "primary", "danger", "link" or another role of the style sheet.
        icon_name: As in `qtawesome`; "" for none.
    """
    made = QPushButton(escape_mnemonic(text))
    if role:
        made.setProperty("role", role)
    if icon_name:
        c = theme.colors
        color = {"primary": c.on_accent, "danger": c.bad, "link": c.accent}
        made.setIcon(icon(icon_name, color.get(role, c.text), c.text_faint))
        made.setIconSize(QSize(16, 16))
    return made


class IconButton(QToolButton):
    """A button with only an icon; `text` is its tooltip and accessible name.

    Args:
        theme: Colours and sizes.
        icon_name: As in `qtawesome`.
        text: Translated tooltip and accessible name.
    """

    def __init__(
        self, theme: Theme, icon_name: str, text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        c = theme.colors
        self.setProperty("role", "ghost")
        self.setIcon(icon(icon_name, c.text_muted, c.line_strong, c.accent))
        self.setIconSize(QSize(18, 18))
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class Pill(QPushButton):
    """A rounded chip that shows a status, optionally with a coloured dot.

    Args:
        theme: Colours and sizes.
        text: Translated text.
        tone: "plain", "accent", "good", "warning" or "bad".
        dot: Whether to show a coloured dot.
    """

    def __init__(
        self, theme: Theme, text: str = "", tone: str = "plain", dot: bool = False
    ) -> None:
        super().__init__(escape_mnemonic(text))
        self._theme = theme
        self._text = text
        self._tone = tone
        self._dot = dot
        self.setProperty("role", "pill")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_status(self, text: str, tone: str = "plain") -> None:
        """Set text and tone."""
        if (text, tone) == (self._text, self._tone):
            return
        self._text, self._tone = text, tone
        self.setText(escape_mnemonic(text))
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Space for the text, the dot and the rounded ends."""
        width = self.fontMetrics().horizontalAdvance(self._text)
        return QSize(width + 26 + (14 if self._dot else 0), 28)

    def minimumSizeHint(self) -> QSize:
        """Space for the first letters; longer text is elided."""
        wanted = self.sizeHint()
        return QSize(min(wanted.width(), 72), wanted.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        c = self._theme.colors
        background, edge, ink = {
            "plain": (c.surface, c.line, c.text),
            "accent": (c.accent_soft, c.accent_soft, c.accent),
            "good": (c.good_soft, c.good_soft, c.good),
            "warning": (c.warning_soft, c.warning_soft, c.warning),
            "bad": (c.bad_soft, c.bad_line, c.bad),
        }[self._tone]
        if self.hasFocus():
            edge = c.accent
        elif self.underMouse() and self.isEnabled():
            edge = c.line_strong
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(edge))
        painter.setBrush(QColor(background))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        inner = box.adjusted(13, 0, -13, 0)
        if self._dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ink))
            painter.drawEllipse(QPointF(inner.left() + 4, inner.center().y()), 4, 4)
            inner.setLeft(inner.left() + 14)
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        shown = self.fontMetrics().elidedText(
            self._text, Qt.TextElideMode.ElideRight, int(inner.width()) + 2
        )
        painter.drawText(
            inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown
        )


class SegmentedControl(QWidget):
    """A few exclusive choices side by side.

    Signals:
        chosen: Emitted with the key of the choice the user selects.
    """

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], current: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        for key, text in choices:
            each = QToolButton()
            each.setText(escape_mnemonic(text))
            each.setCheckable(True)
            each.setProperty("role", "ghost")
            each.setAccessibleName(text)
            self._group.addButton(each)
            self._buttons[key] = each
            row.addWidget(each)
        self._group.buttonClicked.connect(self._clicked)
        self.choose(current or choices[0][0])

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """One for each choice, from the left to the right."""
        return tuple(self._buttons.values())

    @property
    def current(self) -> str:
        """The key of the current choice."""
        checked = (key for key, each in self._buttons.items() if each.isChecked())
        return next(checked, "")

    def choose(self, key: str) -> None:
        """Select a choice without emitting `chosen`."""
        self._buttons[key].setChecked(True)

    def show_choice(self, key: str, shown: bool) -> None:
        """Show or hide a choice that is not the current one.

        Args:
            key: Of the choice.
            shown: Whether there is a choice.
        """
        self._buttons[key].setVisible(shown)

    def _clicked(self) -> None:
        self.chosen.emit(self.current)
