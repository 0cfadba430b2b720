"""A form for the values of a sample; the model answers while one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.document.output_answer import OutputAnswer
from dlstudio.i18n import _
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.predict.answer_card import AnswerCard
from dlstudio.ui.predict.value_field import ValueField
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card, CardGrid
from dlstudio.ui.widgets.labels import heading
from dlstudio.workers.table import TableColumn

TYPING_MS = 150
FIELD_WIDTH, ANSWER_WIDTH = 220, 320


class PredictForm(QWidget):
    """One field for each feature, and the predictions beside them.

    Args:
        theme: Colours and sizes.
        views: Edit the values of each feature type.

    Signals:
        changed: Emitted with the values by feature, "" where one is missing, once the
            user pauses and all fields are valid.
    """

    changed = Signal(object)

    def __init__(
        self, theme: Theme, views: FeatureViews, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views = views
        self._start: dict[str, str] = {}
        self.fields: dict[str, ValueField] = {}
        self.reset = button(theme, _("Reset"), "link", "mdi6.undo")
        self.reset.setToolTip(_("Restore the values of the row."))
        self.answer_card = AnswerCard(theme, self)
        self.answer_card.setFixedWidth(ANSWER_WIDTH)
        self._grid = CardGrid((), FIELD_WIDTH, 16, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._timer.timeout.connect(self._report)
        self.reset.clicked.connect(self.restore)
        self._lay_out()

    def show_columns(
        self, columns: Sequence[TableColumn], start: Mapping[str, str | None]
    ) -> None:
        """Make the fields and report the first values.

        Args:
            columns: The features that the model sees; others are left out.
            start: Values of a row to begin with, by feature.
        """
        inputs = [each for each in columns if each.kind and each.role == "input"]
        self.fields = {
            each.name: ValueField(self._theme, self._views, each) for each in inputs
        }
        self._start = {name: start.get(name) or "" for name in self.fields}
        for field in self.fields.values():
            field.edited.connect(self._edited)
        self._grid.fill(tuple(self.fields.values()))
        self.answer_card.show_answers(())
        self.restore()

    def values(self) -> dict[str, str]:
        """The values by feature, "" where one is missing."""
        return {name: field.value() for name, field in self.fields.items()}

    def restore(self) -> None:
        """Enter the values of the row again."""
        for name, value in self._start.items():
            self.fields[name].set_value(value)
        self._show_reset()
        self._report()

    def show_answers(self, answers: Sequence[OutputAnswer]) -> None:
        """Show what the model predicts for the latest values."""
        self.answer_card.show_answers(answers)
        if self._timer.isActive() or not self.is_valid():
            self.answer_card.set_outdated()

    def is_valid(self) -> bool:
        """Whether every field has a value or is empty."""
        return all(each.is_valid() for each in self.fields.values())

    def _edited(self) -> None:
        self.answer_card.set_outdated()
        self._show_reset()
        self._timer.start()

    def _report(self) -> None:
        self._timer.stop()
        if self.fields and self.is_valid():
            self.changed.emit(self.values())

    def _show_reset(self) -> None:
        shown = {name: each.editor.text() for name, each in self.fields.items()}
        self.reset.setEnabled(shown != self._start)

    def _lay_out(self) -> None:
        card = Card(self)
        top = QHBoxLayout()
        top.addWidget(heading(self._theme, _("Values")))
        top.addStretch(1)
        top.addWidget(self.reset)
        inside = QWidget()
        inside.setProperty("role", "clear")
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 8, 0)
        lines.addWidget(self._grid)
        lines.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields take the focus
        area.setWidget(inside)
        card.body.addLayout(top)
        card.body.addWidget(area, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(card, 1)
        row.addWidget(self.answer_card)
