"""`runs`: list the runs of a project."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from dlstudio.cli.opened_project import OpenedProject, open_project
from dlstudio.cli.options import JsonOption, ProjectArgument
from dlstudio.cli.output import Output, duration
from dlstudio.errors import UserError, about
from dlstudio.i18n import _
from dlstudio.i18n import marked as mark
from dlstudio.json_values import JsonObject
from dlstudio.mixed_scripts import spaced
from dlstudio.value_text import metric_number

if TYPE_CHECKING:
    from dlstudio.engine.runs.metrics import RunMetrics
    from dlstudio.engine.runs.store import Run, RunStore

OUTCOMES = {
    "succeeded": mark("succeeded"),
    "failed": mark("failed"),
    "cancelled": mark("cancelled"),
    "interrupted": mark("interrupted"),
    "running": mark("running"),
}


SORTS = ("run", "metric", "epochs", "time", "parameters")


def runs(
    project: ProjectArgument,
    metric: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=mark(
                "Compare runs by the best value of this metric, such as "
                "val_loss. The choice is saved with the project; an empty name "
                "restores the default."
            ),
        ),
    ] = None,
    sort: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help=mark("Sort by run, metric (best first), epochs, time or parameters."),
        ),
    ] = "run",
    tidy: Annotated[
        bool,
        typer.Option(
            "--tidy",
            help=mark("Move damaged runs to runs/.damaged."),
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the runs of a project."""
    from dlstudio.engine.runs.store import RunStore

    output = Output(as_json)
    if sort not in SORTS:
        raise UserError(
            _("Runs cannot be sorted by “{name}”.").format(name=sort),
            _("Choose one of {names}.").format(names=", ".join(SORTS)),
        )
    opened = open_project(project)
    store = RunStore(opened.folder)
    if tidy:
        for name in store.move_damaged():
            output.note(_("Moved to runs/.damaged: {name}").format(name=name))
    listed = _listed(store.all(), opened, metric)
    _report_damaged(store, output)
    shown = sorted(listed.rows, key=partial(_order, listed, sort))
    if as_json:
        output.json([_as_json(row, opened, listed.metric) for row in shown])
        return
    if not shown:
        output.text(_("There are no runs yet."))
    _show(output, opened, listed.metric, shown)


@dataclass(frozen=True)
class Listed:
    """The runs with their metrics, and the metric to compare them by."""

    rows: list[tuple[Run, RunMetrics]]
    metric: str

    @property
    def larger_is_better(self) -> bool:
        """Whether the metric should increase."""
        from dlstudio.document.run_metrics import should_rise

        having = [each for _run, each in self.rows if self.metric in each.best]
        return bool(having) and should_rise(self.metric, having[-1].falling)


def _listed(found: list[Run], opened: OpenedProject, metric: str | None) -> Listed:
    """Read the metrics; a metric that the user names is stored with the project.

    Raises:
        UserError: No run has that metric, or the choice cannot be stored.
    """
    from dlstudio.engine.runs.metrics import (
        RunMetricsReader,
        check_metric,
        metric_of,
        save_metric,
    )

    reader = RunMetricsReader(load=lambda: opened.catalog)
    rows = [(run, reader.read(run)) for run in found]
    figures = [each for _run, each in rows]
    if metric is not None:
        check_metric(metric, figures)
        save_metric(opened.folder, metric)
    return Listed(rows, metric_of(opened.folder, figures))


def _report_damaged(store: RunStore, output: Output) -> None:
    """Report each damaged run, and once how to handle them."""
    for name, error in store.damaged.items():
        output.note(about(name, error.message))
    for hint in dict.fromkeys(error.hint for error in store.damaged.values()):
        if hint:
            output.note(hint)


def _order(listed: Listed, sort: str, row: tuple[Run, RunMetrics]) -> tuple[float, int]:
    run, figures = row
    best = figures.best.get(listed.metric)
    sign = -1.0 if listed.larger_is_better else 1.0
    keys = {
        "run": 0.0,
        "metric": math.inf if best is None else sign * best.value,
        "epochs": float(run.record.epochs),
        "time": figures.elapsed,
        "parameters": float(run.record.parameters),
    }
    return keys[sort], run.number


def _show(
    output: Output,
    opened: OpenedProject,
    metric: str,
    rows: list[tuple[Run, RunMetrics]],
) -> None:
    best = spaced(_("Best {metric}").format(metric=metric)) if metric else _("Best")
    output.table(
        (
            _("Run"),
            _("Started"),
            _("Outcome"),
            _("Epochs"),
            best,
            _("Best epoch"),
            _("Time"),
            _("Training"),
            _("Learned"),
            _("ID"),
        ),
        [_row(run, figures, opened, metric) for run, figures in rows],
        numbers=(3, 4, 5, 6, 7),
    )


def _row(
    run: Run, figures: RunMetrics, opened: OpenedProject, metric: str
) -> tuple[str, ...]:
    from dlstudio.cli.verdict_text import known_verdict
    from dlstudio.document.verdict_text import short_word

    record, best = run.record, figures.best.get(metric)
    begun = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.created))
    return (
        f"{run.number} · {record.name}" if record.name else str(run.number),
        begun,
        _(OUTCOMES.get(run.outcome, run.outcome)),
        str(record.epochs),
        "–" if best is None else metric_number(best.value),
        "–" if best is None else str(best.epoch),
        duration(figures.elapsed),
        duration(record.seconds),
        short_word(known_verdict(run, opened, quick=True)),
        run.id,
    )


def _as_json(
    row: tuple[Run, RunMetrics], opened: OpenedProject, metric: str
) -> JsonObject:
    from dlstudio.cli.verdict_text import known_verdict

    run, figures = row
    record, verdict = run.record, known_verdict(run, opened, quick=True)
    return {
        "run": run.id,
        "number": run.number,
        "name": record.name,
        "created": record.created,
        "outcome": run.outcome,
        "reason": record.reason,
        "message": record.message,
        "epochs": record.epochs,
        "seconds": record.seconds,
        "elapsed": figures.elapsed,
        "metric": metric,
        "best_values": {name: asdict(best) for name, best in figures.best.items()},
        "metrics": record.metrics,
        "best": record.best,
        "device": record.device,
        "parameters": record.parameters,
        "has_model": run.model_path is not None,
        "reproduces": record.reproduces,
        "verdict": verdict.to_json() if verdict else None,
    }
