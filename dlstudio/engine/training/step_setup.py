"""Inputs and outputs of the training step, from the bindings of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples
from dlstudio.document.plan_metrics import output_metrics
from dlstudio.document.project import Project
from dlstudio.engine.features.base import TensorFeature, load_tensor_feature
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.model.call_arguments import layer_names
from dlstudio.engine.model.instantiate import make
from dlstudio.engine.model.model_bindings import (
    bound_inputs,
    bound_outputs,
    check_feature,
)
from dlstudio.engine.preprocessing.cache_points import TrainableModel
from dlstudio.engine.preprocessing.input_rows import InputRows
from dlstudio.engine.preprocessing.tensor_graph import layer_name
from dlstudio.engine.training.step_ends import OutputLoss, StepInput, StepOutput
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def fed_rows(
    project: Project, samples: PreparedSamples, catalog: Catalog
) -> dict[str, InputRows]:
    """What enters each input of the model, by the name of its layer.

    Args:
        project: With its bindings.
        samples: The prepared data.
        catalog: Describes the feature types.

    Raises:
        UserError: Bindings and data do not match.
    """
    names = layer_names(project.model)
    if not project.model.inputs:
        return {}  # refused when the model is built
    found = {}
    for node, binding in zip(project.model.inputs, bound_inputs(project), strict=True):
        feature = binding.feature
        rows = check_feature(samples.rows, feature)
        fitted = samples.fitted.get(feature, {})
        load = partial(_engine_part, project, feature, catalog)
        found[names[node.id]] = InputRows(feature, rows, fitted, load)
    return found


def _engine_part(project: Project, feature: str, catalog: Catalog) -> TensorFeature:
    return load_tensor_feature(catalog[project.data.features[feature].kind])


def step_inputs(
    trainable: TrainableModel,
    fed: Mapping[str, InputRows],
    targets: Mapping[str, npt.NDArray[Any]],
) -> tuple[tuple[StepInput, ...], dict[str, npt.NDArray[Any]]]:
    """What enters each input of the trained part, and all rows that a step takes.

    Args:
        trainable: The part of the model that is trained.
        fed: What enters each input of the whole model.
        targets: The rows of what is predicted, by feature.

    Raises:
        UserError: Model and data do not match.
    """
    inputs, rows = [], dict(targets)
    dtypes: dict[str, set[str]] = {}
    for tensor in trainable.model.inputs:
        name = layer_name(tensor)
        row = name if name in trainable.rows else fed[name].feature
        if name in trainable.rows:
            rows[row] = trainable.rows[name]
        else:
            fed[name].check(tensor)
            rows.setdefault(row, fed[name].rows)
        cut = name in trainable.lengths
        inputs.append(StepInput(row, tensor.dtype, tuple(tensor.shape[1:]), cut))
        dtypes.setdefault(row, set()).add(tensor.dtype)
    for row, kinds in dtypes.items():
        if rows[row].ndim == 1 and row not in targets and len(kinds) == 1:
            rows[row] = _as_type(rows[row], *kinds)
    return tuple(inputs), rows


def _as_type(array: npt.NDArray[Any], dtype: str) -> npt.NDArray[Any]:
    """Numbers as the input takes them, unless NumPy does not know the type."""
    try:
        return np.asarray(array, dtype)
    except TypeError:
        return array


def step_outputs(
    project: Project, model: KerasModel, samples: PreparedSamples, catalog: Catalog
) -> tuple[tuple[StepOutput, ...], Mapping[str, tuple[str, ...]]]:
    """What each output of the model learns, and the classes of targets that have some.

    Args:
        project: Project with bindings, losses and metrics.
        model: Built from the project's model.
        samples: The prepared data.
        catalog: Describes heads, losses and metrics.

    Raises:
        UserError: Bindings, model, plan and data do not match.
    """
    outputs: list[StepOutput] = []
    classes: dict[str, tuple[str, ...]] = {}
    bound = bound_outputs(project, model)
    for (binding, place), named in zip(
        bound, output_metrics(project, catalog), strict=True
    ):
        rows = check_feature(samples.rows, binding.feature)
        fitted = samples.fitted.get(binding.feature, {})
        shape = tuple(model.outputs[place].shape[1:])
        fitted = {**fitted, "output": shape}
        if rows.ndim > 2:  # known from the data, and not to be learned
            fitted["shape"] = rows.shape[1:]
        head_type = find_head_type(binding.head.kind, catalog)
        if head_type.of_tokens:
            fitted["positions"] = shape[0] if shape else 0
        head_type.check_output(shape, fitted)
        units, loss = int(shape[-1] or 0) if shape else 1, project.loss_of(binding)
        metrics = [
            head_type.metric(spec, loss, units, fitted, catalog)
            for spec in project.metrics_of(binding)
        ]
        for bound_metric, planned in zip(metrics, named.metrics, strict=True):
            # Keras would number default names per process.
            bound_metric.metric.name = planned.name
        outputs.append(
            StepOutput(
                place,
                binding.feature,
                head_type.targets(loss, units, fitted),
                make(head_type.trained_loss(loss), catalog, "losses"),
                binding.weight,
                tuple(metrics),
                OutputLoss(named.loss) if named.loss else None,
            )
        )
        names = head_type.class_names(fitted)
        if names:
            classes[binding.feature] = names
    return tuple(outputs), classes


def token_outputs(
    project: Project,
    outputs: tuple[StepOutput, ...],
    trainable: TrainableModel,
    catalog: Catalog,
) -> tuple[StepOutput, ...]:
    """The outputs, of which some are compared with the tokens that enter the model.

    Args:
        project: With the heads of the outputs.
        outputs: As `step_outputs` gives them.
        trainable: Has the tokens of each text.
        catalog: Describes the heads.

    Raises:
        UserError: Tokens are to be predicted, but nothing makes tokens of the text.
    """
    of_tokens = {
        each.feature
        for each in project.outputs
        if find_head_type(each.head.kind, catalog).of_tokens
    }
    return tuple(
        replace(each, row=_tokens_of(each.row, trainable))
        if each.row in of_tokens
        else each
        for each in outputs
    )


def _tokens_of(feature: str, trainable: TrainableModel) -> str:
    """Name of the rows with the tokens of a text."""
    for name, features in trainable.features.items():
        rows = trainable.rows[name]
        if features == (feature,) and rows.ndim == 2 and rows.dtype.kind in "iu":
            return name
    raise UserError(
        _("Nothing splits “{feature}” into tokens.").format(feature=feature),
        _("Let it enter a TextVectorization layer with a fixed sequence length."),
    )
