"""The verdict on a run after its training."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from dlstudio.cli.opened_project import OpenedProject
from dlstudio.cli.output import Output
from dlstudio.errors import UserError
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.document.evaluation import EvaluationReport
    from dlstudio.document.verdict import Verdict
    from dlstudio.engine.runs.store import Run

EVENT = "RunEvaluated"


def judge_run(
    opened: OpenedProject, run: Run, output: Output, show_event: bool
) -> None:
    """Evaluate a run and print the verdict.

    Never fails a completed training: an error that prevents the evaluation is printed
    as a warning.

    Args:
        show_event: Whether to print it as JSON, in the form of training events.

    Raises:
        KeyboardInterrupt: The user interrupted the evaluation.
    """
    from dlstudio.cli.verdict_text import (
        known_verdict,
        other_verdicts,
        show_other_verdicts,
        show_verdict,
        suggested,
        verdict_json,
    )
    from dlstudio.document.verdict import Verdict
    from dlstudio.engine.runs.evaluation_report import read_report

    verdict = known_verdict(run, opened)
    report = None
    if run.outcome == "succeeded" and not _is_final(verdict):
        report = _evaluated(opened, run, output)
        verdict = Verdict.from_json(report.verdict) if report is not None else None
    if verdict is None:
        if report is not None:
            _show_images(report, run, output, show_event)
        return
    made = suggested(verdict, run, opened)
    if show_event:
        item = verdict_json(verdict, made)
        event = {"event": EVENT, "time": time.time(), "run": run.id, "verdict": item}
        output.json(event)
    elif not output.as_json:
        output.text()
        show_verdict(output, verdict, made, opened.folder, run)
        others = other_verdicts(read_report(run.folder), made, run, opened)
        show_other_verdicts(output, others, opened.folder, run)


def _is_final(verdict: Verdict | None) -> bool:
    """Whether no evaluation could add information."""
    return verdict is not None and verdict.comparison is None


def _show_images(
    report: EvaluationReport, run: Run, output: Output, show_event: bool
) -> None:
    """Print whether a model that reconstructs images beats the mean image."""
    from dlstudio.cli.output_images import show_better

    for name, found in report.outputs.items():
        baseline: dict[str, Any] = dict(found.baseline)
        if "mean_image" not in baseline:
            continue
        if show_event:
            item = {"metrics": found.metrics, "baseline": baseline}
            event = {"event": EVENT, "time": time.time(), "run": run.id}
            output.json({**event, "verdict": None, "outputs": {name: item}})
        elif not output.as_json:
            output.text()
            show_better(output, baseline.get("better") or {})


def _evaluated(
    opened: OpenedProject, run: Run, output: Output
) -> EvaluationReport | None:
    from dlstudio.cli.evaluation import evaluate_run

    try:
        return evaluate_run(opened, run, output)
    except UserError as error:
        output.note(
            _("warning: the run could not be evaluated. {reason}").format(reason=error)
        )
        return None
