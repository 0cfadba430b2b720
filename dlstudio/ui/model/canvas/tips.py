"""What tooltips and labels say of wires and of folded groups."""

from __future__ import annotations

from dlstudio.document.graph import Edge
from dlstudio.i18n import _
from dlstudio.ui.model.canvas.hits import Hit
from dlstudio.ui.model.canvas.scene import CanvasScene


def wire_tip(scene: CanvasScene, link: Edge) -> str:
    """Where a wire comes from and leads to, and what flows in it."""
    nodes = scene.graph.nodes
    way = f"{nodes[link.source].name} → {nodes[link.target].name}"
    shape = scene.reports.shape(link.source, link.source_port)
    return f"{way}\n{shape}" if shape else way


def group_tip(scene: CanvasScene, over: Hit) -> str:
    """The nodes of a group; at a port of its box, the node behind it."""
    folding, nodes = scene.folding, scene.graph.nodes
    door = folding.door(over.group, over.side, over.port) if over.side else None
    if door is not None:
        text = _("Into “{name}”") if over.side == "in" else _("Out of “{name}”")
        return text.format(name=nodes[door.node].name)
    names = ", ".join(nodes[id].name for id in folding.members(over.group))
    return f"{folding.group(over.group).name}\n{names}"
