"""`runs`: the trainings of a project."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from dlstudio.cli.opened import Opened, open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output, duration, percent
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark

if TYPE_CHECKING:
    from dlstudio.engine.runs import Run

OUTCOMES = {
    "succeeded": mark("succeeded"),
    "failed": mark("failed"),
    "cancelled": mark("cancelled"),
    "interrupted": mark("interrupted"),
    "running": mark("running"),
}


def runs(project: ProjectArgument, as_json: JsonOption = False) -> None:
    """List the trainings of a project."""
    from dlstudio.engine.runs import RunStore

    output = Output(as_json)
    opened = open_project(project)
    store = RunStore(opened.folder)
    found = store.all()
    for name, error in store.damaged.items():
        output.note(f"{name}: {error}")
    if as_json:
        output.json([_as_json(run, opened) for run in found])
        return
    if not found:
        output.text(_("Nothing was trained yet."))
    output.table(
        (
            _("Run"),
            _("Begun"),
            _("Outcome"),
            _("Epochs"),
            _("Accuracy"),
            _("Validation"),
            _("Time"),
            _("Learned"),
        ),
        [_row(run, opened) for run in found],
        numbers=(3, 4, 5, 6),
    )


def _row(run: Run, opened: Opened) -> tuple[str, ...]:
    from dlstudio.cli.verdicts import known_verdict
    from dlstudio.document.verdict_text import short_word

    record = run.record
    begun = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.created))
    return (
        run.id,
        begun,
        _(OUTCOMES.get(run.outcome, run.outcome)),
        str(record.epochs),
        percent(record.metrics.get("accuracy")),
        percent(record.metrics.get("val_accuracy")),
        duration(record.seconds),
        short_word(known_verdict(run, opened, quick=True)),
    )


def _as_json(run: Run, opened: Opened) -> dict[str, Any]:
    from dlstudio.cli.verdicts import known_verdict

    record, verdict = run.record, known_verdict(run, opened, quick=True)
    return {
        "run": run.id,
        "created": record.created,
        "outcome": run.outcome,
        "reason": record.reason,
        "message": record.message,
        "epochs": record.epochs,
        "seconds": record.seconds,
        "metrics": record.metrics,
        "best": record.best,
        "device": record.device,
        "parameters": record.parameters,
        "has_model": run.model_path is not None,
        "reproduces": record.reproduces,
        "verdict": verdict.to_json() if verdict else None,
    }
