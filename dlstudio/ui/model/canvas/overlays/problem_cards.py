"""Selection and placement of the problem cards."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

from dlstudio.document.problems import Fix, Problem
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.items.canvas_style import DETAIL_SCALE
from dlstudio.ui.model.canvas.items.node_item import NodeItem
from dlstudio.ui.model.canvas.overlays.problem_card import (
    COMPACT_WIDTH,
    MIN_WIDTH,
    ProblemCard,
)
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView

MAX_SHOWN = 2  # with more errors, only the selected node's problem is shown
SIDE_GAP = 28
BELOW_GAP = 12
OWN_NODE = 1000  # weight of covering the problem's own node
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
        """Return the place near the node where the card covers the least.

        Narrower cards are tried before another node is covered. Its own node is never
        covered.
        """
        room = self._view.geometry().adjusted(8, 56, -8, -8)

        def cost(spot: QRect) -> int:
            return _cost(spot, room, taken) + OWN_NODE * _overlap(spot, node)

        spots: list[QRect] = []
        for least in (0, MIN_WIDTH, COMPACT_WIDTH):
            spots += _usual_spots(card, node, room, least)
            best = min(spots, key=cost)  # the first of equals
            if cost(best) == 0:
                return best
            free = _free_spots(card.size_for(0, least), node, room, taken)
            if free:
                return min(free, key=lambda spot: _distance(spot, node))
        return best


def _usual_spots(
    card: ProblemCard, node: QRect, room: QRect, least: int
) -> list[QRect]:
    """Return places beside, below and above the node, and in the view's corners."""
    after, before = node.right() + SIDE_GAP, node.left() - SIDE_GAP
    spots = []
    for edge, space, side in (
        (after, room.right() - after, 1),
        (before, before - room.left(), -1),
    ):
        size = card.size_for(space, least)
        left = edge if side > 0 else edge - size.width()
        left = max(min(left, room.right() - size.width()), room.left())
        middle = node.center().y() - size.height() // 2
        for top in (node.top() - 8, middle, node.bottom() - size.height() + 8):
            spots.append(QRect(QPoint(left, top), size))
    size = card.size_for(room.width(), least)
    below, above = node.bottom() + BELOW_GAP, node.top() - BELOW_GAP - size.height()
    spots += [QRect(QPoint(node.left(), top), size) for top in (below, above)]
    return spots + _corners(room, card.size_for(0, least))


def _free_spots(
    size: QSize, node: QRect, room: QRect, taken: list[QRect]
) -> list[QRect]:
    """Return places that cover nothing, at the sides of the node and of the view."""
    found = []
    last = room.right() - size.width()
    lefts = (node.right() + SIDE_GAP, node.left() - SIDE_GAP - size.width())
    for left in (*lefts, room.left(), last):
        column = QRect(left, room.top(), size.width(), room.height())
        if room.left() <= left <= last:
            beside = [each for each in taken if each.intersects(column)]
            tops = _free_tops(size.height(), node.center().y(), room, beside)
            found += [QRect(QPoint(left, top), size) for top in tops]
    return found


def _free_tops(height: int, middle: int, room: QRect, beside: list[QRect]) -> list[int]:
    """Return the top in each gap between rectangles that is nearest to a middle.

    Args:
        height: Height of the card.
        middle: Where the middle of the card should be.
        room: The part of the view that can be used.
        beside: Rectangles that are not to be covered.
    """
    tops, start = [], room.top()
    spans = sorted((each.top(), each.bottom() + 1) for each in beside)
    for top, end in (*spans, (room.bottom() + 1, room.bottom() + 1)):
        if top - start >= height:
            tops.append(min(max(middle - height // 2, start), top - height))
        start = max(start, end)
    return tops


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
    hidden = spot.width() * spot.height() - _overlap(spot, room)
    return hidden * 2 + sum(_overlap(spot, other) for other in taken)


def _overlap(one: QRect, other: QRect) -> int:
    """Return the area that both rectangles share."""
    if not one.intersects(other):
        return 0
    both = one.intersected(other)
    return both.width() * both.height()


def _distance(spot: QRect, node: QRect) -> int:
    return (spot.center() - node.center()).manhattanLength()
