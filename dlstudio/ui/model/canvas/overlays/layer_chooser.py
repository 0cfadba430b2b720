"""Open the layer popup for a place and add the chosen layer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.schema import Description
from dlstudio.document.analysis import TensorInfo
from dlstudio.document.canvas.boxes import STEP_Y
from dlstudio.document.graph import Edge
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.connections.layer_suggestions import (
    fits,
    placeable_layers,
    rank_key,
)
from dlstudio.ui.model.canvas.editing import node_insertion
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.overlays.layer_popup import LayerPopup
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView
from dlstudio.ui.model.nested_models.kinds import nested_kinds

Position = tuple[float, float]
Add = Callable[[Description], str | None]


class LayerChooser:
    """Opens the layer popup for different places on the canvas.

    Args:
        context: The graph to edit.
        parent: Parent widget of the popup.
        added: Called with the new node's id.
    """

    def __init__(
        self, context: EditContext, parent: QWidget, added: Callable[[str], None]
    ) -> None:
        self._context = context
        self._parent = parent
        self._added = added
        self.popup: LayerPopup | None = None

    def open_for_selection(self, view: CanvasView) -> None:
        """Offer layers after the selected node, in a popup below it."""
        current = self._context.selection.current
        at = view.viewport().rect().center()
        if current is not None:
            box = self._context.scene.visible_item(current).box()
            at = view.mapFromScene(box.left, box.bottom + 8)
        self.after_selected(view.viewport().mapToGlobal(at), view.center())

    def after_selected(self, at: QPoint, center: Position) -> None:
        """Offer layers after the selected node; see `node_insertion.add`."""
        context, sources = self._context, node_insertion.selected_sources(self._context)
        node = sources[-1] if sources else None
        title = _("Add layer")
        if node is not None:
            name = context.scene.visible_item(node).card.name
            title = _("After “{name}”").format(name=name)
        self._open(
            at, title, node, 0, lambda d: node_insertion.add(context, d.kind, center)
        )

    def open_at(self, at: QPoint, place: Position) -> None:
        """Offer layers to add unconnected at a scene position."""
        context = self._context
        title = _("Add layer here")
        self._open(
            at, title, None, 0, lambda d: node_insertion.add_alone(context, d, place)
        )

    def open_for_edge(self, at: QPoint, edge: Edge) -> None:
        """Offer layers to insert into an edge."""
        context, nodes = self._context, self._context.graph.nodes
        title = _("Between “{source}” and “{target}”").format(
            source=nodes[edge.source].name, target=nodes[edge.target].name
        )
        self._open(
            at,
            title,
            edge.source,
            edge.source_port,
            lambda d: node_insertion.insert(context, d, edge),
        )

    def open_for_draft(
        self, at: QPoint, node: str, port: int, side: str, place: Position
    ) -> None:
        """Offer layers for an edge that was drawn into empty space.

        Args:
            at: Global position of the popup, in pixels.
            node: Id of the node that the edge starts at.
            port: Port of that node, from 0.
            side: "out" or "in".
            place: Position of the new layer, in scene pixels.
        """
        context = self._context
        name = context.graph.nodes[node].name
        if side == "out":
            self._open(
                at,
                _("After “{name}”").format(name=name),
                node,
                port,
                lambda d: node_insertion.add_after(context, d, [node], place, port),
            )
            return
        top = context.scene.visible_item(node).y_at - STEP_Y
        above = (place[0], min(place[1], top))
        self._open(
            at,
            _("Before “{name}”").format(name=name),
            None,
            0,
            lambda d: node_insertion.add_before(context, d, node, port, above),
        )

    def _open(
        self, at: QPoint, title: str, source: str | None, port: int, add: Add
    ) -> None:
        context = self._context
        project = context.studio.session.project
        nested = nested_kinds(project, context.name, context.catalog)
        layers = [*placeable_layers(context.catalog), *nested]
        graph = context.graph
        before = graph.nodes.get(source) if source else None
        tensor = self._tensor(source, port) if source else None
        known = context.catalog.get(before.kind) if before else None
        fitting = [each for each in layers if source is None or fits(each, tensor)]
        others = [each for each in layers if each not in fitting]
        recent = context.studio.settings.value.recent_layers
        theme = context.canvas_style.theme
        rank = rank_key(known, tensor, recent)
        popup = LayerPopup(theme, title, fitting, others, rank, self._parent)

        def chosen(kind: str) -> None:
            description = context.describe(kind)
            id = add(description) if description is not None else None
            if id is not None:
                self._added(id)

        popup.chosen.connect(chosen)
        popup.closed.connect(self._closed)
        self.popup = popup
        popup.open_at(at)

    def _closed(self) -> None:
        self.popup = None

    def _tensor(self, node: str, port: int) -> TensorInfo | None:
        return self._context.scene.reports.tensor(node, port)
