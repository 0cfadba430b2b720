"""Move the selection with the arrow keys."""

from __future__ import annotations

from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.layout.directions import next_node
from dlstudio.ui.model.canvas.scene.collapsed_graph import CollapsedGraph


def move_selection(context: EditContext, direction: str) -> bool:
    """Move the selection along edges, or to the nearest node.

    A collapsed group counts as one node; all of its nodes are selected.
    """
    collapsed_graph = CollapsedGraph.of(context.scene)
    current = context.selection.current
    here = collapsed_graph.key(current) if current is not None else None
    if here is None or here not in collapsed_graph.boxes:
        boxes = collapsed_graph.boxes
        found = min(boxes, key=lambda id: (boxes[id].y, boxes[id].x), default=None)
    else:
        found = next_node(
            collapsed_graph.graph(), collapsed_graph.boxes, here, direction
        )
    if found is None:
        return False
    context.selection.set(collapsed_graph.nodes(found))
    return True
