"""What the outputs of a model of features predict, against the types in the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dlstudio.catalog.feature_heads import heads_of
from dlstudio.document.bindings import OutputBinding
from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.nodes import ReplaceNode
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetBindings
from dlstudio.document.graph import Node
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.values import FrozenMap, Params, Spec
from dlstudio.engine.heads.base import HeadType, short
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.model_head import activation_of, width_param
from dlstudio.engine.problems.node_queries import is_kind
from dlstudio.i18n import _


def targets(context: CheckContext) -> Iterator[Problem]:
    """Outputs that cannot predict their feature: one problem for each at most."""
    for output in context.project.outputs:
        if output.graph == context.name:
            found = _unlike_type(context, output) or _one_class(context, output)
            found = found or _unlike_layer(context, output)
            if found is not None:
                yield found


def _unlike_type(context: CheckContext, output: OutputBinding) -> Problem | None:
    """A head that does not predict features of this type."""
    feature = context.project.data.features.get(output.feature)
    if feature is None or context.catalog.get(feature.kind) is None:
        return None
    fitting = heads_of(feature.kind, context.catalog)
    if output.head.kind in fitting or context.catalog.get(output.head.kind) is None:
        return None
    message = _(
        "The output of “{feature}” is for the task {task}, which does not predict the "
        "type {type}."
    ).format(
        feature=output.feature,
        task=short(output.head.kind),
        type=short(feature.kind),
    )
    fixes = [_refitted(context, output, kind) for kind in fitting]
    return context.problem(
        "error", "target-type", message, _node_id(context, output), fixes
    )


def _one_class(context: CheckContext, output: OutputBinding) -> Problem | None:
    """A class to be predicted of which there is no other."""
    if not _is_single(context, output) or _classes(context, output) != 1:
        return None
    message = _(
        "“{feature}” has the same value in all usable rows, so there is nothing to "
        "predict. Choose another target, or add rows of another class."
    ).format(feature=output.feature)
    rest = tuple(each for each in context.project.outputs if each != output)
    label = _("Do not predict {names}").format(names=output.feature)
    fix = Fix(label, (SetBindings(context.project.inputs, rest),)) if rest else None
    return context.problem(
        "error", "one-class", message, _node_id(context, output), [fix]
    )


def _unlike_layer(context: CheckContext, output: OutputBinding) -> Problem | None:
    """A layer of another size, or a loss that does not fit what is predicted."""
    end, head = _node(context, output), _head(context, output)
    node = _scoring(context, end) if end is not None else None
    if end is None or node is None or head is None or head.of_tokens:
        return None
    units = context.param(node, width_param(context, node))
    classes = _classes(context, output)
    if not isinstance(units, int) or (head.scores_names and not classes):
        return None
    loss = output.loss or context.project.plan.loss
    logits = loss.params.get("from_logits") is True
    activation = activation_of(context, end)
    message = ""
    if units not in head.fitting_units(classes):
        message = _(
            "The units of {node} are {units}, but “{feature}” needs {wanted}."
        ).format(
            node=node.name,
            units=units,
            feature=output.feature,
            wanted=head.head(head.best_loss(classes, units), classes, units)[0],
        )
    elif head.label_form(loss.kind, units) is None:
        better = short(head.best_loss(classes, units))
        message = head.unfit_loss().format(loss=short(loss.kind), better=better)
    elif problem := head.unfit_activation(activation):
        message = problem.format(node=end.name, name=activation)
    elif head.scores_names and activation == "linear" and not logits:
        message = _(
            "The outputs of {node} are not probabilities, but “{feature}” has classes. "
            "Use an activation such as softmax."
        ).format(node=end.name, feature=output.feature)
    elif unfit := _unfit_metrics(context, output, head):
        message = _("The metric {name} does not fit this output.").format(
            name=short(unfit[0])
        )
    if not message:
        return None
    fix = _refitted(context, output, output.head.kind)
    return context.problem("error", "target-output", message, end.id, [fix])


def _unfit_metrics(
    context: CheckContext, output: OutputBinding, head: HeadType
) -> list[str]:
    """Kinds of metrics that are not defined for a head."""
    given = context.project.plan.metrics if output.metrics is None else output.metrics
    found = [(each.kind, context.catalog.get(each.kind)) for each in given]
    return [
        kind
        for kind, described in found
        if described is not None
        and described.family == "plain_metrics"
        and kind not in head.metrics
    ]


def _refitted(context: CheckContext, output: OutputBinding, kind: str) -> Fix | None:
    """Head, size and activation of the layer, and the loss, as the feature needs."""
    head = _head(context, replace(output, head=Spec(kind)))
    end = _node(context, output)
    node = _scoring(context, end) if end is not None else None
    classes = _classes(context, output)
    if end is None or node is None or head is None:
        return None
    if head.scores_names and not classes:
        return None
    best = head.best_loss(classes, 0)
    units, activation = head.head(best, classes, 0)
    changed = _learning(context, output, head, units, best)
    outputs = tuple(changed if o == output else o for o in context.project.outputs)
    edits: list[Edit] = [
        SetParam(node.id, width_param(context, node), units, context.name)
    ]
    own = activation if end == node else "linear"
    edits.append(SetParam(node.id, "activation", own, context.name))
    if end != node:
        params: Params = FrozenMap({"activation": activation})
        layer = replace(end, kind="keras.layers.Activation", params=params)
        edits.append(ReplaceNode(layer, context.name))
    edits.append(SetBindings(context.project.inputs, outputs))
    label = _("Fit {node} to “{feature}”: {task}, units: {units}").format(
        node=end.name, feature=output.feature, task=short(kind), units=units
    )
    return Fix(label, tuple(edits))


def _learning(
    context: CheckContext, output: OutputBinding, head: HeadType, units: int, best: str
) -> OutputBinding:
    """An output with a head, and loss and metrics that fit it.

    Args:
        context: The graph.
        output: As it is.
        head: What it is to mean.
        units: Of its layer.
        best: The kind of the usual loss.
    """
    given = output.loss or context.project.plan.loss
    same = head.kind == output.head.kind
    keeps = same and head.label_form(given.kind, units) is not None
    loss = output.loss if keeps else Spec(best)
    metrics = output.metrics
    if _unfit_metrics(context, output, head):
        metrics = tuple(Spec(kind) for kind in head.metrics[:1])
    return replace(output, head=Spec(head.kind), loss=loss, metrics=metrics)


def _scoring(context: CheckContext, end: Node) -> Node | None:
    """The layer whose units decide the size of an output; None if it is another."""
    before = context.before(end.id)
    if len(before) == 1 and is_kind(end, "Rescaling", "Activation", "Softmax"):
        end = before[0]
    return end if width_param(context, end) else None


def _head(context: CheckContext, output: OutputBinding) -> HeadType | None:
    known = context.catalog.get(output.head.kind)
    if known is None or known.family != "heads":
        return None
    return find_head_type(output.head.kind, context.catalog)


def _is_single(context: CheckContext, output: OutputBinding) -> bool:
    head = _head(context, output)
    return head is not None and head.labels == "single"


def _classes(context: CheckContext, output: OutputBinding) -> int:
    """The number of classes in the data; 0 where it is unknown, or there are none."""
    found = context.dataset.distinct.get(output.feature, 0) if context.dataset else 0
    return int(found)


def _node(context: CheckContext, output: OutputBinding) -> Node | None:
    """The layer that gives an output."""
    id = _node_id(context, output)
    return context.graph.nodes.get(id) if id else None


def _node_id(context: CheckContext, output: OutputBinding) -> str:
    ends = [id for id in context.graph.output_ids() if id in context.graph.nodes]
    if output.output in ends:
        return output.output
    return ends[0] if len(ends) == 1 and not output.output else ""


TARGETS = (targets,)
