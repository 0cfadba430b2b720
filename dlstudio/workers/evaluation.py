"""Jobs that evaluate trained models; on the prediction thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dlstudio.document.evaluation import (
    EvaluatedSample,
    Evaluation,
    EvaluationReport,
)
from dlstudio.document.sample_nouns import sample_noun
from dlstudio.errors import UserError
from dlstudio.workers.jobs import JobContext, ReportingContext
from dlstudio.workers.model_cache import ModelCache, RunReference
from dlstudio.workers.progress import Progress

MAX_WORST = 60
"""Maximum number of samples per cell of the matrix, and of mistakes, to show."""


def evaluate_run(
    context: ReportingContext[Progress],
    models: ModelCache,
    question: RunReference,
    split: str,
) -> Evaluation | None:
    """Evaluate a run on a split of its data; saves the report of the held-out split.

    Args:
        split: "train", "validation", "test", or "" for the held-out split.

    Returns:
        None if `split` is "" and there is no held-out split.

    Raises:
        UserError: There is no model, no data, or the split is empty.
        Stopped: The job was cancelled.
    """
    from dlstudio.engine.evaluation.run_evaluation import evaluate_own
    from dlstudio.engine.evaluation.verdict.judge import HELD_OUT
    from dlstudio.engine.runs.store import RunStore
    from dlstudio.engine.runtime.stop_token import StopToken

    run = RunStore(question.folder).find(question.run)
    model = models.evaluated(run, question.catalog)
    prepared = models.prepared(run, question, context)
    if not split and not any(len(prepared.splits.get(each, ())) for each in HELD_OUT):
        return None
    scored: list[tuple[Sequence[str], Any, Any]] = []
    report = evaluate_own(
        run,
        model,
        prepared,
        question.catalog,
        split,
        worst=MAX_WORST,
        progress=lambda done, total: context.report(Progress(done, total)),
        stop=StopToken(context.cancel_event),
        counted=lambda *each: scored.append(each),
    )
    single = scored and not report.has_several_labels
    return Evaluation(
        report,
        _cells(*scored[0], report.classes) if single else {},
        tuple(_to_sample(each) for each in report.mistakes),
        run.model_path is None,
        sample_noun(run.project(), question.catalog),
    )


def kept_evaluation(_context: JobContext, question: RunReference) -> Evaluation | None:
    """The evaluation that is kept with a run; needs no TensorFlow.

    Args:
        question: The run and the project's folder.

    Returns:
        None where there is none. Of the samples it has the worst ones.
    """
    from dlstudio.engine.runs.evaluation_report import read_report
    from dlstudio.engine.runs.store import RunStore

    try:
        run = RunStore(question.folder).find(question.run)
        noun = sample_noun(run.project(), question.catalog)
        report = EvaluationReport.from_json(read_report(run.folder) or {})
        worst = tuple(_to_sample(each) for each in report.mistakes)
    except (KeyError, TypeError, ValueError, UserError):
        return None
    cells = {} if report.has_several_labels else _kept_cells(worst, report.classes)
    return Evaluation(report, cells, worst, samples=noun, is_kept=True)


def _to_sample(mistake: Mapping[str, Any]) -> EvaluatedSample:
    return EvaluatedSample(
        str(mistake["input"]),
        _words(mistake["truth"]),
        _words(mistake["label"]),
        mistake["score"],
    )


def _kept_cells(
    worst: Sequence[EvaluatedSample], classes: Sequence[str]
) -> dict[tuple[int, int], tuple[EvaluatedSample, ...]]:
    """Misclassified samples by their true and predicted class, the worst first."""
    number = {name: place for place, name in enumerate(classes)}
    found: dict[tuple[int, int], list[EvaluatedSample]] = {}
    for each in worst:
        if each.truth in number and each.label in number:
            cell = number[each.truth], number[each.label]
            found.setdefault(cell, []).append(each)
    return {cell: tuple(samples) for cell, samples in found.items()}


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ", ".join(map(str, value))


def _cells(
    names: Sequence[str], truth: Any, scores: Any, classes: Sequence[str]
) -> dict[tuple[int, int], tuple[EvaluatedSample, ...]]:
    answers = scores.argmax(axis=1)
    sure = scores[np.arange(len(scores)), answers]
    # Most confident mistakes first, least confident correct predictions first.
    order = np.argsort(np.where(answers == truth, sure, -sure), kind="stable")
    found: dict[tuple[int, int], list[EvaluatedSample]] = {}
    for row in order.tolist():
        cell = (int(truth[row]), int(answers[row]))
        kept = found.setdefault(cell, [])
        if len(kept) < MAX_WORST:
            is_, called = classes[cell[0]], classes[cell[1]]
            kept.append(EvaluatedSample(names[row], is_, called, float(sure[row])))
    return {cell: tuple(kept) for cell, kept in found.items()}
