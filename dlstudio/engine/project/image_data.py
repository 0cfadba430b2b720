"""Statistics of the data of a source of images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np

from dlstudio.data.data_form import used_features
from dlstudio.data.images.cache.cache_builder import skipped_before
from dlstudio.data.images.checks.mirrored_images import (
    compared,
    grey_thumbs,
    mirrored_pairs,
    named_pairs,
)
from dlstudio.data.images.checks.outliers import flat_rows
from dlstudio.data.images.prepare import PREPARED_IMAGES
from dlstudio.data.images.samples import image_rows, labeled
from dlstudio.data.prepared import Prepared
from dlstudio.data.recipe import absent, apply_recipe
from dlstudio.data.samples import Samples, count_labels
from dlstudio.data.split import Indices, split
from dlstudio.document.analysis import ImageExamination
from dlstudio.document.plan import LABEL
from dlstudio.document.project import Project
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.problems.mirrored_classes import mirrors
from dlstudio.engine.templates.context import context_of
from dlstudio.errors import UserError
from dlstudio.i18n import _

Unusable: TypeAlias = "tuple[tuple[str, str], ...]"
"""Ids of unusable samples, each with the reason."""


def check_classes(project: Project, prepared: Prepared) -> None:
    """Raise if classes are to be predicted, but no image has one."""
    learned = prepared.fitted.get(LABEL)
    if LABEL not in used_features(project).targets or learned is None:
        return
    if learned.get("names") == []:
        raise UserError(
            _("The images have no classes, but the model predicts classes."),
            _("Put the images of each class into a separate subfolder."),
        )


def image_statistics(
    project: Project,
    opened: Samples,
    cache: Path,
    examined: ImageExamination | None = None,
) -> DatasetStatistics:
    """Statistics of images without decoding every one.

    Args:
        project: Its recipe says which images are used.
        opened: All images.
        cache: The project's cache folder, with earlier preparations of the same files.
        examined: Results of examining every image.

    Raises:
        UserError: There are no images, or they cannot be read.
    """
    recipe = project.data
    samples = apply_recipe(opened, recipe)
    classified = LABEL in used_features(project).targets
    samples, unlabeled = labeled(samples) if classified else (samples, ())
    before = skipped_before(samples, cache / PREPARED_IMAGES)
    known = dict((*before, *(examined.unreadable if examined else ())))
    usable = [row for row, name in enumerate(samples.ids) if name not in known]
    kept = samples.take(np.array(usable, np.int64))
    bad = tuple((name, known[name]) for name in samples.ids if name in known)
    splits = split(kept, recipe.split, None, recipe.moved)
    unusable = (*absent(opened, recipe), *unlabeled, *bad)
    dataset = _dataset(project, opened, kept, splits, unusable)
    return replace(dataset, mirrored=examined.mirrored) if examined else dataset


def prepared_image_statistics(
    project: Project, opened: Samples, prepared: Prepared
) -> DatasetStatistics:
    """The exact statistics of prepared images.

    Args:
        project: With its features.
        opened: The source of `prepared`.
        prepared: The images that are used.
    """
    dataset = _dataset(project, opened, prepared, prepared.splits, prepared.skipped)
    flat = tuple(prepared.ids[row] for row in flat_rows(image_rows(prepared)))
    dataset = replace(dataset, flat=flat)
    if prepared.has_several_labels or not mirrors(project):
        return dataset
    rows = compared(prepared.labels)
    if not len(rows):
        return dataset
    images = image_rows(prepared)
    thumbs = grey_thumbs(images[row] for row in rows)
    pairs = mirrored_pairs(thumbs, prepared.labels[rows])
    return replace(dataset, mirrored=named_pairs(pairs, prepared.classes))


def _dataset(
    project: Project,
    opened: Samples,
    usable: Samples | Prepared,
    splits: Mapping[str, Indices],
    unusable: Unusable,
) -> DatasetStatistics:
    context = context_of(project.name, project.data.source, opened)
    counts = count_labels(usable.labels, len(usable.classes))
    return DatasetStatistics(
        classes=len(usable.classes),
        class_names=usable.classes,
        has_several_labels=usable.has_several_labels,
        height=None if context.varying else context.height,
        width=None if context.varying else context.width,
        channels=context.channels,
        typical=(context.height, context.width),
        samples=len(usable),
        counts=tuple(counts.tolist()),
        training=len(splits["train"]),
        validation=len(splits["validation"]),
        test=len(splits["test"]),
        source=project.data.source,
        given=frozenset(opened.splits.tolist()) - {""},
        notes=opened.notes,
        unusable=unusable,
    )
