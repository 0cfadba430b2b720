"""A linear model with crossed categories beside dense layers.

Cheng et al.: "Wide & Deep Learning for Recommender Systems" (2016): the wide path
remembers combinations, the deep path generalizes.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.document.project import Project
from dlstudio.engine.features.name_branch import UNKNOWN
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.table_blocks import (
    TableInputs,
    activation_of,
    add_inputs,
    features_of,
    is_rescaled,
    joined,
    rescaled,
    target_columns,
    units_of,
)
from dlstudio.engine.templates.table_features import TableFeatures, TargetFeature
from dlstudio.engine.templates.table_mlp import dense_blocks
from dlstudio.engine.templates.table_project import table_project

BINS = 1000


def make(context: TemplateContext) -> Project:
    """Create a project whose model adds a wide and a deep path."""
    features = features_of(context)
    builder = GraphBuilder()
    inputs = add_inputs(builder, features.inputs)
    crossed = _crosses(builder, features, inputs)
    wide_column = inputs.middle + max(1, len(features.targets))
    deep = joined(builder, "columns", inputs.encoded, inputs.middle)
    wide = deep
    if crossed:
        wide = joined(
            builder, "crossed_columns", (*inputs.encoded, *crossed), wide_column
        )
    deep = dense_blocks(builder, deep, inputs.middle, context.samples)
    columns = target_columns(inputs.middle, len(features.targets))
    wide_columns = target_columns(wide_column, len(features.targets))
    outputs = [
        _output(builder, target, (deep, wide), places)
        for target, *places in zip(features.targets, columns, wide_columns, strict=True)
    ]
    return table_project(context, features, builder, inputs.layers, outputs)


def _crosses(
    builder: GraphBuilder, features: TableFeatures, inputs: TableInputs
) -> list[str]:
    """Add a crossing for each pair, to the right of all inputs."""
    distinct: Mapping[str, int] = {
        each.name: each.branch.distinct for each in features.inputs
    }
    return [
        builder.add(
            "crossing",
            "HashedCrossing",
            (inputs.lookups[first], inputs.lookups[second]),
            len(features.inputs) + number,
            num_bins=bins(distinct[first], distinct[second]),
            output_mode="one_hot",
        )
        for number, (first, second) in enumerate(features.crosses)
    ]


def bins(first: int, second: int) -> int:
    """Bins for the combinations of so many categories, twice as many as there are."""
    return min(BINS, 2 * (first + UNKNOWN) * (second + UNKNOWN))


def _output(
    builder: GraphBuilder,
    target: TargetFeature,
    paths: tuple[str, str],
    columns: list[float],
) -> str:
    units = units_of(target)
    deep = builder.add("deep", "Dense", paths[0], columns[0], units=units)
    wide = builder.add("wide", "Dense", paths[1], columns[1], units=units)
    builder.align(wide, deep)
    both = builder.add("sum", "Add", (deep, wide), columns[0])
    if is_rescaled(target):
        return rescaled(builder, target, both, columns[0])
    activation = activation_of(target)
    return builder.keep(
        builder.add(target.name, "Activation", both, columns[0], activation=activation)
    )
