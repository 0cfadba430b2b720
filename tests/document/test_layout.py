"""Cards are placed in the rows and columns of the canvas."""

from __future__ import annotations

import itertools
from dataclasses import replace

from dlstudio.document.edits.edges import Connect, InsertOnEdge
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.graph import Edge, Graph, Node, node
from dlstudio.document.layout import COLUMN, HEIGHT, ROW, LayoutEdit
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap


def at(id: str, x: float, y: float) -> Node:
    return replace(node(id, "keras.layers.Identity"), position=(x, y))


def project_of(nodes: list[Node], *edges: Edge) -> Project:
    graph = Graph(FrozenMap((each.id, each) for each in nodes), edges)
    return Project(graphs=FrozenMap({"model": graph}))


def places(project: Project) -> dict[str, tuple[float, float]]:
    return {id: each.position for id, each in project.model.nodes.items()}


def test_what_is_put_into_a_connection_has_a_row_of_its_own() -> None:
    before = project_of(
        [at("a", 0, 0), at("b", 0, ROW), at("c", 0, 2 * ROW)],
        Edge("a", "b"),
        Edge("b", "c"),
    )
    middle = at("new", 0, ROW / 2)
    found = places(LayoutEdit((InsertOnEdge(middle, Edge("a", "b")),)).apply(before))
    assert found == {"a": (0, 0), "new": (0, ROW), "b": (0, 2 * ROW), "c": (0, 3 * ROW)}


def test_several_new_layers_stand_below_each_other() -> None:
    before = project_of([at("a", 0, 0), at("b", 0, ROW)], Edge("a", "b"))
    first, second = at("x", 0, 48), at("y", 0, 48)
    edits = (
        InsertOnEdge(second, Edge("a", "b")),
        InsertOnEdge(first, Edge("a", "y")),
        AddNode(at("end", 0, 0)),
        Connect(Edge("b", "end")),
    )
    found = places(LayoutEdit(edits).apply(before))
    heights = [found[id][1] for id in ("a", "x", "y", "b", "end")]
    assert all(b - a >= ROW for a, b in itertools.pairwise(heights))


def test_a_gap_that_is_there_is_used_before_anything_moves() -> None:
    before = project_of([at("a", 0, 0), at("b", 0, 3 * ROW)], Edge("a", "b"))
    edit = LayoutEdit((InsertOnEdge(at("new", 0, 0), Edge("a", "b")),))
    assert places(edit.apply(before)) == {
        "a": (0, 0),
        "new": (0, ROW),
        "b": (0, 3 * ROW),
    }


def test_another_branch_in_the_row_is_not_covered() -> None:
    before = project_of(
        [at("a", 0, 0), at("left", 0, ROW), at("right", COLUMN, ROW)],
        Edge("a", "left"),
        Edge("a", "right"),
    )
    edits = (AddNode(at("new", 0, 0)), Connect(Edge("a", "new")))
    found = places(LayoutEdit(edits).apply(before))
    assert found.pop("new") == (2 * COLUMN, ROW)
    assert found == places(before)


def test_nothing_moves_where_nothing_is_new() -> None:
    close = project_of([at("a", 0, 0), at("b", 0, HEIGHT)], Edge("a", "b"))
    assert LayoutEdit(()).apply(close) == close
