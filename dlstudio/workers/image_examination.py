"""Jobs on open data: split it as training will, and examine every image.

They import `dlstudio.data` on the worker thread; none of it needs TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.document.plan import DataRecipe
from dlstudio.errors import UserError
from dlstudio.workers.dataset import (
    EXCLUDED,
    SPLITS,
    Dataset,
    DatasetFinding,
    DatasetSplit,
    ExaminedDataset,
    SourceChange,
)
from dlstudio.workers.jobs import Cancelled, JobContext, ReportingContext
from dlstudio.workers.progress import Progress

if TYPE_CHECKING:
    from dlstudio.data.findings import Finding
    from dlstudio.data.samples import Samples


def split_dataset(
    _context: JobContext,
    dataset: Dataset,
    recipe: DataRecipe,
    examined: ExaminedDataset | None = None,
) -> DatasetSplit:
    """Split the samples as training will; an impossible split is reported, not raised.

    Args:
        examined: Identifies copies, which are kept in one split.
    """
    from dlstudio.data.held_out import held_out_notes
    from dlstudio.data.recipe import apply_recipe
    from dlstudio.data.sample_groups import kept_together
    from dlstudio.data.split import split

    assignments = np.full(len(dataset), EXCLUDED, np.uint8)
    classes = dataset.classes
    try:
        samples = apply_recipe(dataset.samples, recipe)
        classes = samples.classes
        rows = np.array([dataset.rows[id] for id in samples.ids], np.int64)
        copies = [examined.contents[row] for row in rows] if examined else None
        found = split(samples, recipe.split, copies, recipe.moved)
        for number, name in enumerate(SPLITS):
            assignments[rows[found[name]]] = number
        groups = 0
        if recipe.split.group_by:
            keys = kept_together(samples.ids, recipe.split, None)
            groups = len(set(keys)) if keys is not None else 0
        counts = np.stack([_counts(samples, found[name]) for name in SPLITS], axis=1)
    except UserError as error:
        counts = np.zeros((len(classes), len(SPLITS)), np.int64)
        return DatasetSplit(assignments, counts, classes, 0, str(error))
    given = frozenset(dataset.splits.tolist()) - {""}
    sizes = {name: len(found[name]) for name in SPLITS}
    notes = tuple(held_out_notes(given, recipe.split, sizes).values())
    return DatasetSplit(assignments, counts, classes, groups, notes=notes)


def _counts(samples: Samples, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Samples of each class among some, and of none if there are any of these."""
    counts = samples.take(rows).counts()
    without = samples.unlabeled
    return np.append(counts, without[rows].sum()) if without.any() else counts


def examine(context: ReportingContext[Progress], dataset: Dataset) -> ExaminedDataset:
    """Examine every image; reports `Progress`.

    Raises:
        Cancelled: The job was cancelled.
    """
    from dlstudio.data.images.scan import mirrored, probe_all
    from dlstudio.data.parallel import Stopped

    total = len(dataset)
    step = max(1, total // 200)

    def progress(done: int, _of: int) -> None:
        if done % step < 16 or done == total:
            context.report(Progress(done, total))

    try:
        probes = probe_all(dataset.samples, progress, context.should_stop)
    except Stopped:
        raise Cancelled from None
    return ExaminedDataset(
        dataset,
        np.array([each.width for each in probes], np.int32),
        np.array([each.height for each in probes], np.int32),
        tuple(each.content or str(row).encode() for row, each in enumerate(probes)),
        probes,
        mirrored(dataset.samples, probes),
    )


def findings(
    _context: JobContext,
    dataset: Dataset,
    examined: ExaminedDataset,
    recipe: DataRecipe,
) -> tuple[DatasetFinding, ...]:
    """The remaining findings after the recipe is applied.

    Args:
        dataset: The data from its source.
        examined: Results for each of its files.
        recipe: Exclusions, relabelling and moves to other splits.
    """
    from dlstudio.data.images.scan import summarize
    from dlstudio.data.recipe import apply_recipe

    samples = apply_recipe(dataset.samples, recipe)
    rows = [dataset.rows[id] for id in samples.ids]
    splits = samples.splits.copy()
    for row, id in enumerate(samples.ids):
        splits[row] = recipe.moved.get(id, splits[row])
    probes = [examined.probes[row] for row in rows]
    return _as_values(summarize(replace(samples, splits=splits), probes).findings)


def notes(dataset: Dataset) -> tuple[DatasetFinding, ...]:
    """Notes from reading the source, before any image is examined."""
    return _as_values(dataset.samples.notes)


def _as_values(found: Iterable[Finding]) -> tuple[DatasetFinding, ...]:
    from dlstudio.data.findings import SourceFix

    return tuple(
        DatasetFinding(
            each.kind,
            each.path,
            each.message,
            each.original,
            tuple(
                SourceChange(fix.label, fix.params, fix.splits)
                for fix in each.fixes
                if isinstance(fix, SourceFix)
            ),
        )
        for each in found
    )
