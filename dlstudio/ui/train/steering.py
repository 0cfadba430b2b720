"""Adjusts a running training: rate, epochs, layers, dropout and class weights."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from dlstudio.catalog.guide import GLOSSARY
from dlstudio.catalog.guide_topics import metric_topic
from dlstudio.catalog.schema import Param
from dlstudio.document.project import Project
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.number_text import number_text
from dlstudio.ui.forms.field import mark_wrong
from dlstudio.ui.forms.text_conversion import parse_checked
from dlstudio.ui.studio import Studio
from dlstudio.ui.train.steering_tables import LayerTable, WeightTable
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.ui.widgets.topics import set_topic
from dlstudio.workers.training import TrainingController

FIELD = 84
RATE = Param("learning_rate", "float", minimum=0, open_minimum=True, maximum=1e6)
EPOCHS = Param("epochs", "int", minimum=1, maximum=1_000_000)


class SteeringPanel(QWidget):
    """Changes are applied after the current step, marked in the charts and recorded."""

    def __init__(
        self,
        studio: Studio,
        trainings: TrainingController,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._trainings = trainings
        self._filled: tuple[object, ...] = ()
        theme = studio.theme
        self.rate = self._field(_("Learning rate"), RATE)
        self.apply_rate = button(theme, _("Apply"))
        self.epochs = self._field(_("Epochs"), EPOCHS)
        self.apply_epochs = button(theme, _("Apply"))
        self.one_more = button(theme, _("One more epoch"))
        self.mistake = label("", "bad", wrap=True)
        self.mistake.hide()
        self.layers = LayerTable(studio.notices, self)
        self.weights = WeightTable(studio.notices, self)
        self.apply_layers = button(theme, _("Apply layers"))
        self.apply_weights = button(theme, _("Apply weights"))
        for widget, topic in (
            (self.rate, metric_topic("learning_rate")),
            (self.epochs, metric_topic("epochs")),
            (self.layers, f"{GLOSSARY}#dropout"),
            (self.weights, f"{GLOSSARY}#class-weights"),
        ):
            set_topic(widget, topic)
        self._planned = 0
        self._rate = 0.0
        self._build()
        self.apply_rate.clicked.connect(self._set_rate)
        self.rate.returnPressed.connect(self._set_rate)
        self.apply_epochs.clicked.connect(self._set_epochs)
        self.epochs.returnPressed.connect(self._set_epochs)
        self.one_more.clicked.connect(self._one_more)
        self.apply_layers.clicked.connect(self._steer_layers)
        self.apply_weights.clicked.connect(self._set_class_weights)

    def show_project(self, project: Project | None, classes: tuple[str, ...]) -> None:
        """Show the project in training; None if nothing is training."""
        key = (project, classes)
        self.setEnabled(project is not None)
        if project is None or key == self._filled:
            return
        self._filled = key
        self.layers.show_project(project)
        self.weights.show_classes(classes, project.plan.class_weight)
        base = project.plan.optimizer.params.get("learning_rate", 0.001)
        self.rate.setText(number_text(base) if isinstance(base, (int, float)) else "")
        self._planned = project.plan.epochs
        self.epochs.setText(str(self._planned))

    def show_rate(self, rate: float) -> None:
        """Show the base rate set last; 0 while it is as planned."""
        if rate and rate != self._rate:
            self._rate = rate
            self.rate.setText(number_text(rate))

    def show_epochs(self, epochs: int) -> None:
        """Show the current number of epochs to train."""
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
        left.addWidget(self.mistake, 3, 0, 1, 3)
        left.setRowStretch(4, 1)
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

    # Changes by the user.

    def _set_rate(self) -> None:
        control, rate = self._trainings.control, self._typed(self.rate, RATE)
        if control is not None and isinstance(rate, float):
            control.set_learning_rate(rate)

    def _set_epochs(self) -> None:
        control, epochs = self._trainings.control, self._typed(self.epochs, EPOCHS)
        if control is not None and isinstance(epochs, int):
            control.set_epochs(epochs)

    def _one_more(self) -> None:
        control = self._trainings.control
        if control is not None:
            control.set_epochs(self._planned + 1)

    def _steer_layers(self) -> None:
        control = self._trainings.control
        if control is None:
            return
        changes = self.layers.take()
        if changes.freeze:
            control.freeze(changes.freeze)
        if changes.thaw:
            control.thaw(changes.thaw)
        if changes.rates:
            control.set_dropout(changes.rates)

    def _set_class_weights(self) -> None:
        control = self._trainings.control
        if control is not None:
            control.set_class_weights(self.weights.take())

    def _field(self, name: str, param: Param) -> QLineEdit:
        made = QLineEdit(self)
        made.setAccessibleName(name)
        made.textChanged.connect(lambda: self._typed(made, param))
        return made

    def _typed(self, field: QLineEdit, param: Param) -> object:
        """The parsed input; None if invalid, with an error message shown below."""
        value, mistake = None, ""
        try:
            value = parse_checked(param, field.text())
        except UserError as error:
            mistake = str(error)
        mark_wrong(field, wrong=bool(mistake))
        self.mistake.setText(mistake)
        self.mistake.setVisible(bool(mistake))
        return value
