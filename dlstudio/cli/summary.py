"""`summary`: print a model's layers, shapes, parameters, multiply-adds and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlstudio.byte_size import size_text
from dlstudio.cli.converted_summary import is_converted, show_converted
from dlstudio.cli.layer_listing import GraphOption, ordered_nodes
from dlstudio.cli.opened_project import open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output
from dlstudio.document.canvas.number_format import multiply_adds_text, total_text
from dlstudio.document.graph_names import MODEL
from dlstudio.i18n import _, ngettext
from dlstudio.json_values import JsonObject
from dlstudio.short_number import short_number

if TYPE_CHECKING:
    from dlstudio.document.graph import Node
    from dlstudio.document.plan import TrainingPlan
    from dlstudio.engine.cost.layer_cost import Cost
    from dlstudio.engine.shapes.node_shape import NodeShape


def summary(
    project: ProjectArgument, graph: GraphOption = MODEL, as_json: JsonOption = False
) -> None:
    """Print the layers with what they give and what they cost."""
    from dlstudio.engine.runtime.startup import start_tensorflow

    output = Output(as_json)
    if is_converted(project):
        show_converted(project, output)
        return
    opened = open_project(project)
    found = opened.project.graph(graph)
    with output.progress(_("Loading TensorFlow…")):
        start_tensorflow()
    from dlstudio.engine.custom_code.code_scope import project_code
    from dlstudio.engine.shapes.graph import ShapeInference
    from dlstudio.engine.shapes.nested_shapes import total

    graphs, precision = opened.project.graphs, opened.project.plan.precision
    with project_code(opened.project, opened.folder):
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
                "multiply_adds": cost.multiply_adds,
                "memory": cost.memory,
                "training_memory": _training_memory(opened.project.plan, cost),
            }
        )
        return
    headings = (
        *(_("Layer"), _("Type"), _("Output"), _("Parameters"), _("Trainable")),
        *(_("Multiply-adds"), _("Memory")),
    )
    output.table(headings, [_row(node, shapes[node.id]) for node in nodes])
    count = found.layer_count
    output.text(
        ngettext(
            "{count} layer, {total} parameters, {trainable} of them trainable.",
            "{count} layers, {total} parameters, {trainable} of them trainable.",
            count,
        ).format(count=count, total=f"{cost.params:,}", trainable=f"{cost.trainable:,}")
    )
    costs = [shape.cost for shape in shapes.values()]
    work = multiply_adds_text(each.multiply_adds for each in costs)
    memory = total_text((each.memory for each in costs), size_text)
    output.text(
        _("For each sample: {multiply_adds}, {memory} of outputs.").format(
            multiply_adds=work, memory=memory
        )
    )
    needed = _training_memory(opened.project.plan, cost)
    if needed is not None:
        text = _("Training in batches of {batch} takes about {memory} of memory.")
        batch = opened.project.plan.batch_size
        output.text(text.format(batch=batch, memory=size_text(needed)))


def _training_memory(plan: TrainingPlan, cost: Cost) -> int | None:
    """Bytes that a training needs; None if a size is not known."""
    from dlstudio.engine.cost.training_memory import needed_bytes

    if cost.memory is None:
        return None
    return needed_bytes(plan, cost.params, cost.memory)


def _row(node: Node, shape: NodeShape) -> tuple[str, ...]:
    outputs = ", ".join(str(form) for form in shape.outputs) or "?"
    from dlstudio.document.kind_text import short_kind

    kind = short_kind(node.kind)
    cost = shape.cost
    return (
        *(node.id, kind, outputs, f"{cost.params:,}", f"{cost.trainable:,}"),
        total_text([cost.multiply_adds], short_number),
        total_text([cost.memory], size_text),
    )


def _as_json(node: Node, shape: NodeShape) -> JsonObject:
    return {
        "id": node.id,
        "kind": node.kind,
        "outputs": [list(form.shape[1:]) for form in shape.outputs],
        "parameters": shape.cost.params,
        "trainable": shape.cost.trainable,
        "multiply_adds": shape.cost.multiply_adds,
        "memory": shape.cost.memory,
    }
