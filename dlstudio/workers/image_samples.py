"""Jobs that read the images of a run's data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dlstudio.document.plan import IMAGE
from dlstudio.workers.jobs import ReportingContext
from dlstudio.workers.model_cache import ModelCache, RunReference
from dlstudio.workers.progress import Progress


def sample_images(
    context: ReportingContext[Progress],
    models: ModelCache,
    question: RunReference,
    ids: Sequence[str],
) -> dict[str, npt.NDArray[np.uint8]]:
    """Prepared images by sample name: uint8 (height, width, channels).

    Args:
        context: Context of the job.
        models: Caches the run's data.
        question: The run and the project's folder.
        ids: Names of samples; unknown names are skipped.

    Raises:
        UserError: The run or its data cannot be read.
    """
    from dlstudio.engine.runs.store import RunStore

    run = RunStore(question.folder).find(question.run)
    prepared = models.prepared(run, question, context)
    if IMAGE not in prepared.rows:
        return {}
    wanted = set(ids)
    rows = [row for row, id in enumerate(prepared.ids) if id in wanted]
    return {prepared.ids[row]: np.array(prepared.rows[IMAGE][row]) for row in rows}
