"""Jobs that keep a threshold with a run; they need no TensorFlow."""

from __future__ import annotations

from dlstudio.workers.jobs import JobContext
from dlstudio.workers.model_cache import RunReference


def keep_run_threshold(
    _context: JobContext, question: RunReference, output: str, value: float | None
) -> None:
    """Keep the threshold of an output, for predictions and exports.

    Args:
        question: The run and the project's folder.
        output: What the output predicts.
        value: A probability, or an error above which a sample is an anomaly; None for
            the default.

    Raises:
        UserError: There is no such run, or its folder cannot be written.
    """
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.runs.thresholds import keep_threshold

    run = RunStore(question.folder).find(question.run)
    keep_threshold(run.folder, output, value)
