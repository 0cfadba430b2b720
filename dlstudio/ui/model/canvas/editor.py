"""The canvas editor: the view of one graph with its toolbar, map and popups."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from dlstudio.document.analysis import Analysis
from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.layout import LayoutEdit
from dlstudio.document.problems import Fix
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.editing import (
    group_edits,
    node_insertion,
    selection_edits,
)
from dlstudio.ui.model.canvas.editing.arrangement_job import ArrangementJob
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.input import keyboard_navigation
from dlstudio.ui.model.canvas.input.commands import canvas_commands
from dlstudio.ui.model.canvas.input.context_menu import ContextMenu
from dlstudio.ui.model.canvas.input.key_handler import KeyHandler
from dlstudio.ui.model.canvas.input.layer_drop_handler import LayerDropHandler
from dlstudio.ui.model.canvas.input.pointer_handler import PointerHandler
from dlstudio.ui.model.canvas.input.toolbar import CanvasToolbar
from dlstudio.ui.model.canvas.items.canvas_style import CanvasStyle
from dlstudio.ui.model.canvas.overlays.editor_overlays import EditorOverlays
from dlstudio.ui.model.canvas.overlays.hint_bubble import HintBubble
from dlstudio.ui.model.canvas.overlays.hint_bubbles import HintBubbles
from dlstudio.ui.model.canvas.overlays.inline_rename import rename
from dlstudio.ui.model.canvas.overlays.layer_chooser import LayerChooser
from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene
from dlstudio.ui.model.canvas.scene.canvas_selection import CanvasSelection
from dlstudio.ui.model.canvas.view.accessible_text import describe_selection
from dlstudio.ui.model.canvas.view.canvas_view import CanvasView
from dlstudio.ui.session import ProjectChange
from dlstudio.ui.studio import Studio


class CanvasEditor(QWidget):
    """Shows one graph of the project and edits it.

    Attributes:
        commands: The handler of each canvas action, by action id.

    Signals:
        selection_changed: Ids of the selected nodes.
        opened: Id of a node that was double-clicked or opened with Enter.
        block_requested: Emitted when the selected nodes should be saved as a block.
        comparison_requested: Emitted when the graph should be compared with another.
        drawing_requested: Emitted when the canvas should be saved as a drawing.
        layers_requested: Emitted when the selected network should be opened.
    """

    selection_changed = Signal(tuple)
    opened = Signal(str)
    block_requested = Signal()
    comparison_requested = Signal()
    drawing_requested = Signal()
    layers_requested = Signal()

    def __init__(
        self, studio: Studio, graph: str = "model", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        theme, self.session = studio.theme, studio.session
        scene = CanvasScene(self.session.catalog, CanvasStyle(theme), self)
        self.context = EditContext(studio, graph, scene, CanvasSelection(self))
        self.view = CanvasView(scene, self)
        self.view.setAccessibleName(_("Model canvas"))
        self.setFocusProxy(self.view)
        self.arrangement = ArrangementJob(self.context, self)
        self.hint_bubbles = HintBubbles(
            self.context, self.view, HintBubble(theme, self)
        )
        self.commands = canvas_commands(self)
        self.toolbar = CanvasToolbar(theme, self.session, self.commands, self)
        self.overlays = EditorOverlays(
            self.context, self.view, self.toolbar, self._apply_fix, self
        )
        self.minimap, self.problems = self.overlays.minimap, self.overlays.problems
        self.find_bar = self.overlays.find_bar
        self.layer_chooser = LayerChooser(self.context, self, self._show_added)
        self.keys = KeyHandler(self.context, self.commands, self.hint_bubbles)
        self.pointer = PointerHandler(
            self,
            ContextMenu(self, self.commands),
            self.hint_bubbles,
            self.opened.emit,
        )
        self._drop_handler = LayerDropHandler(
            self.context, self.view, self.hint_bubbles.bubble, self._show_added
        )
        self._fitted = False
        self._connect()
        scene.graphs = self.context.graphs
        scene.show_graph(self.context.graph)
        self._refresh()

    def _connect(self) -> None:
        view, pointer, keys = self.view, self.pointer, self.keys
        view.begin, view.tooltip = pointer.begin, pointer.tooltip
        view.pressed = keys.pressed
        view.handles_key = lambda event: (
            keys.connecting or keys.command(event) is not None
        )
        view.focus_point = self._focus_point
        view.hovered.connect(pointer.hovered)
        view.double_clicked.connect(pointer.double_clicked)
        view.menu_requested.connect(pointer.show_menu)
        self.context.selection.changed.connect(self._selected)
        self.session.changed.connect(self._changed)
        self.session.saved_changed.connect(self.toolbar.refresh)
        self.arrangement.arranged.connect(self._show_start)
        self.arrangement.started.connect(self.toolbar.refresh)
        self.arrangement.ended.connect(self.toolbar.refresh)
        self.find_bar.found.connect(self._show_hit)
        self.find_bar.closed.connect(self.view.setFocus)

    # -- called by the room

    def add(self, kind: str) -> str | None:
        """Add a layer after the selected node; return its id, or None."""
        id = node_insertion.add(self.context, kind, self.view.center())
        if id is not None:
            self._show_added(id)
        return id

    def select(self, ids: Iterable[str]) -> None:
        """Select nodes; unknown ids are ignored."""
        nodes = self.context.graph.nodes
        self.context.selection.set(id for id in ids if id in nodes)

    def show_node(self, id: str) -> None:
        """Select a node, expand the groups around it and scroll to it."""
        if id not in self.context.graph.nodes:
            return
        if id in self.context.scene.group_layer.hidden:
            group_edits.expand_around(self.context, id)
        self.context.selection.set([id])
        self.view.scroll_to(id)

    def set_analysis(self, analysis: Analysis) -> None:
        """Show shapes, weights, cost and problems."""
        self.context.scene.show_reports(GraphReports.of(analysis, self.context.name))
        self.overlays.refresh_reports()

    def run(self, id: str) -> None:
        """Run an action if it is enabled."""
        if self.commands[id].enabled():
            self.commands[id].run()

    def paste(self, at: tuple[float, float] | None = None) -> None:
        """Paste nodes from the clipboard, centred at a scene position."""
        if selection_edits.paste(self.context, QGuiApplication.clipboard(), at):
            self._scroll_to_selected()

    # -- called by the commands

    def start_connecting(self) -> None:
        """Start connecting the selected node with the arrow keys."""
        self.view.setFocus()  # for the arrow keys
        self.keys.start_connecting()

    def rename_selected(self) -> None:
        """Edit the selected node's or group's name in place."""
        rename(self.context, self.view, self)

    def fit_selection(self) -> None:
        """Zoom to the selected nodes."""
        self.view.fit(QRectF(*selection_edits.selected_box(self.context)))

    def go(self, direction: str) -> None:
        """Move the selection in the direction of an arrow key."""
        if keyboard_navigation.move_selection(self.context, direction):
            self._scroll_to_selected()

    def escape(self) -> None:
        """Close the find bar if it is open, else clear the selection."""
        if self.find_bar.isVisible():
            self.find_bar.close_bar()
        else:
            self.context.selection.clear()

    def open_selected(self) -> None:
        """Open the node selected last, or expand its collapsed group."""
        current = self.context.selection.current
        if current in self.context.scene.group_layer.hidden:
            group_edits.toggle_collapsed(
                self.context, self.context.scene.group_layer.hidden[current]
            )
        elif current is not None:
            self.opened.emit(current)

    def save_block(self) -> None:
        """Request that the selected nodes be saved as a block."""
        self.block_requested.emit()

    def compare(self) -> None:
        """Request that the graph be compared with another one."""
        self.comparison_requested.emit()

    def save_drawing(self) -> None:
        """Request that the canvas be saved as a drawing."""
        self.drawing_requested.emit()

    def open_layers(self) -> None:
        """Request that the selected network be opened into its layers."""
        self.layers_requested.emit()

    # -- updates

    def _changed(self, change: ProjectChange) -> None:
        diff = change.graph(self.context.name)
        scene = self.context.scene
        scene.graphs = self.context.graphs
        before, after = change.before.graphs, change.after.graphs
        others = {n for n in {*before, *after} if before.get(n) is not after.get(n)}
        others.discard(self.context.name)
        if not diff:
            scene.show_nested(others)
            return
        self.view.cancel()
        self.keys.stop()
        scene.apply_diff(diff, self.context.graph)
        scene.show_nested(others)
        self.context.selection.prune(self.context.graph)
        self._refresh()
        if len(diff.added) == len(self.context.graph.nodes) > 1:  # new project
            self._show_start()

    def _selected(self, ids: tuple[str, ...]) -> None:
        selection, scene = self.context.selection, self.context.scene
        scene.select(ids, selection.edge)
        self.problems.refresh()
        self.toolbar.refresh()
        current = selection.current
        card = scene.visible_item(current).card if current in scene.nodes else None
        describe_selection(self.view, card)
        self.selection_changed.emit(ids)

    def _refresh(self) -> None:
        self.overlays.refresh()
        self.toolbar.refresh()

    def _apply_fix(self, fix: Fix) -> None:
        self.context.do([LayoutEdit(fix.edits)], fix.label)

    # -- view and geometry

    def _focus_point(self) -> QPointF | None:
        current = self.context.selection.current
        if current is None:
            return None
        return QPointF(self.view.card_rect(current).center())

    def _show_start(self) -> None:
        self.view.show_start(self.context.scene.content_rect())

    def _scroll_to_selected(self) -> None:
        if self.context.selection.current is not None:
            self.view.scroll_to(self.context.selection.current)

    def _show_hit(self, id: str) -> None:
        self.show_node(id)
        self.overlays.uncover(id)

    def _show_added(self, id: str) -> None:
        self.view.scroll_to(id)
        self.view.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the start of the graph when the editor is first shown."""
        super().showEvent(event)
        if not self._fitted:
            self._fitted = True
            self._update_geometry()
            self._show_start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reposition the overlays."""
        super().resizeEvent(event)
        self._update_geometry()

    def _update_geometry(self) -> None:
        self.view.setGeometry(self.rect())
        self.overlays.place()
