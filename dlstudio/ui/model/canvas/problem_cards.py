"""Which problem cards are shown, and where."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

from dlstudio.document.problems import Fix, Problem
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.look import NEAR
from dlstudio.ui.model.canvas.node_item import NodeItem
from dlstudio.ui.model.canvas.problem_card import ProblemCard
from dlstudio.ui.model.canvas.view import CanvasView

FEW = 2  # so many errors are all told at once; of more, those of selected nodes
BESIDE = 28
BELOW = 12
Cure = Callable[[Fix], None]


class ProblemCards(QObject):
    """Cards beside nodes, moving with the view.

    A card is put to the right of its node, or to the left where there is no room.
    """

    def __init__(
        self, board: Board, view: CanvasView, cure: Cure, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._board = board
        self._view = view
        self._cure = cure
        self._parent = parent
        self._told: tuple[Problem, ...] = ()
        self.cards: list[ProblemCard] = []
        view.moved.connect(self.place)

    def refresh(self) -> None:
        """Show the cards that belong to the problems and the selection now."""
        told = self._wanted()
        if told != self._told:
            self._told = told
            for card in self.cards:
                card.hide()
                card.deleteLater()
            self.cards = [self._card(problem) for problem in told]
        self.place()

    def _wanted(self) -> tuple[Problem, ...]:
        scene, chosen = self._board.scene, self._board.selection.ids
        problems = scene.reports.problems
        there = [
            each for id in problems if id in scene.nodes for each in problems[id][:1]
        ]
        errors = [each for each in there if each.severity == "error"]
        told = errors if len(errors) <= FEW else []
        asked = [each for each in there if each.node in chosen[-1:]]
        return tuple(dict.fromkeys((*told, *asked)))

    def _card(self, problem: Problem) -> ProblemCard:
        board = self._board
        name = board.graph.nodes[problem.node].name
        card = ProblemCard(board.look.theme, name, problem, self._parent)
        card.cure.connect(self._cure)
        card.adjustSize()
        return card

    def place(self) -> None:
        """Put the cards beside their nodes; away with them when seen from far."""
        scene = self._board.scene
        near = scene.look.scale >= NEAR
        taken: list[QRect] = []
        for card in self.cards:
            if card.node not in scene.nodes or not near:
                card.hide()
                continue
            node = self._on_screen(scene.stand_in(card.node))
            spot = self._spot(node, card.sizeHint(), taken)
            taken.append(spot)
            card.setGeometry(spot)
            room = self._view.geometry()
            card.setVisible(room.intersects(node.adjusted(-80, -80, 80, 80)))

    def _on_screen(self, item: NodeItem) -> QRect:
        view, box = self._view, item.box()
        corner = view.mapFromScene(box.left, box.top) + view.geometry().topLeft()
        scale = view.scale_now
        return QRect(corner, QSize(int(box.width * scale), int(box.height * scale)))

    def _spot(self, node: QRect, size: QSize, taken: list[QRect]) -> QRect:
        """The first place beside the node that is seen whole and free."""
        room = self._view.geometry().adjusted(8, 56, -8, -8)
        spots = [
            QRect(QPoint(node.right() + BESIDE, node.top() - 8), size),
            QRect(QPoint(node.left() - BESIDE - size.width(), node.top() - 8), size),
            QRect(QPoint(node.left(), node.bottom() + BELOW), size),
            QRect(QPoint(node.right() - size.width(), node.bottom() + BELOW), size),
        ]
        for spot in spots:
            if room.contains(spot) and not any(spot.intersects(t) for t in taken):
                return spot
        spot = spots[0]
        while any(spot.intersects(other) for other in taken):
            spot.translate(0, 8)
        return spot
