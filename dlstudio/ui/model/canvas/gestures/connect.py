"""Drawing a wire from a port: to a node, a folded group, or into empty space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dlstudio.document.edits import Disconnect, Edit
from dlstudio.document.graph import Edge
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.can_connect import Verdict
from dlstudio.ui.model.canvas.doors import Choice, none_fits, ways_in, ways_out
from dlstudio.ui.model.canvas.fitting import misfit
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.hits import node_near
from dlstudio.ui.model.canvas.node_item import NodeItem
from dlstudio.ui.model.canvas.routing import Point, curve
from dlstudio.ui.model.canvas.wire_item import DraftWire

Say = Callable[[str, Spot, bool], None]
Offer = Callable[[str, int, str, Point], None]
Ask = Callable[[tuple[Choice, ...], Spot, Callable[[Verdict], object]], None]
CATCH = 14.0  # pixels around a card within which a wire is caught


class ConnectGesture:
    """A wire from an output to an input, or drawn backwards from an input.

    Pressing an input that has a wire takes that wire off and moves its end.

    Args:
        say: Shows a sentence beside the pointer, and whether it is a refusal.
        offer: Offers the layers that fit at a place: node, port, side, place.
        ask: Lets one of the nodes in a folded group be chosen, at a place.
    """

    def __init__(
        self, board: Board, start: Spot, say: Say, offer: Offer, ask: Ask
    ) -> None:
        self._board = board
        self._start = start
        self._say = say
        self._offer = offer
        self._ask = ask
        over = start.over
        self.node, self.port, self.side = over.node, over.port, over.side
        if over.group:
            door = board.scene.folding.door(over.group, over.side, over.port)
            assert door is not None, "what was hit is there"
            self.node, self.port = door
        self._moved = self._taken_off()
        self._rules = replace(board.rules, moving=self._moved)
        reach = self._rules.before if self.side == "out" else self._rules.after
        self._circle = reach(self.node)
        self._verdict = Verdict()
        self._choices: tuple[Choice, ...] = ()
        self._target: NodeItem | None = None
        self._draft = DraftWire(board.look)
        board.scene.addItem(self._draft)
        if self._moved is not None:
            board.scene.wires.items[self._moved].setOpacity(0.25)

    def _taken_off(self) -> Edge | None:
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
        if item is not None and item is scene.stand_in(self.node):
            item = None  # itself
        self._point_at(item, spot)
        start, end = self._origin(), (spot.x, spot.y)
        link = self._verdict.link
        if link is not None and item is not None:
            end = self._caught(link)
        ends = (start, end) if self.side == "out" else (end, start)
        refused = item is not None and link is None and not self._choices
        self._draft.lead(curve(*ends), refused)
        self._say(self._verdict.reason, spot, refused)
        return self

    def _caught(self, link: Edge) -> Point:
        scene = self._board.scene
        if self.side == "in":
            return scene.port_at(link.source, link.source_port, out=True)
        return scene.port_at(link.target, link.target_port, out=False)

    def _origin(self) -> Point:
        return self._board.scene.port_at(self.node, self.port, self.side == "out")

    def _point_at(self, item: NodeItem | None, spot: Spot) -> None:
        if self._target is not None and self._target is not item:
            self._target.mark(target=0)
        self._target = item
        self._choices = ()
        self._verdict = self._judge(item, spot) if item is not None else Verdict()
        if item is not None:
            item.mark(target=1 if self._verdict.link or self._choices else -1)

    def _judge(self, item: NodeItem, spot: Spot) -> Verdict:
        wanted = "in" if self.side == "out" else "out"
        over, folding = spot.over, self._board.scene.folding
        exact = over.side == wanted
        if folding.folded.get(item.id) is not item:
            at_port = exact and over.node == item.id
            verdict = self._judge_node(item.id, over.port if at_port else None)
            return _at_port(verdict, item) if self.side == "out" else verdict
        door = folding.door(item.id, wanted, over.port)
        if exact and over.group == item.id and door is not None:
            return _named(self._judge_node(*door), self._called(door.node))
        return self._judge_group(item.id)

    def _judge_node(self, id: str, port: int | None) -> Verdict:
        verdict = self._allowed(id, port)
        link, board = verdict.link, self._board
        if link is None or link.target_port:
            return verdict
        kind = board.graph.nodes[link.target].kind
        tensor = board.scene.reports.tensor(link.source, link.source_port)
        hint = misfit(board.catalog.get(kind), tensor)
        return replace(verdict, reason=f"{verdict.reason} {hint}".strip())

    def _allowed(self, id: str, port: int | None) -> Verdict:
        rules = self._rules
        if self.side == "out":
            circle = frozenset([self.node]) if id in self._circle else frozenset[str]()
            return rules.judge_within(self.node, id, port, self.port, circle)
        circle = frozenset([id]) if id in self._circle else frozenset[str]()
        return rules.judge_within(id, self.node, self.port, port or 0, circle)

    def _judge_group(self, group: str) -> Verdict:
        """One node inside that fits is meant; of several one is chosen in the end."""
        folding, out = self._board.scene.folding, self.side == "out"
        inside = folding.members(group)
        if out:
            found = ways_in(self._rules, inside, self.node, self.port)
        else:
            found = ways_out(self._rules, inside, self.node, self.port)
        if not found:
            return Verdict(reason=none_fits(folding.group(group).name, out))
        if len(found) == 1:
            return _named(found[0].verdict, self._called(found[0].node))
        self._choices = found
        names = ", ".join(f"“{self._called(each.node)}”" for each in found)
        return Verdict(reason=_("One of {names}: you choose.").format(names=names))

    def _called(self, node: str) -> str:
        return self._board.graph.nodes[node].name

    def release(self, spot: Spot) -> None:
        """Draw the wire for good; in empty space offer layers, or take a wire off."""
        board, verdict, target = self._board, self._verdict, self._target
        choices = self._choices
        far = spot.far_from(self._start)
        self.cancel()
        off = (Disconnect(self._moved, board.name),) if self._moved else ()
        if choices:
            self._ask(choices, spot, lambda chosen: self._draw(off, chosen))
        elif verdict.link is not None:
            self._draw(off, verdict)
        elif target is None and far:
            if self._moved is not None:
                board.do(off, _("Remove wire"))
            else:
                self._offer(self.node, self.port, self.side, (spot.x, spot.y))
        elif target is None and not far:
            over, folding = self._start.over, board.scene.folding
            board.selection.set(
                folding.members(over.group) if over.group else [over.node]
            )

    def _draw(self, off: tuple[Edit, ...], verdict: Verdict) -> None:
        if verdict.link != self._moved:
            name = _("Move wire") if self._moved else _("Connect")
            self._board.do((*off, *verdict.edits(self._board.name)), name)

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


def _at_port(verdict: Verdict, item: NodeItem) -> Verdict:
    """A verdict about a port that is not the first says what the port is for."""
    port = verdict.link.target_port if verdict.link else 0
    name = "".join(item.face.port_names[port : port + 1]).replace("_", " ")
    if not port or not name:
        return verdict
    told = _("As “{name}”.").format(name=name)
    return replace(verdict, reason=f"{told} {verdict.reason}".strip())


def _named(verdict: Verdict, name: str) -> Verdict:
    """A verdict about a node that is not seen says which one it is."""
    told = _("Inside: “{name}”.").format(name=name)
    return replace(verdict, reason=f"{told} {verdict.reason}".strip())
