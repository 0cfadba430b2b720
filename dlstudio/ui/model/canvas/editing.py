"""What can be done to what is selected; each is one step of the history."""

from __future__ import annotations

from PySide6.QtGui import QClipboard

from dlstudio.document.edits import (
    Disconnect,
    RemoveNodes,
    SetFrozen,
    SetGraph,
    SetOutputs,
    ShareWeights,
)
from dlstudio.document.graph import Graph
from dlstudio.errors import UserError
from dlstudio.i18n import _, ngettext
from dlstudio.ui.model.canvas import clipboard
from dlstudio.ui.model.canvas.align import aligned, distributed
from dlstudio.ui.model.canvas.arrange import arranged
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.boxes import GAP, STEP_X, around


def remove(board: Board, join: bool = True) -> bool:
    """Take the selected wire or nodes away; neighbours in a chain are joined."""
    link, ids = board.selection.link, board.selection.ids
    if link is not None:
        return board.do([Disconnect(link, board.name)], _("Remove wire"))
    if not ids:
        return False
    after = _after_removing(board, ids[-1])
    done = board.do([RemoveNodes(ids, join, board.name)], _deleting(len(ids)))
    if done and after in board.graph.nodes:
        board.selection.set([after])
    return done


def _deleting(count: int) -> str:
    return ngettext("Delete {count} layer", "Delete {count} layers", count).format(
        count=count
    )


def _after_removing(board: Board, id: str) -> str:
    """Where a keyboard user goes on: to what feeds it, or what it feeds."""
    graph = board.graph
    near = [x.source for x in graph.into(id)] + [x.target for x in graph.out_of(id)]
    gone = set(board.selection.ids)
    return next((each for each in near if each not in gone), "")


def copy(board: Board, to: QClipboard) -> bool:
    """Put the selected nodes on the clipboard as text."""
    if not board.selection.ids:
        return False
    to.setText(clipboard.to_text(board.graph, board.selection.ids))
    return True


def cut(board: Board, to: QClipboard) -> bool:
    """Copy, then remove."""
    ids = board.selection.ids
    if not copy(board, to):
        return False
    count = len(ids)
    name = ngettext("Cut {count} layer", "Cut {count} layers", count)
    edit = RemoveNodes(ids, True, board.name)
    return board.do([edit], name.format(count=count))


def paste(
    board: Board, source: QClipboard, at: tuple[float, float] | None = None
) -> bool:
    """Add the nodes on the clipboard, checked as a file is.

    Args:
        at: Where their middle goes; None for a little beside where they were.
    """
    try:
        part = clipboard.from_text(source.text())
    except UserError as error:
        board.studio.notices.error(error)
        return False
    count = len(part.nodes)
    name = ngettext("Paste {count} layer", "Paste {count} layers", count)
    return _put(board, part, name.format(count=count), at)


def duplicate(board: Board) -> bool:
    """Add the selected nodes once more, beside them."""
    if not board.selection.ids:
        return False
    part = clipboard.cut_out(board.graph, board.selection.ids)
    count = len(part.nodes)
    name = ngettext("Duplicate {count} layer", "Duplicate {count} layers", count)
    return _put(board, part, name.format(count=count), None)


def _put(board: Board, part: Graph, name: str, at: tuple[float, float] | None) -> bool:
    if not part.nodes:
        return False
    xs = [n.position[0] for n in part.nodes.values()]
    ys = [n.position[1] for n in part.nodes.values()]
    if at is not None:
        mid = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        shift = board.settled(at[0] - mid[0], at[1] - mid[1])
    else:
        taken = {n.position for n in board.graph.nodes.values()}
        number = 1
        while (xs[0] + number * STEP_X, ys[0]) in taken:
            number += 1
        shift = (max(xs) - min(xs) + number * STEP_X, 0.0)
        if (xs[0], ys[0]) not in taken:
            shift = (0.0, 0.0)
    made = clipboard.pasted(board.graph, part, shift)
    if not board.do([SetGraph(made.graph, board.name)], name):
        return False
    board.selection.set(made.ids)
    return True


def arrange(board: Board) -> bool:
    """Lay the graph out tidily; with several nodes selected only those."""
    only = board.selection.ids if len(board.selection.ids) > 1 else ()
    boxes = {id: item.box() for id, item in board.scene.nodes.items()}
    folded = {id: item.box() for id, item in board.scene.folding.folded.items()}
    return board.move(arranged(board.graph, boxes, only, folded), _("Arrange"))


def align(board: Board, side: str) -> bool:
    """Put one side of the selected nodes in line; see `align.aligned`."""
    boxes = {id: board.scene.nodes[id].box() for id in board.selection.ids}
    return len(boxes) > 1 and board.move(aligned(boxes, side), _("Align"))


def distribute(board: Board, across: bool) -> bool:
    """Make the gaps between the selected nodes equal."""
    boxes = {id: board.scene.nodes[id].box() for id in board.selection.ids}
    return len(boxes) > 2 and board.move(distributed(boxes, across), _("Distribute"))


def nudge(board: Board, dx: float, dy: float) -> bool:
    """Move the selected nodes a little."""
    nodes = board.graph.nodes
    ids = board.selection.ids
    places = {
        id: (nodes[id].position[0] + dx, nodes[id].position[1] + dy) for id in ids
    }
    return board.move(places, _("Move"))


def freeze(board: Board) -> bool:
    """Freeze the selected nodes' weights, or let them be trained again."""
    ids = board.selection.ids
    if not ids:
        return False
    frozen = not all(board.graph.nodes[id].frozen for id in ids)
    name = _("Freeze weights") if frozen else _("Train weights again")
    return board.do([SetFrozen(ids, frozen, board.name)], name)


def share(board: Board) -> bool:
    """Let the later selected nodes use the weights of the first, or their own again."""
    nodes = board.graph.nodes
    ids = board.selection.ids
    sharing = [id for id in ids if nodes[id].shares]
    if sharing:
        edits = [ShareWeights(id, None, board.name) for id in sharing]
        return board.do(edits, _("Use own weights"))
    if not can_share(board):
        return False
    edits = [ShareWeights(id, ids[0], board.name) for id in ids[1:]]
    return board.do(edits, _("Share weights"))


def can_share(board: Board) -> bool:
    """Whether the selected nodes are of one kind, so that weights can be shared."""
    nodes = [board.graph.nodes[id] for id in board.selection.ids]
    return len(nodes) > 1 and len({node.kind for node in nodes}) == 1


def mark_output(board: Board) -> bool:
    """Make the selected nodes outputs of the model, or no more."""
    outputs = board.graph.outputs
    ids = board.selection.ids
    if not ids:
        return False
    if set(ids) <= set(outputs):
        kept = tuple(id for id in outputs if id not in ids)
        return board.do([SetOutputs(kept, board.name)], _("Unmark output"))
    merged = tuple(dict.fromkeys((*outputs, *ids)))
    return board.do([SetOutputs(merged, board.name)], _("Mark as output"))


def select_all(board: Board) -> bool:
    """Select every node."""
    board.selection.set(board.graph.nodes)
    return True


def selected_box(board: Board) -> tuple[float, float, float, float]:
    """Left, top, width, height around the selected nodes, with a margin."""
    items = board.scene.nodes
    whole = around(items[id].box() for id in board.selection.ids)
    return (
        whole.left - GAP,
        whole.top - GAP,
        whole.width + 2 * GAP,
        whole.height + 2 * GAP,
    )
