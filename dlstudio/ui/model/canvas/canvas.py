"""The canvas as its room sees it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QClipboard,
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from dlstudio.document.analysis import Analysis
from dlstudio.document.layout import LayoutEdit
from dlstudio.document.problems import Fix
from dlstudio.i18n import _
from dlstudio.ui.model.canvas import adding, editing, grouping, walking
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.bubble import Bubble
from dlstudio.ui.model.canvas.choosing import Choosing
from dlstudio.ui.model.canvas.commanded import Commanded
from dlstudio.ui.model.canvas.commands import BY_ID
from dlstudio.ui.model.canvas.dropping import Dropping
from dlstudio.ui.model.canvas.empty import EmptyHint
from dlstudio.ui.model.canvas.finder import Finder
from dlstudio.ui.model.canvas.floating import lay_out
from dlstudio.ui.model.canvas.keys import Keys
from dlstudio.ui.model.canvas.look import Look
from dlstudio.ui.model.canvas.minimap import MiniMap
from dlstudio.ui.model.canvas.pointer import Pointer
from dlstudio.ui.model.canvas.problem_cards import ProblemCards
from dlstudio.ui.model.canvas.reports import Reports
from dlstudio.ui.model.canvas.scene import CanvasScene
from dlstudio.ui.model.canvas.selection import Selection
from dlstudio.ui.model.canvas.telling import Telling
from dlstudio.ui.model.canvas.toolbar import CanvasToolbar
from dlstudio.ui.model.canvas.view import CanvasView
from dlstudio.ui.session import Change, Session
from dlstudio.ui.studio import Studio

SMALL = 560  # narrower than this there is no map


class Canvas(Commanded):
    """One graph of the project, to be seen and edited.

    Signals:
        selection_changed: Ids of the selected nodes.
        opened: Id of a node that was double-clicked, or on which Enter was pressed.
        block_wanted: The selected nodes are to be kept as an own block.
    """

    selection_changed = Signal(tuple)
    opened = Signal(str)
    block_wanted = Signal()
    session: Session
    board: Board
    view: CanvasView
    finder: Finder
    keys: Keys
    choosing: Choosing

    def __init__(
        self, studio: Studio, graph: str = "model", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme, self.session = studio.theme, studio.session
        scene = CanvasScene(self.session.catalog, Look(theme), self)
        self.board = Board(studio, graph, scene, Selection(self))
        self.view = CanvasView(scene, self)
        self.view.setAccessibleName(_("Model canvas"))
        self.setFocusProxy(self.view)
        self.telling = Telling(self, Bubble(theme, self))
        self._empty = EmptyHint(theme, self)
        self.minimap = MiniMap(scene, self.view, self)
        self.problems = ProblemCards(
            self.board, self.view, self.minimap, self._cure, self
        )
        self.toolbar = CanvasToolbar(theme, self, self)
        self.finder = Finder(theme, self.board, self)
        self.choosing = Choosing(self.board, self, self._show_added)
        self.keys = Keys(self)
        self.pointer = Pointer(self)
        self._dropping = Dropping(
            self.board, self.view, self.telling.bubble, self._show_added
        )
        self._fitted = False
        self._connect()
        scene.graphs = self.board.graphs
        scene.show_graph(self.board.graph)
        self._refresh()

    def _connect(self) -> None:
        view, pointer, keys = self.view, self.pointer, self.keys
        view.begin, view.tooltip = pointer.begin, pointer.tooltip
        view.pressed = keys.pressed
        view.knows = lambda event: keys.connecting or keys.command(event) is not None
        view.focus_point = self._focus_point
        view.hovered.connect(pointer.hovered)
        view.double_clicked.connect(pointer.double_clicked)
        view.menu_wanted.connect(pointer.show_menu)
        self.board.selection.changed.connect(self._selected)
        self.session.changed.connect(self._changed)
        self.session.saved_changed.connect(self.toolbar.refresh)
        self.finder.found.connect(self.show_node)
        self.finder.closed.connect(self.view.setFocus)

    # -- what the room calls

    def add(self, kind: str) -> str | None:
        """Add a layer after the selected node, connected; its id, None if refused."""
        id = adding.add(self.board, kind, self.view.center())
        if id is not None:
            self._show_added(id)
        return id

    def select(self, ids: Iterable[str]) -> None:
        """Select these nodes; those that are not there are left out."""
        nodes = self.board.graph.nodes
        self.board.selection.set(id for id in ids if id in nodes)

    def show_node(self, id: str) -> None:
        """Select a node, open the group it is folded into, and bring it into view."""
        if id not in self.board.graph.nodes:
            return
        if id in self.board.scene.folding.hidden:
            grouping.unfold_around(self.board, id)
        self.board.selection.set([id])
        self.bring(id)

    def set_analysis(self, analysis: Analysis) -> None:
        """Show shapes, weights, cost and problems."""
        self.board.scene.tell(Reports.of(analysis, self.board.name))
        self.problems.refresh()
        self.minimap.refresh()

    def run(self, id: str) -> None:
        """Do one of the `commands`, if it makes sense now."""
        if BY_ID[id].when(self):
            BY_ID[id].run(self)

    def paste(self, at: tuple[float, float] | None = None) -> None:
        """Paste nodes from the clipboard, their middle at a place of the scene."""
        if editing.paste(self.board, self.clipboard(), at):
            self._bring_selected()

    # -- what the commands call

    def clipboard(self) -> QClipboard:
        """The system's clipboard."""
        return QGuiApplication.clipboard()

    def arrange(self) -> None:
        """Lay the graph out tidily and show it."""
        if editing.arrange(self.board):
            self.view.begin_at(self.board.scene.content())

    def fit_selection(self) -> None:
        """Show the selected nodes as large as they may be."""
        self.view.fit(QRectF(*editing.selected_box(self.board)))

    def go(self, direction: str) -> None:
        """Move the selection with an arrow."""
        if walking.go(self.board, direction):
            self._bring_selected()

    def escape(self) -> None:
        """Close what is open, else select nothing."""
        if self.finder.isVisible():
            self.finder.close_bar()
        else:
            self.board.selection.clear()

    def open_selected(self) -> None:
        """Open the node selected last, or the folded group it lies in."""
        current = self.board.selection.current
        if current in self.board.scene.folding.hidden:
            grouping.fold(self.board, self.board.scene.folding.hidden[current])
        elif current is not None:
            self.opened.emit(current)

    def keep_block(self) -> None:
        """Ask that the selected nodes be kept as an own block."""
        self.block_wanted.emit()

    # -- following

    def _changed(self, change: Change) -> None:
        diff = change.graph(self.board.name)
        scene = self.board.scene
        scene.graphs = self.board.graphs
        before, after = change.before.graphs, change.after.graphs
        others = {n for n in {*before, *after} if before.get(n) is not after.get(n)}
        others.discard(self.board.name)
        if not diff:
            scene.show_nested(others)
            return
        self.view.cancel()
        self.keys.stop()
        scene.follow(diff, self.board.graph)
        scene.show_nested(others)
        self.board.selection.prune(self.board.graph)
        self._refresh()
        if len(diff.added) == len(self.board.graph.nodes) > 1:  # another project
            self.view.begin_at(self.board.scene.content())

    def _selected(self, ids: tuple[str, ...]) -> None:
        selection, scene = self.board.selection, self.board.scene
        scene.select(ids, selection.link)
        self.problems.refresh()
        self.toolbar.refresh()
        current = selection.current
        told = scene.stand_in(current).face if current in scene.nodes else None
        self.view.setAccessibleDescription(f"{told.name}, {told.title}" if told else "")
        if QAccessible.isActive():
            event = QAccessibleEvent(self.view, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(event)
        self.selection_changed.emit(ids)

    def _refresh(self) -> None:
        self._empty.setVisible(not self.board.graph.nodes)
        self._show_map()
        self.minimap.refresh()
        self.problems.refresh()
        self.toolbar.refresh()

    def _cure(self, fix: Fix) -> None:
        self.board.do([LayoutEdit(fix.edits)], fix.label)

    # -- what is seen

    def card(self, id: str) -> QRect:
        """A node's card in pixels of the view."""
        box = self.board.scene.stand_in(id).box()
        rect = QRectF(box.left, box.top, box.width, box.height)
        return self.view.mapFromScene(rect).boundingRect()

    def _focus_point(self) -> QPointF | None:
        current = self.board.selection.current
        return QPointF(self.card(current).center()) if current is not None else None

    def bring(self, id: str) -> None:
        """Pan until a node is seen."""
        box = self.board.scene.stand_in(id).box()
        self.view.show_rect(QRectF(box.left, box.top, box.width, box.height))

    def _bring_selected(self) -> None:
        if self.board.selection.current is not None:
            self.bring(self.board.selection.current)

    def _show_added(self, id: str) -> None:
        self.bring(id)
        self.view.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the whole graph the first time."""
        super().showEvent(event)
        if not self._fitted:
            self._fitted = True
            self._lay_out()
            self.view.begin_at(self.board.scene.content())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what floats into its corners."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        self.view.setGeometry(self.rect())
        lay_out(self.rect(), self.toolbar, self.finder, self.minimap, self._empty)
        self._show_map()
        self.problems.place()

    def _show_map(self) -> None:
        there = bool(self.board.graph.nodes)
        self.minimap.setVisible(there and self.width() >= SMALL)
