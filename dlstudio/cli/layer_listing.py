"""`layers list`: list the layers of a project's model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.document.graph_names import MODEL
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.document.graph import Graph, Node

GraphOption = Annotated[
    str,
    typer.Option(
        "--graph",
        metavar="NAME",
        help=mark("Model of the project to use instead of the trained one."),
    ),
]


def list_layers(
    project: ProjectArgument, graph: GraphOption = MODEL, as_json: JsonOption = False
) -> None:
    """List the layers of a project's model."""
    from dlstudio.document.kind_text import short_kind

    output = Output(as_json)
    found = open_project(project).project.graph(graph)
    if as_json:
        output.json([_as_json(found, node) for node in ordered_nodes(found)])
        return
    rows = [
        (node.id, short_kind(node.kind), _fed_by(found, node), _settings(node))
        for node in ordered_nodes(found)
    ]
    headings = (_("Layer"), _("Type"), _("Inputs"), _("Settings"))
    output.table(headings, rows)
    if not rows:
        output.text(_("The model has no layers yet."))


def ordered_nodes(graph: Graph) -> list[Node]:
    """The layers in topological order; those on a cycle last."""
    order, cycle = graph.order()
    return [graph.nodes[id] for id in (*order, *sorted(cycle))]


def _fed_by(graph: Graph, node: Node) -> str:
    return ", ".join(edge.source for edge in graph.into(node.id))


def _settings(node: Node) -> str:
    from dlstudio.cli.typed_values import shown_value

    texts = [f"{name}={shown_value(value)}" for name, value in node.params.items()]
    texts += [f"call.{name}={shown_value(value)}" for name, value in node.call.items()]
    return " ".join(texts + (["frozen=true"] if node.frozen else []))


def _as_json(graph: Graph, node: Node) -> JsonObject:
    from dlstudio.document.values import thaw_map

    return {
        "id": node.id,
        "kind": node.kind,
        "params": thaw_map(node.params),
        "call": thaw_map(node.call),
        "frozen": node.frozen,
        "fed_by": [edge.source for edge in graph.into(node.id)],
    }
