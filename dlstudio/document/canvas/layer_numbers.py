"""The layer of each cell of a layered layout, with short edges. Independent of Qt.

Layers by longest path put everything as far up as possible, so that a branch that is
needed late has many long edges. Then parts of the graph are moved down as a whole, as
long as that makes the edges shorter in sum: the network simplex method of Gansner,
Koutsofios, North and Vo, "A technique for drawing directed graphs" (1993).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

Edge = tuple[str, str]
LayerNumbers = dict[str, int]
MOST_MOVES = 400  # the layout is valid after each of them


def layer_numbers(ids: Collection[str], edges: Collection[Edge]) -> LayerNumbers:
    """Return each cell's layer, from 0; edges go down, except on a cycle.

    Args:
        ids: The cells of a connected component, in order of preference.
        edges: Pairs of different cells.
    """
    numbers = _by_longest_path(ids, edges)
    downward = [(a, b) for a, b in sorted(edges) if numbers[a] < numbers[b]]
    _shorten(numbers, downward)
    top = min(numbers.values())
    return {id: number - top for id, number in numbers.items()}


def _by_longest_path(ids: Iterable[str], edges: Iterable[Edge]) -> LayerNumbers:
    into: dict[str, list[str]] = {id: [] for id in ids}
    out: dict[str, list[str]] = {id: [] for id in ids}
    for a, b in sorted(edges):
        into[b].append(a)
        out[a].append(b)
    ordered = _topological_order(into, out)
    found: LayerNumbers = {}
    for id in dict.fromkeys((*ordered, *ids)):
        # On a cycle, only cells that already have a layer count.
        found[id] = 1 + max((found.get(a, -1) for a in into[id]), default=-1)
    for id in reversed(ordered):  # put cells without a source right above a target
        if not into[id] and out[id]:
            found[id] = max(found[id], min(found[b] for b in out[id]) - 1)
    return found


def _topological_order(
    into: dict[str, list[str]], out: dict[str, list[str]]
) -> list[str]:
    """Return cells with sources before targets; cells on a cycle are excluded."""
    pending = {id: len(sources) for id, sources in into.items()}
    ready = [id for id, count in pending.items() if count == 0]
    for id in ready:  # grows during iteration
        for target in out[id]:
            pending[target] -= 1
            if pending[target] == 0:
                ready.append(target)
    return ready


def _shorten(numbers: LayerNumbers, edges: list[Edge]) -> None:
    """Move cells until the edges are as short as possible in sum.

    Args:
        numbers: The layer of each cell, which is changed.
        edges: Pairs of an upper and a lower cell.
    """
    if not edges:
        return
    pull = dict.fromkeys(numbers, 0)  # what the edges gain if a cell moves up by one
    for a, b in edges:
        pull[a] -= 1
        pull[b] += 1
    tree = _tight_tree(numbers, edges)
    for _move in range(MOST_MOVES):
        part = _movable_part(numbers, tree, pull)
        if part is None:
            return
        crossing = [
            edge
            for edge in edges
            if edge[not part.down] in part.cells and edge[part.down] not in part.cells
        ]
        first = min(crossing, key=lambda e: numbers[e[1]] - numbers[e[0]])
        step = numbers[first[1]] - numbers[first[0]] - 1
        for id in part.cells if step else ():
            numbers[id] += step if part.down else -step
        one, other = part.cut
        del tree[one][other], tree[other][one]
        _join(tree, first)


Tree = dict[str, dict[str, None]]


def _join(tree: Tree, edge: Edge) -> None:
    a, b = edge
    tree.setdefault(a, {})[b] = None
    tree.setdefault(b, {})[a] = None


def _tight_tree(numbers: LayerNumbers, edges: list[Edge]) -> Tree:
    """A spanning tree of edges to the next layer; cells are moved to make them so."""
    around: dict[str, list[Edge]] = {}
    for edge in edges:
        for end in edge:
            around.setdefault(end, []).append(edge)
    root = edges[0][0]
    tree: Tree = {root: {}}
    waiting = [root]
    while True:
        while waiting:
            id = waiting.pop()
            for edge in around[id]:
                other = edge[1] if edge[0] == id else edge[0]
                if other not in tree and numbers[edge[1]] - numbers[edge[0]] == 1:
                    _join(tree, edge)
                    waiting.append(other)
        border = [e for e in edges if (e[0] in tree) != (e[1] in tree)]
        if not border:
            return tree
        first = min(border, key=lambda e: numbers[e[1]] - numbers[e[0]])
        step = numbers[first[1]] - numbers[first[0]] - 1
        for id in tree:
            numbers[id] += step if first[0] in tree else -step
        waiting = [first[0] if first[0] in tree else first[1]]


@dataclass(frozen=True, slots=True)
class _Part:
    """Cells to move together: what one edge of the tree cuts off."""

    cells: Collection[str]
    cut: Edge
    down: bool


def _movable_part(
    numbers: LayerNumbers, tree: Tree, pull: dict[str, int]
) -> _Part | None:
    """The part whose move makes the edges the shortest; None if none does."""
    root = next(iter(tree))
    parent = {root: root}
    order = [root]
    for id in order:  # grows during iteration
        for other in tree[id]:
            if other not in parent:
                parent[other] = id
                order.append(other)
    total = {id: pull[id] for id in order}
    best, chosen = 0, ""
    for id in reversed(order[1:]):
        above = parent[id]
        total[above] += total[id]
        gain = -total[id] if numbers[id] > numbers[above] else total[id]
        if gain > best:
            best, chosen = gain, id
    if not chosen:
        return None
    cells = {chosen: None}
    pending = [chosen]
    while pending:
        id = pending.pop()
        for other in tree[id]:
            if other != parent[id] and other not in cells:
                cells[other] = None
                pending.append(other)
    cut = (chosen, parent[chosen])
    return _Part(cells, cut, numbers[chosen] > numbers[parent[chosen]])
