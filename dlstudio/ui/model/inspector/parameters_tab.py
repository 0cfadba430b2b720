"""The tab with the parameter form, weights, output shape and costs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.catalog.schema import Param
from dlstudio.document.analysis import Analysis
from dlstudio.document.edits.base import Edit
from dlstudio.document.graph import Graph, Node
from dlstudio.document.values import Value
from dlstudio.errors import UserError
from dlstudio.ui.forms.form import Form
from dlstudio.ui.forms.param_labels import label_text
from dlstudio.ui.forms.project_paths import normalize_path
from dlstudio.ui.model.inspector.backbone_view import BackboneView
from dlstudio.ui.model.inspector.graph_overview import NodeCosts
from dlstudio.ui.model.inspector.learned_view import LearnedView
from dlstudio.ui.model.inspector.multi_selection import (
    common_values,
    edit_text,
    form_params,
    mixed_names,
    parameter_errors,
    reset_in_all,
    set_in_all,
    values_of,
    weight_owner,
)
from dlstudio.ui.model.inspector.vectors_view import VectorsView
from dlstudio.ui.model.inspector.weight_options import WeightOptions
from dlstudio.ui.studio import Studio


class Parameters(QWidget):
    """Edits the selected nodes; the form is kept while the selection is.

    Signals:
        refused: The `UserError` of a refused edit.
    """

    refused = Signal(object)

    def __init__(self, studio: Studio, graph: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._studio = studio
        self._graph = graph
        self._ids: tuple[str, ...] = ()
        self._params: list[Param] = []
        self._kind = ""
        self._more = False
        self.form: Form | None = None
        self.weights = WeightOptions(graph, self)
        self.weights.edit_requested.connect(self._do)
        self.learned = LearnedView(studio, graph, self)
        self.vectors = VectorsView(studio, graph, self)
        self.vectors.edit_requested.connect(self._do)
        self.backbone = BackboneView(studio, graph, self)
        self.backbone.edit_requested.connect(self._do)
        self.costs = NodeCosts(studio, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 12, 14, 16)
        self._column.setSpacing(12)
        self._column.addWidget(self.learned)
        self._column.addWidget(self.vectors)
        self._column.addWidget(self.backbone)
        self._column.addWidget(self.weights)
        self._column.addWidget(self.costs)
        self._column.addStretch(1)

    def show_nodes(self, nodes: Sequence[Node], analysis: Analysis | None) -> None:
        """Show the current state of nodes; the form is reused if it still fits."""
        self._ids = tuple(node.id for node in nodes)
        session = self._studio.session
        params = form_params(nodes, session.catalog, session.project, self._graph)
        kind = nodes[0].kind if nodes else ""
        if (params, kind) != (self._params, self._kind):
            self._new_form(params, kind)
        if self.form is not None:
            whole = self._whole()
            owners = [weight_owner(whole, node) for node in nodes]
            set_ = [
                values_of(node, owner)
                for node, owner in zip(nodes, owners, strict=True)
            ]
            self.form.show_params(
                common_values(set_), mixed_names(set_), {"name": nodes[0].id}
            )
            self.form.show_mistakes(parameter_errors(owners, session.catalog, whole))
            self.form.setEnabled(not any(node.shares for node in nodes))
        self.learned.show_nodes(nodes)
        self.vectors.show_nodes(nodes)
        self.show_analysis(nodes, analysis)

    def show_analysis(self, nodes: Sequence[Node], analysis: Analysis | None) -> None:
        """Update shapes and costs of the nodes."""
        reports = [
            report
            for node in nodes
            if analysis and (report := analysis.node(self._graph, node.id))
        ]
        self.backbone.show_nodes(nodes, analysis)
        self.costs.show_reports(reports, len(nodes))
        has_weights = any(report.parameters for report in reports)
        has_weights = has_weights or any(node.frozen for node in nodes)
        self.weights.show_nodes(nodes, self._whole(), has_weights)

    def focus_first(self) -> None:
        """Focus the first parameter after the name."""
        if self.form is not None:
            self.form.focus_first()

    def _new_form(self, params: list[Param], kind: str) -> None:
        self._params, self._kind = params, kind
        if self.form is not None:
            # Partial input in the old form belongs to nodes no longer selected.
            self.form.blockSignals(True)
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        if not params:
            return
        catalog = self._studio.session.catalog
        form = Form(params, catalog, parent=self, description=catalog.get(kind))
        form.edited.connect(self._edited)
        form.reset.connect(self._reset)
        if self._more:
            form.open_more()
        form.opened.connect(self._remember_more)
        self._column.insertWidget(0, form)
        self.form = form

    def _remember_more(self, opened: bool) -> None:
        self._more = opened

    def _whole(self) -> Graph:
        return self._studio.session.project.graphs.get(self._graph, Graph())

    def _nodes(self) -> list[Node]:
        there = self._whole().nodes
        return [there[id] for id in self._ids if id in there]

    def _edited(self, name: str, value: Value) -> None:
        nodes = self._nodes()
        param = next((each for each in self._params if each.name == name), None)
        if nodes and param is not None:
            if param.type == "path" and isinstance(value, str):
                value = normalize_path(value, self._studio.session.folder)
            text = edit_text(nodes, label_text(name))
            self._do(set_in_all(nodes, param, value, self._graph), text)

    def _reset(self, name: str) -> None:
        nodes = self._nodes()
        text = edit_text(nodes, label_text(name)) if nodes else ""
        self._do(reset_in_all(nodes, name, self._graph), text)

    def _do(self, edit: Edit | None, name: str) -> None:
        if edit is None:
            return
        try:
            self._studio.session.do(edit, name)
        except UserError as error:
            self.refused.emit(error)
