"""What both kinds of findings panels have at their bottom, and around their cards."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.i18n import _, ngettext
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label


class FindingsFoot(QWidget):
    """How many samples are excluded and how many findings are reviewed.

    Args:
        theme: Colours and sizes.

    Signals:
        show_excluded_requested, include_requested, uncheck_requested: Emitted by its
            buttons.
    """

    show_excluded_requested = Signal()
    include_requested = Signal()
    uncheck_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._excluded_text = label("", "muted", wrap=True)
        self._checked_text = label("", "muted", wrap=True)
        see = button(theme, _("Show"), "link")
        see.clicked.connect(self.show_excluded_requested)
        self.include = button(theme, _("Include"), "link")
        self.include.clicked.connect(self.include_requested)
        again = button(theme, _("Show again"), "link")
        again.clicked.connect(self.uncheck_requested)
        self._excluded = _row(self._excluded_text, (see, self.include))
        self._checked = _row(self._checked_text, (again,))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._excluded)
        column.addWidget(self._checked)

    def show_counts(self, excluded: str, checked: int) -> None:
        """Show the numbers.

        Args:
            excluded: The excluded samples, such as "3 rows"; "" for none.
            checked: How many findings are reviewed.
        """
        self._excluded.setVisible(bool(excluded))
        self._excluded_text.setText(_("{samples} excluded.").format(samples=excluded))
        self._checked.setVisible(bool(checked))
        text = ngettext(
            "{count} finding reviewed.", "{count} findings reviewed.", checked
        )
        self._checked_text.setText(text.format(count=checked))


def scrolled_column(parent: QWidget) -> QVBoxLayout:
    """Fill a widget with a column that can be scrolled; a stretch is at its end.

    Args:
        parent: The widget.
    """
    inside = QWidget()
    inside.setProperty("role", "clear")
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 8, 8, 8)
    column.setSpacing(8)
    column.addStretch(1)
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    whole = QVBoxLayout(parent)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(area)
    return column


def _row(text: QWidget, buttons: Sequence[QPushButton]) -> QWidget:
    made = QWidget()
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(text, 1)
    for each in buttons:
        line.addWidget(each)
    return made
