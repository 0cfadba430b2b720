"""Dropping a layer from the palette: on a wire, a port, a node or empty space."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

from dlstudio.catalog.schema import Description
from dlstudio.document.graph import Edge
from dlstudio.document.layout import HEIGHT
from dlstudio.i18n import _
from dlstudio.ui.model.canvas import adding
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.boxes import STEP_Y
from dlstudio.ui.model.canvas.gestures.base import Spot
from dlstudio.ui.model.canvas.gestures.move import ON_WIRE
from dlstudio.ui.model.canvas.group_item import GroupBox
from dlstudio.ui.model.canvas.hits import Hit, node_near, wire_near
from dlstudio.ui.model.canvas.routing import Point
from dlstudio.ui.model.summary_text import kind_name

MIME = "application/x-dlstudio-layer"
NEAR = 10.0


def dragged_kind(data: QMimeData) -> str:
    """The kind of layer that is dragged, or ""."""
    if not data.hasFormat(MIME):
        return ""
    return bytes(data.data(MIME).data()).decode("utf-8", "replace")


class DropGesture:
    """Shows what a drop would do, and does it."""

    def __init__(self, board: Board, description: Description) -> None:
        self._board = board
        self.description = description
        self._link: Edge | None = None
        self._node = ""
        self._side = ""
        self._port = 0

    def over(self, spot: Spot) -> str:
        """Point at what the layer would be joined to; a sentence that says so."""
        self.leave()
        board, scene = self._board, self._board.scene
        takes = self.description.inputs.maximum != 0
        layer = kind_name(self.description.kind)
        link = spot.over.link or wire_near(scene, spot.x, spot.y, ON_WIRE)
        near = node_near(scene, spot.x, spot.y, NEAR)
        if near is not None:
            if isinstance(near, GroupBox):
                return self._over_group(near, spot, takes, layer)
            return self._over_node(near.id, spot, takes, layer)
        if link is None:
            return ""
        if not takes:
            return _("{layer} takes no input: data comes in there.").format(layer=layer)
        self._link = link
        scene.wires.items[link].mark(hovered=True)
        nodes = board.graph.nodes
        return _("Insert between “{source}” and “{target}”").format(
            source=nodes[link.source].name, target=nodes[link.target].name
        )

    def _over_node(self, id: str, spot: Spot, takes: bool, layer: str) -> str:
        item = self._board.scene.nodes[id]
        name = self._board.graph.nodes[id].name
        self._node, self._port = id, 0
        self._side = _side(spot.over, id, spot.y < item.y_at)
        if self._side == "in" and item.face.inputs:
            self._port = spot.over.port if spot.over.node == id else 0
            item.mark(target=1)
            return _("{layer} feeds “{name}”").format(layer=layer, name=name)
        if not takes:
            item.mark(target=-1)
            self._node = ""
            return _("{layer} takes no input: data comes in there.").format(layer=layer)
        self._side = "out"
        item.mark(target=1)
        return _("{layer} after “{name}”").format(layer=layer, name=name)

    def _over_group(self, item: GroupBox, spot: Spot, takes: bool, layer: str) -> str:
        """At a port of a folded group's box, or at the only one of a half of it."""
        folding, over = self._board.scene.folding, spot.over
        side = over.side if over.group == item.id and over.side else ""
        port = over.port if side else 0
        side = side or ("in" if spot.y < item.y_at else "out")
        doors = folding.doors(item.id).of(side)
        name = folding.group(item.id).name
        if not doors or (len(doors) > 1 and not over.side):
            item.mark(target=-1)
            return _("“{name}” is folded: drop on one of its ports.").format(name=name)
        if not takes and side == "out":
            item.mark(target=-1)
            return _("{layer} takes no input: data comes in there.").format(layer=layer)
        self._node, self._port = doors[port]
        self._side = side
        item.mark(target=1)
        inner = self._board.graph.nodes[self._node].name
        text = (
            _("{layer} feeds “{name}”") if side == "in" else _("{layer} after “{name}”")
        )
        return text.format(layer=layer, name=f"{name}: {inner}")

    def drop(self, spot: Spot) -> str | None:
        """Add the layer; its id, or None if it could not be."""
        board, description = self._board, self.description
        link, node, side, port = self._link, self._node, self._side, self._port
        self.leave()
        at: Point = (spot.x, spot.y)
        if link is not None:
            return adding.insert(board, description, link, at)
        if node and side == "in":
            x, y = board.scene.port_at(node, port, out=False)
            above = (x, y - STEP_Y + HEIGHT / 2)
            return adding.add_before(board, description, node, port, above)
        if node:
            return adding.add_after(board, description, [node], None, port)
        return adding.add_alone(board, description, board.settled(*at))

    def leave(self) -> None:
        """Point at nothing."""
        items = self._board.scene.wires.items
        if self._link in items:
            items[self._link].mark(hovered=False)
        for item in self._board.scene.visible():
            if item.target:
                item.mark(target=0)
        self._link, self._node, self._side = None, "", ""


def _side(over: Hit, id: str, upper: bool) -> str:
    if over.node == id and over.side:
        return over.side
    return "in" if upper else "out"
