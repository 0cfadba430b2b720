"""Predictions for entered values: a number, or a class with its probabilities."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsOpacityEffect, QVBoxLayout, QWidget

from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _
from dlstudio.ui.features.number_format import short_value
from dlstudio.ui.predict.prediction_row import MAX_BARS, ProbabilityBars
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, heading, label

OUTDATED_OPACITY = 0.45


class AnswerCard(Card):
    """One section for each output; faded while it does not belong to the values."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(_("Prediction"))
        self.answers: tuple[OutputAnswer, ...] = ()
        self.outdated = False
        self._sections: list[QWidget] = []
        self._empty = label(
            _("Enter values to see the prediction."), "muted", wrap=True
        )
        self.body.addWidget(self._empty)
        self.body.addStretch(1)

    def show_answers(self, answers: Sequence[OutputAnswer]) -> None:
        """Replace the predictions."""
        self.answers = tuple(answers)
        for each in self._sections:
            self.body.removeWidget(each)
            each.hide()
            each.deleteLater()
        self._sections = [self._section(each) for each in answers]
        for number, each in enumerate(self._sections, 1):
            self.body.insertWidget(number, each)
            each.show()  # now, not after the next events: it would flicker
        self._empty.setVisible(not answers)
        self.setAccessibleDescription(", ".join(map(answer_text, answers)))
        self.outdated = False

    def set_outdated(self) -> None:
        """Fade the predictions: the values have changed, or cannot be used."""
        if self.outdated:
            return
        self.outdated = True
        for each in self._sections:
            effect = QGraphicsOpacityEffect(each)
            effect.setOpacity(OUTDATED_OPACITY)
            each.setGraphicsEffect(effect)

    def _section(self, answer: OutputAnswer) -> QWidget:
        made = QWidget(self)
        lines = QVBoxLayout(made)
        lines.setContentsMargins(0, 0, 0, 8)
        lines.setSpacing(6)
        lines.addWidget(heading(self._theme, answer.output))
        if answer.error:
            lines.addWidget(label(answer.error, "bad", wrap=True))
            return made
        value = ElidedLabel(value_text(answer), "large")
        if answer.number is not None:
            value.setToolTip(repr(answer.number))
        flag = Qt.TextInteractionFlag.TextSelectableByMouse
        value.setTextInteractionFlags(flag)
        lines.addWidget(value)
        if answer.scores:
            ranked = answer.ranked[:MAX_BARS]
            lines.addWidget(ProbabilityBars(self._theme, ranked, made))
        return made


def value_text(answer: OutputAnswer) -> str:
    """The predicted number or name."""
    if answer.number is not None:
        return short_value(answer.number)
    return ", ".join(answer.value.split("|")) or _("no label")


def answer_text(answer: OutputAnswer) -> str:
    """ "price 288,800"."""
    return f"{answer.output} {answer.error or value_text(answer)}"
