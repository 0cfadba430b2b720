"""A model that joins the branches of columns which need layers of their own.

The other columns share a branch.
"""

from __future__ import annotations

from dlstudio.document.project import Project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.table_blocks import (
    add_inputs,
    joined,
    target_columns,
)
from dlstudio.engine.templates.table_features import TableFeatures
from dlstudio.engine.templates.table_mlp import add_output
from dlstudio.engine.templates.table_project import table_project

FEWEST, MOST = 16, 64
"""Units for the columns, of which each should have its share beside the others."""


def branches_project(context: TemplateContext, features: TableFeatures) -> Project:
    """Create a project with a branch for each deep column and one for all others.

    Args:
        context: Of a table.
        features: Of the table, one of them deep at least.
    """
    builder = GraphBuilder()
    inputs = add_inputs(builder, features.inputs)
    pairs = list(zip(features.inputs, inputs.encoded, strict=True))
    deep = [id for each, id in pairs if each.branch.deep]
    others = [id for each, id in pairs if not each.branch.deep]
    branches = list(deep)
    if others:
        branches.append(_columns(builder, features, others, inputs.middle))
    trunk = joined(builder, "join", branches, inputs.middle)
    if others or len(deep) > 1:
        trunk = builder.add(
            "dense", "Dense", trunk, inputs.middle, units=64, activation="relu"
        )
    trunk = builder.add("dropout", "Dropout", trunk, inputs.middle, rate=0.3)
    columns = target_columns(inputs.middle, len(features.targets))
    outputs = [
        add_output(builder, target, trunk, column)
        for target, column in zip(features.targets, columns, strict=True)
    ]
    return table_project(context, features, builder, inputs.layers, outputs)


def _columns(
    builder: GraphBuilder, features: TableFeatures, encoded: list[str], column: float
) -> str:
    """Add the branch of the columns that need no layers of their own."""
    row = joined(builder, "columns", encoded, column)
    count = sum(not each.branch.deep for each in features.inputs)
    units = min(MOST, max(FEWEST, 8 * count))
    return builder.add("table", "Dense", row, column, units=units, activation="relu")
