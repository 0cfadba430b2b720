"""A card with the verdict on a run and a button for each suggestion."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from dlstudio.document.image_sections import better_text
from dlstudio.document.verdict import (
    FAILED,
    LEARNED,
    NOTHING,
    SEEN,
    Suggestion,
)
from dlstudio.document.verdict_text import details, summary, title
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.flow_row import FlowRow
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.run_verdict import RunVerdict

TONES = {LEARNED: "good", NOTHING: "bad", FAILED: "bad", SEEN: "muted"}
EDGE = 4  # width of the coloured edge in pixels


class VerdictCard(QFrame):
    """Title, explanation and suggestions; hidden while there is no verdict.

    Args:
        theme: Colours and sizes.
        short: Whether to show only the numbers and the most likely cause.
        beside: Buttons placed after the suggestions.

    Signals:
        chosen: Emitted with the `Suggestion` whose button was clicked.
    """

    chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        short: bool = False,
        beside: tuple[QPushButton, ...] = (),
    ) -> None:
        super().__init__(parent)
        self._short = short
        self._beside = beside
        self._theme = theme
        self.reported = RunVerdict("")
        self.buttons: tuple[QPushButton, ...] = ()
        self.title = label("", "strong")
        self.text = label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row: FlowRow | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14 + EDGE, 10, 14, 10)
        self._column.setSpacing(4)
        self._column.addWidget(self.title)
        self._column.addWidget(self.text)
        for each in beside:
            each.setParent(self)
            each.hide()
        self.setObjectName("verdict")
        self.hide()

    def show_verdict(self, reported: RunVerdict) -> None:
        """Show a verdict; hide the card if there is none."""
        if reported == self.reported:
            return
        self.reported = reported
        verdict, better = reported.verdict, reported.better
        if verdict is not None:
            self.title.setText(title(verdict))
            text = summary(verdict) if self._short else details(verdict)
            self._paint(verdict.outcome)
        elif better is not None:
            self.title.setText(better_text(better))
            text = ""
            self._paint(LEARNED if better > 0 else NOTHING)
        else:
            self.hide()
            return
        self.text.setText(text.replace(" %", "\u00a0%"))  # never in two lines
        self.text.setVisible(bool(text))
        self._fill(reported.suggestions)
        self.setAccessibleName(f"{self.title.text()} {self.text.text()}")
        self.show()

    def _fill(self, found: tuple[Suggestion, ...]) -> None:
        had_focus = any(each.hasFocus() for each in self.buttons)
        for each in self._beside:
            each.setParent(self)
        if self._row is not None:
            self._column.removeWidget(self._row)
            self._row.hide()
            self._row.deleteLater()
            self._row = None
        self.buttons = tuple(self._button(each) for each in found)
        shown = (*self.buttons, *self._beside)
        if shown:
            height = max(each.sizeHint().height() for each in shown)
            for each in shown:
                each.setMinimumHeight(height)
            self._row = FlowRow(shown, 8, parent=self)
            self._column.addWidget(self._row)
            for each in self._beside:
                each.show()
            if had_focus:
                shown[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, suggestion: Suggestion) -> QPushButton:
        made = QPushButton(suggestion.label.replace("&", "&&"))
        made.clicked.connect(self._chooser(suggestion))
        return made

    def _chooser(self, suggestion: Suggestion) -> Callable[[], None]:
        return lambda: self.chosen.emit(suggestion)

    def _paint(self, outcome: str) -> None:
        c = self._theme.colors
        tones = {"good": c.good, "bad": c.bad, "muted": c.line_strong}
        edge = tones.get(TONES.get(outcome, ""), c.warning)
        self.setStyleSheet(
            f"#verdict {{ background: {c.surface}; border: 1px solid {c.line};"
            f" border-left: {EDGE}px solid {edge};"
            f" border-radius: {self._theme.radius}px;"
            " border-top-left-radius: 0; border-bottom-left-radius: 0; }"
        )
