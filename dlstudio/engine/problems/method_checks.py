"""Checks the training method against the model."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect, Disconnect
from dlstudio.document.edits.nodes import AddNode
from dlstudio.document.graph import Edge, Node
from dlstudio.document.layout import COLUMN, ROW
from dlstudio.document.plan import SUPERVISED
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import FrozenMap
from dlstudio.engine.model.kinds import SAMPLING
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.node_queries import is_kind, spec
from dlstudio.i18n import _

VARIATIONAL = "dlstudio.methods.variational"


def sampling(context: CheckContext) -> Iterator[Problem]:
    """Variational learning without a Sampling layer, and the other way round."""
    nodes = [each for each in context.graph.nodes.values() if each.kind == SAMPLING]
    method = context.project.plan.method.kind
    if method == VARIATIONAL and not nodes:
        use = _("Use {name}").format(name="supervised")
        fixes = [] if context.trying else list(_with_sampling(context))
        yield context.problem(
            "error",
            "no-sampling",
            _(
                "The training method is variational, but the model has no Sampling "
                "layer. Add one, or use supervised."
            ),
            fixes=[*fixes, Fix.set_plan(use, "method", SUPERVISED)],
        )
    elif method == SUPERVISED.kind and nodes:
        use = _("Use {name}").format(name="variational")
        yield context.problem(
            "warning",
            "sampling-alone",
            _(
                "{node} draws latent vectors, but with supervised learning nothing "
                "makes them normally distributed. Use variational."
            ).format(node=nodes[0].name),
            nodes[0].id,
            [Fix.set_plan(use, "method", spec(VARIATIONAL))],
        )


def _with_sampling(context: CheckContext) -> Iterator[Fix]:
    """Let the narrowest Dense layer be the mean, and draw near it."""
    mean = _narrowest(context)
    if mean is None:
        return
    x, y = mean.position
    names = [context.graph.unique_id(each) for each in ("z_log_var", "sampling")]
    variance = Node(
        names[0],
        mean.kind,
        FrozenMap({"units": mean.params["units"]}),
        (x + COLUMN, y),
    )
    drawn = Node(names[1], SAMPLING, FrozenMap(), (x, y + ROW))
    edits: list[Edit] = [AddNode(variance, context.name), AddNode(drawn, context.name)]
    for edge in context.into(mean.id):
        again = Edge(edge.source, variance.id, edge.source_port, edge.target_port)
        edits.append(Connect(again, context.name))
    for edge in context.out_of(mean.id):
        edits.append(Disconnect(edge, context.name))
        after = Edge(drawn.id, edge.target, 0, edge.target_port)
        edits.append(Connect(after, context.name))
    edits.append(Connect(Edge(mean.id, drawn.id), context.name))
    edits.append(Connect(Edge(variance.id, drawn.id, 0, 1), context.name))
    if context.keeps_shapes(edits):
        label = _("Add Sampling after {node}").format(node=mean.name)
        yield Fix(label, tuple(edits))


def _narrowest(context: CheckContext) -> Node | None:
    """The Dense layer of the fewest units that is no output."""
    found = [
        (form.shape[-1] or 0, id)
        for id, node in context.graph.nodes.items()
        if is_kind(node, "Dense")
        and "units" in node.params
        and id not in context.graph.output_ids()
        and (form := context.output(id)) is not None
        and len(form.shape) == 2
    ]
    return context.graph.nodes[min(found)[1]] if found else None


METHOD = (sampling,)
