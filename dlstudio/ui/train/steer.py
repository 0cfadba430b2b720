"""Steering what trains: rate, epochs, layers, dropout and class weights."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.project import Project
from dlstudio.i18n import _
from dlstudio.ui.studio import Studio
from dlstudio.ui.widgets.buttons import button
from dlstudio.ui.widgets.labels import label
from dlstudio.workers.training import Trainings

DROPOUTS = ("Dropout", "GaussianDropout", "AlphaDropout", "SpatialDropout")
NO_WEIGHTS = (
    *DROPOUTS,
    "InputLayer",
    "Flatten",
    "Rescaling",
    "MaxPooling",
    "AveragePooling",
    "Global",
    "Random",
    "Add",
    "Concatenate",
    "Activation",
    "ReLU",
    "Reshape",
    "ZeroPadding",
)
CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
LAYER, TRAINED, RATE = range(3)


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
        self.layers = _table([_("Layer"), _("Trained"), _("Dropout")], self)
        self.layers.setAccessibleName(_("Layers"))
        self.weights = _table([_("Class"), _("Weight")], self)
        self.weights.setAccessibleName(_("Class weights"))
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
        self._fill_layers(project)
        self._fill_weights(classes, project.plan.class_weight)
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
        left = QVBoxLayout()
        left.setSpacing(6)
        for title, field, apply in (
            (_("Learning rate"), self.rate, self.apply_rate),
            (_("Epochs"), self.epochs, self.apply_epochs),
        ):
            line = QHBoxLayout()
            line.setSpacing(6)
            line.addWidget(field, 1)
            line.addWidget(apply)
            left.addWidget(label(title, "muted"))
            left.addLayout(line)
        left.addWidget(self.one_more)
        left.addStretch(1)
        box = QFrame(self)
        box.setLayout(left)
        box.setFixedWidth(216)
        left.setContentsMargins(0, 0, 0, 0)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(box)
        for table, apply in (
            (self.layers, self.apply_layers),
            (self.weights, self.apply_weights),
        ):
            column = QVBoxLayout()
            column.setSpacing(6)
            column.addWidget(table, 1)
            column.addWidget(apply, 0, Qt.AlignmentFlag.AlignRight)
            whole.addLayout(column, 3 if table is self.layers else 2)

    def _fill_layers(self, project: Project) -> None:
        nodes = [
            node
            for node in project.model.nodes.values()
            if _has_weights(node.kind) or _drops(node.kind)
        ]
        self.layers.setRowCount(len(nodes))
        for row, node in enumerate(nodes):
            name = _fixed(node.name)
            name.setToolTip(node.kind)
            self.layers.setItem(row, LAYER, name)
            trained = _fixed("")
            if _has_weights(node.kind):
                trained.setFlags(
                    Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
                )
                trained.setCheckState(UNCHECKED if node.frozen else CHECKED)
                trained.setData(Qt.ItemDataRole.UserRole, not node.frozen)
            self.layers.setItem(row, TRAINED, trained)
            rate = node.params.get("rate")
            cell = _fixed("–")
            if _drops(node.kind) and isinstance(rate, (int, float)):
                cell = QTableWidgetItem(f"{rate:g}")
                cell.setData(Qt.ItemDataRole.UserRole, float(rate))
            self.layers.setItem(row, RATE, cell)

    def _fill_weights(
        self, classes: tuple[str, ...], weights: Mapping[str, float]
    ) -> None:
        self.weights.setRowCount(len(classes))
        for row, name in enumerate(classes):
            self.weights.setItem(row, 0, _fixed(name))
            cell = QTableWidgetItem(f"{weights.get(name, 1.0):g}")
            self.weights.setItem(row, 1, cell)

    # What is wished.

    def _set_rate(self) -> None:
        control = self._trainings.control
        if control is not None and self._fits(self.rate):
            control.set_learning_rate(_value(self.rate.text()))

    def _set_epochs(self) -> None:
        control = self._trainings.control
        if control is not None and self._fits(self.epochs):
            control.set_epochs(int(_value(self.epochs.text())))

    def _one_more(self) -> None:
        control = self._trainings.control
        if control is not None:
            control.set_epochs(self._planned + 1)

    def _steer_layers(self) -> None:
        control = self._trainings.control
        if control is None:
            return
        freeze: list[str] = []
        thaw: list[str] = []
        rates: dict[str, float] = {}
        for row in range(self.layers.rowCount()):
            name = _item(self.layers, row, LAYER).text()
            trained = _item(self.layers, row, TRAINED)
            rate = _item(self.layers, row, RATE)
            was = trained.data(Qt.ItemDataRole.UserRole)
            now = trained.checkState() == CHECKED
            if was is not None and now != was:
                (thaw if now else freeze).append(name)
                trained.setData(Qt.ItemDataRole.UserRole, now)
            before = rate.data(Qt.ItemDataRole.UserRole)
            if before is not None:
                wished = self._cell(rate, before, 0.0, 1.0)
                if wished != before:
                    rates[name] = wished
                    rate.setData(Qt.ItemDataRole.UserRole, wished)
        if freeze:
            control.freeze(freeze)
        if thaw:
            control.thaw(thaw)
        if rates:
            control.set_dropout(rates)

    def _weigh(self) -> None:
        control = self._trainings.control
        if control is None:
            return
        weights = {
            _item(self.weights, row, 0).text(): self._cell(
                _item(self.weights, row, 1), 1.0, 0.0, 1e9
            )
            for row in range(self.weights.rowCount())
        }
        different = {name: w for name, w in weights.items() if w != 1.0}
        control.set_class_weights(different)

    def _cell(
        self, item: QTableWidgetItem, before: float, low: float, high: float
    ) -> float:
        """What is typed in a cell; what makes no sense is put back and told."""
        try:
            value = float(item.text().replace(",", "."))
        except ValueError:
            value = -1.0
        if low <= value < high:
            return value
        text = _("“{text}” is not a number between {low:g} and {high:g}.")
        self._notices.told.emit(
            text.format(text=item.text(), low=low, high=high), "bad", ""
        )
        item.setText(f"{before:g}")
        return before

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


def _value(text: str) -> float:
    return float(text)


def _table(titles: list[str], parent: QWidget) -> QTableWidget:
    table = QTableWidget(0, len(titles), parent)
    table.setHorizontalHeaderLabels(titles)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setStyleSheet("QTableView::item { padding: 0 5px; }")
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(26)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    )
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table


def _item(table: QTableWidget, row: int, column: int) -> QTableWidgetItem:
    found = table.item(row, column)
    assert found is not None, "every cell is filled"
    return found


def _fixed(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item


def _has_weights(kind: str) -> bool:
    return not kind.rpartition(".")[2].startswith(NO_WEIGHTS)


def _drops(kind: str) -> bool:
    return kind.rpartition(".")[2].startswith(DROPOUTS)
