"""Graphs whose cards all lie at one place, as in a project written by a program."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.drawing.graph_drawing import GraphArtist
from dlstudio.document.graph import Graph
from dlstudio.document.project import Project


def arrange_stacked(project: Project, catalog: Catalog) -> Project:
    """Return the project with each such graph arranged; others stay as they are."""
    artist = GraphArtist(catalog, project.graphs)
    for name, graph in project.graphs.items():
        if _is_stacked(graph):
            project = project.with_graph(name, artist.arranged(graph, always=True))
    return project


def _is_stacked(graph: Graph) -> bool:
    places = {node.position for node in graph.nodes.values()}
    return len(graph.nodes) > 1 and len(places) == 1
