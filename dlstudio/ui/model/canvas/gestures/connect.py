"""Drawing a wire from a port: to another node, or into empty space."""

from __future__ import annotations

from collections.abc import Callable

from dlstudio.document.edits import Disconnect
from dlstudio.document.graph import Link
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.can_connect import Rules, Verdict
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.hits import node_near
from dlstudio.ui.model.canvas.node_item import NodeItem
from dlstudio.ui.model.canvas.routing import Point, curve
from dlstudio.ui.model.canvas.wire_item import DraftWire

Say = Callable[[str, Spot, bool], None]
Offer = Callable[[str, int, str, Point], None]
CATCH = 14.0  # pixels around a card within which a wire is caught


class ConnectGesture:
    """A wire from an output to an input, or drawn backwards from an input.

    Pressing an input that has a wire takes that wire off and moves its end.

    Args:
        say: Shows a sentence beside the pointer, and whether it is a refusal.
        offer: Offers the layers that fit at a place: node, port, side, place.
    """

    def __init__(self, board: Board, start: Spot, say: Say, offer: Offer) -> None:
        self._board = board
        self._start = start
        self._say = say
        self._offer = offer
        over = start.over
        self.node, self.port, self.side = over.node, over.port, over.side
        self._moved = self._taken_off()
        self._rules = Rules(board.graph, board.catalog, self._moved)
        reach = self._rules.before if self.side == "out" else self._rules.after
        self._circle = reach(self.node)
        self._verdict = Verdict()
        self._target: NodeItem | None = None
        self._draft = DraftWire(board.look)
        board.scene.addItem(self._draft)
        if self._moved is not None:
            board.scene.wires.items[self._moved].setOpacity(0.25)

    def _taken_off(self) -> Link | None:
        if self.side == "out":
            return None
        for link in self._board.graph.into(self.node):
            if link.target_port == self.port:
                self.node, self.port, self.side = link.source, link.source_port, "out"
                return link
        return None

    def move(self, spot: Spot) -> Gesture:
        """Draw the wire to the pointer or to the port that catches it."""
        scene = self._board.scene
        item = node_near(scene, spot.x, spot.y, CATCH / scene.look.scale)
        if item is not None and (
            item.id == self.node or scene.nodes.get(item.id) is not item
        ):
            item = None  # itself, or a folded group
        self._point_at(item, spot)
        start, end = self._origin(), (spot.x, spot.y)
        link = self._verdict.link
        if link is not None and item is not None:
            end = self._caught(item, link)
        ends = (start, end) if self.side == "out" else (end, start)
        refused = item is not None and link is None
        self._draft.lead(curve(*ends), refused)
        self._say(self._verdict.reason, spot, refused)
        return self

    def _caught(self, item: NodeItem, link: Link) -> Point:
        if self.side == "in":
            return item.output_at(link.source_port)
        return item.input_at(link.target_port)

    def _origin(self) -> Point:
        item = self._board.scene.stand_in(self.node)
        out = self.side == "out"
        return item.output_at(self.port) if out else item.input_at(self.port)

    def _point_at(self, item: NodeItem | None, spot: Spot) -> None:
        if self._target is not None and self._target is not item:
            self._target.mark(target=0)
        self._target = item
        self._verdict = self._judge(item, spot) if item is not None else Verdict()
        if item is not None:
            item.mark(target=1 if self._verdict.link else -1)

    def _judge(self, item: NodeItem, spot: Spot) -> Verdict:
        wanted = "in" if self.side == "out" else "out"
        exact = spot.over.node == item.id and spot.over.side == wanted
        port = spot.over.port if exact else None
        if self.side == "out":
            circle = frozenset([self.node]) if item.id in self._circle else frozenset()
            return self._rules.judge_within(self.node, item.id, port, self.port, circle)
        circle = frozenset([item.id]) if item.id in self._circle else frozenset()
        return self._rules.judge_within(
            item.id, self.node, self.port, port or 0, circle
        )

    def release(self, spot: Spot) -> None:
        """Draw the wire for good; in empty space offer layers, or take a wire off."""
        board, verdict, target = self._board, self._verdict, self._target
        far = spot.far_from(self._start)
        self.cancel()
        off = (Disconnect(self._moved, board.name),) if self._moved else ()
        if verdict.link is not None:
            if verdict.link != self._moved:
                name = _("Move wire") if self._moved else _("Connect")
                board.do((*off, *verdict.edits(board.name)), name)
        elif target is None and far:
            if self._moved is not None:
                board.do(off, _("Remove wire"))
            else:
                self._offer(self.node, self.port, self.side, (spot.x, spot.y))
        elif target is None and not far:
            board.selection.set([self._start.over.node])

    def cancel(self) -> None:
        """Take the draft away."""
        if self._target is not None:
            self._target.mark(target=0)
            self._target = None
        if self._draft.scene() is not None:
            self._board.scene.removeItem(self._draft)
        items = self._board.scene.wires.items
        if self._moved in items:
            items[self._moved].setOpacity(1.0)
        self._say("", self._start, False)
