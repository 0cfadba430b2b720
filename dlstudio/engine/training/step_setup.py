"""Inputs and outputs of the training step, from the bindings of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dlstudio.catalog.store import Catalog
from dlstudio.data.pipeline import PreparedSamples
from dlstudio.document.plan_metrics import output_metrics
from dlstudio.document.project import Project
from dlstudio.engine.heads.base import find_head_type
from dlstudio.engine.model.instantiate import make
from dlstudio.engine.model.model_bindings import (
    bound_inputs,
    bound_outputs,
    check_feature,
    check_rows,
)
from dlstudio.engine.training.step_ends import OutputLoss, StepInput, StepOutput

if TYPE_CHECKING:
    from dlstudio.engine.typing import KerasModel


def step_inputs(
    project: Project, model: KerasModel, samples: PreparedSamples
) -> tuple[tuple[StepInput, ...], dict[str, npt.NDArray[Any]]]:
    """What enters each input of the model, and the rows of all bound features.

    Args:
        project: Project with the bindings.
        model: Built from the project's model.
        samples: The prepared data.

    Raises:
        UserError: Bindings, model and data do not match.
    """
    bound = bound_outputs(project, model)
    targets = [binding.feature for binding, _place in bound]
    rows = {name: check_feature(samples.rows, name) for name in targets}
    inputs = []
    for binding, tensor in zip(bound_inputs(project), model.inputs, strict=True):
        name = binding.feature
        found = check_feature(samples.rows, name)
        check_rows(name, found, tensor)
        inputs.append(StepInput(name, tensor.dtype, tuple(tensor.shape[1:])))
        rows.setdefault(name, found)
    dtypes: dict[str, set[str]] = {}
    for each in inputs:
        dtypes.setdefault(each.row, set()).add(each.dtype)
    for name, kinds in dtypes.items():
        if rows[name].ndim == 1 and name not in targets and len(kinds) == 1:
            rows[name] = _as_type(rows[name], *kinds)
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
        check_feature(samples.rows, binding.feature)
        fitted = samples.fitted.get(binding.feature, {})
        head_type = find_head_type(binding.head.kind, catalog)
        shape = tuple(model.outputs[place].shape[1:])
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
                make(loss, catalog, "losses"),
                binding.weight,
                tuple(metrics),
                OutputLoss(named.loss) if named.loss else None,
            )
        )
        names = head_type.class_names(fitted)
        if names:
            classes[binding.feature] = names
    return tuple(outputs), classes
