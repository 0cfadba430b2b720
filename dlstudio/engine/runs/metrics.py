"""What lists show of runs: best values, time, and the metric they are compared by."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dlstudio import paths
from dlstudio.catalog.store import Catalog
from dlstudio.document.plan_metrics import LOSS, plan_metrics
from dlstudio.document.run_metrics import (
    BestValue,
    best_of,
    metric_to_compare,
    should_rise,
)
from dlstudio.document.values import FrozenMap
from dlstudio.engine.runs.run import EVENTS, RECORD, Run
from dlstudio.engine.runs.summary import RunSummary, summarize
from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_file import read_json

VIEW = "view.json"
"""In the folder of runs: how their list is shown."""
LARGEST_VIEW = 2**16


@dataclass(frozen=True, slots=True)
class RunMetrics:
    """The figures of one run.

    Attributes:
        best: The best value of each metric.
        falling: Names, without "val_", of the metrics that should fall.
        elapsed: Seconds from the first event to the last; see `RunRecord`.
    """

    best: FrozenMap[str, BestValue]
    falling: frozenset[str]
    elapsed: float


Known = dict[Path, tuple[tuple[int, int], RunMetrics]]
"""Figures by the run's folder, with the times of the files they were read from."""


class RunMetricsReader:
    """Reads the figures of runs, those of an older dlstudio from their events.

    Args:
        known: What was read before, by the run's folder; changed here.
        load: Loads the catalog, which tells the direction of an older run's metrics.
    """

    def __init__(
        self, known: Known | None = None, load: Callable[[], Catalog] = Catalog.load
    ) -> None:
        self._known: Known = {} if known is None else known
        self._load = load
        self._catalog: Catalog | None = None

    def read(self, run: Run) -> RunMetrics:
        """The figures of a run as far as its record and its events tell."""
        stamp = (_stamp(run.folder / RECORD), _stamp(run.folder / EVENTS))
        before = self._known.get(run.folder)
        if before is None or before[0] != stamp:
            before = self._known[run.folder] = (stamp, self._read(run))
        return before[1]

    def of_record(self, run: Run) -> RunMetrics:
        """What the record alone tells, for who reads the events too."""
        best = FrozenMap(_of_record(run))
        return RunMetrics(best, self.falling(run), run.record.elapsed)

    def _read(self, run: Run) -> RunMetrics:
        record = run.record
        falling = self.falling(run)
        if record.best_values:
            best = {
                name: BestValue(float(each["value"]), int(each["epoch"]))
                for name, each in record.best_values.items()
            }
            return RunMetrics(FrozenMap(best), falling, record.elapsed)
        try:
            summary = summarize(run.folder / EVENTS)
        except UserError:
            summary = RunSummary()
        found = summary.best_values(falling) or _of_record(run)
        elapsed = record.elapsed or summary.elapsed or record.seconds
        return RunMetrics(FrozenMap(found), falling, elapsed)

    def falling(self, run: Run) -> frozenset[str]:
        """Names, without "val_", of the metrics of a run that should fall."""
        if run.record.smaller_is_better:
            return frozenset(run.record.smaller_is_better)
        try:
            metrics = run.project().plan.metrics
        except UserError:
            return frozenset((LOSS,))
        if self._catalog is None:
            self._catalog = self._load()
        found = plan_metrics(metrics, self._catalog)
        return frozenset((LOSS, *(m.name for m in found if not m.larger_is_better)))


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _of_record(run: Run) -> dict[str, BestValue]:
    """Without its events: what the record says of the best epoch, else of the last."""
    record = run.record
    best = record.best.get("metrics")
    runs_metrics: Mapping[str, float] = best or record.metrics
    epoch = int(record.best.get("epoch", 0)) if best else record.epochs
    return {
        name: BestValue(float(value), epoch)
        for name, value in runs_metrics.items()
        if math.isfinite(value)
    }


def read_metric(project: Path) -> str:
    """The metric that somebody chose for the list of runs; "" where nobody has."""
    try:
        item = read_json(project / "runs" / VIEW, LARGEST_VIEW)
    except UserError:
        return ""
    chosen = item.get("metric") if isinstance(item, dict) else None
    return chosen if isinstance(chosen, str) else ""


def save_metric(project: Path, metric: str) -> None:
    """Keep the choice with the project.

    Args:
        metric: Its name; "" for the usual one.

    Raises:
        UserError: It cannot be written.
    """
    text = json.dumps({"metric": metric}) + "\n"
    paths.write_text(project / "runs" / VIEW, text, below=project)


def known_metrics(runs_metrics: Iterable[RunMetrics]) -> tuple[str, ...]:
    """Names of the metrics of some runs, each once."""
    return tuple(dict.fromkeys(name for each in runs_metrics for name in each.best))


def metric_of(project: Path, runs_metrics: Iterable[RunMetrics]) -> str:
    """The metric that a project's runs are compared by; "" while there is none."""
    return metric_to_compare(read_metric(project), known_metrics(runs_metrics))


def best_run_value(runs_metrics: Iterable[RunMetrics], metric: str) -> BestValue | None:
    """The best value of a metric in several runs; None where none has it."""
    having = [each for each in runs_metrics if metric in each.best]
    if not having:
        return None
    larger = should_rise(metric, having[-1].falling)
    return best_of((each.best[metric] for each in having), larger)


def check_metric(metric: str, runs_metrics: Iterable[RunMetrics]) -> None:
    """Make sure that some run has a metric of this name.

    Raises:
        UserError: None has; the hint names those that there are.
    """
    known = known_metrics(runs_metrics)
    if metric and metric not in known:
        raise UserError(
            _("No run has a metric called “{name}”.").format(name=metric),
            _("Available metrics: {names}.").format(names=", ".join(known))
            if known
            else "",
        )
