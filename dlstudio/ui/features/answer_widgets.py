"""What a model predicts for one output, as widgets for the views of feature types."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _
from dlstudio.ui.features.probability_bars import MAX_BARS, ProbabilityBars
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.labels import ElidedLabel, label

LONGEST_LARGE = 80
"""Characters of a text in large letters."""


def text_answer(
    text: str, exact: str = "", below: str = "", parent: QWidget | None = None
) -> QWidget:
    """A large text that can be selected.

    Args:
        text: The prediction.
        exact: The same with all digits.
        below: What helps to judge it.
        parent: Parent of the widget.
    """
    made = QWidget(parent)
    lines = _lines(made)
    value = ElidedLabel(text, "large")
    value.setToolTip(exact or text)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    lines.addWidget(value)
    if below:
        lines.addWidget(label(below, "faint", wrap=True))
    return made


def prose_answer(text: str, parent: QWidget | None = None) -> QWidget:
    """A text of any length, in as many lines as it needs, that can be selected.

    Args:
        text: The prediction; that it is empty is said in words.
        parent: Parent of the widget.
    """
    made = QWidget(parent)
    lines = _lines(made)
    if not text.strip():
        lines.addWidget(label(_("The text is empty."), "muted", wrap=True))
        return made
    value = label(text, "large" if len(text) <= LONGEST_LARGE else "", wrap=True)
    value.setTextFormat(Qt.TextFormat.PlainText)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    lines.addWidget(value)
    return made


def names_answer(
    theme: Theme, text: str, answer: OutputAnswer, parent: QWidget | None = None
) -> QWidget:
    """A large text, and the probabilities of the likeliest names.

    Args:
        theme: Colours and sizes.
        text: The prediction.
        answer: With the probabilities.
        parent: Parent of the widget.
    """
    made = text_answer(text, parent=parent)
    if answer.scores:
        bars = ProbabilityBars(theme, answer.ranked[:MAX_BARS], made)
        _lines(made).addWidget(bars)
    return made


def _lines(widget: QWidget) -> QVBoxLayout:
    found = widget.layout()
    if isinstance(found, QVBoxLayout):
        return found
    made = QVBoxLayout(widget)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(6)
    return made
