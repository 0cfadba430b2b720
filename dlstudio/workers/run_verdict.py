"""Jobs that read the verdict on a run; they need no TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
            its input.
        better: By which share the error of such a model is lower than that of the mean
            sample; None where that is not known.
        others: Verdicts on all outputs but the first one, by what they predict.
    """

    run: str
    verdict: Verdict | None = None
    suggestions: tuple[Suggestion, ...] = ()
    better: float | None = None
    others: Mapping[str, RunVerdict] = field(default_factory=dict)


def read_verdict(
    _context: JobContext, catalog: Catalog, folder: Path, run: str, project: Project
) -> RunVerdict:
    """The verdict from a run's report, or from its record alone.

    Args:
        folder: The project's.
        project: The current project: what it already has is not suggested.
    """
    from dlstudio.engine.evaluation.verdict.judge import other_verdicts, verdict_of
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
    now = situation_of(found, project, catalog)
    others = {
        name: RunVerdict(run, each, suggestions(each, now))
        for name, each in other_verdicts(report).items()
    }
    if verdict is None:
        from dlstudio.document.image_sections import better_than_mean_image

        better = better_than_mean_image(report)
        return RunVerdict(run, better=better, others=others)
    return RunVerdict(run, verdict, suggestions(verdict, now), others=others)


def has_runs(_context: JobContext, folder: Path) -> bool:
    """Whether a project has runs."""
    try:
        return any(each.is_dir() for each in (folder / "runs").iterdir())
    except OSError:
        return False
