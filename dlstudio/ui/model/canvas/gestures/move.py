"""Dragging nodes: one step for the whole drag."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.edits import Connect, Disconnect, Edit, SetGroup, MoveNodes
from dlstudio.document.graph import Edge
from dlstudio.document.values import FrozenMap
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.adding import joining
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.boxes import shown
from dlstudio.ui.model.canvas.can_connect import ports_of
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.hits import wire_near

Places = dict[str, tuple[float, float]]
ON_WIRE = 14.0  # pixels between a wire and the middle of a node laid on it


class MoveGesture:
    """The selected nodes follow the pointer; a loose one can be laid on a wire."""

    def __init__(self, board: Board, start: Spot) -> None:
        self._board = board
        self._start = start
        nodes = board.graph.nodes
        ids = board.selection.ids
        self._from: Places = {id: shown(nodes[id].position) for id in ids}
        self._to: Places = {}
        self._held = start.over.node or board.selection.ids[0]
        self._wire: Edge | None = None
        self._into = ""
        self._whole = board.scene.folding.tree.whole(ids)
        self._loose = len(ids) == 1 and self._can_be_inserted(ids[0])

    def _can_be_inserted(self, id: str) -> bool:
        graph = self._board.graph
        if graph.into(id) or graph.out_of(id):
            return False
        board = self._board
        return ports_of(graph.nodes[id], board.catalog, board.graphs).maximum != 0

    def move(self, spot: Spot) -> Gesture:
        """Show the nodes where they would settle."""
        board = self._board
        x, y = self._from[self._held]
        dx, dy = spot.x - self._start.x, spot.y - self._start.y
        settled = board.settled(x + dx, y + dy)
        dx, dy = settled[0] - x, settled[1] - y
        self._to = {id: (x + dx, y + dy) for id, (x, y) in self._from.items()}
        board.scene.preview(self._to)
        if self._loose:
            self._point_at(wire_near(board.scene, *self._to[self._held], ON_WIRE))
        self._point_into(self._frame_at(spot))
        return self

    def _frame_at(self, spot: Spot) -> str:
        """The open group the pointer is in that does not hold what is moved."""
        folding = self._board.scene.folding
        group = folding.frame_at(spot.x, spot.y, self._whole)
        if group and set(folding.members(group)).isdisjoint(self._from):
            return group
        return ""

    def _point_into(self, group: str) -> None:
        frames = self._board.scene.folding.frames
        for each in {self._into, group}:
            if each in frames:
                frames[each].mark(hovered=each == group)
        self._into = group

    def _joined(self) -> list[Edit]:
        """What puts the nodes, and the groups moved whole, into the group below."""
        board, tree = self._board, self._board.scene.folding.tree
        if not self._into:
            return []
        tops = [id for id in self._whole if tree.groups[id].parent not in self._whole]
        edits: list[Edit] = [
            SetGroup(replace(tree.groups[id], parent=self._into), board.name)
            for id in sorted(tops)
        ]
        held = {node for id in tops for node in tree.nodes(id)}
        loose = [id for id in self._from if id not in held]
        return edits + (joining(board, loose, self._into) if loose else [])

    def _point_at(self, link: Edge | None) -> None:
        items = self._board.scene.wires.items
        for each in {self._wire, link}:
            if each in items:
                items[each].mark(hovered=each == link)
        self._wire = link

    def release(self, _spot: Spot) -> None:
        """Keep the places."""
        board, link = self._board, self._wire
        joined = self._joined()
        self._point_at(None)
        self._point_into("")
        if not self._to or self._to == self._from:
            return
        edits: list[Edit] = [MoveNodes(FrozenMap(self._to), board.name)]
        edits += joined
        if link is None:
            if not board.do(edits, _("Move into group") if joined else _("Move")):
                self.cancel()
            return
        halves = (
            Edge(link.source, self._held, link.source_port, 0),
            Edge(self._held, link.target, 0, link.target_port),
        )
        edits.append(Disconnect(link, board.name))
        edits += [Connect(half, board.name) for half in halves]
        board.do(edits, _("Insert into wire"))

    def cancel(self) -> None:
        """Put everything back."""
        self._point_at(None)
        self._point_into("")
        self._board.scene.preview(self._from)
