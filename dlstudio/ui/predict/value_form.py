"""A form for the values of a sample; the model answers while one types."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.document.text_explanation import TextExplanation
from dlstudio.errors import joined
from dlstudio.i18n import _
from dlstudio.ui.features.feature_views import FeatureViews
from dlstudio.ui.predict.answer_panel import AnswerPanel
from dlstudio.ui.predict.value_field import ValueField
from dlstudio.ui.theme.tokens import Theme
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.cards import Card, CardGrid
from dlstudio.ui.widgets.labels import ElidedLabel, heading
from dlstudio.ui.widgets.search_field import SearchField
from dlstudio.workers.feature_form import FeatureForm
from dlstudio.workers.feature_prediction import ValueAnswer

TYPING_MS = 150
FIELD_WIDTH, ANSWER_WIDTH = 220, 320
MOST_TEXTS = 2
"""Fields of texts that leave room for a table below."""
MOST_FIELDS = 60
"""Fields at once; of more inputs those are shown that the search field finds."""


class PredictForm(QWidget):
    """One field for each feature, and the predictions beside them.

    Args:
        theme: Colours and sizes.
        views: Edit the values and show the predictions of each feature type.

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
        self._form = FeatureForm("", (), ())
        self._texts: dict[str, str] = {}
        self._unexplained = ""
        self.fields: dict[str, ValueField] = {}
        self.reset = button(theme, _("Reset"), "link", "mdi6.undo")
        self.reset.setToolTip(_("Restore the values of the row."))
        self.another = button(theme, _("Another row"), "link", "mdi6.shuffle-variant")
        self.another.setToolTip(_("Try the text of another row of the data."))
        self.another.hide()
        self._example = -1
        self.search = SearchField(theme, _("Find input"))
        self.search.hide()
        self.about = ElidedLabel("", "faint")
        self.answers = AnswerPanel(theme, views, self)
        self.answers.setFixedWidth(ANSWER_WIDTH)
        self._wide = CardGrid((), FIELD_WIDTH, 16, self, max_columns=1)
        self._grid = CardGrid((), FIELD_WIDTH, 16, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._timer.timeout.connect(self._report)
        self.reset.clicked.connect(self.restore)
        self.another.clicked.connect(self._show_another)
        self.search.textChanged.connect(self._show_fields)
        self._lay_out()

    def show_form(
        self, form: FeatureForm, values: Mapping[str, str] | None = None
    ) -> None:
        """Make the fields.

        Args:
            form: The inputs and outputs, and values to begin with.
            values: Other values to begin with; they are not reported.
        """
        self._form = form
        self.fields, self._unexplained = {}, ""
        self._texts = self._start() if values is None else dict(values)
        with QSignalBlocker(self.search):
            self.search.clear()
        self.search.setVisible(len(form.inputs) > MOST_FIELDS)
        self._example = -1
        self.another.setVisible(bool(form.examples))
        self.answers.show_targets(form.targets)
        self._show_fields()
        self._show_reset()
        if values is None:
            self._report()

    def values(self) -> dict[str, str]:
        """The values by feature, "" where one is missing."""
        shown = {name: field.value() for name, field in self.fields.items()}
        return {**self._texts, **shown}

    def restore(self) -> None:
        """Enter the values of the row again."""
        self._example = -1
        self._enter(self._start())

    def _show_another(self) -> None:
        """Enter the next of the rows to try."""
        examples = self._form.examples
        self._example = (self._example + 1) % len(examples)
        self._enter(dict(examples[self._example].values))

    def _enter(self, values: dict[str, str]) -> None:
        """Replace all values, and ask for an answer."""
        self._texts = values
        for name, field in self.fields.items():
            field.set_value(values[name])
        self.about.set_text(self._about(len(self.fields)))
        self.answers.set_outdated()
        self._show_reset()
        self._report()

    def show_answer(self, found: ValueAnswer) -> None:
        """Show what the model predicts for the latest values, or what is wrong."""
        for name, field in self.fields.items():
            field.show_error(found.errors.get(name, ""))
            field.show_image(found.previews.get(name))
        if found.errors:
            hidden = [name for name in found.errors if name not in self.fields]
            if hidden and not self.answers.answers:
                self.show_note(found.errors[hidden[0]])
            self.answers.set_outdated()
            return
        note = _("From the last checkpoint.") if found.from_checkpoint else ""
        notes = [each for each in (note, self._unexplained) if each]
        self.answers.show_answers(found.answers, "\n".join(notes))
        if self._timer.isActive() or not self.is_valid():
            self.answers.set_outdated()

    def show_explanation(self, found: TextExplanation) -> None:
        """Show what the model looked at in the texts of the latest values."""
        if not self._timer.isActive():
            for field in self.fields.values():
                field.show_explanation(found)

    def set_unexplained(self, reason: str) -> None:
        """Say below the predictions why they are not explained; "" to say nothing."""
        self._unexplained = reason

    def show_note(self, text: str) -> None:
        """Say why there are no predictions."""
        self.answers.show_answers((), text)

    def field_for(self, path: Path) -> ValueField | None:
        """The field that takes a file: the one with the focus, else the first one."""
        fields = [each for each in self.fields.values() if each.takes_file(path)]
        focused = (each for each in fields if each.editor.hasFocus())
        return next(focused, fields[0] if fields else None)

    @property
    def has_only_texts(self) -> bool:
        """Whether there are few fields, all as wide as the form."""
        fields = tuple(self.fields.values())
        return 0 < len(fields) <= MOST_TEXTS and all(each.is_wide for each in fields)

    @property
    def full_height(self) -> int:
        """The height in pixels at which all fields are seen."""
        area = self._area.sizeHint().expandedTo(self._area.minimumSizeHint())
        around = self._card.sizeHint().height() - area.height()
        return around + self._inside.sizeHint().height()

    def stops(self) -> tuple[QWidget, ...]:
        """What the Tab key reaches, in this order."""
        editors = (each.editor for each in self.fields.values())
        return (self.search, self.another, self.reset, *editors, self.answers)

    def is_valid(self) -> bool:
        """Whether every field has a value or is empty."""
        return all(each.is_valid() for each in self.fields.values())

    def _start(self) -> dict[str, str]:
        start = self._form.start
        return {each.name: start.get(each.name) or "" for each in self._form.inputs}

    def _show_fields(self, _text: str = "") -> None:
        self._texts = self.values()
        wanted = self.search.text().strip().casefold()
        found = [each for each in self._form.inputs if wanted in each.name.casefold()]
        self.fields = {
            each.name: ValueField(self._theme, self._views, each)
            for each in found[:MOST_FIELDS]
        }
        for name, field in self.fields.items():
            field.set_value(self._texts[name])
            field.edited.connect(self._edited)
        wide = [each for each in self.fields.values() if each.is_wide]
        self._wide.fill(wide)
        self._grid.fill([each for each in self.fields.values() if each not in wide])
        self.about.set_text(self._about(len(found)))

    def _about(self, found: int) -> str:
        """Where the values come from, and how many of the fields are shown."""
        parts = []
        if self._example >= 0:
            row = self._form.examples[self._example].id
            parts.append(_("Row {number} of the data.").format(number=row))
        elif self._form.row:
            text = _("Starts with the last row of the data ({row}).")
            parts.append(text.format(row=self._form.row))
        elif self._form.error:
            text = _("Without ranges, because the data cannot be read. {reason}")
            parts.append(text.format(reason=self._form.error))
        if found > MOST_FIELDS:
            text = _("Inputs shown: {shown} of {count}.")
            parts.append(text.format(shown=MOST_FIELDS, count=f"{found:,}"))
        return joined(*parts)

    def _edited(self) -> None:
        self.answers.set_outdated()
        self._show_reset()
        self._timer.start()

    def _report(self) -> None:
        self._timer.stop()
        if self._form.inputs and self.is_valid():
            self.changed.emit(self.values())

    def _show_reset(self) -> None:
        self.reset.setEnabled(not self.is_valid() or self._shown() != self._start())

    def _shown(self) -> dict[str, str]:
        shown = {name: each.text() for name, each in self.fields.items()}
        return {**self._texts, **shown}

    def _lay_out(self) -> None:
        self._card = card = Card(self)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(heading(self._theme, _("Values")))
        top.addWidget(self.about, 1)
        top.addWidget(self.search)
        top.addWidget(self.another)
        top.addWidget(self.reset)
        self._inside = inside = QWidget()
        inside.setProperty("role", "clear")
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 8, 0)
        lines.setSpacing(16)
        lines.addWidget(self._wide)
        lines.addWidget(self._grid)
        lines.addStretch(1)
        self._area = area = QScrollArea()
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
        row.addWidget(self.answers)
