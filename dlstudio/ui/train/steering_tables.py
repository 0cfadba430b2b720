"""Editable tables for steering: layers with dropout, and class weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from dlstudio.document.project import Project
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.number_text import number_text, read_number
from dlstudio.ui.notices import Notices

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
BEFORE = Qt.ItemDataRole.UserRole
LAYER, TRAINED, RATE = range(3)


@dataclass
class LayerChanges:
    """Changes in the table of layers since the last query."""

    freeze: list[str] = field(default_factory=list)
    thaw: list[str] = field(default_factory=list)
    rates: dict[str, float] = field(default_factory=dict)


class SteeringTable(QTableWidget):
    """A table with editable cells; invalid input is reverted and reported."""

    def __init__(self, titles: list[str], notices: Notices, parent: QWidget) -> None:
        super().__init__(0, len(titles), parent)
        self._notices = notices
        self.setHorizontalHeaderLabels(titles)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setStyleSheet("QTableView::item { padding: 0 5px; }")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def cell(self, row: int, column: int) -> QTableWidgetItem:
        """The item of a cell."""
        found = self.item(row, column)
        assert found is not None, "every cell is filled"
        return found

    def number(
        self, item: QTableWidgetItem, before: float, low: float, high: float
    ) -> float:
        """The number typed in a cell; an invalid one is reported and reverted.

        Args:
            item: The cell.
            before: Last valid number.
            low: Minimum (inclusive).
            high: Maximum (exclusive).
        """
        try:
            value = read_number(item.text())
            if low <= value < high:
                return value
            text = _("“{text}” is not a number between {low:g} and {high:g}.")
            mistake = text.format(text=item.text(), low=low, high=high)
        except UserError as error:
            mistake = error.message
        self._notices.reported.emit(mistake, "bad", "")
        item.setText(number_text(before))
        return before


class LayerTable(SteeringTable):
    """Layers with weights, which can be frozen, and dropout layers with their rate."""

    def __init__(self, notices: Notices, parent: QWidget) -> None:
        super().__init__([_("Layer"), _("Trainable"), _("Dropout")], notices, parent)
        self.setAccessibleName(_("Layers"))

    def show_project(self, project: Project) -> None:
        """Show the layers of the project in training."""
        nodes = [
            node
            for node in project.model.nodes.values()
            if _has_weights(node.kind) or _drops(node.kind)
        ]
        self.setRowCount(len(nodes))
        for row, node in enumerate(nodes):
            name = _fixed(node.name)
            name.setToolTip(node.kind)
            self.setItem(row, LAYER, name)
            trained = _fixed("")
            if _has_weights(node.kind):
                trained.setFlags(
                    Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled
                )
                trained.setCheckState(UNCHECKED if node.frozen else CHECKED)
                trained.setData(BEFORE, not node.frozen)
            self.setItem(row, TRAINED, trained)
            rate = node.params.get("rate")
            cell = _fixed("–")
            if _drops(node.kind) and isinstance(rate, (int, float)):
                cell = QTableWidgetItem(number_text(rate))
                cell.setData(BEFORE, float(rate))
            self.setItem(row, RATE, cell)

    def take(self) -> LayerChanges:
        """Return the changes since the last call."""
        found = LayerChanges()
        for row in range(self.rowCount()):
            name = self.cell(row, LAYER).text()
            trained, rate = self.cell(row, TRAINED), self.cell(row, RATE)
            was, now = trained.data(BEFORE), trained.checkState() == CHECKED
            if was is not None and now != was:
                (found.thaw if now else found.freeze).append(name)
                trained.setData(BEFORE, now)
            before = rate.data(BEFORE)
            if before is not None:
                changes = self.number(rate, before, 0.0, 1.0)
                if changes != before:
                    found.rates[name] = changes
                    rate.setData(BEFORE, changes)
        return found


class WeightTable(SteeringTable):
    """The weight of each class."""

    def __init__(self, notices: Notices, parent: QWidget) -> None:
        super().__init__([_("Class"), _("Weight")], notices, parent)
        self.setAccessibleName(_("Class weights"))

    def show_classes(
        self, classes: tuple[str, ...], weights: Mapping[str, float]
    ) -> None:
        """Show the classes of the running training; the default weight is 1."""
        self.setRowCount(len(classes))
        for row, name in enumerate(classes):
            self.setItem(row, 0, _fixed(name))
            cell = QTableWidgetItem(number_text(weights.get(name, 1.0)))
            self.setItem(row, 1, cell)

    def take(self) -> dict[str, float]:
        """Weights other than 1, by class."""
        weights = {
            self.cell(row, 0).text(): self.number(self.cell(row, 1), 1.0, 0.0, 1e9)
            for row in range(self.rowCount())
        }
        return {name: weight for name, weight in weights.items() if weight != 1.0}


def _fixed(text: str) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item


def _has_weights(kind: str) -> bool:
    return not kind.rpartition(".")[2].startswith(NO_WEIGHTS)


def _drops(kind: str) -> bool:
    return kind.rpartition(".")[2].startswith(DROPOUTS)
