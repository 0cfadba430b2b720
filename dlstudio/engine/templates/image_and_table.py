"""Convolutions on images beside dense layers on the other columns of a table."""

from __future__ import annotations

from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.features.image import IMAGE
from dlstudio.catalog.store import Catalog
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.graph_builder import GraphBuilder
from dlstudio.engine.templates.table_blocks import (
    add_inputs,
    features_of,
    joined,
    target_columns,
)
from dlstudio.engine.templates.table_features import InputFeature, TableFeatures
from dlstudio.engine.templates.table_mlp import add_output
from dlstudio.engine.templates.table_project import table_project
from dlstudio.errors import UserError
from dlstudio.i18n import _

FEWEST, MOST = 16, 64
"""Units for the columns, of which each should have its share beside the images."""


def make(context: TemplateContext) -> Project:
    """Create a project with a branch for each image and one for all other columns.

    Raises:
        UserError: The data has no column of images.
    """
    features = features_of(context)
    if context.table is None:
        features = with_example_image(features)
    if not any(each.branch.deep for each in features.inputs):
        raise UserError(
            _("This template needs a column of images."),
            _("Choose another template, or include a column of images."),
        )
    builder = GraphBuilder()
    inputs = add_inputs(builder, features.inputs)
    pairs = list(zip(features.inputs, inputs.encoded, strict=True))
    images = [id for each, id in pairs if each.branch.deep]
    others = [id for each, id in pairs if not each.branch.deep]
    branches = list(images)
    if others:
        branches.append(_columns(builder, features, others, inputs.middle))
    trunk = joined(builder, "join", branches, inputs.middle)
    if others or len(images) > 1:
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


def with_example_image(features: TableFeatures) -> TableFeatures:
    """The same columns beside an image of the usual size."""
    catalog = Catalog(FEATURES)
    photo = InputFeature.of("photo", Feature(IMAGE.kind), 0, catalog)
    return TableFeatures((photo, *features.inputs), features.targets)


def _columns(
    builder: GraphBuilder, features: TableFeatures, encoded: list[str], column: float
) -> str:
    """Add the branch of the columns that are no images."""
    row = joined(builder, "columns", encoded, column)
    count = sum(not each.branch.deep for each in features.inputs)
    units = min(MOST, max(FEWEST, 8 * count))
    return builder.add("table", "Dense", row, column, units=units, activation="relu")
