"""Where the nodes of an imported graph stand: rows from top to bottom."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.graph import Graph
from dlstudio.document.layout import COLUMN, ROW


def in_rows(graph: Graph) -> Graph:
    """The graph with each node in the row below the last of its inputs.

    Nodes of a row stand in columns, near the first of their inputs.
    """
    order, rest = graph.order()
    sources: dict[str, list[str]] = {}
    for edge in graph.edges:
        sources.setdefault(edge.target, []).append(edge.source)
    rows: dict[str, int] = {}
    columns: dict[str, float] = {}
    taken: dict[int, set[float]] = {}
    for id in (*order, *sorted(rest)):
        above = [each for each in sources.get(id, ()) if each in rows]
        row = max((rows[each] for each in above), default=-1) + 1
        column = columns[above[0]] if above else 0.0
        there = taken.setdefault(row, set())
        while column in there:
            column += 1
        there.add(column)
        rows[id], columns[id] = row, column
    return graph.with_nodes(
        replace(node, position=(columns[node.id] * COLUMN, rows[node.id] * ROW))
        for node in graph.nodes.values()
    )
