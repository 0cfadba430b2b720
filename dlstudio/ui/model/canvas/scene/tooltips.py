"""Tooltips and labels of edges and collapsed groups."""

from __future__ import annotations

from dlstudio.document.graph import Edge
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.scene.canvas_scene import CanvasScene
from dlstudio.ui.model.canvas.scene.hit_test import Hit


def edge_tooltip(scene: CanvasScene, link: Edge) -> str:
    """Return the names of an edge's ends and its tensor."""
    nodes = scene.graph.nodes
    route = f"{nodes[link.source].name} → {nodes[link.target].name}"
    shape = scene.reports.shape(link.source, link.source_port)
    return f"{route}\n{shape}" if shape else route


def group_tooltip(scene: CanvasScene, over: Hit) -> str:
    """Return the names of a group's nodes, or of the node behind a port."""
    group_layer, nodes = scene.group_layer, scene.graph.nodes
    group_port = (
        group_layer.group_port(over.group, over.side, over.port) if over.side else None
    )
    if group_port is not None:
        text = _("To “{name}”") if over.side == "in" else _("From “{name}”")
        return text.format(name=nodes[group_port.node].name)
    names = ", ".join(nodes[id].name for id in group_layer.members(over.group))
    return f"{group_layer.group(over.group).name}\n{names}"
