"""Exporting trained models with their certificate; on the thread for questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlstudio.workers.jobs import ReportingContext
from dlstudio.workers.prediction import RunReference
from dlstudio.workers.progress import Progress


@dataclass(frozen=True, slots=True)
class ExportStep:
    """What begins now: "read", "write", "ask", "compare" or "place"."""

    name: str


@dataclass(frozen=True, slots=True)
class CodeSnippet:
    """Code that calls the export where it lies.

    Attributes:
        title: Where it is used, marked for translation.
    """

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """A certified export.

    Attributes:
        certificate: As it lies in or beside the export.
        snippets: The code of its card, with its absolute path.
    """

    path: Path
    certificate: Mapping[str, Any]
    snippets: tuple[CodeSnippet, ...]


def export_model(
    context: ReportingContext[Progress | ExportStep],
    question: RunReference,
    format: str,
    out: Path,
    replace: bool,
) -> ExportOutcome:
    """Export a run and certify it; tells each `ExportStep`, and `Progress` of the data.

    Args:
        replace: An earlier export of ours, unchanged since, may be replaced.

    Raises:
        UserError: `out` is taken, cannot be written, or the export is not good.
        Stopped: The starter wished so; nothing is left behind.
    """
    from dlstudio.engine.export.run_export import export_run
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.runtime.stop_token import StopToken

    run = RunStore(question.folder).find(question.run)
    result = export_run(
        run,
        format,
        out,
        question.folder,
        question.catalog,
        replace=replace,
        progress=lambda done, total: context.report(Progress(done, total)),
        stop=StopToken(context.cancel_event),
        report_step=lambda step: context.report(ExportStep(step)),
    )
    path = str(result.path)
    snippets = tuple(
        CodeSnippet(each.title, each.filled(path)) for each in result.snippets
    )
    return ExportOutcome(result.path, result.certificate.to_json(), snippets)
