"""Drop a layer from the palette on an edge, a port, a node or empty space."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from dlstudio.catalog.schema import Description
from dlstudio.document.canvas.boxes import STEP_Y
from dlstudio.document.canvas.edge_routing import Point
from dlstudio.document.canvas.layer_summary import kind_name
from dlstudio.document.graph import Edge
from dlstudio.document.layout import HEIGHT
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing import node_insertion
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.gestures.base import Spot
from dlstudio.ui.model.canvas.gestures.move import EDGE_SNAP_DISTANCE
from dlstudio.ui.model.canvas.items.group_item import CollapsedGroupItem
from dlstudio.ui.model.canvas.scene.hit_test import Hit, nearest_edge, nearest_node

LAYER_MIME = "application/x-dlstudio-layer"
NODE_MARGIN = 10.0


def dragged_kind(data: QMimeData) -> str:
    """Return the kind of the dragged layer, or ""."""
    if not data.hasFormat(LAYER_MIME):
        return ""
    return bytes(data.data(LAYER_MIME).data()).decode("utf-8", "replace")


class DropGesture:
    """Previews where a dragged layer would be inserted, and inserts it on drop."""

    def __init__(self, context: EditContext, description: Description) -> None:
        self._context = context
        self.description = description
        self._edge: Edge | None = None
        self._node = ""
        self._side = ""
        self._port = 0

    def over(self, spot: Spot) -> str:
        """Highlight the drop target and return a message that describes the drop."""
        self.leave()
        context, scene = self._context, self._context.scene
        takes = self.description.inputs.maximum != 0
        layer = kind_name(self.description.kind)
        edge = spot.over.edge or nearest_edge(scene, spot.x, spot.y, EDGE_SNAP_DISTANCE)
        near = nearest_node(scene, spot.x, spot.y, NODE_MARGIN)
        if near is not None:
            if isinstance(near, CollapsedGroupItem):
                return self._over_group(near, spot, takes, layer)
            return self._over_node(near.id, spot, takes, layer)
        if edge is None:
            return ""
        if not takes:
            return _(
                "{layer} takes no input: it is where data enters the model."
            ).format(layer=layer)
        self._edge = edge
        scene.edge_layer.items[edge].mark(hovered=True)
        nodes = context.graph.nodes
        return _("Insert between “{source}” and “{target}”").format(
            source=nodes[edge.source].name, target=nodes[edge.target].name
        )

    def _over_node(self, id: str, spot: Spot, takes: bool, layer: str) -> str:
        item = self._context.scene.nodes[id]
        name = self._context.graph.nodes[id].name
        self._node, self._port = id, 0
        self._side = _side(spot.over, id, spot.y < item.y_at)
        if self._side == "in" and item.card.inputs:
            self._port = spot.over.port if spot.over.node == id else 0
            item.mark(target=1)
            return _("Insert {layer} before “{name}”").format(layer=layer, name=name)
        if not takes:
            item.mark(target=-1)
            self._node = ""
            return _(
                "{layer} takes no input: it is where data enters the model."
            ).format(layer=layer)
        self._side = "out"
        item.mark(target=1)
        return _("Insert {layer} after “{name}”").format(layer=layer, name=name)

    def _over_group(
        self, item: CollapsedGroupItem, spot: Spot, takes: bool, layer: str
    ) -> str:
        """Find the drop port: the one hit, or the only one of that half."""
        group_layer, over = self._context.scene.group_layer, spot.over
        side = over.side if over.group == item.id and over.side else ""
        port = over.port if side else 0
        side = side or ("in" if spot.y < item.y_at else "out")
        group_ports = group_layer.group_ports(item.id).of(side)
        name = group_layer.group(item.id).name
        if not group_ports or (len(group_ports) > 1 and not over.side):
            item.mark(target=-1)
            return _("“{name}” is collapsed. Drop onto one of its ports.").format(
                name=name
            )
        if not takes and side == "out":
            item.mark(target=-1)
            return _(
                "{layer} takes no input: it is where data enters the model."
            ).format(layer=layer)
        self._node, self._port = group_ports[port]
        self._side = side
        item.mark(target=1)
        inner = self._context.graph.nodes[self._node].name
        text = (
            _("Insert {layer} before “{name}”")
            if side == "in"
            else _("Insert {layer} after “{name}”")
        )
        return text.format(layer=layer, name=f"{name}: {inner}")

    def drop(self, spot: Spot) -> str | None:
        """Add the layer and return its id, or None if it was refused."""
        context, description = self._context, self.description
        edge, node, side, port = self._edge, self._node, self._side, self._port
        self.leave()
        at: Point = (spot.x, spot.y)
        if edge is not None:
            return node_insertion.insert(context, description, edge, at)
        if node and side == "in":
            x, y = context.scene.port_at(node, port, out=False)
            above = (x, y - STEP_Y + HEIGHT / 2)
            return node_insertion.add_before(context, description, node, port, above)
        if node:
            return node_insertion.add_after(context, description, [node], None, port)
        return node_insertion.add_alone(
            context, description, context.snap_position(*at)
        )

    def leave(self) -> None:
        """Remove all highlights."""
        items = self._context.scene.edge_layer.items
        if self._edge in items:
            items[self._edge].mark(hovered=False)
        for item in self._context.scene.visible():
            if item.target:
                item.mark(target=0)
        self._edge, self._node, self._side = None, "", ""


def _side(over: Hit, id: str, upper: bool) -> str:
    if over.node == id and over.side:
        return over.side
    return "in" if upper else "out"
