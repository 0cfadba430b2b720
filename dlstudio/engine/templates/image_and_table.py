"""Convolutions on images beside dense layers on the other columns of a table."""

from __future__ import annotations

from dlstudio.catalog.features import FEATURES
from dlstudio.catalog.features.image import IMAGE
from dlstudio.catalog.store import Catalog
from dlstudio.document.feature import Feature
from dlstudio.document.project import Project
from dlstudio.engine.templates.branches import branches_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.table_blocks import features_of
from dlstudio.engine.templates.table_features import InputFeature, TableFeatures
from dlstudio.errors import UserError
from dlstudio.i18n import _


def make(context: TemplateContext) -> Project:
    """Create a project with a branch for each image and one for all other columns.

    Raises:
        UserError: The data has no column of images.
    """
    features = features_of(context)
    if context.table is None:
        features = with_example_image(features)
    if all(each.feature.kind != IMAGE.kind for each in features.inputs):
        raise UserError(
            _("This template needs a column of images."),
            _("Choose another template, or include a column of images."),
        )
    return branches_project(context, features)


def with_example_image(features: TableFeatures) -> TableFeatures:
    """The same columns beside an image of the usual size."""
    catalog = Catalog(FEATURES)
    photo = InputFeature.of("photo", Feature(IMAGE.kind), 0, catalog)
    return TableFeatures((photo, *features.inputs), features.targets)
