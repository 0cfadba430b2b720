"""Edits that change a head: its activation, its units, and layers after it.

Args:
    context: The graph whose head it is.
    head: The head as it is now.
    head_type: What the output means; names the usual loss.
    wanted: Name of an activation, such as "softmax".
    activation: Name of an activation, "softmax" or "sigmoid".
    units: Number of scores the head must output.
    kind: Class of the new layer in `keras.layers`.
    stem: Prefix of the new layer's id.
    **params: Parameters of the new layer that differ from their defaults.
"""

from __future__ import annotations

from dataclasses import replace

from dlstudio.document.edits.base import Edit
from dlstudio.document.edits.edges import Connect
from dlstudio.document.edits.nodes import AddNode, ReplaceNode, SetOutputs
from dlstudio.document.edits.params import SetParam
from dlstudio.document.edits.project import SetPlan
from dlstudio.document.graph import NESTED, OPAQUE, Edge
from dlstudio.document.layout import ROW
from dlstudio.document.problems import Fix
from dlstudio.document.values import FrozenMap, Value
from dlstudio.engine.heads.base import HeadType, short
from dlstudio.engine.heads.loss_families import SIGMOID_LOSSES, SOFTMAX_LOSSES
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.model_head import ModelHead, width_param
from dlstudio.engine.problems.node_queries import spec
from dlstudio.i18n import _


def set_activation(
    context: CheckContext, head: ModelHead, wanted: str
) -> tuple[Edit, ...] | None:
    """Edits that make `wanted` the activation of the head; None if impossible."""
    node = head.activated or head.scorer
    if node is None or node.kind in (NESTED, OPAQUE):
        return None
    if context.has(node, "activation"):
        return (SetParam(node.id, "activation", wanted, context.name),)
    kind = "keras.layers.Activation"
    changed = replace(node, kind=kind, params=FrozenMap({"activation": wanted}))
    return (ReplaceNode(changed, context.name),)


def with_activation(
    context: CheckContext, head: ModelHead, head_type: HeadType, activation: str
) -> tuple[Edit, ...] | None:
    """Edits that set the activation and, if it then does not fit, the loss."""
    edits = set_activation(context, head, activation)
    if edits is None:
        return None
    family = SIGMOID_LOSSES if activation == "sigmoid" else SOFTMAX_LOSSES
    if short(context.project.plan.loss.kind) in family:
        return edits
    classes = context.dataset.classes if context.dataset else head.units
    loss = SetPlan("loss", spec(head_type.best_loss(classes, head.units)))
    return (*edits, loss)


def appended(
    context: CheckContext, head: ModelHead, kind: str, stem: str, **params: Value
) -> tuple[Edit, ...]:
    """Edits that append a new layer after the output and make it the output."""
    node = context.new(kind, stem, None, **params)
    x, y = head.output.position
    edits: list[Edit] = [
        AddNode(replace(node, position=(x, y + ROW)), context.name),
        Connect(Edge(head.output.id, node.id), context.name),
    ]
    if context.graph.outputs:
        edits.append(SetOutputs((node.id,), context.name))
    return tuple(edits)


def with_scores(
    context: CheckContext,
    head: ModelHead,
    head_type: HeadType,
    units: int,
    activation: str,
) -> Fix | None:
    """A fix that appends a scoring layer to a model that outputs features.

    None if a layer already outputs probabilities: layers after it learn little.
    """
    if head.scorer is not None and head.activation in ("softmax", "sigmoid"):
        return None
    loss = _loss_for(context, head_type, units, activation)
    logits = (
        loss is None and context.project.plan.loss.params.get("from_logits") is True
    )
    given = {"units": units} if logits else {"units": units, "activation": activation}
    edits = appended(context, head, "Dense", "dense", **given)
    label = _("Append Dense {units}") if logits else _("Append Dense {units}, {name}")
    edits = (*edits, *(() if loss is None else (loss,)))
    if not context.keeps_shapes(edits):
        return None
    return Fix(label.format(units=units, name=activation), edits)


def with_units(
    context: CheckContext,
    head: ModelHead,
    head_type: HeadType,
    units: int,
    activation: str,
) -> Fix | None:
    """A fix that sets the units of the scoring layer, or appends one."""
    change = with_scores if head.scorer is None else resized
    return change(context, head, head_type, units, activation)


def resized(
    context: CheckContext,
    head: ModelHead,
    head_type: HeadType,
    units: int,
    activation: str,
) -> Fix | None:
    """A fix that sets the units, with matching activation and loss."""
    if head.scorer is None:
        return None
    name = width_param(context, head.scorer)
    changes: list[Edit] = [SetParam(head.scorer.id, name, units, context.name)]
    changes += _fitting(context, head, head_type, units, activation)
    label = _("Set {param} of {node} to {units}").format(
        param=name, node=head.scorer.name, units=units
    )
    return Fix(label, tuple(changes)) if context.keeps_shapes(changes) else None


def _fitting(
    context: CheckContext,
    head: ModelHead,
    head_type: HeadType,
    units: int,
    activation: str,
) -> tuple[Edit, ...]:
    """The activation and, if it does not fit, the loss for this many units."""
    plan = context.project.plan
    logits = bool(plan.loss.params.get("from_logits")) and head.activation == "linear"
    fits = logits or head.activation == activation
    edits = () if fits else set_activation(context, head, activation) or ()
    loss = _loss_for(context, head_type, units, activation)
    return (*edits, *(() if loss is None else (loss,)))


def _loss_for(
    context: CheckContext, head_type: HeadType, units: int, activation: str
) -> SetPlan | None:
    """Another loss, if the plan's does not fit such scores."""
    name = short(context.project.plan.loss.kind)
    if not head_type.has_classes:
        fits = head_type.label_form(name, units) is not None
        return None if fits else SetPlan("loss", spec(head_type.best_loss(0, units)))
    family = SIGMOID_LOSSES if activation == "sigmoid" else SOFTMAX_LOSSES
    other = SOFTMAX_LOSSES if activation == "sigmoid" else SIGMOID_LOSSES
    if name in family or (name not in other and units > 1):
        return None
    classes = context.dataset.classes if context.dataset else units
    return SetPlan("loss", spec(head_type.best_loss(classes, units)))
