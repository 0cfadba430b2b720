"""The card that replaces the nodes of a collapsed group. Independent of Qt."""

from __future__ import annotations

from collections.abc import Collection

from dlstudio.document.canvas.graph_reports import GraphReports
from dlstudio.document.canvas.layer_summary import count_text
from dlstudio.document.canvas.node_card import NodeCardModel
from dlstudio.document.graph import Group
from dlstudio.i18n import ngettext

COLOR = "#64748b"


def group_card(
    group: Group,
    nodes: Collection[str],
    reports: GraphReports,
    ports: tuple[int, int],
) -> NodeCardModel:
    """Return a group's card: its name, number of nodes and weights.

    Args:
        group: The group to show.
        nodes: Ids of its nodes, including those of nested groups.
        reports: Shapes and costs, where they are known.
        ports: Number of input and output ports.
    """
    there = [reports.nodes[id] for id in nodes if id in reports.nodes]
    parameters = sum(report.parameters for report in there)
    has_error = any(reports.severity.get(id) == "error" for id in nodes)
    title = ngettext("{count} layer", "{count} layers", len(nodes))
    return NodeCardModel(
        name=group.name,
        title=title.format(count=len(nodes)),
        color=COLOR,
        count=count_text(parameters) if parameters else "",
        share=sum(reports.share(id) for id in nodes),
        nested=True,
        severity="error" if has_error else None,
        inputs=ports[0],
        main=max(1, ports[0]),
        outputs=ports[1],
    )
