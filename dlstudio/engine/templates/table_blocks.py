"""Shared parts of the templates for tables: inputs and outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dlstudio.engine.heads.base import Activation
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.image_default import no_table
from dlstudio.engine.templates.table_features import (
    REGRESSION,
    InputFeature,
    TableFeatures,
    TargetFeature,
    example_features,
)
from dlstudio.errors import UserError
from dlstudio.i18n import _


@dataclass(frozen=True, slots=True)
class TableInputs:
    """The encoded inputs of a graph.

    Attributes:
        layers: Feature → id of its input layer.
        lookups: Feature → id of the layer that gives the places of its names.
        encoded: Ids of the layers whose outputs are (n, ...) numbers.
        middle: Column on the canvas beneath the middle of them.
    """

    layers: Mapping[str, str]
    lookups: Mapping[str, str]
    encoded: tuple[str, ...]
    middle: float


def features_of(context: TemplateContext) -> TableFeatures:
    """The columns to make a model for; an example where there is no data.

    Raises:
        UserError: The data is no table, or has nothing to predict or to predict from.
    """
    if context.table is None and not context.source.kind:
        return example_features()
    if context.table is None:
        raise no_table()
    if not context.table.inputs or not context.table.targets:
        raise UserError(
            _("A model for a table needs a column to predict and another one."),
            _("Choose the target, and include at least one more column."),
        )
    return context.table


def add_inputs(builder: GraphBuilder, features: Sequence[InputFeature]) -> TableInputs:
    """Add an input for each feature, side by side, with what turns it into numbers."""
    layers: dict[str, str] = {}
    lookups: dict[str, str] = {}
    encoded: list[str] = []
    for column, feature in enumerate(features):
        layers[feature.name] = add_input(builder, feature, column)
    for column, feature in enumerate(features):
        last, branch = layers[feature.name], feature.branch
        for layer in branch.layers:
            last = builder.add(layer.stem, layer.kind, last, column, **layer.params)
            if layer.stem == branch.codes:
                lookups[feature.name] = last
        encoded.append(last)
    middle = (len(features) - 1) / 2
    return TableInputs(layers, lookups, tuple(encoded), middle)


def add_input(builder: GraphBuilder, feature: InputFeature, column: float) -> str:
    """Add the input layer of a feature.

    Args:
        builder: The graph to add to.
        feature: Says shape and data type.
        column: Column on the canvas.
    """
    form = feature.form
    id = builder.add(
        feature.name, "InputLayer", (), column, shape=form.shape, dtype=form.dtype
    )
    return builder.keep(id)


def joined(
    builder: GraphBuilder, stem: str, layers: Sequence[str], column: float
) -> str:
    """All layers side by side as one row; a single one as it is.

    Args:
        builder: The graph to add to.
        stem: Id of the layer that joins them.
        layers: Ids of layers whose outputs are (n, ...).
        column: Column on the canvas.

    Returns:
        Id of the layer whose output is all of them.
    """
    if len(layers) == 1:
        return layers[0]
    return builder.add(stem, "Concatenate", tuple(layers), column)


def activation_of(target: TargetFeature) -> str:
    """The activation of a target's output."""
    return wanted_by(target)[2]


def units_of(target: TargetFeature) -> int:
    """The units of a target's output."""
    return wanted_by(target)[1]


def wanted_by(target: TargetFeature) -> tuple[str, int, Activation]:
    """Loss, units and activation that a target's head wants."""
    head, classes = target.head, target.classes
    loss = head.best_loss(classes, max(2, classes))
    return loss, *head.head(loss, classes, max(2, classes))


def is_rescaled(target: TargetFeature) -> bool:
    """Whether the output is brought from a standardized number into its own unit."""
    return target.head.kind == REGRESSION


def rescaled(
    builder: GraphBuilder, target: TargetFeature, after: str, column: float
) -> str:
    """Add the layer that brings a standardized number into the target's unit.

    Args:
        builder: The graph to add to.
        target: Has mean and deviation.
        after: Id of the layer with the standardized number.
        column: Column on the canvas.

    Returns:
        Id of the output.
    """
    id = builder.add(
        target.name,
        "Rescaling",
        after,
        column,
        scale=target.deviation,
        offset=target.mean,
    )
    return builder.keep(id)


def target_columns(middle: float, count: int) -> tuple[float, ...]:
    """Columns of as many outputs, side by side around the middle."""
    return tuple(middle + number - (count - 1) / 2 for number in range(count))
