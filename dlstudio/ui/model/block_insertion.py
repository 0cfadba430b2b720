"""Insert user blocks into a graph: dropped, or after the selected layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QDropEvent

from dlstudio.document.canvas.boxes import STEP_X, STEP_Y
from dlstudio.document.edits.project import SetGraph
from dlstudio.document.graph import INPUT, Edge, Graph
from dlstudio.i18n import _
from dlstudio.ui.model import graph_clipboard
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.editor import CanvasEditor
from dlstudio.ui.model.canvas.gestures.move import EDGE_SNAP_DISTANCE
from dlstudio.ui.model.canvas.scene.hit_test import nearest_edge
from dlstudio.ui.model.nested_models.adoption import adopt
from dlstudio.ui.model.palette.block_store import Block
from dlstudio.ui.model.palette.palette_model import BLOCK_MIME

Position = tuple[float, float]
MAX_STEPS = 12  # attempts to find free space to the right


def insert_block(
    context: EditContext,
    block: Block,
    at: Position | None = None,
    edge: Edge | None = None,
) -> bool:
    """Insert a block's layers into the graph as one undo step.

    Args:
        context: The graph to edit.
        block: The block to insert.
        at: Its centre, unconnected, in scene pixels. None connects it to the selected
            layer, or to the graph's only end. In a chain, the block goes between that
            layer and its successor, and the layers below are moved down.
        edge: The edge to insert it into, instead.
    """
    adopted = adopt(block.graph, block.nested, context.graphs)
    fragment, graph = adopted.graph, context.graph
    if edge is not None:
        source: str | None = edge.source
    else:
        source = _source(context) if at is None else None
    cut = edge if edge is not None else _edge_to_split(graph, fragment, source)
    shift = (
        _shift_below(context, fragment, source)
        if cut
        else _shift(context, fragment, source, at)
    )
    made = graph_clipboard.paste_into(graph, fragment, shift)
    ids = dict(zip(fragment.nodes, made.ids, strict=True))
    edges = [edge for edge in made.graph.edges if edge != cut]
    ends = _ends(fragment)
    if source is not None and ends is not None:
        port = cut.source_port if cut is not None else 0
        edges.append(Edge(source, ids[ends[0]], port))
    if cut is not None and ends is not None:
        edges.append(Edge(ids[ends[1]], cut.target, 0, cut.target_port))
    whole = replace(made.graph, edges=tuple(edges))
    if cut is not None:
        whole = _make_room(context, whole, cut.target, made.ids)
    text = _("Add block {name}").format(name=block.name)
    if not context.do([*adopted.edits, SetGraph(whole, context.name)], text):
        return False
    context.selection.set(made.ids)
    return True


def _edge_to_split(graph: Graph, fragment: Graph, source: str | None) -> Edge | None:
    """Return the edge to split: the only output edge of the preceding layer."""
    edges = graph.out_of(source) if source is not None else ()
    return edges[0] if len(edges) == 1 and _ends(fragment) is not None else None


def _ends(fragment: Graph) -> tuple[str, str] | None:
    """Return a block's first and last layer if it has one open end on each side."""
    fed = {edge.target for edge in fragment.edges}
    feeding = {edge.source for edge in fragment.edges}
    first = [
        id for id, n in fragment.nodes.items() if id not in fed and n.kind != INPUT
    ]
    last = [id for id in fragment.nodes if id not in feeding]
    return (first[0], last[0]) if len(first) == len(last) == 1 else None


def _shift_below(context: EditContext, fragment: Graph, source: str | None) -> Position:
    """Return the shift that puts the block below the layer it follows."""
    x, y = context.graph.nodes[source].position if source else (0.0, 0.0)
    xs = [node.position[0] for node in fragment.nodes.values()]
    ys = [node.position[1] for node in fragment.nodes.values()]
    return context.snap_position(x - (min(xs) + max(xs)) / 2, y + STEP_Y - min(ys))


def _make_room(
    context: EditContext, graph: Graph, target: str, block: Sequence[str]
) -> Graph:
    """Move a block's successors down until they are below it."""
    bottom = max(graph.nodes[id].position[1] for id in block)
    gap = bottom + STEP_Y - graph.nodes[target].position[1]
    if gap <= 0:
        return graph
    moved = [graph.nodes[id] for id in context.rules.after(target)]
    return graph.with_nodes(
        replace(node, position=(node.position[0], node.position[1] + gap))
        for node in moved
    )


def _source(context: EditContext) -> str | None:
    """Return the layer that the block follows, if any."""
    graph = context.graph
    if context.selection.ids:
        return context.selection.ids[-1]
    ends = graph.output_ids() if graph.nodes else ()
    return ends[0] if len(ends) == 1 else None


def _shift(
    context: EditContext, fragment: Graph, source: str | None, at: Position | None
) -> Position:
    xs = [node.position[0] for node in fragment.nodes.values()]
    ys = [node.position[1] for node in fragment.nodes.values()]
    across = (min(xs) + max(xs)) / 2
    if at is not None:
        middle = (min(ys) + max(ys)) / 2
        return context.snap_position(at[0] - across, at[1] - middle)
    feeding = context.graph.nodes.get(source) if source else None
    x, y = feeding.position if feeding else (0.0, -STEP_Y)
    shift = context.snap_position(x - across, y + STEP_Y - min(ys))
    for step in range(MAX_STEPS):
        moved = (shift[0] + step * STEP_X, shift[1])
        if not _overlaps(context.graph, fragment, moved):
            return moved
    return shift


def _overlaps(graph: Graph, fragment: Graph, shift: Position) -> bool:
    there = [node.position for node in graph.nodes.values()]
    return any(
        abs(x + shift[0] - ox) < STEP_X * 0.9 and abs(y + shift[1] - oy) < STEP_Y * 0.7
        for x, y in (node.position for node in fragment.nodes.values())
        for ox, oy in there
    )


class BlockDropHandler(QObject):
    """Handles drops of blocks on a canvas, which itself only accepts layers.

    Args:
        canvas: The canvas to handle drops on; also the handler's parent.
        find: Returns a block by its name.
    """

    def __init__(
        self, canvas: CanvasEditor, find: Callable[[str], Block | None]
    ) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._find = find
        self._edge: Edge | None = None
        canvas.view.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self._highlight_edge(None)
        if not isinstance(event, QDropEvent):  # drag enter and move events included
            return False
        if not event.mimeData().hasFormat(BLOCK_MIME):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        name = bytes(event.mimeData().data(BLOCK_MIME).data()).decode("utf-8")
        block = self._find(name)
        if block is None:
            return True
        spot = self._canvas.view.spot(QPointF(event.position()), event.modifiers())
        scene = self._canvas.context.scene
        open_ended = _ends(block.graph) is not None
        near = (
            nearest_edge(scene, spot.x, spot.y, EDGE_SNAP_DISTANCE)
            if open_ended
            else None
        )
        if event.type() == QEvent.Type.Drop:
            self._highlight_edge(None)
            at = (spot.x, spot.y) if near is None else None
            insert_block(self._canvas.context, block, at, near)
        else:
            self._highlight_edge(near)
        return True

    def _highlight_edge(self, edge: Edge | None) -> None:
        """Highlight the edge that the block would be inserted into."""
        items = self._canvas.context.scene.edge_layer.items
        for each, on in ((self._edge, False), (edge, True)):
            if each is not None and each in items:
                items[each].mark(hovered=on)
        self._edge = edge
