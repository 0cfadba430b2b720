"""Moving the selection by arrows."""

from __future__ import annotations

from dlstudio.document.graph import Graph, Link, Node
from dlstudio.document.values import FrozenMap
from dlstudio.ui.model.canvas.board import Board
from dlstudio.ui.model.canvas.near import step


def go(board: Board, direction: str) -> bool:
    """Move the selection along wires, or to what stands nearest.

    A folded group counts as one node, and all of its nodes are selected.
    """
    folding = board.scene.folding
    boxes = board.scene.boxes()
    boxes.update({_key(id): box.box() for id, box in folding.folded.items()})
    current = board.selection.current
    here = _seen(folding.hidden, current) if current is not None else None
    if here not in boxes:
        found = min(boxes, key=lambda id: (boxes[id].y, boxes[id].x), default=None)
    else:
        assert here is not None
        found = step(_as_seen(board.graph, folding.hidden), boxes, here, direction)
    if found is None:
        return False
    group = next((id for id in folding.folded if _key(id) == found), None)
    board.selection.set(folding.members(group) if group else [found])
    return True


def _key(group: str) -> str:
    """A name for a folded group that no node has."""
    return f"{group}\n"


def _seen(hidden: dict[str, str], node: str) -> str:
    return _key(hidden[node]) if node in hidden else node


def _as_seen(graph: Graph, hidden: dict[str, str]) -> Graph:
    """The graph with one node in the place of each folded group."""
    if not hidden:
        return graph
    ids = dict.fromkeys(_seen(hidden, id) for id in graph.nodes)
    links = dict.fromkeys(
        Link(_seen(hidden, x.source), _seen(hidden, x.target)) for x in graph.links
    )
    kept = tuple(link for link in links if link.source != link.target)
    return Graph(FrozenMap((id, Node(id, "")) for id in ids), kept)
