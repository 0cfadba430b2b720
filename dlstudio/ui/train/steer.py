"""Steering what trains: rate, epochs, layers, dropout and class weights."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.project import Project
from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.steer_tables import LayerTable, WeightTable
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.training import Trainings

FIELD = 84


class Steer(QWidget):
    """What is changed here is done after the step that runs, marked and kept."""

    def __init__(
        self, studio: Studio, trainings: Trainings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._trainings = trainings
        self._notices = studio.notices
        self._filled: tuple[object, ...] = ()
        theme = studio.theme
        self.rate = _number(1e-12, 1e6, _("Learning rate"), self)
        self.apply_rate = button(theme, _("Apply"))
        self.epochs = _number(1, 1e6, _("Epochs"), self)
        self.apply_epochs = button(theme, _("Apply"))
        self.one_more = button(theme, _("One more epoch"))
        self.layers = LayerTable(studio.notices, self)
        self.weights = WeightTable(studio.notices, self)
        self.apply_layers = button(theme, _("Apply to the layers"))
        self.apply_weights = button(theme, _("Apply the weights"))
        self._planned = 0
        self._rate = 0.0
        self._build()
        self.apply_rate.clicked.connect(self._set_rate)
        self.rate.returnPressed.connect(self._set_rate)
        self.apply_epochs.clicked.connect(self._set_epochs)
        self.epochs.returnPressed.connect(self._set_epochs)
        self.one_more.clicked.connect(self._one_more)
        self.apply_layers.clicked.connect(self._steer_layers)
        self.apply_weights.clicked.connect(self._weigh)

    def show_project(self, project: Project | None, classes: tuple[str, ...]) -> None:
        """What trains now; None when nothing does."""
        key = (project, classes)
        self.setEnabled(project is not None)
        if project is None or key == self._filled:
            return
        self._filled = key
        self.layers.show_project(project)
        self.weights.show_classes(classes, project.plan.class_weight)
        base = project.plan.optimizer.params.get("learning_rate", 0.001)
        self.rate.setText(f"{base:g}" if isinstance(base, (int, float)) else "")
        self._planned = project.plan.epochs
        self.epochs.setText(str(self._planned))

    def show_rate(self, rate: float) -> None:
        """The base rate that was set last; 0 while it is as planned."""
        if rate and rate != self._rate:
            self._rate = rate
            self.rate.setText(f"{rate:g}")

    def show_epochs(self, epochs: int) -> None:
        """How many are to be trained by now."""
        if epochs and epochs != self._planned:
            self._planned = epochs
            self.epochs.setText(str(epochs))

    def _build(self) -> None:
        box = QFrame(self)
        left = QGridLayout(box)
        left.setContentsMargins(0, 0, 0, 0)
        left.setHorizontalSpacing(8)
        left.setVerticalSpacing(8)
        for row, (title, field, apply) in enumerate(
            (
                (_("Learning rate"), self.rate, self.apply_rate),
                (_("Epochs"), self.epochs, self.apply_epochs),
            )
        ):
            field.setFixedWidth(FIELD)
            left.addWidget(label(title, "muted"), row, 0)
            left.addWidget(field, row, 1)
            left.addWidget(apply, row, 2)
        left.addWidget(self.one_more, 2, 1, 1, 2)
        left.setRowStretch(3, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(box)
        for table, apply, share in (
            (self.layers, self.apply_layers, 3),
            (self.weights, self.apply_weights, 2),
        ):
            column = QVBoxLayout()
            column.setSpacing(6)
            column.addWidget(table, 1)
            column.addWidget(apply, 0, Qt.AlignmentFlag.AlignRight)
            whole.addLayout(column, share)

    # What is wished.

    def _set_rate(self) -> None:
        control = self._trainings.control
        if control is not None and self._fits(self.rate):
            control.set_learning_rate(float(self.rate.text()))

    def _set_epochs(self) -> None:
        control = self._trainings.control
        if control is not None and self._fits(self.epochs):
            control.set_epochs(int(float(self.epochs.text())))

    def _one_more(self) -> None:
        control = self._trainings.control
        if control is not None:
            control.set_epochs(self._planned + 1)

    def _steer_layers(self) -> None:
        control = self._trainings.control
        if control is None:
            return
        wished = self.layers.take()
        if wished.freeze:
            control.freeze(wished.freeze)
        if wished.thaw:
            control.thaw(wished.thaw)
        if wished.rates:
            control.set_dropout(wished.rates)

    def _weigh(self) -> None:
        control = self._trainings.control
        if control is not None:
            control.set_class_weights(self.weights.take())

    def _fits(self, field: QLineEdit) -> bool:
        if field.hasAcceptableInput():
            return True
        text = _("“{text}” is not a possible value.").format(text=field.text())
        self._notices.told.emit(text, "bad", "")
        return False


def _number(low: float, high: float, name: str, parent: QWidget) -> QLineEdit:
    made = QLineEdit(parent)
    check = QDoubleValidator(low, high, 12, made)
    check.setLocale(QLocale.c())
    made.setValidator(check)
    made.setAccessibleName(name)
    return made
