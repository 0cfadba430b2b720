"""Dense layers on the columns of a table."""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.table_blocks import (
    activation_of,
    add_inputs,
    features_of,
    is_rescaled,
    joined,
    rescaled,
    target_columns,
    units_of,
)
from dlstudio.engine.templates.table_features import TargetFeature
from dlstudio.engine.templates.table_project import table_project


def make(context: TemplateContext) -> Project:
    """Create a project whose model sees all columns side by side."""
    features = features_of(context)
    builder = GraphBuilder()
    inputs = add_inputs(builder, features.inputs)
    middle = inputs.middle
    trunk = joined(builder, "columns", inputs.encoded, middle)
    trunk = dense_blocks(builder, trunk, middle, context.samples)
    columns = target_columns(middle, len(features.targets))
    outputs = [
        add_output(builder, target, trunk, column)
        for target, column in zip(features.targets, columns, strict=True)
    ]
    return table_project(context, features, builder, inputs.layers, outputs)


def dense_blocks(builder: GraphBuilder, trunk: str, column: float, rows: int) -> str:
    """Add Dense layers with dropout, wider for more rows.

    Args:
        builder: The graph to add to.
        trunk: Id of the preceding layer.
        column: Column on the canvas.
        rows: Number of rows of the table.

    Returns:
        Id of the last layer.
    """
    first = 64 if rows < 10_000 else 128 if rows < 100_000 else 256
    for units in (first, first // 2):
        trunk = builder.add(
            "dense", "Dense", trunk, column, units=units, activation="relu"
        )
        trunk = builder.add("dropout", "Dropout", trunk, column, rate=0.2)
    return trunk


def add_output(
    builder: GraphBuilder, target: TargetFeature, trunk: str, column: float
) -> str:
    """Add the layers that predict a target.

    Args:
        builder: The graph to add to.
        target: What is predicted.
        trunk: Id of the preceding layer.
        column: Column on the canvas.

    Returns:
        Id of the output.
    """
    units = units_of(target)
    if is_rescaled(target):
        standardized = builder.add("standardized", "Dense", trunk, column, units=units)
        return rescaled(builder, target, standardized, column)
    activation = activation_of(target)
    return builder.keep(
        builder.add(
            target.name, "Dense", trunk, column, units=units, activation=activation
        )
    )
