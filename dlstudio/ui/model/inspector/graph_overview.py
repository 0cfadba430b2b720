"""Output shapes and costs of nodes and of the whole graph."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from dlstudio.byte_size import size_text, weights_text
from dlstudio.document.analysis import Analysis, NodeReport
from dlstudio.document.canvas.number_format import (
    cost_text,
    tensor_text,
    thousands_text,
    total_text,
)
from dlstudio.document.graph import Graph
from dlstudio.i18n import _, ngettext
from dlstudio.short_number import short_number
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.widgets.labels import ElidedLabel, label

MONO_TOP = 3
"""So that shapes stand on the line of the titles beside them, in pixels."""
TITLE_WIDTH = 128
MOST_ENDS = 6
"""Inputs and outputs that are listed each."""
"""Titles that need more pixels, such as long names of inputs, are elided."""


class NodeCosts(QWidget):
    """Output shape and costs of the selected nodes."""

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(4)
        self._shape_title = label(_("Output"), "muted")
        self.shape = label("", wrap=True)
        self.shape.setFont(mono_font(studio.theme))
        self._cost_title = label(_("Cost"), "muted")
        self.cost = label("", "muted", wrap=True)
        for widget in (self._shape_title, self.shape, self._cost_title, self.cost):
            self._column.addWidget(widget)
            widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def show_reports(self, reports: Sequence[NodeReport], count: int) -> None:
        """Show shape and costs of one node, or the total costs of several.

        Args:
            reports: Reports of the selected nodes.
            count: Number of selected nodes; nothing is shown if reports are missing.
        """
        known = bool(reports) and len(reports) == count
        outputs = reports[0].outputs if known and count == 1 else ()
        broken = known and not outputs and count == 1
        self.shape.setText("\n".join(map(tensor_text, outputs)))
        self.cost.setText(cost_text(reports) if known else "")
        for widget in (self._shape_title, self.shape):
            widget.setVisible(bool(outputs))
        for widget in (self._cost_title, self.cost):
            widget.setVisible(known and not broken)


class GraphOverview(QWidget):
    """Numbers about the whole graph, shown while nothing is selected."""

    def __init__(
        self, studio: Studio, graph: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._mono = mono_font(studio.theme)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 12, 8, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(100, 1)
        self._form: list[tuple[str, bool]] = []
        self._rows: list[tuple[ElidedLabel, QLabel]] = []

    def show_graph(self, graph: Graph, analysis: Analysis | None) -> None:
        """Show a graph and its analysis, if known."""
        found = overview_rows(graph, analysis, self._graph)
        form = [(title, is_shape) for title, _value, is_shape in found]
        if form != self._form:
            self._form = form
            self._new_rows()
        for (_title, value), (_name, text, _shape) in zip(
            self._rows, found, strict=True
        ):
            value.setText(text)

    def _new_rows(self) -> None:
        for old in (each for row in self._rows for each in row):
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = []
        for index, (title, is_shape) in enumerate(self._form):
            row = (ElidedLabel(title, "muted"), label("", wrap=True))
            fits = row[0].fontMetrics().horizontalAdvance(title) + 2
            row[0].setMinimumWidth(min(fits, TITLE_WIDTH))
            if is_shape:  # before it has a parent, or the style sheet overrides it
                row[1].setFont(self._mono)
                row[1].setContentsMargins(0, MONO_TOP, 0, 0)
            row[1].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for column, each in enumerate(row):
                self._grid.addWidget(each, index, column, Qt.AlignmentFlag.AlignTop)
            self._rows.append(row)

    def text(self) -> str:
        """Return the displayed rows, one per line."""
        rows = ((title.full_text(), value.text()) for title, value in self._rows)
        return "\n".join(f"{title}: {value}" for title, value in rows)


def overview_rows(
    graph: Graph, analysis: Analysis | None, name: str
) -> list[tuple[str, str, bool]]:
    """Return title, value and whether it is a shape for each number of a graph.

    Args:
        graph: The graph to summarize.
        analysis: Shapes and costs, if known.
        name: The graph's name in the analysis.
    """
    found = [(_("Layers"), thousands_text(graph.layer_count), False)]
    if analysis is None:
        return found
    reports = [r for id in graph.nodes if (r := analysis.node(name, id))]
    weights = sum(report.parameters for report in reports)
    trained = sum(
        report.trainable
        for id, node in graph.nodes.items()
        if not node.frozen and (report := analysis.node(name, id))
    )
    work = total_text((report.multiply_adds for report in reports), short_number)
    memory = total_text((report.memory for report in reports), size_text)
    found += [
        (_("Parameters"), thousands_text(weights), False),
        (_("Trainable"), thousands_text(trained), False),
        (_("Size of weights"), weights_text(weights), False),
        (_("Multiply-adds"), work, False),
        (_("Memory per sample"), memory, False),
    ]
    inputs = [node.id for node in graph.inputs]
    outputs = [id for id in graph.output_ids() if id in graph.nodes]
    for one, several, ids in (
        (_("Input"), _("Input {name}"), inputs),
        (_("Output"), _("Output {name}"), outputs),
    ):
        title = one if len(ids) == 1 else several
        found += [
            (
                title.format(name=graph.nodes[id].name),
                _shapes(analysis, name, id),
                True,
            )
            for id in ids[:MOST_ENDS]
        ]
        more = len(ids) - MOST_ENDS
        if more > 0:
            text = ngettext("and {count} more", "and {count} more", more)
            found.append(("", text.format(count=more), False))
    return [row for row in found if row[1]]


def _shapes(analysis: Analysis, graph: str, id: str) -> str:
    report = analysis.node(graph, id)
    return "\n".join(map(tensor_text, report.outputs)) if report else ""
