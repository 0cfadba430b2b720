"""Connect nodes by keyboard: arrows choose the target, Enter creates the edge."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from dlstudio.document.canvas.connection_rules import ConnectionVerdict
from dlstudio.document.canvas.edge_routing import curve
from dlstudio.document.canvas.group_ports import (
    ConnectionCandidate,
    candidates_into,
    no_candidate_text,
)
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.items.edge_item import DraftEdgeItem
from dlstudio.ui.model.canvas.layout.directions import nearest_in_direction
from dlstudio.ui.model.canvas.scene.collapsed_graph import CollapsedGraph

ARROWS: dict[int, str] = {
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
}
ShowMessage = Callable[[str, str, bool], None]
ChooseTarget = Callable[
    [str, tuple[ConnectionCandidate, ...], Callable[[ConnectionVerdict], object]], None
]


class KeyboardConnection:
    """Connects the selected node to another node or group without the mouse.

    Args:
        context: The graph to edit.
        source: Id of the source node.
        show_message: Called with a node, a message to show beside it and whether it is
            a refusal.
        choose_target: Called with several candidates in a collapsed group, to let the
            user choose one.
    """

    def __init__(
        self,
        context: EditContext,
        source: str,
        show_message: ShowMessage,
        choose_target: ChooseTarget,
    ) -> None:
        self._context = context
        self.source = source
        self._show_message = show_message
        self._choose_target = choose_target
        self._rules = context.rules
        self._before = self._rules.before(source)
        self._collapsed_graph = CollapsedGraph.of(context.scene)
        self._home = self._collapsed_graph.key(source)
        self._draft = DraftEdgeItem(context.canvas_style)
        context.scene.addItem(self._draft)
        self.target = ""  # a key of `CollapsedGraph`
        boxes = {
            k: box for k, box in self._collapsed_graph.boxes.items() if k != self._home
        }
        origin = self._collapsed_graph.boxes[self._home]
        waiting = self._waiting_target()
        if waiting is not None:
            self._point(waiting)
            return
        for direction in ("down", "right", "left", "up"):
            first = nearest_in_direction(boxes, origin, direction, boxes)
            if first is not None:
                self._point(first)
                return
        show_message(source, _("There is no other layer to connect to."), True)

    def _waiting_target(self) -> str | None:
        """Return the nearest card that lacks an input and can take this one."""
        boxes = self._collapsed_graph.boxes
        here = boxes[self._home]
        found: list[tuple[float, str]] = []
        for key, box in boxes.items():
            nodes = self._collapsed_graph.nodes(key)
            if key == self._home or not any(map(self._rules.waits, nodes)):
                continue
            self.target = key
            if self._choices():
                found.append((abs(box.x - here.x) + abs(box.y - here.y), key))
        self.target = ""
        return min(found)[1] if found else None

    def key(self, key: int) -> bool:
        """Handle a key press and return whether connecting continues."""
        if key in ARROWS:
            self._move_target(ARROWS[key])
            return True
        choices = self._choices() if self.target else ()
        accepted = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if accepted and not choices:
            return True  # keep showing the reason
        self.end()
        if accepted and len(choices) > 1:
            self._choose_target(choices[0].node, choices, self._draw)
        elif accepted:
            self._draw(choices[0].verdict)
        return False

    def end(self) -> None:
        """Stop without connecting."""
        self._mark(0)
        if self._draft.scene() is not None:
            self._context.scene.removeItem(self._draft)
        self._show_message("", "", False)

    def _move_target(self, direction: str) -> None:
        boxes = self._collapsed_graph.boxes
        origin = boxes[self.target or self._home]
        among = (key for key in boxes if key not in (self._home, self.target))
        found = nearest_in_direction(boxes, origin, direction, among)
        if found is not None:
            self._point(found)

    def _draw(self, verdict: ConnectionVerdict) -> None:
        if verdict.edge is not None:
            self._context.do(verdict.edits(self._context.name), _("Connect"))
            self._context.selection.set([verdict.edge.target])

    def _point(self, target: str) -> None:
        self._mark(0)
        self.target = target
        choices = self._choices()
        self._mark(1 if choices else -1)
        scene, node = self._context.scene, self._collapsed_graph.nodes(target)[0]
        edge = choices[0].verdict.edge if choices else None
        if edge is not None:
            end = scene.port_at(edge.target, edge.target_port, out=False)
        else:
            end = scene.visible_item(node).input_at(0)
        start = scene.port_at(self.source, 0, out=True)
        self._draft.set_route(curve(start, end), not choices)
        self._show_message(node, self._target_text(node, choices), not choices)

    def _target_text(self, node: str, choices: tuple[ConnectionCandidate, ...]) -> str:
        name = self._context.scene.visible_item(node).card.name
        if not choices:
            group = self._collapsed_graph.group(self.target)
            return (
                no_candidate_text(name, True) if group else self._verdict(node).reason
            )
        hint = _(
            "Press Enter to connect to “{name}”, or use the arrow keys to choose "
            "another layer."
        ).format(name=name)
        reason = choices[0].verdict.reason if len(choices) == 1 else ""
        return f"{reason} {hint}".strip()

    def _mark(self, state: int) -> None:
        group = self._collapsed_graph.group(self.target)
        scene = self._context.scene
        item = scene.group_layer.collapsed.get(group) if group else None
        card = item or scene.nodes.get(self.target)
        if card is not None:
            card.mark(target=state)

    def _choices(self) -> tuple[ConnectionCandidate, ...]:
        group = self._collapsed_graph.group(self.target)
        if group is not None:
            inside = self._context.scene.group_layer.members(group)
            return candidates_into(self._rules, inside, self.source, 0)
        verdict = self._verdict(self.target)
        return (
            (ConnectionCandidate(self.target, verdict),)
            if verdict.edge is not None
            else ()
        )

    def _verdict(self, target: str) -> ConnectionVerdict:
        blocked = (
            frozenset([self.source]) if target in self._before else frozenset[str]()
        )
        return self._rules.judge_within(self.source, target, None, 0, blocked)
