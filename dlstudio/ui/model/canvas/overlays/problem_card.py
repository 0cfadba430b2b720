"""A card that shows a node's problem and buttons that apply its fixes."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.problem_titles import problem_title
from dlstudio.document.problems import Fix, Problem
from dlstudio.i18n import _
from dlstudio.ui.theme.fonts import text_font
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import escape_mnemonic

WIDTH, MIN_WIDTH, COMPACT_WIDTH = 344, 240, 180
MAX_FIXES = 3

SEVERITY_COLORS = {
    "error": ("bad_soft", "bad_line", "bad"),
    "warning": ("warning_soft", "line_strong", "warning"),
    "hint": ("accent_soft", "line_strong", "accent"),
}


class ProblemCard(QFrame):
    """Shows one problem of one node.

    Args:
        theme: Colours and fonts.
        name: The node's name.
        problem: The problem to show.
        parent: The canvas editor.

    Signals:
        fix_chosen: The `Fix` whose button was pressed.
    """

    fix_chosen = Signal(object)

    def __init__(
        self, theme: Theme, name: str, problem: Problem, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.node = problem.node
        background, edge, ink = (
            getattr(theme.colors, each) for each in SEVERITY_COLORS[problem.severity]
        )
        self.setObjectName("problem")
        self.setStyleSheet(
            f"#problem {{ background: {background}; border: 1px solid {edge};"
            f" border-radius: {theme.radius}px; }}"
        )
        self.setAccessibleName(_("Problem in “{name}”").format(name=name))
        self.setAccessibleDescription(problem.message)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        what = problem_title(problem.code)
        title = _line(theme, f"{name}: {what}" if what else name, ink)
        title.setFont(text_font(theme, theme.text_size, 600))
        column.addWidget(title)
        column.addWidget(_line(theme, problem.message, theme.colors.text))
        self._buttons = [self._button(theme, fix) for fix in problem.fixes[:MAX_FIXES]]
        for button in self._buttons:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def size_for(self, space: int, least: int = 0) -> QSize:
        """Return the card's size beside its node.

        Args:
            space: Width available beside the node, in pixels.
            least: Least width, below which texts of buttons are elided; 0 for the
                width at which none is.
        """
        layout = self.layout()
        assert layout is not None
        if not least:
            edges = layout.contentsMargins().left() + layout.contentsMargins().right()
            words = [each.sizeHint().width() + edges for each in self._buttons]
            least = max(MIN_WIDTH, *words) if words else MIN_WIDTH
        width = max(min(space, WIDTH), least, layout.minimumSize().width())
        return QSize(width, layout.totalHeightForWidth(width))

    def _button(self, theme: Theme, fix: Fix) -> QPushButton:
        c = theme.colors
        button = _FixButton(escape_mnemonic(fix.label))
        button.setFont(text_font(theme, theme.text_size))
        button.setAccessibleName(fix.label)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setStyleSheet(
            f"QPushButton {{ background: {c.surface}; color: {c.text};"
            f" border: 1px solid {c.line_strong}; border-radius: 6px;"
            " padding: 4px 12px; }"
            f"QPushButton:hover {{ background: {c.hover}; }}"
            f"QPushButton:focus {{ border: 1px solid {c.accent}; }}"
        )
        button.clicked.connect(lambda: self.fix_chosen.emit(fix))
        return button


class _FixButton(QPushButton):
    """A button whose text is elided in a narrow card, with a tooltip of the text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Preferred, policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        whole = self.width() >= self.sizeHint().width()
        self.setToolTip("" if whole else self.accessibleName())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        if self.toolTip():
            element = QStyle.SubElement.SE_PushButtonContents
            width = self.style().subElementRect(element, option, self).width()
            right, flag = Qt.TextElideMode.ElideRight, Qt.TextFlag.TextShowMnemonic
            option.text = self.fontMetrics().elidedText(option.text, right, width, flag)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)


def _line(theme: Theme, text: str, color: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFont(text_font(theme))
    label.setStyleSheet(f"color: {color}; background: transparent;")
    return label
