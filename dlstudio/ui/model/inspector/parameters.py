"""The tab with the form, the output shape and the cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.catalog.validate import check_params
from dlstudio.document.analysis import Analysis
from dlstudio.document.edits import Edit
from dlstudio.document.graph import Node
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.forms.form import Form, label_text
from dlstudio.ui.model.inspector.selection import (
    common_params,
    common_values,
    edit_name,
    freeze_all,
    reset_in_all,
    set_in_all,
)
from dlstudio.ui.model.numbers import cost_text, tensor_text
from dlstudio.ui.studio import Studio
from dlstudio.ui.theme.fonts import mono_font
from dlstudio.ui.widgets.labels import label


def _name_first(params: Sequence[Param], nodes: Sequence[Node]) -> list[Param]:
    """A node's name is what one looks for first; inside other forms it is a detail."""
    names = [
        replace(param, advanced=False, default=nodes[0].id)
        for param in params
        if param.name == "name"
    ]
    return [*names, *(param for param in params if param.name != "name")]


class Parameters(QWidget):
    """Edits the selected nodes; the form stays while the selection does.

    Signals:
        invalid: A sentence when a value was refused.
    """

    invalid = Signal(str)

    def __init__(self, studio: Studio, graph: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._ids: tuple[str, ...] = ()
        self._kinds: tuple[str, ...] = ()
        self._form: Form | None = None
        self._frozen = QCheckBox(_("Frozen: its weights are not trained"), self)
        self._frozen.clicked.connect(self._freeze)
        self._shape_title = label(_("Output"), "muted")
        self._shape = label("", wrap=True)
        self._shape.setFont(mono_font(studio.theme))
        self._cost_title = label(_("Cost"), "muted")
        self._cost = label("", "muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 12, 12, 12)
        self._column.setSpacing(12)
        self._column.addWidget(self._frozen)
        for title, value in (
            (self._shape_title, self._shape),
            (self._cost_title, self._cost),
        ):
            pair = QVBoxLayout()
            pair.setSpacing(4)
            pair.addWidget(title)
            pair.addWidget(value)
            self._column.addLayout(pair)
        self._column.addStretch(1)

    @property
    def form(self) -> Form | None:
        """The form of the nodes that are shown."""
        return self._form

    def show_nodes(self, nodes: Sequence[Node], analysis: Analysis | None) -> None:
        """Show nodes as they are now; keeps the form when the same ones stay."""
        ids = tuple(node.id for node in nodes)
        kinds = tuple(node.kind for node in nodes)
        if (ids, kinds) != (self._ids, self._kinds):
            self._ids, self._kinds = ids, kinds
            self._new_form(nodes)
        if self._form is not None:
            self._form.show_params(common_values(nodes))
            self._form.show_mistakes(self._mistakes(nodes))
        self._frozen.setChecked(all(node.frozen for node in nodes))
        self.show_analysis(nodes, analysis)

    def show_analysis(self, nodes: Sequence[Node], analysis: Analysis | None) -> None:
        """Show shape and cost of one node, or the cost of several."""
        reports = [
            report
            for node in nodes
            if analysis and (report := analysis.node(self._graph, node.id))
        ]
        known = bool(reports) and len(reports) == len(nodes)
        one = known and len(nodes) == 1
        outputs = reports[0].outputs if one else ()
        self._shape.setText("\n".join(map(tensor_text, outputs)))
        for widget in (self._shape_title, self._shape):
            widget.setVisible(bool(outputs))
        self._cost.setText(cost_text(reports) if known else "")
        for widget in (self._cost_title, self._cost):
            widget.setVisible(known)
        self._frozen.setVisible(known and any(r.parameters for r in reports))

    def _new_form(self, nodes: Sequence[Node]) -> None:
        if self._form is not None:
            self._column.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None
        params = common_params(nodes, self._studio.session.catalog)
        if not params:
            return
        form = Form(
            _name_first(params, nodes), self._studio.session.catalog, parent=self
        )
        form.edited.connect(self._edited)
        form.reset.connect(self._reset)
        self._column.insertWidget(0, form)
        self._form = form

    def _nodes(self) -> list[Node]:
        graph = self._studio.session.project.graphs.get(self._graph)
        there = graph.nodes if graph else {}
        return [there[id] for id in self._ids if id in there]

    def _mistakes(self, nodes: Sequence[Node]) -> list[tuple[str, str]]:
        catalog = self._studio.session.catalog
        return [
            mistake
            for node in nodes
            if (description := catalog.get(node.kind))
            for mistake in check_params(description, node.params, catalog)
        ]

    def _edited(self, name: str, value: Value) -> None:
        nodes = self._nodes()
        if nodes:
            self._do(set_in_all(nodes, name, value, self._graph), nodes, name)

    def _reset(self, name: str) -> None:
        nodes = self._nodes()
        if any(name in node.params for node in nodes):
            self._do(reset_in_all(nodes, name, self._graph), nodes, name)

    def _freeze(self, frozen: bool) -> None:
        nodes = self._nodes()
        if nodes:
            self._do(freeze_all(nodes, frozen, self._graph), nodes, "frozen")

    def _do(self, edit: Edit, nodes: Sequence[Node], name: str) -> None:
        try:
            self._studio.session.do(edit, edit_name(nodes, label_text(name)))
        except UserError as error:
            self.invalid.emit(str(error))
