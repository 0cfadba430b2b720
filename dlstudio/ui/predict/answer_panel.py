"""Predictions for entered values: a card for each output, by its feature's view."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.cards import Card
from dlstudio.ui.widgets.labels import ElidedLabel, label
from dlstudio.workers.table import TableColumn

OUTDATED_OPACITY = 0.45


class AnswerPanel(QScrollArea):
    """Faded while the predictions do not belong to the values.

    Args:
        theme: Colours and sizes.
        views: Show the predictions of each feature type.
    """

    def __init__(
        self, theme: Theme, views: FeatureViews, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views = views
        self._targets: dict[str, TableColumn] = {}
        self.answers: tuple[OutputAnswer, ...] = ()
        self.outdated = False
        self.note = label("", "muted", wrap=True)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Prediction"))
        self.show_answers(())

    def show_targets(self, targets: Sequence[TableColumn]) -> None:
        """Set what the outputs predict; removes all predictions."""
        self._targets = {each.name: each for each in targets}
        self.show_answers(())

    def show_answers(self, answers: Sequence[OutputAnswer], note: str = "") -> None:
        """Replace the predictions.

        Args:
            answers: One for each output.
            note: What is said below them, or instead of them.
        """
        self.answers = tuple(answers)
        self.outdated = False
        self._cards = [self._card(each) for each in answers]
        self.note = label(note, "muted", wrap=True)
        inside = QWidget()
        inside.setProperty("role", "clear")
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(12)
        for each in (*self._cards, self.note):
            lines.addWidget(each)
        self.note.setVisible(bool(note))  # not before: it would be a window
        lines.addStretch(1)
        place = self.verticalScrollBar().value()
        self.setWidget(inside)
        self.verticalScrollBar().setValue(place)
        self.setAccessibleDescription(", ".join(map(self._text, answers)) or note)

    def set_outdated(self) -> None:
        """Fade the predictions: the values have changed, or cannot be used."""
        if self.outdated:
            return
        self.outdated = True
        for each in self._cards:
            effect = QGraphicsOpacityEffect(each)
            effect.setOpacity(OUTDATED_OPACITY)
            each.setGraphicsEffect(effect)

    def texts(self) -> list[str]:
        """All texts that are shown, in their order."""
        return [each.text() for each in self.findChildren(QLabel) if each.text()]

    def _card(self, answer: OutputAnswer) -> Card:
        card = Card()
        card.body.addWidget(ElidedLabel(answer.output, "muted"))
        target = self._target(answer)
        view = self._views[target.kind]
        card.body.addWidget(view.answer(self._theme, answer, target, card))
        return card

    def _text(self, answer: OutputAnswer) -> str:
        """ "price 288,800"."""
        target = self._target(answer)
        value = self._views[target.kind].answer_text(answer, target)
        return f"{answer.output} {value}"

    def _target(self, answer: OutputAnswer) -> TableColumn:
        return self._targets[answer.output]
