"""Selection and placement of the problem cards."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

from dlstudio.document.problems import Fix, Problem
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.items.canvas_style import DETAIL_SCALE
from dlstudio.ui.model.canvas.items.node_item import NodeItem
from dlstudio.ui.model.canvas.overlays.problem_card import ProblemCard
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView

MAX_SHOWN = 2  # with more errors, only the selected node's problem is shown
SIDE_GAP = 28
BELOW_GAP = 12
ApplyFix = Callable[[Fix], None]


class ProblemCards(QObject):
    """Shows problem cards beside their nodes and moves them with the view.

    A card goes to the right of its node, or elsewhere if it would cover other cards.

    Args:
        context: The graph, its problems and the selection.
        view: The view whose movements the cards follow.
        map_: The minimap, which the cards avoid.
        apply_fix: Called with the `Fix` whose button was pressed.
        parent: The canvas editor.
    """

    def __init__(
        self,
        context: EditContext,
        view: CanvasView,
        map_: QWidget,
        apply_fix: ApplyFix,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._view = view
        self._map = map_
        self._apply_fix = apply_fix
        self._parent = parent
        self._shown: tuple[Problem, ...] = ()
        self.cards: list[ProblemCard] = []
        view.moved.connect(self.place)

    def refresh(self) -> None:
        """Update the cards from the current problems and selection."""
        shown = self._problems_to_show()
        if shown != self._shown:
            self._shown = shown
            for card in self.cards:
                card.hide()
                card.deleteLater()
            self.cards = [self._card(problem) for problem in shown]
        self.place()

    def _problems_to_show(self) -> tuple[Problem, ...]:
        scene, chosen = self._context.scene, self._context.selection.ids
        problems = scene.reports.problems
        there = [
            each for id in problems if id in scene.nodes for each in problems[id][:1]
        ]
        errors = [each for each in there if each.severity == "error"]
        shown = errors if len(errors) <= MAX_SHOWN else []
        selected = [each for each in there if each.node in chosen[-1:]]
        return tuple(dict.fromkeys((*shown, *selected)))

    def _card(self, problem: Problem) -> ProblemCard:
        context = self._context
        name = context.graph.nodes[problem.node].name
        card = ProblemCard(context.canvas_style.theme, name, problem, self._parent)
        card.fix_chosen.connect(self._apply_fix)
        card.adjustSize()
        return card

    def place(self) -> None:
        """Place the cards beside their nodes; hide them when zoomed out."""
        scene = self._context.scene
        near = scene.canvas_style.scale >= DETAIL_SCALE
        if not near or not self.cards:
            for card in self.cards:
                card.hide()
            return
        taken = [self._on_screen(item) for item in scene.visible()]
        if self._map.isVisible():
            taken.append(self._map.geometry())
        room = self._view.geometry()
        for card in self.cards:
            node = self._on_screen(scene.visible_item(card.node))
            spot = self._spot(card, node, taken)
            taken.append(spot)
            card.setGeometry(spot)
            card.setVisible(room.intersects(node.adjusted(-80, -80, 80, 80)))

    def _on_screen(self, item: NodeItem) -> QRect:
        view, box = self._view, item.box()
        corner = view.mapFromScene(box.left, box.top) + view.geometry().topLeft()
        scale = view.current_scale
        return QRect(corner, QSize(int(box.width * scale), int(box.height * scale)))

    def _spot(self, card: ProblemCard, node: QRect, taken: list[QRect]) -> QRect:
        """Return the place near the node where the card covers the least."""
        room = self._view.geometry().adjusted(8, 56, -8, -8)
        after, before = node.right() + SIDE_GAP, node.left() - SIDE_GAP
        spots = []
        for edge, space, side in (
            (after, room.right() - after, 1),
            (before, before - room.left(), -1),
        ):
            size = card.size_for(space)
            left = edge if side > 0 else edge - size.width()
            left = max(min(left, room.right() - size.width()), room.left())
            middle = node.center().y() - size.height() // 2
            for top in (node.top() - 8, middle, node.bottom() - size.height() + 8):
                spots.append(QRect(QPoint(left, top), size))
        size = card.size_for(room.width())
        spots.append(QRect(QPoint(node.left(), node.bottom() + BELOW_GAP), size))
        spots.append(
            QRect(QPoint(node.left(), node.top() - BELOW_GAP - size.height()), size)
        )
        spots += _corners(room, card.size_for(0))
        return min(
            spots, key=lambda spot: _cost(spot, room, taken)
        )  # the first of several minima


def _corners(room: QRect, size: QSize) -> list[QRect]:
    """Return places in the view's corners, used if there is no room at the node."""
    spot = QRect(QPoint(0, 0), size)
    found = []
    for corner, move in (
        (room.bottomLeft(), spot.moveBottomLeft),
        (room.bottomRight(), spot.moveBottomRight),
        (room.topLeft(), spot.moveTopLeft),
        (room.topRight(), spot.moveTopRight),
    ):
        move(corner)
        found.append(QRect(spot))
    return found


def _cost(spot: QRect, room: QRect, taken: list[QRect]) -> int:
    """Return the covered area plus twice the area outside the view."""
    seen = spot.intersected(room)
    hidden = spot.width() * spot.height() - max(0, seen.width() * seen.height())
    covered = 0
    for other in taken:
        if spot.intersects(other):
            both = spot.intersected(other)
            covered += both.width() * both.height()
    return hidden * 2 + covered
