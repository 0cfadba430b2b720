"""Finds samples in other data that a run was trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dlstudio.catalog.store import Catalog
from dlstudio.data.images.overlap import find_overlap
from dlstudio.data.open_source import open_source
from dlstudio.data.overlap import Overlap
from dlstudio.data.parallel import Progress
from dlstudio.data.recipe import apply_recipe
from dlstudio.data.samples import TRAIN
from dlstudio.document.values import Spec
from dlstudio.engine.project.run_data import prepare_run
from dlstudio.engine.runs.store import Run


def training_overlap(
    run: Run,
    folder: Path,
    catalog: Catalog,
    source: Spec,
    progress: Progress | None = None,
) -> Overlap:
    """Samples of a source that are among the training samples of a run.

    Args:
        folder: The project's folder.
        progress: Called with the number of samples checked and the total.

    Raises:
        UserError: Either data set cannot be read, such as a run's data that is missing.
    """
    data = run.project().data
    prepared = prepare_run(run, folder, catalog)
    trained = {prepared.ids[row] for row in prepared.splits[TRAIN].tolist()}
    known = apply_recipe(open_source(data.source, catalog, folder), data)
    rows = [row for row, name in enumerate(known.ids) if name in trained]
    known = known.take(np.array(rows, np.int64))
    return find_overlap(open_source(source, catalog, folder), known, progress)
