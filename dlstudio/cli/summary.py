"""`summary`: print a model's layers, output shapes and parameter counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.cli.layer_listing import GraphOption, ordered_nodes
from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.document.graph_names import MODEL
from dlstudio.i18n import _, ngettext
from dlstudio.json_values import JsonObject

if TYPE_CHECKING:
    from dlstudio.document.graph import Node
    from dlstudio.engine.shapes.node_shape import NodeShape


def summary(
    project: ProjectArgument, graph: GraphOption = MODEL, as_json: JsonOption = False
) -> None:
    """Print the layers with their output shapes and parameter counts."""
    from dlstudio.engine.runtime.startup import start_tensorflow

    output = Output(as_json)
    opened = open_project(project)
    found = opened.project.graph(graph)
    with output.progress(_("Loading TensorFlow…")):
        start_tensorflow()
    from dlstudio.engine.shapes.graph import ShapeInference, total

    graphs, precision = opened.project.graphs, opened.project.plan.precision
    shapes = ShapeInference().infer(found, opened.catalog, graphs, precision)
    cost = total(shapes)
    nodes = ordered_nodes(found)
    if as_json:
        output.json(
            {
                "layers": [_as_json(node, shapes[node.id]) for node in nodes],
                "layer_count": found.layer_count,
                "parameters": cost.params,
                "trainable": cost.trainable,
            }
        )
        return
    headings = (_("Layer"), _("Type"), _("Output"), _("Parameters"), _("Trainable"))
    output.table(headings, [_row(node, shapes[node.id]) for node in nodes])
    count = found.layer_count
    output.text(
        ngettext(
            "{count} layer, {total} parameters, {trainable} of them trainable.",
            "{count} layers, {total} parameters, {trainable} of them trainable.",
            count,
        ).format(count=count, total=f"{cost.params:,}", trainable=f"{cost.trainable:,}")
    )


def _row(node: Node, shape: NodeShape) -> tuple[str, ...]:
    outputs = ", ".join(str(form) for form in shape.outputs) or "?"
    kind = node.kind.rpartition(".")[2]
    cost = shape.cost
    return node.id, kind, outputs, f"{cost.params:,}", f"{cost.trainable:,}"


def _as_json(node: Node, shape: NodeShape) -> JsonObject:
    return {
        "id": node.id,
        "kind": node.kind,
        "outputs": [list(form.shape[1:]) for form in shape.outputs],
        "parameters": shape.cost.params,
        "trainable": shape.cost.trainable,
    }
