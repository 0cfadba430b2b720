"""What the pointer does on the canvas: which gesture begins, hovering, tooltips."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from dlstudio.ui.model.canvas import grouping
from dlstudio.ui.model.canvas.asking import ask_which
from dlstudio.ui.model.canvas.can_connect import Verdict
from dlstudio.ui.model.canvas.doors import Choice
from dlstudio.ui.model.canvas.gestures.base import Gesture, Spot
from dlstudio.ui.model.canvas.gestures.connect import ConnectGesture
from dlstudio.ui.model.canvas.gestures.rubber_band import RubberBandGesture
from dlstudio.ui.model.canvas.gestures.select import SelectGesture
from dlstudio.ui.model.canvas.hits import Hit
from dlstudio.ui.model.canvas.menu import context_menu
from dlstudio.ui.model.canvas.routing import Point
from dlstudio.ui.model.canvas.tips import group_tip, wire_tip
from dlstudio.ui.model.summary_text import details

if TYPE_CHECKING:
    from dlstudio.ui.model.canvas.canvas import Canvas


class Pointer:
    """Answers the view's events for one canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._board = canvas.board
        self._over = Hit()

    def begin(self, spot: Spot, button: Qt.MouseButton) -> Gesture | None:
        """The gesture that begins with a press."""
        over, board = spot.over, self._board
        if button != Qt.MouseButton.LeftButton:
            return None
        if over.fold:
            grouping.fold(board, over.group)
            return None
        if over.side:
            return ConnectGesture(board, spot, self._say, self._offer, self._ask)
        if over.empty:
            return RubberBandGesture(board, spot)
        return SelectGesture(board, spot)

    def _say(self, text: str, spot: Spot, refused: bool) -> None:
        self._canvas.telling.say(text, spot.at, refused)

    def _offer(self, node: str, port: int, side: str, place: Point) -> None:
        view = self._canvas.view
        at = view.viewport().mapToGlobal(view.mapFromScene(*place))
        self._canvas.choosing.for_loose_end(at, node, port, side, place)

    def _ask(
        self,
        choices: tuple[Choice, ...],
        spot: Spot,
        chosen: Callable[[Verdict], object],
    ) -> None:
        ask_which(self._canvas, choices, self._global(spot), chosen)

    def hovered(self, over: Hit) -> None:
        """Show what a press would take hold of."""
        self._mark(self._over, False)
        self._mark(over, True)
        self._over = over

    def _mark(self, over: Hit, hovered: bool) -> None:
        scene = self._board.scene
        if over.node in scene.nodes:
            scene.nodes[over.node].mark(hovered=hovered)
        elif over.link in scene.wires.items:
            scene.wires.items[over.link].mark(hovered=hovered)
        elif over.group in scene.folding.folded:
            scene.folding.folded[over.group].mark(hovered=hovered)

    def double_clicked(self, spot: Spot) -> None:
        """A node opens, a group unfolds, on a wire or in empty space one adds."""
        over, canvas = spot.over, self._canvas
        if over.node:
            canvas.opened.emit(over.node)
        elif over.group:
            grouping.fold(self._board, over.group)
        elif over.link is not None:
            canvas.choosing.for_wire(self._global(spot), over.link)
        else:
            canvas.choosing.alone(self._global(spot), (spot.x, spot.y))

    def show_menu(self, spot: Spot) -> None:
        """Open the menu for what is pressed."""
        at = self._global(spot)
        context_menu(self._canvas, spot, at).popup(at)

    def _global(self, spot: Spot) -> QPoint:
        return self._canvas.view.viewport().mapToGlobal(spot.at)

    def tooltip(self, over: Hit) -> str:
        """All that is known of a node; the name of a port; a wire's shape."""
        scene, graph = self._board.scene, self._board.graph
        if over.group:
            return group_tip(scene, over)
        if over.node in graph.nodes:
            item = scene.nodes[over.node]
            names = item.face.port_names
            if over.side == "in" and any(names[over.port : over.port + 1]):
                return names[over.port].replace("_", " ")
            node = graph.nodes[over.node]
            report = scene.reports.nodes.get(over.node)
            problems = scene.reports.problems.get(over.node, ())
            lines = [details(node, item.face.title, report)]
            return "\n".join([*lines, *(problem.message for problem in problems)])
        return wire_tip(scene, over.link) if over.link is not None else ""
