"""What a run has learned, read beside the window; needs no TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlstudio.catalog.store import Catalog
from dlstudio.document.project import Project
from dlstudio.document.verdict import Suggestion, Verdict
from dlstudio.workers.jobs import JobContext


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """The verdict on a run, with what to try with the project as it is now.

    Attributes:
        verdict: None before the run is evaluated.
    """

    run: str
    verdict: Verdict | None = None
    suggestions: tuple[Suggestion, ...] = ()


def read_verdict(
    _context: JobContext, catalog: Catalog, folder: Path, run: str, project: Project
) -> RunVerdict:
    """The verdict that a run's report holds, or that its record alone allows.

    Args:
        folder: The project's.
        project: As it is now: what it has already is not suggested.
    """
    from dlstudio.engine.evaluation.verdict.judge import verdict_of
    from dlstudio.engine.evaluation.verdict.suggestions import situation_of, suggestions
    from dlstudio.engine.runs.evaluation_report import read_report
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.errors import UserError

    try:
        found = RunStore(folder).find(run)
    except UserError:  # it was removed meanwhile
        return RunVerdict(run)
    verdict = verdict_of(found, read_report(found.folder), catalog)
    if verdict is None:
        return RunVerdict(run)
    now = situation_of(found, project, catalog)
    return RunVerdict(run, verdict, suggestions(verdict, now))


def has_runs(_context: JobContext, folder: Path) -> bool:
    """Whether anything was trained in a project."""
    try:
        return any(each.is_dir() for each in (folder / "runs").iterdir())
    except OSError:
        return False
