"""Graphs whose cards all lie at one place, as in a project written by a program."""

from __future__ import annotations

from dlstudio.catalog.store import Catalog
from dlstudio.document.graph import Graph
from dlstudio.document.project import Project


def arrange_stacked(project: Project, catalog: Catalog) -> Project:
    """Return the project with each such graph arranged; others stay as they are."""
    stacked = [name for name, graph in project.graphs.items() if _is_stacked(graph)]
    if not stacked:
        return project  # as nearly always, without loading what draws
    from dlstudio.document.drawing.graph_drawing import GraphArtist

    artist = GraphArtist(catalog, project.graphs)
    for name in stacked:
        graph = artist.arranged(project.graphs[name], always=True)
        project = project.with_graph(name, graph)
    return project


def _is_stacked(graph: Graph) -> bool:
    places = {node.position for node in graph.nodes.values()}
    return len(graph.nodes) > 1 and len(places) == 1
