"""Opening the chooser for a place, and adding what was chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from dlstudio.catalog.schema import Description
from dlstudio.document.analysis import TensorInfo
from dlstudio.document.graph import Edge
from dlstudio.i18n import _
from dlstudio.ui.model.canvas import adding
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.boxes import STEP_Y
from dlstudio.ui.model.canvas.chooser import Chooser
from dlstudio.ui.model.canvas.fitting import fits, offered, ranking
from dlstudio.ui.model.canvas.view import CanvasView
from dlstudio.ui.model.nested_kinds import nested_kinds

Place = tuple[float, float]
Add = Callable[[Description], str | None]


class Choosing:
    """The four places a layer can be chosen for.

    Args:
        parent: The widget the popup belongs to.
        added: Told the id of what was added.
    """

    def __init__(
        self, board: Board, parent: QWidget, added: Callable[[str], None]
    ) -> None:
        self._board = board
        self._parent = parent
        self._added = added
        self.popup: Chooser | None = None

    def next(self, view: CanvasView) -> None:
        """For the place after the selected node; opens under it."""
        current = self._board.selection.current
        at = view.viewport().rect().center()
        if current is not None:
            box = self._board.scene.stand_in(current).box()
            at = view.mapFromScene(box.left, box.bottom + 8)
        self.after_selected(view.viewport().mapToGlobal(at), view.center())

    def after_selected(self, at: QPoint, center: Place) -> None:
        """For the place after the selected node; see `adding.add`."""
        board, sources = self._board, adding.feeding(self._board)
        node = sources[-1] if sources else None
        title = _("Add a layer")
        if node is not None:
            name = board.scene.stand_in(node).face.name
            title = _("After “{name}”").format(name=name)
        self._open(at, title, node, 0, lambda d: adding.add(board, d.kind, center))

    def alone(self, at: QPoint, place: Place) -> None:
        """For a place of its own."""
        board = self._board
        title = _("Add a layer here")
        self._open(at, title, None, 0, lambda d: adding.add_alone(board, d, place))

    def for_wire(self, at: QPoint, link: Edge) -> None:
        """For the middle of a wire."""
        board, nodes = self._board, self._board.graph.nodes
        title = _("Between “{source}” and “{target}”").format(
            source=nodes[link.source].name, target=nodes[link.target].name
        )
        self._open(
            at,
            title,
            link.source,
            link.source_port,
            lambda d: adding.insert(board, d, link),
        )

    def for_loose_end(
        self, at: QPoint, node: str, port: int, side: str, place: Place
    ) -> None:
        """For a wire that was drawn into empty space."""
        board = self._board
        name = board.graph.nodes[node].name
        if side == "out":
            self._open(
                at,
                _("After “{name}”").format(name=name),
                node,
                port,
                lambda d: adding.add_after(board, d, [node], place, port),
            )
            return
        top = board.scene.stand_in(node).y_at - STEP_Y
        above = (place[0], min(place[1], top))
        self._open(
            at,
            _("Before “{name}”").format(name=name),
            None,
            0,
            lambda d: adding.add_before(board, d, node, port, above),
        )

    def _open(
        self, at: QPoint, title: str, source: str | None, port: int, add: Add
    ) -> None:
        board = self._board
        project = board.studio.session.project
        nested = nested_kinds(project, board.name, board.catalog)
        layers = [*offered(board.catalog), *nested]
        graph = board.graph
        before = graph.nodes.get(source) if source else None
        tensor = self._tensor(source, port) if source else None
        known = board.catalog.get(before.kind) if before else None
        fitting = [each for each in layers if source is None or fits(each, tensor)]
        others = [each for each in layers if each not in fitting]
        recent = board.studio.settings.value.recent_layers
        theme = board.look.theme
        rank = ranking(known, tensor, recent)
        popup = Chooser(theme, title, fitting, others, rank, self._parent)

        def chosen(kind: str) -> None:
            description = board.describe(kind)
            id = add(description) if description is not None else None
            if id is not None:
                self._added(id)

        popup.chosen.connect(chosen)
        popup.closed.connect(self._closed)
        self.popup = popup
        popup.open_at(at)

    def _closed(self) -> None:
        self.popup = None

    def _tensor(self, node: str, port: int) -> TensorInfo | None:
        return self._board.scene.reports.tensor(node, port)
