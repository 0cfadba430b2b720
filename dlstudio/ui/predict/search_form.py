"""How a model is to search the texts that it writes: beam width, length penalty."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QSignalBlocker, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from dlstudio.document.search_settings import HIGHEST, WIDEST, SearchSettings
from dlstudio.i18n import _
from dlstudio.ui.widgets.integer_spin_box import MARGIN, IntegerSpinBox
from dlstudio.ui.widgets.labels import label

STEP = 0.1


class SearchForm(QWidget):
    """Two fields side by side; hidden for a model that writes no texts.

    Signals:
        changed: Emitted with `SearchSettings` when the user changes one.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.width_field = IntegerSpinBox(self)
        self.width_field.setRange(1, WIDEST)
        self.penalty_field = QDoubleSpinBox(self)
        self.penalty_field.setLocale(QLocale.c())
        self.penalty_field.setRange(0.0, HIGHEST)
        self.penalty_field.setSingleStep(STEP)
        self.penalty_field.lineEdit().setTextMargins(MARGIN, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        tips = (
            (
                self.width_field,
                _("Beam width"),
                _("Texts that are continued at the same time; 1 for greedy search."),
            ),
            (
                self.penalty_field,
                _("Length penalty"),
                _("How much beam search makes up for the length of texts."),
            ),
        )
        for field, name, tip in tips:
            field.setAccessibleName(name)
            field.setToolTip(tip)
            field.setKeyboardTracking(False)
            field.valueChanged.connect(self._report)
            row.addWidget(label(name, "muted"))
            row.addWidget(field)
        self.setVisible(False)

    @property
    def settings(self) -> SearchSettings:
        """What the fields show."""
        return SearchSettings(
            self.width_field.value(), round(self.penalty_field.value(), 2)
        )

    def show_settings(self, search: SearchSettings | None) -> None:
        """Show settings; None of a model that writes no texts."""
        self.setVisible(search is not None)
        if search is None:
            return
        with QSignalBlocker(self.width_field), QSignalBlocker(self.penalty_field):
            self.width_field.setValue(search.beam_width or 1)
            self.penalty_field.setValue(search.length_penalty or 0.0)
        self._update_penalty()

    def fields(self) -> tuple[QWidget, ...]:
        """All fields, in their order."""
        return (self.width_field, self.penalty_field)

    def _report(self) -> None:
        self._update_penalty()
        self.changed.emit(self.settings)

    def _update_penalty(self) -> None:
        """Greedy search does not rank texts of different lengths."""
        self.penalty_field.setEnabled(self.width_field.value() > 1)
