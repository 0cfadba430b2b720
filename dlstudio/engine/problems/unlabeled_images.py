"""The check of images that have no classes, and the model that needs none."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.document.plan import NO_SOURCE
from dlstudio.document.problems import Fix, Problem
from dlstudio.document.starter_edits import use_model
from dlstudio.engine.heads.find_head import find_head_type
from dlstudio.engine.problems.check_context import CheckContext
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.templates import make_project
from dlstudio.engine.templates.context import TemplateContext
from dlstudio.engine.templates.image_default import AUTOENCODER
from dlstudio.i18n import _


def unlabeled_images(context: CheckContext) -> Iterator[Problem]:
    """Images without classes, where classes are to be predicted."""
    dataset = context.dataset
    if dataset is None or not dataset.samples or dataset.classes:
        return
    head = context.project.output.head.kind
    if not find_head_type(head, context.catalog).has_classes:
        return
    yield context.problem(
        "error",
        "no-classes",
        _(
            "The images have no classes, but classification needs at least two. Put "
            "the images of each class into a separate subfolder, or use an autoencoder."
        ),
        fixes=[] if context.trying else list(_autoencoder(context, dataset)),
    )


def _autoencoder(context: CheckContext, dataset: DatasetStatistics) -> Iterator[Fix]:
    """A fix that replaces the whole model."""
    if dataset.typical is None:
        return
    height, width = dataset.typical
    made = make_project(
        context.catalog[AUTOENCODER],
        TemplateContext(
            context.project.name,
            dataset.source or NO_SOURCE,
            classes=0,
            samples=dataset.samples,
            height=height,
            width=width,
            varying=dataset.height is None,
            channels=dataset.channels or 3,
        ),
    )
    edits = use_model(made, context.catalog)
    yield Fix(_("Replace the model with an autoencoder"), edits)
