"""Edits of the selected nodes or edge; each is one undo step."""

from __future__ import annotations

from PySide6.QtGui import QClipboard

from dlstudio.document.canvas.boxes import GAP, STEP_X, bounding_box
from dlstudio.document.edits.edges import Disconnect
from dlstudio.document.edits.nodes import (
    RemoveNodes,
    SetFrozen,
    SetOutputs,
    ShareWeights,
)
from dlstudio.document.edits.project import SetGraph
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.ui.model import graph_clipboard
from dlstudio.ui.model.canvas.editing.edit_context import EditContext
from dlstudio.ui.model.canvas.layout.alignment import (
    aligned_positions,
    distributed_positions,
)
from dlstudio.ui.model.nested_models.adoption import AdoptedLayers, adopt


def remove(context: EditContext, join: bool = True) -> bool:
    """Delete the selected edge or nodes; neighbours in a chain are reconnected."""
    edge, ids = context.selection.edge, context.selection.ids
    if edge is not None:
        return context.do([Disconnect(edge, context.name)], _("Remove connection"))
    if not ids:
        return False
    after = _after_removing(context, ids[-1])
    done = context.do([RemoveNodes(ids, join, context.name)], _delete_text(len(ids)))
    if done and after in context.graph.nodes:
        context.selection.set([after])
    return done


def _delete_text(count: int) -> str:
    return ngettext("Delete {count} layer", "Delete {count} layers", count).format(
        count=count
    )


def _after_removing(context: EditContext, id: str) -> str:
    """Return the node to select after a deletion: a source, else a target."""
    graph = context.graph
    near = [x.source for x in graph.into(id)] + [x.target for x in graph.out_of(id)]
    gone = set(context.selection.ids)
    return next((each for each in near if each not in gone), "")


def copy(context: EditContext, to: QClipboard) -> bool:
    """Copy the selected nodes to the clipboard as text."""
    if not context.selection.ids:
        return False
    ids = context.selection.ids
    to.setText(graph_clipboard.to_text(context.graph, ids, context.graphs))
    return True


def cut(context: EditContext, to: QClipboard) -> bool:
    """Copy the selected nodes to the clipboard and delete them."""
    ids = context.selection.ids
    if not copy(context, to):
        return False
    count = len(ids)
    name = ngettext("Cut {count} layer", "Cut {count} layers", count)
    edit = RemoveNodes(ids, True, context.name)
    return context.do([edit], name.format(count=count))


def paste(
    context: EditContext, source: QClipboard, at: tuple[float, float] | None = None
) -> bool:
    """Paste nodes from the clipboard, validated like a project file.

    Args:
        at: Their centre, in scene pixels; None pastes beside the original place.
    """
    try:
        fragment = graph_clipboard.from_text(source.text())
        nested = graph_clipboard.nested_in_text(source.text())
    except UserError as error:
        context.studio.notices.error(error)
        return False
    count = len(fragment.nodes)
    name = ngettext("Paste {count} layer", "Paste {count} layers", count)
    adopted = adopt(fragment, nested, context.graphs)
    return _insert(context, adopted, name.format(count=count), at)


def duplicate(context: EditContext) -> bool:
    """Duplicate the selected nodes beside the originals."""
    if not context.selection.ids:
        return False
    fragment = graph_clipboard.subgraph(context.graph, context.selection.ids)
    count = len(fragment.nodes)
    name = ngettext("Duplicate {count} layer", "Duplicate {count} layers", count)
    return _insert(context, AdoptedLayers(fragment), name.format(count=count), None)


