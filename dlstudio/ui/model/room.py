"""The Model room: the palette beside one workspace per open graph."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.project import MODEL
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.ui.actions import CommandHandler
from dlstudio.ui.model import keyboard_focus
from dlstudio.ui.model.block_insertion import BlockDropHandler, insert_block
from dlstudio.ui.model.breadcrumb import Breadcrumb
from dlstudio.ui.model.graph_clipboard import to_text
from dlstudio.ui.model.graph_workspace import GraphWorkspace
from dlstudio.ui.model.nested_models.expansion import rename_graph
from dlstudio.ui.model.nested_models.kinds import nested_kinds
from dlstudio.ui.model.palette.block_store import Block
from dlstudio.ui.model.palette.layer_palette import LayerPalette
from dlstudio.ui.model.panels.model_panels import PROBLEMS, PYTHON
from dlstudio.ui.services.model_view_state import PALETTE
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio


def make(studio: Studio) -> QWidget:
    """Create the room for the shell."""
    return ModelRoom(studio)


class ModelRoom(QWidget):
    """The room to design models; each nested graph opens in its own workspace.

    Signals:
        opened: Name of the graph that is now shown.
    """

    opened = Signal(str)

    def __init__(self, studio: Studio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._view_state = studio.services.model_view_state
        self._workspaces: dict[str, GraphWorkspace] = {}
        self.palette_panel = LayerPalette(studio, self)
        self.palette_panel.setProperty("role", "surface")
        self.palette_panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.palette_panel.setMinimumWidth(160)
        self.breadcrumb = Breadcrumb(studio.theme, self)
        self._stack = QStackedWidget(self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._build()
        self.palette_panel.chosen.connect(self.add_layer)
        self.palette_panel.block_chosen.connect(self.add_block)
        self.palette_panel.block_named.connect(self._save_block)
        self.palette_panel.search.escaped.connect(self._to_canvas)
        self.breadcrumb.chosen.connect(self._go_to_level)
        self.breadcrumb.renamed.connect(self._rename_graph)
        self._splitter.splitterMoved.connect(self._resized)
        studio.session.changed.connect(self._changed)
        graphs = studio.session.project.graphs
        path = [name for name in self._view_state.path if name in graphs] or [MODEL]
        self._view_state.path = path[:-1]
        self.open_graph(path[-1])

    @property
    def workspace(self) -> GraphWorkspace:
        """The current workspace."""
        return self._workspaces[self._view_state.path[-1]]

    def open_graph(self, name: str) -> None:
        """Show a graph, one level below the current one unless it is a parent."""
        if name != MODEL and name not in self._studio.session.project.graphs:
            return
        path = self._view_state.path
        self._view_state.path = (
            path[: path.index(name) + 1] if name in path else [*path, name]
        )
        if name not in self._workspaces:
            self._workspaces[name] = self._new_workspace(name)
        self._stack.setCurrentWidget(self._workspaces[name])
        self._update_breadcrumb()
        self._show_models()
        self.opened.emit(name)

    def show_node(self, graph: str, node: str) -> None:
        """Open a graph and scroll to one of its nodes."""
        self.open_graph(graph)
        if node and self._view_state.path[-1] == graph:
            self.workspace.canvas.show_node(node)

    def add_layer(self, kind: str) -> None:
        """Add a layer after the selected one."""
        self.workspace.canvas.add(kind)

    def add_block(self, block: Block) -> None:
        """Insert a user block after the selected layer."""
        insert_block(self.workspace.canvas.context, block)

    def save_block(self) -> None:
        """Ask for a name and save the selected layers as a block."""
        self.palette_panel.edit_block_name()

    def show_problems(self) -> None:
        """Open the problem list and focus the first problem."""
        self.workspace.show_panel(PROBLEMS)
        self.workspace.panels.problems.focus_first()

    def save_script(self) -> None:
        """Open the script and ask where to save it."""
        self.workspace.show_panel(PYTHON)
        self.workspace.panels.python.open_save_dialog()

    def save_drawing(self) -> None:
        """Ask for a file and save the canvas as a drawing."""
        self.workspace.save_drawing()

    def search_layers(self) -> None:
        """Focus the palette's search field."""
        self.palette_panel.search.setFocus()
        self.palette_panel.search.selectAll()

    def commands(self) -> Mapping[str, CommandHandler]:
        """Return the handlers of actions on the current canvas and the panes."""
        return {
            **self.workspace.canvas.commands,
            "view.next_pane": CommandHandler(self.next_pane),
            "view.previous_pane": CommandHandler(self.previous_pane),
        }

    def next_pane(self) -> None:
        """Focus the next of palette, canvas, inspector and panels, cyclically."""
        self._go_to_pane(1)

    def previous_pane(self) -> None:
        """Focus the previous pane."""
        self._go_to_pane(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape focuses the canvas unless it was handled elsewhere."""
        if event.key() == Qt.Key.Key_Escape:
            self._to_canvas()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Move the focus through the panes in visual order.

        Qt also calls this when the focused widget is hidden; that case is left to Qt.
        """
        focused = QApplication.focusWidget()
        if focused is None or not focused.isVisible():
            return super().focusNextPrevChild(next)
        workspace = self.workspace
        inspector, panels = workspace.inspector, workspace.panels
        panes = (
            self.palette_panel,
            self.breadcrumb,
            workspace.canvas,
            inspector.open,
            inspector.tabs,
            inspector.parameters.form,
            inspector,
            panels.tabs,
            panels,
        )
        return keyboard_focus.move_focus(
            self, panes, next
        ) or super().focusNextPrevChild(next)

    def showEvent(self, event: QShowEvent) -> None:
        """Focus the canvas so that its keys work immediately."""
        super().showEvent(event)
        if not event.spontaneous():
            self.workspace.canvas.view.setFocus()

    def _to_canvas(self) -> None:
        self.workspace.canvas.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _go_to_pane(self, step: int) -> None:
        workspace, palette = self.workspace, self.palette_panel
        panes = (
            (palette, palette.search),
            (workspace.canvas, workspace.canvas.view),
            (workspace.inspector, workspace.inspector.tabs),
            (workspace.panels, workspace.panels.tabs),
        )
        keyboard_focus.focus_pane(panes, step, QApplication.focusWidget())

    def _build(self) -> None:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.breadcrumb)
        column.addWidget(self._stack, 1)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self.palette_panel)
        self._splitter.addWidget(middle)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([self._view_state.sizes[PALETTE], 1000])
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._splitter)

    def _new_workspace(self, name: str) -> GraphWorkspace:
        workspace = GraphWorkspace(self._studio, name, self._view_state, self)
        workspace.graph_requested.connect(self.open_graph)
        workspace.node_requested.connect(self.show_node)
        workspace.block_requested.connect(self.save_block)
        BlockDropHandler(workspace.canvas, self.palette_panel.block)
        self._stack.addWidget(workspace)
        return workspace

    def _update_breadcrumb(self) -> None:
        names = [_("Model") if n == MODEL else n for n in self._view_state.path]
        self.breadcrumb.show_path(names)

    def _go_to_level(self, index: int) -> None:
        self.open_graph(self._view_state.path[index])

    def _show_models(self) -> None:
        """Show the project's other graphs in the palette."""
        session, here = self._studio.session, self._view_state.path[-1]
        found = nested_kinds(session.project, here, session.catalog)
        self.palette_panel.show_models(found)

    def _rename_graph(self, name: str) -> None:
        session, here = self._studio.session, self._view_state.path[-1]
        path = [*self._view_state.path[:-1], name]
        try:
            edits = rename_graph(session.project, here, name)
            session.do(CompositeEdit(edits), _("Rename nested model"))
        except UserError as error:
            self._studio.notices.error(error)
            return
        self._view_state.path = path[:-1]
        self.open_graph(name)

    def _save_block(self, name: str) -> None:
        context = self.workspace.canvas.context
        text = to_text(context.graph, context.selection.ids, context.graphs)
        self.palette_panel.save_block(name, text)

    def _resized(self, _place: int, _index: int) -> None:
        self._view_state.sizes[PALETTE] = self._splitter.sizes()[0]

    def _changed(self, change: ProjectChange) -> None:
        self._remember_added(change)
        there = change.after.graphs
        for name in [n for n in self._workspaces if n not in there and n != MODEL]:
            workspace = self._workspaces.pop(name)
            self._stack.removeWidget(workspace)
            workspace.hide()
            workspace.deleteLater()
        before = change.before.graphs
        if before.keys() != there.keys() or any(
            before[n] is not there[n] and before[n].inputs != there[n].inputs
            for n in there
            if n != MODEL
        ):
            self._show_models()
        if self._view_state.path[-1] not in self._workspaces:
            path = [name for name in self._view_state.path if name in self._workspaces]
            self._view_state.path = path[:-1]
            self.open_graph(path[-1] if path else MODEL)

    def _remember_added(self, change: ProjectChange) -> None:
        """Record a layer that was added alone, in any way, as recently used."""
        history, name = self._studio.session.history, self._view_state.path[-1]
        if history.future or not history.past:
            return  # undone, or another project was opened
        added = change.graph(name).added
        if len(added) == 1:
            node = change.after.graphs[name].nodes[added[0]]
            self.palette_panel.record_use(node.kind)
