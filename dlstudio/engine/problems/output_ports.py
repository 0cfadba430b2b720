"""Checks for edges from outputs that a node does not have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.problems import Fix, Problem
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.i18n import _, ngettext


def source_ports(context: CheckContext) -> Iterator[Problem]:
    """Edges from an output that the layer does not have."""
    for edge in context.graph.edges:
        node = context.graph.nodes.get(edge.source)
        shape = context.shapes.get(edge.source)
        if node is None or shape is None or not shape.outputs:
            continue
        if 0 <= edge.source_port < len(shape.outputs):
            continue
        first = replace(edge, source_port=0)
        yield context.problem(
            "error",
            "no-such-output",
            ngettext(
                "{node} has {count} output, but a connection starts from "
                "output {port}.",
                "{node} has {count} outputs, but a connection starts from "
                "output {port}.",
                len(shape.outputs),
            ).format(
                node=node.name, count=len(shape.outputs), port=edge.source_port + 1
            ),
            edge.target if edge.target in context.graph.nodes else node.id,
            [
                Fix(
                    _("Use the first output"),
                    (Disconnect(edge, context.name), Connect(first, context.name)),
                )
            ],
        )
