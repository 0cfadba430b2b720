"""Connecting by keyboard: arrows choose the target, Enter draws the wire."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from dlstudio.i18n import _
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.can_connect import Verdict
from dlstudio.ui.model.canvas.near import nearest
from dlstudio.ui.model.canvas.routing import curve
from dlstudio.ui.model.canvas.wire_item import DraftWire

ARROWS: dict[int, str] = {
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
}
Say = Callable[[str, str, bool], None]


class Connecting:
    """From the selected node to another, without the mouse.

    Args:
        say: Shows a sentence beside a node, and whether it is a refusal.
    """

    def __init__(self, board: Board, source: str, say: Say) -> None:
        self._board = board
        self.source = source
        self._say = say
        self._rules = board.rules
        self._before = self._rules.before(source)
        self._draft = DraftWire(board.look)
        board.scene.addItem(self._draft)
        self.target = ""
        boxes = board.scene.boxes()
        origin = boxes.pop(source)
        for direction in ("down", "right", "left", "up"):
            first = nearest(boxes, origin, direction, boxes)
            if first is not None:
                self._point(first)
                return
        say(source, _("There is no other layer to connect to."), True)

    def key(self, key: int) -> bool:
        """Handle a key; whether connecting goes on."""
        if key in ARROWS:
            boxes = self._board.scene.boxes()
            others = {id: box for id, box in boxes.items() if id != self.source}
            origin = boxes[self.target or self.source]
            among = (id for id in others if id != self.target)
            found = nearest(boxes, origin, ARROWS[key], among)
            if found is not None:
                self._point(found)
            return True
        verdict = self._verdict()
        accepted = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if accepted and verdict.link is None:
            return True  # the reason stays on screen
        self.end()
        if accepted:
            self._board.do(verdict.edits(self._board.name), _("Connect"))
            self._board.selection.set([self.target])
        return False

    def end(self) -> None:
        """Stop without connecting."""
        self._mark(0)
        if self._draft.scene() is not None:
            self._board.scene.removeItem(self._draft)
        self._say("", "", False)

    def _point(self, target: str) -> None:
        self._mark(0)
        self.target = target
        verdict = self._verdict()
        allowed = verdict.link is not None
        self._mark(1 if allowed else -1)
        nodes = self._board.scene.nodes
        port = verdict.link.target_port if verdict.link else 0
        ends = (nodes[self.source].output_at(0), nodes[target].input_at(port))
        self._draft.lead(curve(*ends), not allowed)
        name = self._board.graph.nodes[target].name
        hint = _("Enter connects to “{name}”, arrows choose another.").format(name=name)
        self._say(
            target,
            f"{verdict.reason} {hint}".strip() if allowed else verdict.reason,
            not allowed,
        )

    def _mark(self, state: int) -> None:
        item = self._board.scene.nodes.get(self.target)
        if item is not None:
            item.mark(target=state)

    def _verdict(self) -> Verdict:
        if not self.target:
            return Verdict()
        circle = (
            frozenset([self.source]) if self.target in self._before else frozenset()
        )
        return self._rules.judge_within(self.source, self.target, None, 0, circle)
