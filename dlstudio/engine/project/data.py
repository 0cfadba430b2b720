"""A project's data: prepared for training, or examined for the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.data_form import data_form, used_features
from dlstudio.data.features.base import Fitted
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
from dlstudio.data.open_source import open_source
from dlstudio.data.preparation import prepare_data
from dlstudio.data.prepared import Prepared
from dlstudio.data.recipe import absent, apply_recipe
from dlstudio.data.row_ids import RowIds
from dlstudio.data.samples import Samples, count_labels
from dlstudio.data.split import Indices, split
from dlstudio.document.analysis import ImageExamination
from dlstudio.document.plan import LABEL
from dlstudio.document.project import Project
from dlstudio.engine.problems.dataset_statistics import DatasetStatistics
from dlstudio.engine.problems.mirrored_classes import mirrors
from dlstudio.engine.runtime.stop_token import StopToken
from dlstudio.engine.templates.context import context_of
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE = ".cache"

Unusable: TypeAlias = "tuple[tuple[str, str], ...]"
"""Ids of unusable samples, each with the reason."""


def prepare_project(
    project: Project,
    folder: Path,
    catalog: Catalog,
    progress: Callable[[int, int], None] | None,
    token: StopToken,
    known: Mapping[str, Fitted] | None = None,
) -> Prepared:
    """Prepare the project's data in the form its model takes.

    Args:
        folder: The project's folder, which contains the cache; relative paths start
            there.
        progress: Called with the number of images done and the total.
        token: Checked while preparing.
        known: What the features of a table have learned from other rows.

    Raises:
        UserError: There is no data, or it cannot be read.
        Stopped: `token` was set; images prepared so far are kept.
    """
    prepared = prepare_data(
        open_source(project.data.source, catalog, folder),
        project.data,
        data_form(project, catalog),
        catalog,
        folder / CACHE,
        progress,
        lambda: token.stop_requested,
        known,
    )
    token.check()
    _check_classes(project, prepared)
    return prepared


def _check_classes(project: Project, prepared: Prepared) -> None:
    """Raise if classes are to be predicted, but no image has one."""
    learned = prepared.fitted.get(LABEL)
    if LABEL not in used_features(project).targets or learned is None:
        return
    if learned.get("names") == []:
        raise UserError(
            _("The images have no classes, but the model predicts classes."),
            _("Put the images of each class into a separate subfolder."),
        )


def dataset_statistics(
    project: Project,
    folder: Path,
    catalog: Catalog,
    examined: ImageExamination | None = None,
) -> DatasetStatistics:
    """Statistics of the data without decoding every image.

    Args:
        examined: Results of examining every image. Results of an earlier preparation of
            the same files are used in any case.

    Raises:
        UserError: There is no data, or it cannot be read.
    """
    recipe = project.data
    opened = open_source(recipe.source, catalog, folder)
    if isinstance(opened.ids, RowIds):
        from dlstudio.engine.project.table_statistics import table_statistics

        return table_statistics(project, opened, catalog)
    samples = apply_recipe(opened, recipe)
    classified = LABEL in used_features(project).targets
    samples, unlabeled = labeled(samples) if classified else (samples, ())
    before = skipped_before(samples, folder / CACHE / PREPARED_IMAGES)
    known = dict((*before, *(examined.unreadable if examined else ())))
    usable = [row for row, name in enumerate(samples.ids) if name not in known]
    kept = samples.take(np.array(usable, np.int64))
    bad = tuple((name, known[name]) for name in samples.ids if name in known)
    splits = split(kept, recipe.split, None, recipe.moved)
    unusable = (*absent(opened, recipe), *unlabeled, *bad)
    dataset = _dataset(project, opened, kept, splits, unusable)
    return replace(dataset, mirrored=examined.mirrored) if examined else dataset


def prepared_statistics(
    project: Project, opened: Samples, prepared: Prepared, catalog: Catalog
) -> DatasetStatistics:
    """The exact statistics of the prepared data.

    Args:
        project: With its features.
        opened: The source of `prepared`.
        prepared: The samples that are used.
        catalog: Describes the feature types.
    """
    if isinstance(opened.ids, RowIds):
        from dlstudio.engine.project.table_statistics import rows_statistics

        return rows_statistics(project, opened, prepared, catalog)
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
