"""The project that a template for texts makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.features.text import TEXT
from dlstudio.catalog.store import Catalog
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.engine.features.input_branch import BranchLayer
from dlstudio.engine.features.text_profile import TextProfile
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.table_blocks import (
    add_input,
    features_of,
    joined,
    target_columns,
)
from dlstudio.engine.templates.table_features import (
    InputFeature,
    TableFeatures,
    example_features,
)
from dlstudio.engine.templates.table_mlp import add_output
from dlstudio.engine.templates.table_project import table_project
from dlstudio.errors import UserError
from dlstudio.i18n import _

DROPPED = 0.5
WIDTH = 4
"""Columns on the canvas from one text to the next."""

AddBranch = Callable[[GraphBuilder, str, TextProfile, float], str]
"""Adds the layers from an input of texts to a row of numbers; returns the last one."""


def add_layer(
    builder: GraphBuilder, layer: BranchLayer, after: str | None, column: float
) -> str:
    """Add a layer that is described.

    Args:
        builder: The graph to add to.
        layer: Kind and parameters.
        after: Id of the preceding layer; None for the one added last.
        column: Column on the canvas.
    """
    return builder.add(layer.stem, layer.kind, after, column, **layer.params)


def text_features(context: TemplateContext) -> TableFeatures:
    """The columns to make a model for, with a text; an example without data.

    Raises:
        UserError: The data has no texts.
    """
    features = features_of(context)
    if context.table is None:
        text = InputFeature.of("text", Feature(TEXT.kind), 0, Catalog(FEATURES))
        return TableFeatures((text,), example_features().targets)
    if all(each.feature.kind != TEXT.kind for each in features.inputs):
        raise UserError(
            _("This template needs a column of texts."),
            _("Choose another template, or give a column the type Text."),
        )
    return features


def text_project(
    context: TemplateContext, add_branch: AddBranch, skips_padding: bool = False
) -> Project:
    """Create a project whose model reads texts, and nothing else.

    Args:
        context: Of a table with texts.
        add_branch: Adds the layers that read them.
        skips_padding: Whether these do, so that batches by length are faster.

    Raises:
        UserError: The data has no texts, or other columns besides them.
    """
    features = text_features(context)
    _check_alone(features)
    builder = GraphBuilder()
    columns = [WIDTH * number for number in range(len(features.inputs))]
    middle = columns[-1] / 2
    layers, branches = {}, []
    for column, feature in zip(columns, features.inputs, strict=True):
        layers[feature.name] = add_input(builder, feature, column)
    for column, feature in zip(columns, features.inputs, strict=True):
        profile = TextProfile.of_layer(feature.branch.layers[0])
        input = layers[feature.name]
        branches.append(add_branch(builder, input, profile, column))
    trunk = joined(builder, "texts", branches, middle)
    trunk = builder.add("dropout", "Dropout", trunk, middle, rate=DROPPED)
    places = target_columns(middle, len(features.targets))
    outputs = [
        add_output(builder, target, trunk, column)
        for target, column in zip(features.targets, places, strict=True)
    ]
    project = table_project(context, features, builder, layers, outputs)
    plan = replace(project.plan, bucket_by_length=skips_padding)
    return replace(project, plan=plan)


def _check_alone(features: TableFeatures) -> None:
    """Check that every input is a text.

    Raises:
        UserError: One is not.
    """
    others = [e.name for e in features.inputs if e.feature.kind != TEXT.kind]
    if others:
        raise UserError(
            _("This template takes only texts, but the data also has: {names}.").format(
                names=", ".join(others[:8])
            ),
            _("Choose the template text-and-table, or ignore these columns."),
        )
