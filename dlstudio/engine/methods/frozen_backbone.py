"""Training behind a frozen backbone, whose features are computed once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from dlstudio.document.backbone import is_pretrained
from dlstudio.engine.methods.built_model import BuiltModel
from dlstudio.engine.model.backbone_weights import backbone_nodes
from dlstudio.engine.preprocessing.augmented_passes import (
    AugmentedPasses,
    generators,
)
from dlstudio.engine.preprocessing.feature_rows import FeatureRows, FrontFeatures
from dlstudio.engine.preprocessing.frozen_features import (
    LARGEST,
    FrozenFront,
    feature_bytes,
    frozen_front,
)
from dlstudio.engine.preprocessing.frozen_networks import frozen_networks
from dlstudio.engine.preprocessing.tensor_graph import layer_name
from dlstudio.engine.training.feature_stepper import FeatureStepper
from dlstudio.engine.training.method import MethodComponents, MethodContext
from dlstudio.engine.training.phases import body_of
from dlstudio.engine.training.step_ends import StepInput
from dlstudio.engine.training.stepper import Stepper

CACHE = ".cache"
"""Folder of a project for what may be deleted."""


def computed_once(
    context: MethodContext, built: BuiltModel, whole: Stepper
) -> MethodComponents | None:
    """A training on the features of frozen backbones; None if there are none.

    Args:
        context: Of the training.
        built: The project's model.
        whole: The step that trains all of it, for when backbones are thawed.
    """
    project, samples = context.project, context.samples
    # Others may draw in training what to drop.
    nodes = backbone_nodes(project.model)
    backbones = {name for name, node in nodes if is_pretrained(node)}
    first = project.plan.head_first
    waiting = body_of(project.model, built.whole) if first else ()
    backbones |= frozen_networks(built.trained, waiting)
    if not backbones:
        return None
    count = project.plan.augmented_passes
    divided = frozen_front(built.trained, backbones, waiting, drawn=count > 0)
    held = np.asarray(samples.splits["validation"], np.int64)
    chosen = np.unique(np.concatenate([context.chosen, held]))
    if divided is None:
        return None
    passes = AugmentedPasses()
    if count and generators(divided.front):
        trained = np.setdiff1d(context.chosen, held)
        passes = AugmentedPasses(count, trained, project.plan.seed)
    if feature_bytes(divided, len(chosen) + passes.more) > LARGEST:
        return None
    inputs = _inputs(built)
    entries = [inputs[layer_name(tensor)] for tensor in divided.front.inputs]
    features = FrontFeatures(
        divided,
        [(each.row, each.of) for each in entries],
        built.rows,
        chosen,
        samples.fingerprint,
        context.folder / CACHE if context.folder else None,
        built.rows.keys() - samples.rows.keys(),
        passes=passes,
    )
    head = Stepper(
        divided.rest,
        built.optimizer.optimizer,
        _rest_inputs(divided, inputs),
        built.outputs,
        strategy=context.placement.strategy,
        fuse=built.fuse,
    )
    made = built.assembled(FeatureStepper(whole, head, features))
    rows = {
        name: cast("npt.NDArray[Any]", FeatureRows(features, number))
        for number, name in enumerate(divided.names)
    }
    return replace(made, rows={**made.rows, **rows})


def _inputs(built: BuiltModel) -> dict[str, StepInput]:
    """What enters each input of the trained model, by its name."""
    names = map(layer_name, built.trained.inputs)
    return dict(zip(names, built.inputs, strict=True))


def _rest_inputs(
    divided: FrozenFront, inputs: dict[str, StepInput]
) -> tuple[StepInput, ...]:
    found = []
    for tensor in divided.rest.inputs:
        name = layer_name(tensor)
        own = StepInput(name, str(tensor.dtype), tuple(tensor.shape[1:]))
        found.append(own if name in divided.names else inputs[name])
    return tuple(found)
