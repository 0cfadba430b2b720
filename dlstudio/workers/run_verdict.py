"""Jobs that read the verdict on a run; they need no TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.verdict import Suggestion, Verdict
from dlstudio.workers.jobs import JobContext


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """The verdict on a run, with suggestions for the current project.

    Attributes:
        verdict: None before the run is evaluated, and for a model that reconstructs
            images.
        better: By which share the error of such a model is lower than the mean image's;
            None where that is not known.
    """

    run: str
    verdict: Verdict | None = None
    suggestions: tuple[Suggestion, ...] = ()
    better: float | None = None


def read_verdict(
    _context: JobContext, catalog: Catalog, folder: Path, run: str, project: Project
) -> RunVerdict:
    """The verdict from a run's report, or from its record alone.

    Args:
        folder: The project's.
        project: The current project: what it already has is not suggested.
    """
    from dlstudio.engine.evaluation.verdict.judge import verdict_of
    from dlstudio.engine.evaluation.verdict.suggestions import situation_of, suggestions
    from dlstudio.engine.runs.evaluation_report import read_report
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.errors import UserError

    try:
        found = RunStore(folder).find(run)
    except UserError:  # removed in the meantime
        return RunVerdict(run)
    report = read_report(found.folder)
    verdict = verdict_of(found, report, catalog)
    if verdict is None:
        from dlstudio.document.image_sections import better_than_mean_image

        return RunVerdict(run, better=better_than_mean_image(report))
    now = situation_of(found, project, catalog)
    return RunVerdict(run, verdict, suggestions(verdict, now))


def has_runs(_context: JobContext, folder: Path) -> bool:
    """Whether a project has runs."""
    try:
        return any(each.is_dir() for each in (folder / "runs").iterdir())
    except OSError:
        return False
