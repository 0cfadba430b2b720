"""Connecting by keyboard: arrows choose the target, Enter draws the wire."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from dlstudio.i18n import _
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.can_connect import Verdict
from dlstudio.ui.model.canvas.doors import Choice, none_fits, ways_in
from dlstudio.ui.model.canvas.near import nearest
from dlstudio.ui.model.canvas.routing import curve
from dlstudio.ui.model.canvas.seen import Seen
from dlstudio.ui.model.canvas.wire_item import DraftWire

ARROWS: dict[int, str] = {
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
}
Say = Callable[[str, str, bool], None]
Ask = Callable[[str, tuple[Choice, ...], Callable[[Verdict], object]], None]


class Connecting:
    """From the selected node to another, or to a folded group, without the mouse.

    Args:
        say: Shows a sentence beside a node, and whether it is a refusal.
        ask: Lets one of several nodes in a folded group be chosen.
    """

    def __init__(self, board: Board, source: str, say: Say, ask: Ask) -> None:
        self._board = board
        self.source = source
        self._say = say
        self._ask = ask
        self._rules = board.rules
        self._before = self._rules.before(source)
        self._seen = Seen.of(board.scene)
        self._home = self._seen.key(source)
        self._draft = DraftWire(board.look)
        board.scene.addItem(self._draft)
        self.target = ""  # a key of what is seen
        boxes = {k: box for k, box in self._seen.boxes.items() if k != self._home}
        origin = self._seen.boxes[self._home]
        for direction in ("down", "right", "left", "up"):
            first = nearest(boxes, origin, direction, boxes)
            if first is not None:
                self._point(first)
                return
        say(source, _("There is no other layer to connect to."), True)

    def key(self, key: int) -> bool:
        """Handle a key; whether connecting goes on."""
        if key in ARROWS:
            self._turn(ARROWS[key])
            return True
        choices = self._choices() if self.target else ()
        accepted = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if accepted and not choices:
            return True  # the reason stays on screen
        self.end()
        if accepted and len(choices) > 1:
            self._ask(choices[0].node, choices, self._draw)
        elif accepted:
            self._draw(choices[0].verdict)
        return False

    def end(self) -> None:
        """Stop without connecting."""
        self._mark(0)
        if self._draft.scene() is not None:
            self._board.scene.removeItem(self._draft)
        self._say("", "", False)

    def _turn(self, direction: str) -> None:
        boxes = self._seen.boxes
        origin = boxes[self.target or self._home]
        among = (key for key in boxes if key not in (self._home, self.target))
        found = nearest(boxes, origin, direction, among)
        if found is not None:
            self._point(found)

    def _draw(self, verdict: Verdict) -> None:
        if verdict.link is not None:
            self._board.do(verdict.edits(self._board.name), _("Connect"))
            self._board.selection.set([verdict.link.target])

    def _point(self, target: str) -> None:
        self._mark(0)
        self.target = target
        choices = self._choices()
        self._mark(1 if choices else -1)
        scene, node = self._board.scene, self._seen.nodes(target)[0]
        link = choices[0].verdict.link if choices else None
        if link is not None:
            end = scene.port_at(link.target, link.target_port, out=False)
        else:
            end = scene.stand_in(node).input_at(0)
        start = scene.port_at(self.source, 0, out=True)
        self._draft.lead(curve(start, end), not choices)
        self._say(node, self._sentence(node, choices), not choices)

    def _sentence(self, node: str, choices: tuple[Choice, ...]) -> str:
        name = self._board.scene.stand_in(node).face.name
        if not choices:
            group = self._seen.group(self.target)
            return none_fits(name, True) if group else self._verdict(node).reason
        hint = _("Enter connects to “{name}”, arrows choose another.").format(name=name)
        reason = choices[0].verdict.reason if len(choices) == 1 else ""
        return f"{reason} {hint}".strip()

    def _mark(self, state: int) -> None:
        group = self._seen.group(self.target)
        scene = self._board.scene
        item = scene.folding.folded.get(group) if group else None
        card = item or scene.nodes.get(self.target)
        if card is not None:
            card.mark(target=state)

    def _choices(self) -> tuple[Choice, ...]:
        group = self._seen.group(self.target)
        if group is not None:
            inside = self._board.scene.folding.members(group)
            return ways_in(self._rules, inside, self.source, 0)
        verdict = self._verdict(self.target)
        return (Choice(self.target, verdict),) if verdict.link is not None else ()

    def _verdict(self, target: str) -> Verdict:
        circle = (
            frozenset([self.source]) if target in self._before else frozenset[str]()
        )
        return self._rules.judge_within(self.source, target, None, 0, circle)
