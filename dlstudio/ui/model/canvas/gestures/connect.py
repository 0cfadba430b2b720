"""Draw an edge from a port to a node, a collapsed group or empty space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dlstudio.document.canvas.connection_rules import ConnectionVerdict
from dlstudio.document.canvas.edge_routing import Point, curve
from dlstudio.document.canvas.group_ports import (
    ConnectionCandidate,
    candidates_into,
    candidates_out_of,
    no_candidate_text,
)
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Disconnect
from dlstudio.document.graph import Edge
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.connections.layer_suggestions import mismatch_hint
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.items.edge_item import DraftEdgeItem
from dlstudio.ui.model.canvas.items.node_item import NodeItem
from dlstudio.ui.model.canvas.scene.hit_test import nearest_node

ShowMessage = Callable[[str, Spot, bool], None]
OfferLayers = Callable[[str, int, str, Point], None]
ChooseTarget = Callable[
    [tuple[ConnectionCandidate, ...], Spot, Callable[[ConnectionVerdict], object]], None
]
CATCH_DISTANCE = 14.0  # pixels around a card within which an edge snaps to it


class ConnectGesture:
    """Draws an edge from an output to an input, or backwards from an input.

    Pressing a connected input detaches its edge and moves that edge's end.

    Args:
        context: The graph to edit.
        start: The port that was pressed.
        show_message: Called with a message to show beside the pointer and whether it is
            a refusal.
        offer_layers: Called with node, port, side and position to offer layers that
            fit.
        choose_target: Called with several candidates in a collapsed group, to let the
            user choose one.
    """

    def __init__(
        self,
        context: EditContext,
        start: Spot,
        show_message: ShowMessage,
        offer_layers: OfferLayers,
        choose_target: ChooseTarget,
    ) -> None:
        self._context = context
        self._start = start
        self._show_message = show_message
        self._offer_layers = offer_layers
        self._choose_target = choose_target
        over = start.over
        self.node, self.port, self.side = over.node, over.port, over.side
        if over.group:
            group_port = context.scene.group_layer.group_port(
                over.group, over.side, over.port
            )
            assert group_port is not None, "what was hit is there"
            self.node, self.port = group_port
        self._moved = self._detached_edge()
        self._rules = replace(context.rules, moving=self._moved)
        reach = self._rules.before if self.side == "out" else self._rules.after
        self._blocked = reach(self.node)
        self._verdict = ConnectionVerdict()
        self._choices: tuple[ConnectionCandidate, ...] = ()
        self._target: NodeItem | None = None
        self._draft = DraftEdgeItem(context.canvas_style)
        context.scene.addItem(self._draft)
        if self._moved is not None:
            context.scene.edge_layer.items[self._moved].setOpacity(0.25)

    def _detached_edge(self) -> Edge | None:
        if self.side == "out":
            return None
        for edge in self._context.graph.into(self.node):
            if edge.target_port == self.port:
                self.node, self.port, self.side = edge.source, edge.source_port, "out"
                return edge
        return None

    def move(self, spot: Spot) -> Gesture:
        """Draw the edge to the pointer, or to the port it snaps to."""
        scene = self._context.scene
        margin = CATCH_DISTANCE / scene.canvas_style.scale
        item = nearest_node(scene, spot.x, spot.y, margin, self._waits)
        if item is not None and item is scene.visible_item(self.node):
            item = None  # the start node itself
        self._point_at(item, spot)
        start, end = self._origin(), (spot.x, spot.y)
        edge = self._verdict.edge
        if edge is not None and item is not None:
            end = self._caught(edge)
        ends = (start, end) if self.side == "out" else (end, start)
        refused = item is not None and edge is None and not self._choices
        self._draft.set_route(curve(*ends), refused)
        self._show_message(self._verdict.reason, spot, refused)
        return self

    def _waits(self, item: NodeItem) -> bool:
        """Whether a layer lacks an input, which this edge can be."""
        if self.side == "in" or item.id not in self._context.graph.nodes:
            return False
        return item.id not in self._blocked and self._rules.waits(item.id)

    def _caught(self, edge: Edge) -> Point:
        scene = self._context.scene
        if self.side == "in":
            return scene.port_at(edge.source, edge.source_port, out=True)
        return scene.port_at(edge.target, edge.target_port, out=False)

    def _origin(self) -> Point:
        return self._context.scene.port_at(self.node, self.port, self.side == "out")

    def _point_at(self, item: NodeItem | None, spot: Spot) -> None:
        if self._target is not None and self._target is not item:
            self._target.mark(target=0)
        self._target = item
        self._choices = ()
        self._verdict = (
            self._judge(item, spot) if item is not None else ConnectionVerdict()
        )
        if item is not None:
            item.mark(target=1 if self._verdict.edge or self._choices else -1)

    def _judge(self, item: NodeItem, spot: Spot) -> ConnectionVerdict:
        wanted = "in" if self.side == "out" else "out"
        over, group_layer = spot.over, self._context.scene.group_layer
        exact = over.side == wanted
        if group_layer.collapsed.get(item.id) is not item:
            at_port = exact and over.node == item.id
            verdict = self._judge_node(item.id, over.port if at_port else None)
            return _with_port_name(verdict, item) if self.side == "out" else verdict
        group_port = group_layer.group_port(item.id, wanted, over.port)
        if exact and over.group == item.id and group_port is not None:
            return _with_node_name(
                self._judge_node(*group_port), self._node_name(group_port.node)
            )
        return self._judge_group(item.id)

    def _judge_node(self, id: str, port: int | None) -> ConnectionVerdict:
        verdict = self._allowed(id, port)
        edge, context = verdict.edge, self._context
        if edge is None or edge.target_port:
            return verdict
        kind = context.graph.nodes[edge.target].kind
        tensor = context.scene.reports.tensor(edge.source, edge.source_port)
        hint = mismatch_hint(context.catalog.get(kind), tensor)
        return replace(verdict, reason=f"{verdict.reason} {hint}".strip())

    def _allowed(self, id: str, port: int | None) -> ConnectionVerdict:
        rules = self._rules
        if self.side == "out":
            blocked = (
                frozenset([self.node]) if id in self._blocked else frozenset[str]()
            )
            return rules.judge_within(self.node, id, port, self.port, blocked)
        blocked = frozenset([id]) if id in self._blocked else frozenset[str]()
        return rules.judge_within(id, self.node, self.port, port or 0, blocked)

    def _judge_group(self, group: str) -> ConnectionVerdict:
        """Select the only matching inner node; several are offered on release."""
        group_layer, out = self._context.scene.group_layer, self.side == "out"
        inside = group_layer.members(group)
        if out:
            found = candidates_into(self._rules, inside, self.node, self.port)
        else:
            found = candidates_out_of(self._rules, inside, self.node, self.port)
        if not found:
            return ConnectionVerdict(
                reason=no_candidate_text(group_layer.group(group).name, out)
            )
        if len(found) == 1:
            return _with_node_name(found[0].verdict, self._node_name(found[0].node))
        self._choices = found
        names = ", ".join(f"“{self._node_name(each.node)}”" for each in found)
        return ConnectionVerdict(
            reason=_("Connects to one of {names}; you choose which.").format(
                names=names
            )
        )

    def _node_name(self, node: str) -> str:
        return self._context.graph.nodes[node].name

    def release(self, spot: Spot) -> None:
        """Create the edge; in empty space, offer layers or remove a detached edge."""
        context, verdict, target = self._context, self._verdict, self._target
        choices = self._choices
        far = spot.far_from(self._start)
        self.cancel()
        off = (Disconnect(self._moved, context.name),) if self._moved else ()
        if choices:
            self._choose_target(choices, spot, lambda chosen: self._draw(off, chosen))
        elif verdict.edge is not None:
            self._draw(off, verdict)
        elif target is None and far:
            if self._moved is not None:
                context.do(off, _("Remove connection"))
            else:
                self._offer_layers(self.node, self.port, self.side, (spot.x, spot.y))
        elif target is None and not far:
            over, group_layer = self._start.over, context.scene.group_layer
            context.selection.set(
                group_layer.members(over.group) if over.group else [over.node]
            )

    def _draw(self, off: tuple[Edit, ...], verdict: ConnectionVerdict) -> None:
        if verdict.edge != self._moved:
            name = _("Move connection") if self._moved else _("Connect")
            self._context.do((*off, *verdict.edits(self._context.name)), name)

    def cancel(self) -> None:
        """Remove the draft edge."""
        if self._target is not None:
            self._target.mark(target=0)
            self._target = None
        if self._draft.scene() is not None:
            self._context.scene.removeItem(self._draft)
        items = self._context.scene.edge_layer.items
        if self._moved in items:
            items[self._moved].setOpacity(1.0)
        self._show_message("", self._start, False)


def _with_port_name(verdict: ConnectionVerdict, item: NodeItem) -> ConnectionVerdict:
    """Prefix the reason with the port's name unless it is the first port."""
    port = verdict.edge.target_port if verdict.edge else 0
    name = "".join(item.card.port_names[port : port + 1]).replace("_", " ")
    if not port or not name:
        return verdict
    prefix = _("Input “{name}”.").format(name=name)
    return replace(verdict, reason=f"{prefix} {verdict.reason}".strip())


def _with_node_name(verdict: ConnectionVerdict, name: str) -> ConnectionVerdict:
    """Prefix the reason with the name of a node hidden in a group."""
    prefix = _("In the group: “{name}”.").format(name=name)
    return replace(verdict, reason=f"{prefix} {verdict.reason}".strip())
