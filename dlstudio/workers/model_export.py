"""Jobs that export trained models with a certificate; on the prediction thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.document.export import ExportResult
from dlstudio.workers.jobs import ReportingContext
from dlstudio.workers.model_cache import RunReference
from dlstudio.workers.progress import Progress

WHOLE = "both"
"""All of a model, whatever parts it has."""


@dataclass(frozen=True, slots=True)
class ExportStep:
    """The step that starts: "read", "write", "ask", "compare" or "place"."""

    name: str


def export_model(
    context: ReportingContext[Progress | ExportStep],
    question: RunReference,
    format: str,
    out: Path,
    replace: bool,
    part: str = WHOLE,
) -> ExportResult:
    """Export a run and verify it; reports `ExportStep` and `Progress` of the data.

    Args:
        context: Context of the job.
        question: The run and the project's folder.
        format: A description of family "formats", by kind or short name.
        out: File or folder to write.
        replace: Whether an unchanged earlier export of ours may be replaced.
        part: Of the model, such as one that its head's view offers.

    Raises:
        UserError: `out` exists, cannot be written, or the verification failed.
        Stopped: The job was cancelled; nothing is left behind.
    """
    from dlstudio.engine.export.run_export import export_run
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.runtime.stop_token import StopToken

    run = RunStore(question.folder).find(question.run)
    return export_run(
        run,
        format,
        out,
        question.folder,
        question.catalog,
        part,
        replace=replace,
        progress=lambda done, total: context.report(Progress(done, total)),
        stop=StopToken(context.cancel_event),
        report_step=lambda step: context.report(ExportStep(step)),
    )
