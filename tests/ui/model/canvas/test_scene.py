"""A scene updated by diffs equals a newly created one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from canvas_world import chain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from strategies import any_edit, graphs

from dlstudio.catalog.store import Catalog
from dlstudio.document.canvas.card_geometry import MAX_WIDTH
from dlstudio.document.diff import diff
from dlstudio.document.graph import Graph, Group
from dlstudio.document.layout import COLUMN
from dlstudio.document.project import Project
from dlstudio.document.values import FrozenMap
from dlstudio.errors import UserError
from dlstudio.ui.model.canvas.items.canvas_style import CanvasStyle
from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene
from dlstudio.ui.theme.tokens import LIGHT_THEME

CATALOG = Catalog.load()


@pytest.fixture
def style(qapp: QApplication) -> CanvasStyle:
    return CanvasStyle(LIGHT_THEME)


def state(scene: CanvasScene) -> dict[str, object]:
    """Return everything visible except the edges' routes."""
    group_layer = scene.group_layer
    edges = {
        edge: (item.isVisible(), item.isVisible() and scene.edge_layer.ends(edge))
        for edge, item in scene.edge_layer.items.items()
    }
    for edge, (visible, ends) in edges.items():
        if visible:
            points = scene.edge_layer.items[edge].points
            assert (points[0], points[-1]) == ends
    return {
        "nodes": {id: (n.box(), n.card) for id, n in scene.nodes.items()},
        "hidden": dict(group_layer.hidden),
        "frames": {id: frame.rect() for id, frame in group_layer.frames.items()},
        "boxes": {
            id: (box.box(), box.card) for id, box in group_layer.collapsed.items()
        },
        "edges": edges,
    }


collapsed = st.booleans()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graphs(), st.lists(any_edit, max_size=8), collapsed)
def test_applying_diffs_equals_showing_the_result(
    style: CanvasStyle, graph: Graph, edits: list[object], collapsed: bool
) -> None:
    groups = tuple(replace(group, collapsed=collapsed) for group in graph.groups)
    project = Project(graphs=FrozenMap({"model": replace(graph, groups=groups)}))
    scene = CanvasScene(CATALOG, style)
    scene.show_graph(project.model)
    for edit in edits:
        try:
            after = edit.apply(project)  # type: ignore[attr-defined]
        except UserError:
            continue
        scene.apply_diff(diff(project.model, after.model), after.model)
        project = after
    fresh = CanvasScene(CATALOG, style)
    fresh.show_graph(project.model)
    assert state(scene) == state(fresh)


def test_a_group_without_nodes_is_not_shown(style: CanvasStyle) -> None:
    graph = replace(chain("keras.layers.Dense"), groups=(Group("g", "G", ()),))
    scene = CanvasScene(CATALOG, style)
    scene.show_graph(graph)
    assert scene.group_layer.frames == {}


def test_cards_of_neighbouring_columns_never_touch() -> None:
    assert MAX_WIDTH < COLUMN
