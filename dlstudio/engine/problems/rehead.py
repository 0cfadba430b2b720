"""Edits that change a head: its activation, its width, what stands behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dlstudio.document.edits import (
    AddNode,
    Connect,
    Edit,
    ReplaceNode,
    SetOutputs,
    SetParam,
    SetPlan,
)
from dlstudio.document.graph import Link
from dlstudio.document.problems import Fix
from dlstudio.document.values import FrozenMap
from dlstudio.engine.problems.heads import Head, width_param
from dlstudio.engine.problems.plain import spec
from dlstudio.engine.problems.scene import Scene
from dlstudio.engine.tasks.base import SIGMOID_LOSSES, SOFTMAX_LOSSES, Task, short
from dlstudio.i18n import _


def set_activation(scene: Scene, head: Head, wanted: str) -> tuple[Edit, ...] | None:
    """Edits that make `wanted` the activation of the head; None if there is no way."""
    node = head.activated or head.scorer
    if node is None:
        return None
    if scene.has(node, "activation"):
        return (SetParam(node.id, "activation", wanted, scene.name),)
    kind = "keras.layers.Activation"
    changed = replace(node, kind=kind, params=FrozenMap({"activation": wanted}))
    return (ReplaceNode(changed, scene.name),)


def with_activation(
    scene: Scene, head: Head, task: Task, activation: str
) -> tuple[Edit, ...] | None:
    """Edits that set the activation and, if it then does not fit, the loss."""
    edits = set_activation(scene, head, activation)
    if edits is None:
        return None
    family = SIGMOID_LOSSES if activation == "sigmoid" else SOFTMAX_LOSSES
    if short(scene.project.plan.loss.kind) in family:
        return edits
    classes = scene.facts.classes if scene.facts else head.units
    loss = SetPlan("loss", spec(task.best_loss(classes, head.units)))
    return (*edits, loss)


def appended(
    scene: Scene, head: Head, kind: str, stem: str, **params: Any
) -> tuple[Edit, ...]:
    """Edits that put a new layer behind the output and make it the output."""
    node = scene.new(kind, stem, **params)
    x, y = head.output.position
    edits: list[Edit] = [
        AddNode(replace(node, position=(x, y + 120.0)), scene.name),
        Connect(Link(head.output.id, node.id), scene.name),
    ]
    if scene.graph.outputs:
        edits.append(SetOutputs((node.id,), scene.name))
    return tuple(edits)


def resized(
    scene: Scene, head: Head, task: Task, units: int, activation: str
) -> Fix | None:
    """Sets the width; from one unit to several, activation and loss go along."""
    if head.scorer is None:
        edits = appended(
            scene, head, "Dense", "dense", units=units, activation=activation
        )
        label = _("Append a Dense layer of {units} units").format(units=units)
        return Fix(label, edits) if scene.keeps(edits) else None
    name = width_param(scene, head.scorer)
    changes: list[Edit] = [SetParam(head.scorer.id, name, units, scene.name)]
    if 1 in (head.units, units):
        changes += _fitting(scene, head, task, units, activation)
    label = _("Set {param} of {node} to {units}").format(
        param=name, node=head.scorer.name, units=units
    )
    return Fix(label, tuple(changes)) if scene.keeps(changes) else None


def _fitting(
    scene: Scene, head: Head, task: Task, units: int, activation: str
) -> tuple[Edit, ...]:
    """The activation and, if it does not fit, the loss for so many units."""
    plan = scene.project.plan
    logits = bool(plan.loss.params.get("from_logits")) and head.activation == "linear"
    edits = () if logits else set_activation(scene, head, activation) or ()
    family = SIGMOID_LOSSES if activation == "sigmoid" else SOFTMAX_LOSSES
    if short(plan.loss.kind) in family and (units > 1 or activation == "sigmoid"):
        return edits
    classes = scene.facts.classes if scene.facts else units
    return (*edits, SetPlan("loss", spec(task.best_loss(classes, units))))
