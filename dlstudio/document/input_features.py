"""Which feature enters a layer directly behind an input."""

from __future__ import annotations

from dlstudio.document.graph import INPUT
from dlstudio.document.project import MODEL, Project


def entering_feature(project: Project, id: str) -> str:
    """The feature whose input is right before a layer of the model; "" if none is.

    Args:
        project: With its bindings.
        id: Id of the layer.
    """
    graph = project.model
    sources = [edge.source for edge in graph.into(id)]
    before = graph.nodes.get(sources[0]) if len(sources) == 1 else None
    if before is None or before.kind != INPUT:
        return ""
    alone = len(graph.inputs) == 1
    for each in project.inputs:
        named = each.input == before.id or (alone and not each.input)
        if each.graph == MODEL and named:
            return each.feature
    return ""