def _insert(
    context: EditContext,
    adopted: AdoptedLayers,
    name: str,
    at: tuple[float, float] | None,
) -> bool:
    fragment = adopted.graph
    if not fragment.nodes:
        return False
    xs = [n.position[0] for n in fragment.nodes.values()]
    ys = [n.position[1] for n in fragment.nodes.values()]
    if at is not None:
        mid = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        shift = context.snap_position(at[0] - mid[0], at[1] - mid[1])
    else:
        taken = {n.position for n in context.graph.nodes.values()}
        number = 1
        while (xs[0] + number * STEP_X, ys[0]) in taken:
            number += 1
        shift = (max(xs) - min(xs) + number * STEP_X, 0.0)
        if (xs[0], ys[0]) not in taken:
            shift = (0.0, 0.0)
    made = graph_clipboard.paste_into(context.graph, fragment, shift)
    edits = [*adopted.edits, SetGraph(made.graph, context.name)]
    if not context.do(edits, name):
        return False
    context.selection.set(made.ids)
    return True


def align(context: EditContext, side: str) -> bool:
    """Align one side of the selected nodes; see `aligned_positions`."""
    boxes = {id: context.scene.nodes[id].box() for id in context.selection.ids}
    return len(boxes) > 1 and context.move(aligned_positions(boxes, side), _("Align"))


def distribute(context: EditContext, across: bool) -> bool:
    """Make the gaps between the selected nodes equal."""
    boxes = {id: context.scene.nodes[id].box() for id in context.selection.ids}
    return len(boxes) > 2 and context.move(
        distributed_positions(boxes, across), _("Distribute")
    )


def nudge(context: EditContext, dx: float, dy: float) -> bool:
    """Move the selected nodes by a small distance and return whether they moved.

    Args:
        context: The graph to edit.
        dx: Scene pixels to the right.
        dy: Scene pixels downwards.
    """
    nodes = context.graph.nodes
    ids = context.selection.ids
    places = {
        id: (nodes[id].position[0] + dx, nodes[id].position[1] + dy) for id in ids
    }
    return context.move(places, _("Move"))


def freeze(context: EditContext) -> bool:
    """Freeze the selected nodes' weights, or unfreeze them if all are frozen."""
    ids = context.selection.ids
    if not ids:
        return False
    frozen = not all(context.graph.nodes[id].frozen for id in ids)
    name = _("Freeze weights") if frozen else _("Unfreeze weights")
    return context.do([SetFrozen(ids, frozen, context.name)], name)


def share(context: EditContext) -> bool:
    """Share the first selected node's weights with the others, or stop sharing."""
    nodes = context.graph.nodes
    ids = context.selection.ids
    sharing = [id for id in ids if nodes[id].shares]
    if sharing:
        edits = [ShareWeights(id, None, context.name) for id in sharing]
        return context.do(edits, _("Use own weights"))
    if not can_share(context):
        return False
    edits = [ShareWeights(id, ids[0], context.name) for id in ids[1:]]
    return context.do(edits, _("Share weights"))


def can_share(context: EditContext) -> bool:
    """Return whether the selected nodes are of one kind and can share weights."""
    nodes = [context.graph.nodes[id] for id in context.selection.ids]
    return len(nodes) > 1 and len({node.kind for node in nodes}) == 1


def mark_output(context: EditContext) -> bool:
    """Mark the selected nodes as model outputs, or unmark them if all are."""
    outputs = context.graph.outputs
    ids = context.selection.ids
    if not ids:
        return False
    if set(ids) <= set(outputs):
        kept = tuple(id for id in outputs if id not in ids)
        return context.do([SetOutputs(kept, context.name)], _("Unmark as output"))
    merged = tuple(dict.fromkeys((*outputs, *ids)))
    return context.do([SetOutputs(merged, context.name)], _("Mark as output"))


def select_all(context: EditContext) -> bool:
    """Select every node."""
    context.selection.set(context.graph.nodes)
    return True


def selected_box(context: EditContext) -> tuple[float, float, float, float]:
    """Return left, top, width and height around the selection, with a margin."""
    items = context.scene.nodes
    whole = bounding_box(items[id].box() for id in context.selection.ids)
    return (
        whole.left - GAP,
        whole.top - GAP,
        whole.width + 2 * GAP,
        whole.height + 2 * GAP,
    )
